"""Forms as a browser without JavaScript sends them, and what comes back."""

import html
import re
from typing import Any

import httpx2

from intranet.kernel import House, Person, Write, clock, new_id

GOOD = "drei Wörter am Stück"  # a password


async def send(client: httpx2.AsyncClient, kind: str, **fields: Any) -> httpx2.Response:
    """One form to /do."""
    return await client.post("/do", data={"do": kind, "id": new_id(), "place": "0", **fields})


def at_field(page: str, name: str) -> str:
    """The sentence at a field, or nothing."""
    found = re.search(rf'id="f-{name}-p">.*?<span>(.*?)</span>', page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def above(page: str) -> str:
    """The sentence above the form, or nothing."""
    found = re.search(r'role="alert".*?<span>(.*?)</span>', page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def typed(page: str, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


async def link(house: House, who: Person, write: Write) -> str:
    """The token of the link that this write makes."""
    answer = await house.perform(who, write)
    return str(answer.extra["link"]).rsplit("/", 1)[1]


class Later:
    """A clock that stands, and is put forward."""

    def __init__(self) -> None:
        self.at = clock.now()
        clock.source = lambda: self.at

    def pass_by(self, ms: int) -> None:
        self.at += ms
