import io

import pytest
from PIL import Image, ImageSequence

from intranet.files.press.strip import Unreadable, strip
from tests.files.making import SECRET, encoded, exif, jpeg, png_chunk, scene


def stripped(data, media_type, orientation=1):
    return b"".join(strip(data, media_type, orientation))


def pixels(data):
    with Image.open(io.BytesIO(data)) as picture:
        return [frame.convert("RGBA").tobytes() for frame in ImageSequence.Iterator(picture)]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_keeps_its_pixels_and_its_side_and_nothing_else(orientation, progressive):
    before = jpeg(orientation=orientation, progressive=progressive, restart_marker_blocks=4)
    after = stripped(before, "image/jpeg", orientation)
    assert pixels(after) == pixels(before)
    with Image.open(io.BytesIO(before)) as picture:
        assert picture.getexif().get_ifd(0x8825), "the test's photo must say where it was taken"
    with Image.open(io.BytesIO(after)) as picture:
        assert dict(picture.getexif()) == ({0x0112: orientation} if orientation != 1 else {})
        assert picture.getexif().get_ifd(0x8825) == {}
        assert "comment" not in picture.info
    assert SECRET in before
    assert SECRET not in after


def test_what_hangs_behind_the_end_is_cut_off():
    photo = jpeg()
    for tail in (b"PK\x03\x04 a whole archive", b"\0\0\0\x18ftypmp42 a hidden film", b"<script>alert(1)</script>"):
        assert stripped(photo + tail, "image/jpeg") == stripped(photo, "image/jpeg")
        assert tail not in stripped(encoded(scene(), "PNG") + tail, "image/png")
        assert tail not in stripped(encoded(scene(), "GIF") + tail, "image/gif")
        assert tail not in stripped(encoded(scene(), "WEBP") + tail, "image/webp")


def test_a_colour_profile_stays_and_other_application_data_goes():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cmyk = encoded(scene(mode="RGB").convert("CMYK"), "JPEG", icc_profile=profile, xmp=b"<x>" + SECRET + b"</x>")
    after = stripped(cmyk, "image/jpeg")
    assert SECRET not in after
    assert pixels(after) == pixels(cmyk)
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.info["icc_profile"] == profile


def test_a_png_keeps_its_pixels_and_animation_only():
    frames = [scene(mode="RGBA"), scene(mode="RGBA").rotate(90)]
    before = encoded(frames[0], "PNG", exif=exif(), save_all=True, append_images=frames[1:], duration=50)
    text = png_chunk(b"tEXt", b"Author\0" + SECRET) + png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET)
    before = before[:33] + text + before[33:]
    after = stripped(before, "image/png")
    assert SECRET in before
    assert SECRET not in after
    assert b"eXIf" not in after
    assert len(pixels(after)) == 2
    assert pixels(after) == pixels(before)


@pytest.mark.parametrize("lossless", [False, True])
def test_a_webp_says_no_longer_that_it_has_metadata(lossless):
    before = encoded(scene(mode="RGBA"), "WEBP", lossless=lossless, exif=exif(), xmp=b"<x>" + SECRET + b"</x>")
    after = stripped(before, "image/webp")
    assert SECRET in before
    assert SECRET not in after
    assert pixels(after) == pixels(before)
    with Image.open(io.BytesIO(after)) as picture:
        assert dict(picture.getexif()) == {}
        assert "xmp" not in picture.info
    assert int.from_bytes(after[4:8], "little") == len(after) - 8


def test_a_gif_goes_on_moving_and_says_nothing():
    before = encoded(
        scene(), "GIF", save_all=True, append_images=[scene().rotate(90)], duration=120, loop=0, comment=SECRET
    )
    after = stripped(before, "image/gif")
    assert SECRET in before
    assert SECRET not in after
    assert pixels(after) == pixels(before)
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.info["loop"] == 0
        assert picture.info["duration"] == 120


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
def test_a_picture_cut_off_or_garbled_anywhere_never_breaks_the_reader(kind, media_type):
    whole = encoded(scene(64, 48), kind, exif=exif())
    for cut in range(0, len(whole), 7):
        with pytest.raises(Unreadable):
            stripped(whole[:cut], media_type)
        garbled = whole[:cut] + b"\xff\x00\xff\xe1" + whole[cut + 4 :]
        try:
            result = stripped(garbled, media_type)
        except Unreadable:
            continue
        assert len(result) <= len(garbled) + 64


def test_every_format_refuses_another_formats_bytes():
    for media_type in ("image/jpeg", "image/png", "image/gif", "image/webp"):
        with pytest.raises(Unreadable):
            stripped(b"%PDF-1.7 not a picture at all", media_type)
