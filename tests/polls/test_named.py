"""Polls with names: ask, vote, change, close; who hears it, who sees what when."""

import json
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from intranet.channels.writes import Add, Leave
from intranet.chat.writes import Delete
from intranet.kernel import Event, Refused, Register, clock, new_id
from intranet.moderation.writes import Decide, ReportIt
from intranet.notices import waiting
from intranet.polls import writes as w
from intranet.polls.models import Option, Poll, Vote
from tests import cast
from tests.counting import counted
from tests.polls.conftest import Scene, make_scene
from tests.served import Served


async def refused(work: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        await work
    return caught.value.status, caught.value.code


async def text(client: httpx2.AsyncClient, scene: Scene, who: Any, path: str) -> str:
    await cast.sign_in(client, scene.house, who)
    return (await client.get(path)).text


async def told(scene: Scene, who: Any) -> list[tuple[str, str]]:
    found, _gone = await scene.house.read(waiting, who, scene.house.notices)
    return [(one.title, one.text) for one in found]


async def test_one_ballot_per_person_the_newest_counts_until_the_close(
    scene: Scene, client: httpx2.AsyncClient
) -> None:
    poll = await scene.ask(question="Wohin am <Freitag>?")
    await scene.vote(scene.mehmet, poll, 2)
    phone, desk = scene.vote(scene.mehmet, poll, 1), scene.vote(scene.mehmet, poll, 3)
    await phone
    await desk  # two devices at once make one ballot
    await scene.vote(scene.jana, poll, 3)
    await scene.vote(scene.others[0], poll, 1)
    await scene.vote(scene.others[0], poll, withdraw=True)
    rows = await scene.house.read(lambda conn: conn.execute(select(Vote).order_by(Vote.person)).all())
    assert [(row.person, json.loads(row.choice)["yes"]) for row in rows] == [
        (scene.jana.id, [3]),
        (scene.mehmet.id, [3]),
    ]
    page = f"/c/{scene.place}?at=end"
    mine = f'"vote/{poll}":"{{'
    before = await text(client, scene, scene.mehmet, page)
    assert mine in before.replace("\\u0022", '\\"').replace(" ", "") or f"vote/{poll}" in before
    assert "Wohin am &lt;Freitag&gt;?" in before
    assert "barrow" not in before, "the result so far is not in what everybody gets"
    result = f"/polls/{poll}/result"
    assert "2 · 100" in await text(client, scene, scene.mehmet, result)
    assert (await client.get(f"/polls/{poll}/result.csv")).status_code == 200
    await cast.sign_in(client, scene.house, scene.others[0])
    assert [(await client.get(path)).status_code for path in (result, result + ".csv", result + ".xlsx")] == [404] * 3
    assert await refused(scene.close(poll, scene.mehmet)) == (403, "not-allowed")
    await scene.close(poll)
    assert "2 · 100" in await text(client, scene, scene.others[0], page)
    assert await refused(scene.vote(scene.mehmet, poll, 1)) == (409, "poll-closed")
    assert await refused(scene.close(poll)) == (409, "poll-closed")
    assert await told(scene, scene.mehmet) == [("Wohin am <Freitag>?", "Das Ergebnis ist da")]
    assert await told(scene, scene.jana) == [], "who closed it knows"
    assert await told(scene, scene.others[0]) == [], "who has not voted is not told"


async def test_who_hears_it_and_every_reader_gets_the_same_bytes(served: Served) -> None:
    scene = await make_scene(served.app)
    poll = await scene.ask(results="live")
    async with (
        cast.listen(served, scene.mehmet, scene.place) as inside,
        cast.listen(served, scene.olga, scene.other) as outside,
    ):
        await scene.vote(scene.jana, poll, 2)
        shown = ""
        while f'id="poll-{poll}"' not in shown or "1 · 100" not in shown:
            frame = await inside.until("frame", place=scene.place)
            shown = "".join(thing["html"] for thing in frame["things"])
        assert scene.jana.name not in shown
        heard = await outside.all_until(scene.house, scene.other)
        assert not any(message["place"] == scene.place for message in heard)
    fragments = set()
    async with httpx2.AsyncClient(base_url=served.url, headers={"Accept": "text/html"}) as client:
        for who in (scene.jana, scene.mehmet, scene.others[0]):
            for path in (f"/c/{scene.place}?at=end", f"/polls/{poll}"):
                page = await text(client, scene, who, path)
                start = page.index(f'<section class="poll" id="poll-{poll}"')
                fragments.add(page[start : page.index("</section>", start)])
        assert fragments == {shown[: shown.index("</section>")]}
        for who, status in ((scene.olga, 404), (scene.gert, 404)):
            await cast.sign_in(client, scene.house, who)
            assert {
                (await client.get(f"/polls/{poll}{more}")).status_code for more in ("", "/result", "/result.csv")
            } == {status}


async def test_in_a_history_from_joining_an_older_poll_does_not_exist(app: Any, client: httpx2.AsyncClient) -> None:

    scene = await make_scene(app, history="joining")
    poll = await scene.ask(results="live")
    await scene.house.perform(scene.jana, Add(id=new_id(), place=scene.place, people=[scene.olga.id]))
    await cast.sign_in(client, scene.house, scene.olga)
    assert (await client.get(f"/polls/{poll}")).status_code == 404
    assert await refused(scene.vote(scene.olga, poll, 1)) == (404, "not-found")


async def test_the_deadline_ends_it_and_before_it_who_has_not_voted_is_reminded(
    scene: Scene, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    poll = await scene.ask(deadline=start + 8 * clock.HOUR, results="closed")
    await scene.vote(scene.mehmet, poll, 1)
    monkeypatch.setattr(clock, "source", lambda: start + 7 * clock.HOUR)
    await scene.work()
    assert await told(scene, scene.mehmet) == []
    assert await told(scene, scene.others[0]) == [
        ("Wohin?", "Endet bald: wer noch nicht abgestimmt hat, kann es noch tun")
    ]
    await scene.vote(scene.others[0], poll, 1)
    assert await told(scene, scene.others[0]) == [], "whoever votes is done with it"
    monkeypatch.setattr(clock, "source", lambda: start + 8 * clock.HOUR)
    late = {"do": "polls.vote", "id": new_id(), "place": scene.place, "poll": poll, "yes": [2]}
    await cast.sign_in(client, scene.house, scene.others[1])
    answer = await client.post("/do", json=late)
    assert (answer.status_code, answer.json()["code"]) == (409, "poll-closed"), "also before the job has run"
    assert "zählt nicht" in answer.json()["title"]
    await scene.work()
    assert json.loads((await scene.row(poll)).result)["n"] == 2
    await scene.work()
    assert {title for title, _text in await told(scene, scene.others[0])} == {"Wohin?"}
    assert await told(scene, scene.others[1]) == [], "that one still could vote is over"


async def test_every_kind_takes_what_fits_and_nothing_else(scene: Scene, client: httpx2.AsyncClient) -> None:
    several = await scene.ask("several", most=2)
    rating = await scene.ask("rating", "schlecht", "gut")
    ranking = await scene.ask("ranking")
    dates = await scene.ask("dates", "2026-12-01T10:00/11:30", "2026-12-03", "2026-12-02T09:00:00+00:00")
    bad = [
        (several, (1, 2, 3), {}), (several, (), {}), (several, (4,), {}), (rating, (6,), {}), (rating, (1, 2), {}),
        (ranking, (), {}), (dates, (1,), {"maybe": [1]}), (dates, (9,), {}), (several, (1,), {"maybe": [2]}),
    ]  # fmt: skip
    for poll, yes, more in bad:
        assert (await refused(scene.vote(scene.mehmet, poll, *yes, **more)))[0] == 422, (poll, yes, more)
    await scene.vote(scene.mehmet, several, 3, 1)
    await scene.vote(scene.mehmet, rating, 4)
    await scene.vote(scene.jana, rating, 5)
    await scene.vote(scene.mehmet, ranking, 3, 1, 2)
    await scene.vote(scene.mehmet, dates, 2, maybe=[1])
    await scene.vote(scene.jana, dates)
    by_form = {"do": "polls.vote", "id": new_id(), "place": scene.place, "poll": dates}
    await cast.sign_in(client, scene.house, scene.others[0])
    answer = await client.post("/do", data={**by_form, "picks": ["1:no", "2:yes", "3:maybe"]})
    assert answer.status_code == 303
    ranks = {**by_form, "id": new_id(), "poll": ranking, "picks": ["1:2", "2:0", "3:1"]}
    assert (await client.post("/do", data=ranks)).status_code == 303
    for poll in (several, rating, ranking, dates):
        await scene.close(poll)
    results = [json.loads((await scene.row(poll)).result) for poll in (several, rating, ranking, dates)]
    assert results[0]["yes"] == {"1": 1, "2": 0, "3": 1}
    assert (results[1]["mean"], results[1]["n"]) == (4.5, 2)
    assert (results[2]["best"], results[2]["rounds"][0]["counts"]) == (3, {"1": 0, "2": 0, "3": 2})
    # dates stand in the order of time: the first is that of the 1st, then the 2nd, then the 3rd
    assert (results[3]["yes"], results[3]["maybe"], results[3]["n"]) == (
        {"1": 0, "2": 2, "3": 0}, {"1": 1, "2": 0, "3": 1}, 3,
    )  # fmt: skip
    file = (await client.get(f"/polls/{dates}/result.ics")).content.decode()
    assert "DTSTART:20261202T090000Z\r\n" in file
    assert "SUMMARY:Wohin?\r\n" in file
    for poll in (rating, several):
        assert (await client.get(f"/polls/{poll}/result.ics")).status_code == 404
    page = await text(client, scene, scene.others[0], f"/polls/{ranking}")
    assert "Runden" in page
    assert "See › Fluss" in page


async def test_answers_are_added_where_that_is_open(scene: Scene) -> None:
    fixed, open_ = await scene.ask(), await scene.ask("one", "Fluss", additions=True)
    add = w.Add(id=new_id(), place=scene.place, poll=fixed, option="Meer")
    assert await refused(scene.house.perform(scene.mehmet, add)) == (403, "not-allowed")
    add = w.Add(id=new_id(), place=scene.place, poll=open_, option="  Meer ")
    assert (await scene.house.perform(scene.mehmet, add)).extra["option"] == 2
    await scene.house.perform(scene.mehmet, add)
    again = w.Add(id=new_id(), place=scene.place, poll=open_, option="meer")
    assert await refused(scene.house.perform(scene.jana, again)) == (422, "options-twice")
    rows = await scene.house.read(lambda conn: conn.execute(select(Option).where(Option.poll == open_)).all())
    assert [(row.text, row.author) for row in rows] == [("Fluss", 0), ("Meer", scene.mehmet.id)]
    await scene.vote(scene.jana, open_, 2)


async def test_a_poll_asked_without_network_is_asked_once_and_named_by_its_client_id(scene: Scene) -> None:
    write = w.Open(id=new_id(), place=scene.place, question="Offline?", options=["ja", "nein"])
    first = await scene.house.perform(scene.jana, write)
    again = await scene.house.perform(scene.jana, write)
    assert (again.repeat, again.seq) == (True, first.seq)
    vote = w.Cast(id=new_id(), place=scene.place, poll=write.id, yes=[1])
    await scene.house.perform(scene.jana, vote)
    assert await scene.house.read(lambda conn: conn.execute(select(func.count()).select_from(Vote)).scalar()) == 1


async def test_many_polls_on_a_page_cost_no_more_questions_than_few(scene: Scene, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, scene.house, scene.mehmet)
    asked = []
    for more in (2, 6):
        for _ in range(more):
            poll = await scene.ask("several", results="live")
            await scene.vote(scene.jana, poll, 1, 2)
            closed = await scene.ask("rating")
            await scene.vote(scene.jana, closed, 1)
            await scene.close(closed)
        with counted(scene.house) as questions:
            page = (await client.get(f"/c/{scene.place}?at=end")).text
        assert page.count("1 · 100 %") >= more
        asked.append(len(questions))
    assert asked[0] == asked[1]


async def test_bad_questions_have_a_clear_answer(scene: Scene) -> None:
    now = clock.now()
    bad: list[tuple[dict[str, Any], str]] = [
        ({"question": "  "}, "question-long"), ({"question": "x" * 301}, "question-long"),
        ({"options": ["nur eine"]}, "options-few"), ({"options": ["a", "A"]}, "options-twice"),
        ({"options": ["x" * 121, "b"]}, "option-long"), ({"options": [str(n) for n in range(31)]}, "options-many"),
        ({"kind": "dates", "options": ["bald"]}, "option-time"),
        ({"kind": "dates", "options": ["2026-12-01T10:00/2026-12-01T09:00"]}, "option-time"),
        ({"kind": "dates", "options": ["0001-01-01T00:00"]}, "option-time"),
        ({"kind": "rating", "options": ["a", "b", "c"]}, "options-rating"),
        ({"deadline": now - 1}, "not-ahead"), ({"deadline": now + 400 * clock.DAY}, "not-ahead"),
        ({"until": "morgen"}, "malformed"), ({"anonymous": True}, "end-needed"),
        ({"anonymous": True, "deadline": now + clock.HOUR, "minimum": 4}, "minimum-low"),
        ({"anonymous": True, "deadline": now + clock.HOUR, "minimum": 11}, "too-few-asked"),
        ({"anonymous": True, "deadline": now + clock.HOUR, "additions": True}, "additions-named"),
    ]  # fmt: skip
    for fields, code in bad:
        write = w.Open(**{"id": new_id(), "place": scene.place, "question": "?", "options": ["a", "b"], **fields})
        assert await refused(scene.house.perform(scene.jana, write)) == (422, code), fields
    assert await scene.house.read(lambda conn: conn.execute(select(func.count()).select_from(Poll)).scalar()) == 0


async def test_a_poll_goes_with_its_message(scene: Scene, client: httpx2.AsyncClient) -> None:
    poll = await scene.ask()
    await scene.vote(scene.mehmet, poll, 1)
    row = await scene.row(poll)
    await scene.house.perform(scene.jana, Delete(id=new_id(), place=scene.place, message=row.seq))
    await cast.sign_in(client, scene.house, scene.mehmet)
    assert (await client.get(f"/polls/{poll}")).status_code == 404
    for model in (Poll, Option, Vote):
        assert await scene.house.read(_count, model) == 0


async def test_a_poll_is_hidden_with_its_message(scene: Scene, client: httpx2.AsyncClient) -> None:
    poll = await scene.ask(results="live", by=scene.others[0])
    row = await scene.row(poll)
    report = ReportIt(id=new_id(), subject=row.host, reason="Der Ton")
    number = (await scene.house.perform(scene.mehmet, report)).extra["report"]
    await cast.sign_in(client, scene.house, scene.mehmet)
    assert (await client.get(f"/polls/{poll}")).status_code == 200
    await scene.house.perform(scene.jana, Decide(id=new_id(), report=number, outcome="hidden", reason="Der Ton"))
    assert (await client.get(f"/polls/{poll}")).status_code == 404
    assert f'id="poll-{poll}"' not in (await client.get(f"/c/{scene.place}?at=end")).text
    assert await refused(scene.vote(scene.mehmet, poll, 1)) == (404, "not-found")


async def test_a_vote_leaves_its_own_place_row_and_an_event_that_names_nobody(scene: Scene) -> None:

    poll = await scene.ask()
    await scene.vote(scene.mehmet, poll, 2)
    rows = await scene.house.read(lambda conn: conn.execute(select(Event).where(Event.kind == "polls.voted")).all())
    assert [(row.actor, row.at) for row in rows] == [(0, 0)]
    own = select(Register.key).where(Register.place == scene.mehmet.id)
    assert f"vote/{poll}" in await scene.house.read(lambda conn: set(conn.execute(own).scalars()))


def _count(conn, model):
    return conn.execute(select(func.count()).select_from(model)).scalar()


async def test_a_vote_stays_when_its_voter_leaves_and_is_out_of_their_hands(scene: Scene) -> None:
    named, secret = await scene.ask(results="live"), await scene.secret()
    for who in (scene.mehmet, *scene.others[:4]):
        for poll in (named, secret):
            await scene.vote(who, poll, 2)
    await scene.house.perform(scene.mehmet, Leave(id=new_id(), place=scene.place))
    for write in ({"yes": [1]}, {"withdraw": True}):
        change = scene.house.perform(scene.mehmet, w.Cast(id=new_id(), place=scene.place, poll=named, **write))
        assert (await refused(change))[0] in (403, 404)
    for poll in (named, secret):
        await scene.close(poll)
        result = json.loads((await scene.row(poll)).result)
        assert (result["n"], result["yes"]["2"]) == (5, 5), "four of the voters are still in"
