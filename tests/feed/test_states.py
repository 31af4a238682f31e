"""What becomes of feedback, ideas and questions: who decides, who is told, what waits and for how long."""

import json
import re
from typing import Any

import httpx2

from intranet.audiences import Line
from intranet.feed.models import Comment, Listed, Post, PostState
from intranet.feed.states import Answer, history
from intranet.feed.waiting import waiting_page
from intranet.feed.writes import Remove
from intranet.kernel import SYSTEM, Person, clock, new_id
from intranet.people.writes import TeamMake, TeamMembers
from tests import cast
from tests.feed.conftest import FIELD, Town
from tests.feed.talking import follow, mine, refused, rows, say, state, told


async def team_of(town: Town, name: str, *who: Person) -> int:
    team = (await town.house.perform(SYSTEM, TeamMake(id=new_id(), name=name))).place
    await town.house.perform(SYSTEM, TeamMembers(id=new_id(), team=team, add=[one.id for one in who]))
    return int(team)


async def test_who_decides_and_who_hears_of_it(town: Town) -> None:
    house = town.house
    service = await team_of(town, "Service", town.mehmet)
    other = await cast.person(house, "Otto Draußen", side="field")
    post = await town.publish(town.jana, "Deckel klemmt", kind="feedback", lines=[FIELD, Line(team=service)])
    await follow(house, other, post)
    for who, code in ((town.jana, "403 not-allowed"), (other, "403 not-allowed"),
                      (town.carola, "404 not-found"), (town.silke, "404 not-found")):  # fmt: skip
        assert await refused(state(house, who, post, "seen")) == code, who.name
    assert await refused(state(house, town.mehmet, post, "declined")) == "422 reason-missing"
    assert await refused(state(house, town.mehmet, post, "declined", reason=" \n ")) == "422 reason-missing"
    assert await refused(state(house, town.mehmet, post, "erledigt")) == "422 malformed"
    assert await refused(state(house, town.mehmet, post, "seen", owner=town.gert.id)) == "422 person-unknown"
    assert await refused(state(house, town.mehmet, post, "seen", due=clock.now() - 1)) == "422 not-ahead"
    await state(house, town.mehmet, post, "seen")  # a member of the team it is addressed to
    assert await told(house, *town.all, other) == {name: [f"state post-{post}"] for name in ("Jana", "Otto")}
    assert await refused(state(house, town.mehmet, post, "seen", owner_name="Silke")) == "422 name-unclear"
    assert await refused(state(house, town.mehmet, post, "seen", owner_name="Gert Gast")) == "422 name-unclear"
    due = clock.now() + clock.DAY
    await state(house, town.mehmet, post, "planned", reason="Neue Dichtung", owner_name=" Silke  Brandt", due=due)
    assert await told(house, town.silke) == {"Silke": [f"owned post-{post}"]}
    assert set(await mine(house, town.silke, f"post/{post}", f"follow/post-{post}")) == {
        f"post/{post}", f"follow/post-{post}",
    }, "she reads it from outside its audience, and follows it"  # fmt: skip
    await state(house, town.silke, post, "planned", owner=town.silke.id)  # the same again
    steps = await rows(house, PostState, post=post)
    assert [(one.state, one.reason, one.owner, one.person) for one in steps] == [
        ("seen", "", 0, town.mehmet.id), ("planned", "Neue Dichtung", town.silke.id, town.mehmet.id),
    ]  # fmt: skip
    await state(house, town.silke, post, "declined", reason="Zu teuer", owner=0, due=0)
    assert await refused(state(house, town.silke, post, "seen")) == "404 not-found", "it is not hers any more"
    assert await mine(house, town.silke, f"post/{post}") == {}
    shown = await house.read(history, town.jana, post)
    assert [one["state"] for one in shown["steps"]] == ["new", "seen", "planned", "declined"]
    assert shown["steps"][-1]["by"].name == "Silke Brandt"
    praise = await town.publish(town.jana, "Danke", kind="praise", people=[town.mehmet.id])
    assert await refused(state(house, town.carola, praise, "done")) == "409 no-state"
    open_to_all = await town.publish(town.jana, "Für alle")
    assert await refused(state(house, town.mehmet, open_to_all, "seen")) == "403 not-allowed"
    await state(house, town.carola, open_to_all, "seen")  # an editor
    await house.perform(town.jana, Remove(id=new_id(), post=post))
    assert await rows(house, PostState, post=post) == [], "no reason outlives it"


async def test_a_refused_change_comes_back_as_the_post_with_what_was_typed(
    town: Town, client: httpx2.AsyncClient
) -> None:
    post = await town.publish(town.jana, "Deckel klemmt", kind="feedback")
    await cast.sign_in(client, town.house, town.carola)
    form = {
        "do": "feed.state",
        "id": new_id(),
        "post": post,
        "state": "declined",
        "reason": "",
        "due_local": "2031-05-04",
    }
    page = await client.post("/do", data=form, headers={"Accept": "text/html"})
    assert page.status_code == 422
    assert 'id="state" open' in page.text
    assert 'value="declined" checked' in page.text
    assert 'value="2031-05-04"' in page.text
    assert f'id="post-{post}"' in page.text
    assert (await town.row(post)).state == "new"
    await cast.sign_in(client, town.house, town.silke)  # who may not is told so above the post
    page = await client.post("/do", data={**form, "id": new_id(), "state": "seen"}, headers={"Accept": "text/html"})
    assert (page.status_code, 'role="alert"' in page.text, 'id="state"' in page.text) == (403, True, False)


async def test_one_comment_is_the_answer(town: Town) -> None:
    house = town.house
    post = await town.publish(town.jana, "Wie geht das?", kind="question")
    first, second = await say(house, town.silke, post, "So"), await say(house, town.mehmet, post, "Oder so")

    async def answer(who: Person, comment: int, about: int = post) -> str:
        return await refused(house.perform(who, Answer(id=new_id(), post=about, comment=comment)))

    assert await answer(town.silke, first) == "403 not-yours"
    assert await answer(town.jana, first) == ""
    assert (await told(house, town.silke, town.mehmet))["Silke"][0] == f"answered post-{post}"
    assert await answer(town.carola, second) == "", "an editor may too"
    assert [row.answer for row in await rows(house, Post, id=post)] == [second]
    assert [row.rev for row in await rows(house, Comment, post=post)] == [3, 2]
    place = (await rows(house, Post, id=post))[0].place
    card = house.cards["feed.comment_marked"]
    both = await house.read(lambda c: card.render(c, place, [f"comment-{first}", f"comment-{second}"], "de"))
    assert [one.json["answer"] for one in both.values()] == [False, True]
    elsewhere = await town.publish(town.jana, "Und das?", kind="question")
    assert await answer(town.jana, first, elsewhere) == "404 not-found"
    idea = await town.publish(town.jana, "Idee")
    assert await answer(town.jana, 0, idea) == "409 no-question"
    assert await answer(town.jana, 0) == ""
    assert [row.answer for row in await rows(house, Post, id=post)] == [0]


async def test_what_waits_by_team_with_its_age_and_never_by_person(town: Town, client: httpx2.AsyncClient) -> None:
    house = town.house
    service, sales = await team_of(town, "Service", town.mehmet), await team_of(town, "Vertrieb", town.silke)
    old = await town.publish(town.mehmet, "Alt", kind="feedback", lines=[FIELD])
    new = await town.publish(town.mehmet, "Neu", kind="idea")
    other = await town.publish(town.silke, "Anderswo", kind="idea")
    await town.publish(town.mehmet, "Nur gefragt", kind="question")
    done = await town.publish(town.mehmet, "Fertig", kind="idea")
    await state(house, town.carola, done, "done")

    async def waiting(who: Person, team: int = 0) -> tuple[list[Any], list[int]]:
        found = await house.read(waiting_page, who, team, 0)
        assert not re.search("author", str(found)), "how fast a person answers is nobody's business"
        return [(one["name"], one["n"]) for one in found["teams"]], [one["id"] for one in found["posts"]]

    assert await waiting(town.jana) == ([("Service", 2), ("Vertrieb", 1)], [old, new, other])
    assert await waiting(town.silke, sales) == ([("Service", 1), ("Vertrieb", 1)], [other]), "not what she cannot read"
    assert await waiting(town.jana, service) == ([("Service", 2), ("Vertrieb", 1)], [old, new])
    await state(house, town.carola, new, "seen")
    assert (await waiting(town.jana))[1] == [old, new, other], "seen is no answer yet"
    await state(house, town.carola, new, "declined", reason="Gibt es schon")
    assert await waiting(town.jana) == ([("Service", 1), ("Vertrieb", 1)], [old, other])
    assert not [row for row in await rows(house, Listed, post=new) if row.list.startswith("waiting")]
    await cast.sign_in(client, house, town.jana)
    page = (await client.get("/feed/waiting")).text
    assert [title for title in ("Alt", "Neu", "Anderswo") if f"<b>{title}</b>" in page] == ["Alt", "Anderswo"]
    assert await waiting(town.gert) == ([], [])


async def test_praise_tells_the_praised_and_their_team_where_they_may_read_it(town: Town) -> None:
    house = town.house
    service = await team_of(town, "Service", town.mehmet, town.silke)
    post = await town.publish(town.carola, "Stark", kind="praise", people=[town.jana.id], teams=[service])
    assert await told(house, *town.all) == {name: [f"praised post-{post}"] for name in ("Jana", "Mehmet", "Silke")}
    apart = await town.publish(town.carola, "Auch", kind="praise", people=[town.silke.id], lines=[FIELD])
    assert f"praised post-{apart}" not in (await told(house, town.silke))["Silke"]


async def test_notices_are_shown_in_the_reader_s_words_and_only_while_they_may_read(
    town: Town, client: httpx2.AsyncClient
) -> None:
    house = town.house
    post = await town.publish(town.jana, "Deckel klemmt", kind="feedback", text="@Mehmet Aydin")
    await say(house, town.mehmet, post, "Stimmt, @Silke Brandt")
    await state(house, town.carola, post, "planned", owner=town.mehmet.id)
    await say(house, town.mehmet, post, "Und noch eins")
    await cast.sign_in(client, house, town.jana)
    [seen] = re.findall(r'id="seen">(.*?)</script>', (await client.get(f"/posts/{post}")).text)
    assert json.loads(seen)["told"] == {
        f"post-{post}/feed.state": {"done": False, "told": 1},
        f"post-{post}/feed.commented": {"done": False, "told": 2},
    }
    await cast.sign_in(client, house, town.silke)
    assert "Nennung durch Mehmet Aydin in einem Kommentar" in (await client.get("/")).text
    await cast.sign_in(client, house, town.jana)
    home = (await client.get("/")).text
    assert "Kundenstimme: eingeplant" in home
    await house.perform(town.jana, Remove(id=new_id(), post=post))
    for who in (town.silke, town.mehmet, town.jana):
        await cast.sign_in(client, house, who)
        assert "Deckel" not in (await client.get("/")).text, "what is gone is not shown"
