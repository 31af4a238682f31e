"""Photos, portraits, voices and papers are what they claim to be."""

import io

import pypdfium2
import pytest
from PIL import Image

from intranet.demo.paper import FOLDER, paper
from intranet.demo.pictures import SCENES, photo, portrait
from intranet.demo.timeline import PAPERS
from intranet.demo.voice import PEAKS, murmur


@pytest.mark.parametrize("name", ["tafel", "schneestrasse", "manometer"])
def test_a_photo_is_the_same_for_the_same_seed(name):
    data = photo(name, "1")
    assert data == photo(name, "1")
    assert data != photo(name, "2")
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG"
        assert picture.size == SCENES[name][1]


def test_photos_stand_and_lie():
    sizes = {size for _draw, size in SCENES.values()}
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)


def test_a_portrait_is_a_small_square():
    with Image.open(io.BytesIO(portrait("bun 1 1 glasses", "x"))) as picture:
        assert (picture.format, picture.size) == ("WEBP", (320, 320))


def test_every_paper_opens_with_all_its_pages():
    pages = {name: len(pypdfium2.PdfDocument(paper(name))) for name in PAPERS}
    assert pages == {"commissioning": 2, "entlueftung": 1, "preisentwurf": 9, "uebergabe": 1}
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(PAPERS)


def test_a_voice_has_its_length_and_wave():
    voice = murmur(2, "x")
    assert voice == murmur(2, "x")
    assert voice.data[4:12] == b"ftypM4A "
    assert voice.data.count(b"fLaC") == 1
    assert voice.duration == 2000
    assert len(voice.peaks) == PEAKS
    assert max(voice.peaks) == 100
