import io

import pi_heif
import pytest
from PIL import Image

from intranet.files import pressing
from intranet.files.disk import Disk
from intranet.files.pressing import Press, Pressed
from tests.files.making import HEIC, SECRET, encoded, exif, jpeg, pdf, png_bomb, scene


@pytest.fixture
def store(tmp_path):
    return Disk(tmp_path / "files")


@pytest.fixture
def press(store):
    return Press(store)


def opened(store, sha256):
    return Image.open(io.BytesIO(store.path(sha256).read_bytes()))


def colours(picture):
    """The colours of the top left and bottom right corner, roughly."""
    small = picture.convert("RGB")
    corners = (5, 5), (small.width - 5, small.height - 5)
    return [max(zip(small.getpixel(at), "rgb", strict=True))[1] for at in corners]


async def test_a_photo_loses_its_place_and_keeps_its_side(press, store):
    upright = jpeg(2000, 1000)
    with Image.open(io.BytesIO(upright)) as picture:
        turned = encoded(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif(6))
    made = await press.picture(store.keep(turned))
    assert (made.type, made.width, made.height, made.refused) == ("image/jpeg", 2000, 1000, "")
    assert SECRET not in store.path(made.original).read_bytes()
    for sha256, size in ((made.preview, (1600, 800)), (made.thumb, (480, 240))):
        with opened(store, sha256) as picture:
            assert picture.format == "WEBP"
            assert picture.size == size
            assert colours(picture) == ["r", "b"]
            assert dict(picture.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile"} & picture.info.keys()
    assert list(store.work.iterdir()) == []


async def test_a_heic_photo_becomes_a_jpeg_without_its_place(press, store):
    pi_heif.register_heif_opener()
    with Image.open(io.BytesIO(HEIC)) as raw:
        assert raw.getexif().get_ifd(0x8825)[1] == "N"
    made = await press.picture(store.keep(HEIC))
    assert (made.type, made.width, made.height) == ("image/jpeg", 240, 320)
    for sha256 in (made.original, made.preview, made.thumb):
        assert SECRET not in store.path(sha256).read_bytes()
        with opened(store, sha256) as picture:
            assert picture.size == (240, 320)
            assert dict(picture.getexif()) == {}
            # Turned by a quarter: what was top left is top right.
            assert colours(picture.transpose(Image.Transpose.ROTATE_90)) == ["r", "b"]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (encoded(scene(mode="RGBA"), "PNG", exif=exif()), "image/png"),
        (encoded(scene(), "PNG", exif=exif(8)), "image/png"),
        (encoded(scene(mode="RGBA"), "WEBP", exif=exif()), "image/webp"),
        (encoded(scene(), "WEBP", exif=exif(3)), "image/jpeg"),
        (encoded(scene(), "AVIF", exif=exif()), "image/jpeg"),
        (encoded(scene(), "GIF"), "image/gif"),
        (encoded(scene().convert("CMYK"), "JPEG"), "image/jpeg"),
        (encoded(scene().convert("L").convert("I;16"), "PNG"), "image/png"),
        (encoded(scene().convert("P"), "PNG"), "image/png"),
        (encoded(scene(1, 1), "PNG"), "image/png"),
        (encoded(scene(3000, 2), "PNG"), "image/png"),
    ],
)
async def test_every_kind_of_picture_gets_its_previews(press, store, data, media_type):
    made = await press.picture(store.keep(data))
    assert (made.type, made.refused) == (media_type, "")
    for sha256 in (made.original, made.preview, made.thumb):
        assert SECRET not in store.path(sha256).read_bytes()
        with opened(store, sha256) as picture:
            assert picture.getexif().get_ifd(0x8825) == {}
            picture.load()
    with opened(store, made.preview) as picture:
        assert max(picture.size) <= 1600


@pytest.mark.parametrize("width", [10_001, 60_000, 2_000_000_000])
async def test_a_bomb_is_not_decoded(press, store, width):
    made = await press.picture(store.keep(png_bomb(width, 10_000)))
    assert made.refused == "huge"
    assert not made.preview


async def test_a_picture_too_large_to_decode_still_loses_its_place(press, store):
    data = png_bomb(20_000, 10_000)
    data = data[:33] + encoded(scene(8, 8), "PNG", exif=exif())[33:-12] + data[33:]
    assert SECRET in data
    made = await press.picture(store.keep(data))
    assert made.refused == "huge"
    assert SECRET not in store.path(made.original).read_bytes()


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff\xe0garbage", jpeg()[:5000], HEIC[:700], encoded(scene(), "PNG")[:-40], b"<svg/>", pdf()],
)
async def test_a_damaged_picture_is_no_picture(press, store, data):
    made = await press.picture(store.keep(data))
    assert made.refused == "damaged"
    assert made.preview == made.thumb == ""


async def test_a_polyglot_is_only_its_picture(press, store):
    archive = b"PK\x03\x04" + b"secret archive" * 10
    made = await press.picture(store.keep(jpeg() + archive))
    assert archive not in store.path(made.original).read_bytes()


async def test_the_first_page_of_a_pdf(press, store):
    made = await press.pdf(store.keep(pdf(pages=3)))
    assert (made.pages, made.width, made.height, made.original) == (3, 848, 1200, "")
    with opened(store, made.thumb) as picture:
        assert max(picture.size) == 480
        red, _, blue = picture.convert("RGB").getpixel((60, 420))
        assert blue > 250 > 5 > red


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        pdf()[:200],
        pdf(pages=0),
        pdf(width=10**9, height=10**9),
        pdf(width=0, height=0),
        pdf(width=1_000_000, height=1),
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.4\ntrailer<</Root 1 0 R>>1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 999999999>>endobj",
    ],
)
async def test_a_hostile_pdf_gives_no_page_or_a_small_one(press, store, data):
    made = await press.pdf(store.keep(data))
    assert made.refused or max(made.width, made.height) <= 1200


async def test_a_document_that_never_ends_is_stopped(store):
    loop = b"".join(b"%d %d %d %d re W n 0 0 900 900 re f " % (n % 9, n % 7, 800, 800) for n in range(400_000))
    press = Press(store, seconds=0.5)
    assert await press.pdf(store.keep(pdf(body=loop * 4))) == Pressed(refused="stopped")
    assert list(store.work.iterdir()) == []


async def test_a_process_that_wants_all_the_memory_gets_none(store, monkeypatch):
    greedy = "from press import run; run._give_up_power(); bytearray(3 * 10**9)"
    monkeypatch.setattr(pressing, "_BOOT", "import sys; sys.path.append(sys.argv[1]); " + greedy)
    assert await Press(store).picture(store.keep(jpeg())) == Pressed(refused="stopped")
