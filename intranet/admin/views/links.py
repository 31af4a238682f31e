"""First links to hand out: a page to print, shown once, and the same as a list for a spreadsheet."""

import base64
import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import segno
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import people
from intranet.kernel import Person, _, base_url, house, not_found, page, words

from .people import administrator

_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take the cell for a formula
COLUMNS = (_("Name"), _("E-mail"), _("Link"), _("Works until"))


def as_csv(lines: Sequence[people.Handed], base: str, lang: str) -> str:
    """The links as spreadsheets read them, with what begins like a formula made text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([words(lang).gettext(column) for column in COLUMNS])
    for one in lines:
        until = datetime.fromtimestamp(one.until / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
        writer.writerow([_cell(cell) for cell in (one.name, one.email, f"{base}/reset/{one.token}", until)])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text


def _page(conn: Connection, person: Person, lines: Sequence[people.Handed], base: str) -> dict[str, Any]:
    slips = [
        {"name": one.name, "email": one.email, "link": (link := f"{base}/reset/{one.token}"), "until": one.until,
         "qr": segno.make(link, error="m").svg_data_uri(border=2, light="#fff")}
        for one in lines
    ]  # fmt: skip
    sheet = base64.b64encode(as_csv(lines, base, person.lang).encode("utf-8-sig")).decode()
    lacking = len(people.without_link(conn, person))
    return {"slips": slips, "sheet": sheet if slips else "", "base": base, "lacking": lacking}


async def links(request: Request) -> Response:
    """What a write of this administrator made, this one time. Raises Refused 404 when none of it works (any more)."""
    person = await administrator(request)
    write, keys = request.path_params["id"], house(request).keys
    lines = await house(request).read(people.handed, lambda one: keys.token(person.id, write, people.purpose(one)))
    if not lines:
        raise not_found()
    shown = lines if await people.first_time(request, write) else []
    return await page(request, "admin/links.html", _page, shown, base_url(request))


ROUTES: list[BaseRoute] = [Route("/admin/links/{id}", links)]
