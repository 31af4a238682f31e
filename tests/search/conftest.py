"""Somebody who searches."""

import re

import httpx2
import pytest

from intranet.kernel import House, Person
from tests import cast


class Searcher:
    """A browser that searches."""

    def __init__(self, client: httpx2.AsyncClient, house: House) -> None:
        self.client, self.house = client, house

    async def asks(self, who: Person, text: str, **more: str) -> str:
        """The main part of the page that this person gets."""
        await cast.sign_in(self.client, self.house, who)
        answer = await self.client.get("/search", params={"q": text, **more})
        assert answer.status_code == 200, answer.text
        return answer.text.partition("<main")[2].partition("</main>")[0]


def hits(page: str) -> list[str]:
    """Where the hits lead, in their order."""
    return [address.replace("&amp;", "&") for address in re.findall(r'class="hit" href="([^"]+)"', page)]


@pytest.fixture
async def searcher(client: httpx2.AsyncClient, home: House) -> Searcher:
    return Searcher(client, home)
