"""Files made for these tests: ordinary ones, and ones that somebody would make to do harm."""

import base64
import io
import struct
import zlib

from PIL import Image, ImageDraw

BERLIN = (52.0, 31.0, 12.0)
SECRET = b"Kastanienallee 7"


def scene(width: int = 800, height: int = 600, mode: str = "RGB") -> Image.Image:
    """A picture whose top left corner is red and whose bottom right corner is blue, so that one sees it turn."""
    picture = Image.new(mode, (width, height), "grey")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 4, height // 4), fill="red")
    draw.rectangle((width * 3 // 4, height * 3 // 4, width, height), fill="blue")
    return picture


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: camera, words, place and how it was held."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "Telefonbau"
    found[0x010E] = SECRET.decode()
    found.get_ifd(0x8825).update({1: "N", 2: BERLIN, 3: "E", 4: (13.0, 24.0, 0.0)})
    found.get_ifd(0x8769).update({0x9003: "2026:11:18 09:31:00"})
    return found


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture's bytes in a format."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 800, height: int = 600, orientation: int = 1, **options: object) -> bytes:
    """A photo as a telephone makes it, with everything it says about place and owner."""
    return encoded(scene(width, height), "JPEG", exif=exif(orientation), comment=SECRET, **options)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A few kilobytes that say they are a picture of any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * min(width * height * 3 + height, 50_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def pdf(width: float = 595, height: float = 842, pages: int = 1, body: bytes = b"0 0 1 rg 50 50 200 200 re f") -> bytes:
    """A small PDF with so many pages, each drawing the same."""
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 3 0 R/Resources<<>>>>" % (width, height)
    objects += [page] * pages
    out, starts = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip


# `scene(320, 240)` with `exif(6)`, encoded once by pillow-heif: pi-heif itself has no encoder.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAABxQABAAAAAAAAAVgAAgAAAAADHQABAAAAAAAAAP4AAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAPPAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAPLoCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwA8oAoIDxZbqSSmubgIaDAgAAADAyAAAAMAIWIAAQAHRAHBcrBi"
    "QAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAAFAAAAA8AAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAA"
    "EFgQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAl5tZGF0AAABVCgBrwnIIrw9DiM2oj//+9F9//7cx6H+tbOQB12EbNZRif7sS7ex"
    "zDfYJg+WYil8oxmrz44MJBIUqu/wouHuoqLgUk+3G+lQRX9Lzth/RC1pMfXns6fAuRCCEYuB19Bs9wfJ2Fb2xawixENlsYMwdAxe4fKUBFjtqF"
    "8Y6XXzq6iqxNEUjQAtEww0IVFFhVHgC2bLTDFogZ/OeRyRMYAt9rBJuoVsSUEftQq0+64J5N2syJxgABtgAOaA2U2lS8c4BMwAFUABbgCMgKKA"
    "AgYAIcAGkDMAWP36rovMf0Uq6RYCV6Dme2hkpFi+pyuhM2GzvFXEeg1/N2pkyF88NWY3azNixot6/vlECmNCpUXQkwAACxAABHAAAN9RwrSsZk"
    "2QKCeDwn5AQdV5C06z3X0vbqKot4GdZo/o4kZRXNRpH6nwTOYsmX6Ixzev18MMMP+qEAAAZ0AAAAAGRXhpZgAATU0AKgAAAAgABQEOAAIAAAAR"
    "AAAASgEPAAIAAAALAAAAXAESAAMAAAABAAYAAIdpAAQAAAABAAAAaIglAAQAAAABAAAAjgAAAABLYXN0YW5pZW5hbGxlZSA3AABUZWxlZm9uYm"
    "F1AAAAAZADAAIAAAAUAAAAegAAAAAyMDI2OjExOjE4IDA5OjMxOjAwAAAEAAEAAgAAAAJOAAAAAAIABQAAAAMAAADEAAMAAgAAAAJFAAAAAAQA"
    "BQAAAAMAAADcAAAAAAAAADQAAAABAAAAHwAAAAEAAAAMAAAAAQAAAA0AAAABAAAAGAAAAAEAAAAAAAAAAQ=="
)
