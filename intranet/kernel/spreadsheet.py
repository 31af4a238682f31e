"""Lists as spreadsheets write them: a file as text, and its lines by the columns that are known."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from .errors import Refused
from .outside import fold, tidy

MOST_LINES = 5000
MOST_BYTES = 900_000  # with the rest of its form it stays below the limit of a request


async def uploaded(request: Request) -> str:
    """The form's `file` as text: UTF-8, or what spreadsheets on Windows write. Raises Refused 413, 422."""
    async with request.form(max_files=1, max_fields=4) as form:
        file: Any = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
    if len(data) > MOST_BYTES:
        raise Refused(413, "too-large", limit=f"{MOST_BYTES // 1000} kB")
    if b"\0" in data:
        raise Refused(422, "malformed", reason="CSV")
    try:
        return str(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return str(data.decode("cp1252", "replace"))


def lines(text: str, columns: Mapping[str, str], *needed: str, lacking: str = "list-columns") -> list[dict[str, str]]:
    """The lines by the columns that are known, each with its number under "". `columns` are names with the words that
    may head them, folded and without blanks; of each of `needed` ("name last") one must be there, or the refusal is
    `lacking`. Semicolons, commas or tabs. Raises Refused 422."""
    by_header = {header: name for name, headers in columns.items() for header in headers.split()}
    text = text.lstrip("\ufeff").strip("\r\n")
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [by_header.get(fold(tidy(cell)).replace(" ", ""), "") for cell in next(rows, [])]
        found = [dict(zip(header, row, strict=False)) | {"": str(rows.line_num)} for row in rows if any(row)]
    except csv.Error as error:
        raise Refused(422, "malformed", reason="CSV") from error
    if not all(set(some.split()) & set(header) for some in needed):
        raise Refused(422, lacking)
    if not found:
        raise Refused(422, "list-empty")
    if len(found) > MOST_LINES:
        raise Refused(422, "list-long", most=MOST_LINES)
    return found
