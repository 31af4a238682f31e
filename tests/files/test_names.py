import pytest

from intranet.files import names


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Riss an der Nut.jpg", "Riss an der Nut.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\calc.exe", "calc.exe"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie_ x.pdf"),
        ("zero\u200bwidth\ufeff.txt", "zerowidth.txt"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ('what?<is>"this"|*.pdf', "what__is__this___.pdf"),
        ("  a   b .", "a b"),
        ("Fu\u0308sse.pdf", "Füsse.pdf"),
        ("\ud800.txt", "txt"),
        ("Überholung 👷‍♀️.pdf", "Überholung 👷‍♀️.pdf"),
    ],
)
def test_a_name_shows_what_it_is(given, shown):
    assert names.clean(given) == shown


def test_a_long_name_keeps_its_extension_and_fits_every_disk():
    assert names.clean("x" * 500 + ".pdf") == "x" * 116 + ".pdf"
    wide = names.clean("漢" * 500 + ".pdf")
    assert wide.endswith("漢.pdf")
    assert len(wide.encode()) <= 200
    assert len(names.clean("a." + "b" * 500)) <= names.LONGEST


@pytest.mark.parametrize(
    ("name", "wanted", "instead", "result"),
    [
        ("IMG_1.JPG", (".jpg", ".jpeg"), (), "IMG_1.JPG"),
        ("IMG_1.HEIC", (".jpg",), (".heic",), "IMG_1.jpg"),
        ("report.pdf", (".jpg",), (), "report.pdf.jpg"),
        ("photo", (".png",), (), "photo.png"),
        ("anything.exe", (), (), "anything.exe"),
    ],
)
def test_an_extension_tells_the_truth(name, wanted, instead, result):
    assert names.with_extension(name, wanted, instead=instead) == result


def test_a_header_holds_any_name():
    assert names.disposition("a b.pdf", inline=False) == "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"
    header = names.disposition('Größe "x"\r\n.pdf', inline=True)
    assert header == "inline; filename=\"Groe _x___.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%22x%22%0D%0A.pdf"
    assert header.isascii()
