"""Writes over the socket are the same as by `POST /do`."""

from typing import Any

import httpx2

from intranet.kernel import new_id
from tests.hub import club
from tests.hub.cast import Town, texts


async def test_answers_say_what_became_of_it(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("ann", place) as ann, club_town.visit("cy") as cy:
        write = {"do": "club.say", "id": new_id(), "place": place, "text": "over the socket"}
        await ann.tell(t="do", write=write)
        first = answer = await ann.hear("answer")
        assert (answer["id"], answer["status"], answer["ok"]["place"]) == (write["id"], 200, place)
        if not texts(ann.kept):
            ann.kept.append(await ann.hear("frame"))
        assert texts(ann.kept) == ["over the socket"]
        await ann.tell(t="do", write=write)
        assert (await ann.hear("answer"))["ok"] == answer["ok"]
        await ann.tell(t="do", write={**write, "text": "other"})
        other = await ann.hear("answer")
        assert (other["status"], other["code"]) == (409, "other-content")
        assert other["title"].startswith(("Das", "This", "Dit", "Es"))
        refusals: dict[int, dict[str, Any]] = {
            404: {"do": "club.say", "id": new_id(), "place": place, "text": "not mine"},
            422: {"do": "club.shout", "id": new_id()},
        }
        for status, refused in refusals.items():
            await cy.tell(t="do", write=refused)
            answer = await cy.hear("answer", id=refused["id"])
            assert answer["status"] == status
        await cy.tell(t="do", write=[1])
        assert (await cy.hear("answer", id=""))["status"] == 422
        headers = {"Authorization": "Bearer ann"}
        async with httpx2.AsyncClient(trust_env=False, headers=headers) as client:
            by_http = await client.post(f"http://127.0.0.1:{club_town.port}/do", json=write)
        assert by_http.json()["ok"]["seq"] == first["ok"]["seq"]


async def test_own_order_is_kept(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("ann", place) as ann:
        for number in range(50):
            await ann.tell(t="do", write={"do": "club.say", "id": new_id(), "place": place, "text": str(number)})
        seen: list[str] = []
        while len(seen) < 50:
            seen += texts([await ann.hear("frame")])
        assert seen == [str(number) for number in range(50)]


async def test_waiting_writes_of_an_ended_session_are_not_done(club_town: Town) -> None:
    place = await club_town.found("ann", "bo")
    async with club_town.visit("ann/desk", place) as ann:
        for number in range(100):
            await ann.tell(t="do", write={"do": "club.say", "id": new_id(), "place": place, "text": str(number)})
        await ann.hear("answer")
        await club_town.act("", club.End(id=new_id(), session="ann/desk"))
        assert await ann.closed() == 4403
    await club_town.say("bo", place, "after")  # behind the one that was under way
    written = await club_town.house.read(club.how_many)
    assert 1 < written < 101
    await club_town.say("bo", place, "and on")
    assert await club_town.house.read(club.how_many) == written + 1
