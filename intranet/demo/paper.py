"""PDFs written by hand: headings, text, lists and tables in Helvetica on A4, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "papers"
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 595, 842, 64, 772, 70
WIDE = WIDTH - 2 * LEFT
# Helvetica's own widths, from the space to the tilde, in thousandths of its size
WIDTHS = [int(one) for one in (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
).split()]  # fmt: skip


def paper(name: str) -> bytes:
    """The PDF of `data/papers/<name>.txt`."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    sheet = _Sheet()
    for line in lines:
        sheet.take(line)
    return _file([*sheet.pages, sheet.marks])


@dataclass(slots=True)
class _Sheet:
    """Pages that fill up from the top."""

    pages: list[list[str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    y: float = TOP

    def take(self, line: str) -> None:
        if line == "---":
            self._turn()
        elif not line:
            self.y -= 8
        elif line.startswith("# "):
            self._write(line[2:], 21, bold=True, after=10)
            self.marks.append(f"0.05 0.36 0.29 rg {LEFT} {self.y + 8:.1f} 56 3 re f 0 g")
            self.y -= 14
        elif line.startswith("## "):
            self.y -= 6
            self._write(line[3:], 13, bold=True, after=3)
        elif line.startswith("|"):
            self._row([cell.strip() for cell in line.strip("|").split("|")])
        elif line.startswith("_ "):
            self._field(line[2:])
        elif line.startswith(("- ", "1. ", "2. ", "3. ", "4. ", "5. ")):
            mark, _, text = line.partition(" ")
            self._text(LEFT, "\u2022" if mark == "-" else mark, 10.5)
            self._write(text, 10.5, indent=18)
        else:
            self._write(line, 10.5)

    def _write(self, text: str, size: float, *, bold: bool = False, indent: float = 0, after: float = 0) -> None:
        for part in _wrapped(text, size, WIDE - indent):
            if self.y < BOTTOM:
                self._turn()
            self._text(LEFT + indent, part, size, bold=bold)
            self.y -= size * 1.42
        self.y -= after

    def _row(self, cells: list[str]) -> None:
        for number, cell in enumerate(cells):
            self._text(LEFT + number * WIDE / len(cells), cell, 10)
        self.marks.append(f"0.82 G 0.6 w {LEFT} {self.y - 5:.1f} m {LEFT + WIDE} {self.y - 5:.1f} l S")
        self.y -= 19

    def _field(self, label: str) -> None:
        """A label with a line to write on."""
        self.y -= 8
        self._text(LEFT, label, 10)
        start = LEFT + 190
        self.marks.append(f"0.5 G 0.6 w {start} {self.y - 2:.1f} m {LEFT + WIDE} {self.y - 2:.1f} l S")
        self.y -= 20

    def _text(self, x: float, text: str, size: float, *, bold: bool = False) -> None:
        safe = text.encode("cp1252", "replace").decode("latin-1")
        safe = safe.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        self.marks.append(f"BT /{'B' if bold else 'R'} {size} Tf {x:.1f} {self.y:.1f} Td ({safe}) Tj ET")

    def _turn(self) -> None:
        self.pages.append(self.marks)
        self.marks, self.y = [], TOP


def _wrapped(text: str, size: float, room: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _measure(longer) * size / 1000 > room:
            yield line
            longer = word
        line = longer
    yield line


def _measure(text: str) -> int:
    return sum(WIDTHS[ord(one) - 32] if 32 <= ord(one) < 127 else 556 for one in text)


def _file(pages: list[list[str]]) -> bytes:
    """Objects 1 to 4 are catalogue, page tree and the two typefaces; then each page and its content."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica{} /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    tree = f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", tree, font.format(""), font.format("-Bold")]
    for number, marks in enumerate(pages):
        foot = f"0.4 g BT /R 8 Tf {LEFT} 40 Td (Quellmoor Pumpen) Tj ET BT /R 8 Tf {LEFT + WIDE - 24} 40 Td "
        content = "\n".join([*marks, f"{foot}({number + 1} / {len(pages)}) Tj ET"])
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {6 + 2 * number} 0 R "
            "/Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    index = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{index}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")
