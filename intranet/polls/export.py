"""Results as files. Nothing in them is a formula, whatever somebody wrote as an answer."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

Cell = str | int | float
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """For spreadsheets: with a mark of its encoding, and an apostrophe before what they would compute."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return ("\ufeff" + text.getvalue()).encode()


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(_BEGINS_FORMULA) else cell


def as_xlsx(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; texts are texts, numbers are numbers."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            else:
                sheet.write_number(line, column, cell)
    sheet.set_column(0, 0, 40)
    book.close()
    return file.getvalue()


__all__ = ["Cell", "as_csv", "as_xlsx"]
