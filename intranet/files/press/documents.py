"""The first page of a PDF as a picture. PDFium draws; scripts and forms inside the document are never started."""

from pathlib import Path

import pypdfium2

Broken = (pypdfium2.PdfiumError, OSError, ValueError, MemoryError)
PREVIEW = 1200
THUMB = 480


def process(source: Path, folder: Path) -> dict[str, object]:
    """Write `preview` and `thumb` of the first page; say how many pages there are. Raises for what can't be drawn."""
    document = pypdfium2.PdfDocument(source)
    pages = len(document)
    page = document[0]
    width, height = page.get_size()
    longest = max(width, height)
    if not 0 < longest < float("inf") or min(width, height) <= 0:
        raise ValueError("a page without size")
    picture = page.render(scale=PREVIEW / longest).to_pil().convert("RGB")
    size = picture.size
    picture.save(folder / "preview", "WEBP", quality=80, method=4)
    picture.thumbnail((THUMB, THUMB))
    picture.save(folder / "thumb", "WEBP", quality=74, method=4)
    return {"pages": pages, "width": size[0], "height": size[1]}
