"""Pictures: opened by Pillow under a cap, turned upright, made into previews that carry nothing but pixels."""

import io
import warnings
from pathlib import Path

import pi_heif
from PIL import Image, ImageCms, ImageFile, ImageOps

from .strip import Unreadable, can_strip, strip

MOST_PIXELS = 100_000_000
PREVIEW = 1600
THUMB = 480
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF")
_TYPES = {
    "JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp", "HEIF": "image/heif",
    "AVIF": "image/avif", "MPO": "image/jpeg",  # a JPEG with further ones behind it, which are cut off
}  # fmt: skip
_ORIENTATION = 0x0112


class NoPicture(Exception):
    """Not a picture that can be shown; the message says why in one word: `damaged`, `huge`."""


def process(source: Path, folder: Path) -> dict[str, object]:
    """Write `original` without metadata, `preview` and `thumb` into the folder; say what they are.

    `original` is written first and whole: whatever happens to this process later, it may be served as a plain file.
    """
    pi_heif.register_heif_opener()
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("ignore")
    picture = _open(source)
    media_type = _TYPES[str(picture.format)]
    orientation = _orientation(picture)
    stripped = can_strip(media_type, orientation) and _write_stripped(source, folder, picture, media_type, orientation)
    if _is_huge(picture):
        raise NoPicture("huge")
    size = (picture.height, picture.width) if orientation >= 5 else picture.size
    try:
        if not stripped:
            media_type = _encode_again(source, folder)
        _write_previews(picture, folder)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise NoPicture("damaged") from error
    return {"type": media_type, "width": size[0], "height": size[1]}


def _open(source: Path) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # our own cap says so in words instead of an exception deep inside
    try:
        picture = Image.open(source, formats=_FORMATS)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise NoPicture("damaged") from error
    if min(picture.size) < 1:
        raise NoPicture("damaged")
    return picture


def _is_huge(picture: Image.Image) -> bool:
    return picture.width * picture.height > MOST_PIXELS


def _orientation(picture: Image.Image) -> int:
    if picture.format == "PNG" and _is_huge(picture):
        return 1  # Pillow decodes all of a PNG to look for Exif behind its pixels
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, KeyError):
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _write_stripped(source: Path, folder: Path, picture: Image.Image, media_type: str, orientation: int) -> bool:
    """Write the stripped original, and believe it only when it opens as the same picture; say whether it was done."""
    half = folder / "original.half"
    try:
        with half.open("wb") as file:
            file.writelines(strip(source.read_bytes(), media_type, orientation))
        with Image.open(half, formats=_FORMATS) as again:
            if again.size != picture.size or _orientation(again) != orientation:
                return False
    except (Unreadable, OSError, SyntaxError, ValueError, IndexError):
        return False
    half.rename(folder / "original")
    return True


def _encode_again(source: Path, folder: Path) -> str:
    """For what browsers do not show (HEIC, AVIF) or can't stay as it is: all pixels again, as JPEG or PNG."""
    picture = _open(source)
    media_type = "image/png" if picture.format == "PNG" or _is_transparent(picture) else "image/jpeg"
    bare = _bare(ImageOps.exif_transpose(picture))
    half = folder / "original.half"
    if media_type == "image/png":
        bare.save(half, "PNG")
    else:
        bare.convert("RGB").save(half, "JPEG", quality=90, optimize=True)
    half.rename(folder / "original")
    return media_type


def _write_previews(picture: Image.Image, folder: Path) -> None:
    picture.draft("RGB", (PREVIEW, PREVIEW))
    picture.thumbnail((PREVIEW, PREVIEW), Image.Resampling.LANCZOS, reducing_gap=3.0)
    bare = _bare(ImageOps.exif_transpose(picture))
    bare.save(folder / "preview", "WEBP", quality=80, method=4)
    bare.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    bare.save(folder / "thumb", "WEBP", quality=74, method=4)


def _bare(picture: Image.Image) -> Image.Image:
    """A copy in sRGB that carries no metadata at all."""
    mode = "RGBA" if _is_transparent(picture) else "RGB"
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        picture = _to_srgb(picture, profile)
    fresh = picture.convert(mode)
    if fresh is picture:
        fresh = picture.copy()
    fresh.info = {}
    return fresh


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        done = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return done or picture


def _is_transparent(picture: Image.Image) -> bool:
    return picture.has_transparency_data
