import pytest

from intranet.files import sniff
from tests.files.making import HEIC, encoded, jpeg, pdf, scene

FTYP = b"\0\0\0\x1cftyp%b\0\0\0\0%b"
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04"
MKV = WEBM.replace(b"\x84webm", b"\x88matroska")


@pytest.mark.parametrize(
    ("head", "declared", "kind", "media_type"),
    [
        (jpeg(), "photo", "photo", "image/jpeg"),
        (jpeg(), "file", "photo", "image/jpeg"),
        (jpeg(), "voice", "photo", "image/jpeg"),
        (HEIC, "photo", "photo", "image/heif"),
        (encoded(scene(), "PNG"), "photo", "photo", "image/png"),
        (encoded(scene(), "WEBP"), "photo", "photo", "image/webp"),
        (encoded(scene(), "GIF"), "photo", "photo", "image/gif"),
        (encoded(scene(), "AVIF"), "photo", "photo", "image/avif"),
        (FTYP % (b"mif1", b"mif1heic"), "photo", "photo", "image/heif"),
        (FTYP % (b"mif1", b"mif1avif"), "photo", "photo", "image/avif"),
        (FTYP % (b"isom", b"isomiso2"), "video", "video", "video/mp4"),
        (FTYP % (b"isom", b"isomiso2"), "voice", "voice", "audio/mp4"),
        (FTYP % (b"qt  ", b"qt  "), "file", "video", "video/quicktime"),
        (FTYP % (b"M4A ", b"isomM4A "), "voice", "voice", "audio/mp4"),
        (FTYP % (b"M4A ", b"isomM4A "), "video", "file", "application/octet-stream"),
        (WEBM, "voice", "voice", "audio/webm"),
        (WEBM, "video", "video", "video/webm"),
        (MKV, "video", "file", "application/octet-stream"),
        (pdf(), "photo", "pdf", "application/pdf"),
        (b"<html><script>alert(1)</script>", "photo", "file", "application/octet-stream"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "photo", "file", "application/octet-stream"),
        (b"MZ\x90\0", "voice", "file", "application/octet-stream"),
        (b"PK\3\4", "pdf", "file", "application/octet-stream"),
        (b"\0\0\0\xffftyp", "photo", "video", "video/mp4"),
        (b"", "photo", "file", "application/octet-stream"),
        (b"\0" * 20, "voice", "file", "application/octet-stream"),
    ],
)
def test_bytes_decide_what_a_file_is(head, declared, kind, media_type):
    found = sniff.sort(head[: sniff.HEAD], declared)
    assert (found.kind, found.type) == (kind, media_type)


def test_only_what_no_browser_interprets_is_ever_shown():
    shown = set(sniff.EXTENSIONS)
    assert not any("html" in each or "svg" in each or "xml" in each or "script" in each for each in shown)
