"""Every verb and every route, asked by every kind of actor. What has no expectation fails."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import pytest
import websockets
from starlette.applications import Starlette

from intranet.kernel import House, new_id
from intranet.kernel.config import Settings
from tests.app import addresses, expectations, posts
from tests.app.company import ACTORS, SHUT_OUT, Company, Told, found
from tests.app.table import Row, draw, parse
from tests.app.visits import all_routes, hit
from tests.app.writes import VERBS, Stage
from tests.served import Served

JSON = {"content-type": "application/json"}
INSIDE = ("member", "moderator")
PARTS = 3  # of the large tables, each in a house of its own
ABREAST = 8  # rows at a time, so that their commits are shared: each has its own things
T = TypeVar("T")


@pytest.fixture
async def company(app: Starlette) -> Company:
    """Everybody is there, and two are shut out."""
    made = await found(app)
    await posts.circle(made)
    await made.shut_out()
    return made


async def abreast(rows: Iterable[Row], ask: Callable[[Row], Awaitable[T]]) -> list[T]:
    """What is answered to each row, in their order."""
    gate = asyncio.Semaphore(ABREAST)

    async def one(row: Row) -> T:
        async with gate:
            return await ask(row)

    return await asyncio.gather(*map(one, rows))


def first_of_each() -> list[Row]:
    """One row of every verb."""
    return list({row.name: row for row in reversed(parse(expectations.VERBS))}.values())


# -- verbs


def outside(house: House) -> list[str]:
    """The verbs that come from outside."""
    return sorted(verb.name for verb in house.verbs.values() if not verb.internal)


Asked = Callable[..., Awaitable[Told]]


async def answer_to(asked: Asked, actor: str, verb: str, fields: dict[str, Any], **headers: str) -> int:
    sent = json.dumps({"do": verb, "id": new_id(), **fields}).encode()
    return (await asked(actor, "POST", "/do", sent, **JSON, **headers)).status


async def told(company: Company, row: Row) -> dict[str, int]:
    """The status for each actor's browser. Who was refused leaves things as they were for the next."""
    statuses: dict[str, int] = {}
    fields: dict[str, Any] | None = None
    for actor in ACTORS:
        if fields is None or actor in INSIDE:
            fields = await VERBS[row.name](Stage(company, actor, row.case))
        statuses[actor] = await answer_to(company.asked, actor, row.name, fields)
        if statuses[actor] == 200 or actor in INSIDE:
            fields = None
        if row.name in expectations.ENDS_SESSIONS and actor != "none":
            await company.sign_in(actor)
    return statuses


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_verb_for_every_actor(company: Company, part: int) -> None:
    rows = parse(expectations.VERBS)
    assert sorted({row.name for row in rows}) == outside(company.house), "each verb has a row"
    rows = rows[part::PARTS]
    together = [row for row in rows if row.name not in expectations.ENDS_SESSIONS]
    found = dict(zip(together, await abreast(together, lambda row: told(company, row)), strict=True))
    found |= {row: await told(company, row) for row in rows if row not in found}
    wrong = [draw(row.name, row.case, statuses) for row, statuses in found.items() if statuses != row.told]
    assert wrong == [], "\n" + "\n".join(wrong)


async def test_a_program_with_a_token_is_told_what_its_person_would_be(company: Company) -> None:
    async def wrong(row: Row) -> list[tuple[str, str, str, int]]:
        found = []
        for actor in ("none", "outsider", "member", "administrator"):
            fields = await VERBS[row.name](Stage(company, actor, row.case))
            status = await answer_to(company.asked_by_program, actor, row.name, fields)
            expected = 403 if row.name in expectations.NOT_BY_TOKEN and row.told[actor] == 200 else row.told[actor]
            if status != expected:
                found.append((row.name, row.case, actor, status))
        return found

    rows = [row for row in first_of_each() if row.name not in expectations.ENDS_SESSIONS]
    assert [one for found in await abreast(rows, wrong) for one in found] == []


async def test_who_is_shut_out_is_told_what_nobody_is(company: Company) -> None:
    async def wrong(row: Row) -> list[tuple[str, str, int]]:
        found = []
        fields = await VERBS[row.name](Stage(company, "member", row.case))
        for actor in SHUT_OUT:
            for asked in (company.asked, company.asked_by_program):
                status = await answer_to(asked, actor, row.name, fields)
                if status != row.told["none"]:
                    found.append((row.name, actor, status))
        return found

    assert [one for found in await abreast(first_of_each(), wrong) for one in found] == []


async def test_with_a_cookie_no_write_comes_from_elsewhere(company: Company) -> None:
    for verb in outside(company.house):
        for origin in ("https://elsewhere.example", "null", ""):
            assert await answer_to(company.asked, "owner", verb, {}, origin=origin) == 403, (verb, origin)


# -- routes


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_route_for_every_actor(company: Company, part: int) -> None:
    names = await addresses.of(company)
    everybody = (*ACTORS, *SHUT_OUT)

    async def asked(row: Row) -> dict[str, int]:
        method, _, pattern = row.name.partition(":")
        path = pattern.format(**names)
        answers = await asyncio.gather(*(addresses.ask(company, actor, method, path) for actor in everybody))
        return dict(zip(everybody, answers, strict=True))

    rows, wrong = parse(expectations.ROUTES), []
    missing = all_routes(company.app)
    for row in rows:
        method, _, pattern = row.name.partition(":")
        missing -= hit(company.app, method, pattern.format(**names))
    assert missing == set(), "each route has a row"
    rows = rows[part::PARTS]
    for row, statuses in zip(rows, await abreast(rows, asked), strict=True):
        assert {statuses.pop(actor) for actor in SHUT_OUT} == {statuses["none"]}, row.name
        if statuses != row.told:
            wrong.append(draw(row.name, row.case, statuses))
    assert wrong == [], "\n" + "\n".join(wrong)


async def test_the_socket_is_for_who_is_signed_in_and_for_our_own_pages(served: Served, settings: Settings) -> None:
    company = await found(served.app)
    await company.shut_out()
    here = {"Origin": served.url}
    for actor in ("none", *SHUT_OUT):
        cookie = {"Cookie": f"binnen={company.secrets[actor]}"} if actor in company.secrets else {}
        for headers in ({**here, **cookie}, {"Authorization": f"Bearer {company.tokens.get(actor, 'x')}"}):
            async with websockets.connect(served.ws, additional_headers=headers, proxy=None) as socket:
                with pytest.raises(websockets.ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == 4401
    owner = {"Cookie": f"binnen={company.secrets['owner']}"}
    for headers in ({**owner, "Origin": "https://elsewhere.example"}, owner):
        with pytest.raises(websockets.InvalidStatus, match="403"):
            await websockets.connect(served.ws, additional_headers=headers, proxy=None)
