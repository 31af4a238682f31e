"""The lists: what each reader sees under each filter, window by window, and what it costs."""

import random
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from intranet.audiences import Line
from intranet.feed import lists, moderated
from intranet.feed import writes as w
from intranet.feed.lists import Narrowed
from intranet.feed.models import Following, Listed, Post
from intranet.kernel import SYSTEM, Person, Tx, new_id
from intranet.people.writes import TeamMake, TeamMembers
from tests import cast
from tests.counting import counted
from tests.feed.conftest import FIELD, Town

OFFICE = Line("office")
FILTERS = [
    Narrowed(), Narrowed(kind="idea"), Narrowed(state="new"), Narrowed(kind="feedback", state="new"), Narrowed(team=1),
    Narrowed(kind="question", team=1), Narrowed(mine=True), Narrowed(mine=True, kind="question"),
]  # fmt: skip


async def make_team(town: Town, *who: Person) -> int:
    team = (await town.house.perform(SYSTEM, TeamMake(id=new_id(), name="Service"))).place
    await town.house.perform(SYSTEM, TeamMembers(id=new_id(), team=team, add=[one.id for one in who]))
    return team


def asked_with(asked: Narrowed, team: int) -> Narrowed:
    return Narrowed(asked.kind, team if asked.team else 0, 0, 0, asked.state, asked.mine)


async def windows(town: Town, who: Person, asked: Narrowed, size: int) -> list[int]:
    """The whole list, window by window."""
    found: list[int] = []
    before = lists.NEWEST
    while True:
        ids = await town.house.read(lists.newest, who, asked, before, size)
        found += ids
        if len(ids) < size:
            return found
        before = ids[-1]


def hide(post: int) -> Any:
    return lambda tx: moderated.hide(tx, post, "Ton", 0)


def restore(post: int) -> Any:
    return lambda tx: moderated.restore(tx, post, 0)


async def happen(town: Town, truth: list[dict[str, Any]], of_team: Line, inside: set[int]) -> None:
    """Some are addressed to others, some hidden, some of these restored, some taken back."""
    for one in truth[2::9]:
        await town.house.perform(Person(one["by"]), w.Move(id=new_id(), post=one["post"], lines=[of_team]))
        one |= {"readers": inside | {one["by"]}, "team": True}
    for number, one in enumerate(truth[4::9]):
        await town.moderate(hide(one["post"]))
        if number % 2:
            await town.moderate(restore(one["post"]))
        one["gone"] = not number % 2
    for one in truth[::7]:
        await town.house.perform(Person(one["by"]), w.Remove(id=new_id(), post=one["post"]))
        one["gone"] = True


async def test_each_filter_shows_each_reader_exactly_what_fits(town: Town) -> None:
    dice, house = random.Random(7), town.house
    team = await make_team(town, town.jana, town.silke)
    of_team, inside = Line("", team), {town.jana.id, town.silke.id}
    writers = [town.jana, town.mehmet, town.silke, town.carola]
    addressed = {(): {one.id for one in writers}, (FIELD,): {town.jana.id, town.mehmet.id}, (of_team,): inside,
                 (OFFICE,): {town.silke.id, town.carola.id}}  # fmt: skip
    truth: list[dict[str, Any]] = []
    for number in range(40):
        by, lines = dice.choice(writers), dice.choice(list(addressed))
        named, asks = dice.choice([None, "@Mehmet Aydin", "@Service"]), number % 9 == 0
        kind = dice.choice(["idea", "question", "feedback"])
        post = await town.publish(by, f"Nr. {number}", kind=kind, text=named or "", lines=list(lines), ack=asks)
        truth.append({"post": post, "by": by.id, "kind": kind, "readers": addressed[lines] | {by.id}, "named": named,
                      "team": by.id in inside or lines == (of_team,), "asks": asks, "gone": False})  # fmt: skip
    await happen(town, truth, of_team, inside)
    followed = {truth[3]["post"], truth[11]["post"], truth[20]["post"]}

    def follow(tx: Tx) -> None:
        for post in followed:
            tx.upsert(Following, {"person": town.mehmet.id, "post": post, "follows": 1})

    await town.moderate(follow)

    def fits(one: dict[str, Any], who: Person, asked: Narrowed) -> bool:
        if one["gone"] or who.id not in one["readers"]:
            return False
        named = (one["named"] == "@Mehmet Aydin" and who is town.mehmet) or (
            one["named"] == "@Service" and who.id in inside
        )
        follows = one["by"] == who.id or (who is town.mehmet and one["post"] in followed)
        concerns = named or one["asks"] or follows
        has_state = one["kind"] in ("idea", "feedback")
        return (
            (not asked.kind or one["kind"] == asked.kind) and (not asked.team or one["team"])
            and (not asked.state or has_state) and (not asked.mine or concerns)
        )  # fmt: skip

    for who in (town.jana, town.mehmet, town.carola, town.gert):
        for asked in FILTERS:
            expected = [one["post"] for one in reversed(truth) if fits(one, who, asked)]
            assert await windows(town, who, asked_with(asked, team), 6) == expected, (who.name, asked)
    everything = {one["post"] for one in truth}
    listed = await house.read(lambda conn: {row.post for row in conn.execute(select(Listed)).all()})
    assert listed == everything, "each post is read by its author at least"


BOUNDS = {"/feed": 28, "/feed?kind=idea&state=new": 27, "/feed?show=me": 28, "/part/feed": 15, "/posts/{post}": 34}


async def test_queries_do_not_grow_with_what_is_shown(town: Town, app: Starlette, client: httpx2.AsyncClient) -> None:
    await app.state.runner.stop()  # it asks for jobs once a second
    await cast.sign_in(client, town.house, town.jana)

    async def fill(count: int) -> int:
        for number in range(count):
            kind = ("idea", "praise", "question")[number % 3]
            people = [town.mehmet.id] if kind == "praise" else []
            by, lines = ((town.silke, [FIELD]), (town.jana, []))[number % 2]
            post = await town.publish(by, f"Nr. {number}", text="@Jana Reuter", kind=kind, lines=lines, people=people)
        return post

    post = await fill(6)
    few = {}
    for path, most in BOUNDS.items():
        await client.get(path.format(post=post))
        with counted(town.house) as asked:
            assert (await client.get(path.format(post=post))).status_code == 200
        few[path] = len(asked)
        assert len(asked) <= most, (path, len(asked))
    await fill(15)
    for path in BOUNDS:
        with counted(town.house) as asked:
            assert (await client.get(path.format(post=post))).status_code == 200
        assert len(asked) == few[path], "\n".join(asked)


@pytest.mark.engine("sqlite")
async def test_a_list_reads_ranges_of_one_index_and_sorts_no_table(town: Town) -> None:
    def plan(conn: Any) -> str:
        seen: list[str] = []
        real = conn.execute

        def explain(statement: Any, *rest: Any) -> Any:
            compiled = statement.compile(conn, compile_kwargs={"literal_binds": True})
            seen.extend(str(row[3]) for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))
            return real(statement, *rest)

        conn.execute = explain
        lists.newest(conn, town.jana, Narrowed(kind="idea", state="new", team=3), lists.NEWEST, 20)
        return "\n".join(seen)

    steps = await town.house.read(plan)
    assert "post_listed USING PRIMARY KEY (place=? AND list=? AND post>? AND post<?)" in steps
    assert "SCAN post" not in steps
    assert await town.house.read(lambda conn: conn.execute(select(Post.id)).all()) == []
