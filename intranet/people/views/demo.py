"""One-click sign-in of the sample company, and of nothing else.

Only while the setting `demo` is on: who may be entered as is a JSON list of person ids, in the order shown, in the
row "demo.personas" of Installation, which whoever fills the sample company writes. On a real installation the setting
is off and the address does not exist.
"""

import json
import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import SYSTEM, Installation, house, new_id, not_found, set_session
from intranet.people.devices import device_name
from intranet.people.lines import PersonLine, names
from intranet.people.models import PersonRow
from intranet.people.writes import Enter

PERSONAS = "demo.personas"


def _personas(conn: Connection) -> list[PersonLine]:
    stored = conn.execute(select(Installation.value).where(Installation.key == PERSONAS)).scalar()
    ids = json.loads(stored) if stored else []
    found = names(conn, ids)
    return [found[one] for one in ids if one in found and found[one].active]


def demo_people(conn: Connection) -> list[dict[str, Any]]:
    """The entries of the sign-in page; without portraits, which only people who are signed in may fetch."""
    lines = _personas(conn)
    chosen = select(PersonRow.id, PersonRow.title).where(PersonRow.id.in_([line.id for line in lines]))
    titles = {row.id: row.title for row in conn.execute(chosen)}
    return [
        {"href": f"/demo/as/{line.id}", "person": replace(line, photo=""), "title": titles[line.id]} for line in lines
    ]


async def enter(request: Request) -> Response:
    """A session as one of the listed people. Raises Refused 404 for everybody else, and wherever this is no demo."""
    if not house(request).settings.demo:
        raise not_found()
    person = request.path_params["person"]
    if person not in {line.id for line in await house(request).read(_personas)}:
        raise not_found()
    secret = secrets.token_hex(32)
    device = device_name(request.headers.get("user-agent", ""))
    await house(request).perform(SYSTEM, Enter(id=new_id(), person=person, secret=secret, device=device))
    return set_session(request, RedirectResponse("/", 303), secret)


ROUTES: list[BaseRoute] = [Route("/demo/as/{person:int}", enter, methods=["POST"])]
