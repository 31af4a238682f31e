"""A thing's fragment is the same for everybody byte for byte, and the same in page, frame, catch-up and answer."""

import html
import re
from typing import Any

import pytest

from intranet.channels.writes import Change
from intranet.chat.writes import Edit, Pin, React, TopicRename
from intranet.kernel import Answer, Person, Write, new_id
from intranet.people.writes import Profile
from tests import cast
from tests.app import posts
from tests.app.company import Company, found
from tests.served import Served

READERS = ("author", "member", "moderator", "administrator", "owner", "guest")  # all of them in this channel
LANGUAGES = ("de", "nl", "en")


async def scene(served: Served) -> tuple[Company, int, dict[str, Person]]:
    """A channel that people of every role read."""
    company = await found(served.app)
    readers = {name: company.who.get(name, company.author) for name in READERS}
    place = await cast.channel(
        company.house, company.author, "Alle", kind="private", members=list(readers.values())[1:]
    )
    return company, place, readers


def cases(place: int, seq: int, topic: int) -> list[tuple[str, Write]]:
    """A write of the author's per kind of card, with the element that it changes."""
    about: dict[str, Any] = {"id": new_id(), "place": place}
    return [
        (f"m-{place}-{seq}", Edit(message=seq, text="**besser** <b>&</b> @Member Muster", **about)),
        (f"m-{place}-{seq}", React(message=seq, emoji="👍", **{**about, "id": new_id()})),
        (f"m-{place}-{seq}", Pin(message=seq, **{**about, "id": new_id()})),
        (f"t-{place}-{topic}", TopicRename(topic=topic, name="Anderer Name", **{**about, "id": new_id()})),
        (f"c-{place}", Change(description="Neu beschrieben", **{**about, "id": new_id()})),
    ]


async def fragments_for(company: Company, actor: str, place: int, answer: Answer, lang: str) -> dict[str, str]:
    """What catching up shows this actor of one event, by element."""
    async with company.browser(actor) as client:
        query: dict[str, Any] = {"place": place, "epoch": company.house.epoch, "after": answer.seq - 1, "lang": lang}
        body = (await client.get("/catchup", params=query)).json()
    return {thing["id"]: thing["html"] for frame in body["frames"] for thing in frame["things"]}


async def test_fragments_are_equal_for_every_role_and_equal_to_the_frame(served: Served) -> None:
    company, place, readers = await scene(served)
    said = await cast.say(company.house, company.author, place, "erst so", topic_name="Name")
    async with cast.listen(served, readers["member"], place) as member, cast.listen(served, readers["guest"]) as guest:
        for element, write in cases(place, said.seq, said.extra["topic"]):
            answer = await company.house.perform(company.author, write)
            heard = []
            for ear in (member, guest):
                frame = await ear.until("frame", place=place, to=answer.seq)
                heard += [thing["html"] for thing in frame["things"] if thing["id"] == element]
            shown = {(await fragments_for(company, name, place, answer, "de"))[element] for name in READERS}
            assert shown == set(heard), element
            assert len(heard) == 2, element


async def test_a_post_is_equal_for_every_role_in_page_card_answer_and_catch_up(served: Served) -> None:
    company = await found(served.app)
    readers = ("author", "member", "moderator", "editor", "administrator", "owner", "outsider")
    async with company.browser("editor") as client:
        dutch = {"lang": "nl", "title": "Voor allen", "text": "Hoi"}
        sent = {"do": "feed.publish", "id": new_id(), "kind": "news", "title": "Für <alle>",
                "text": "**Moin** @Member Muster", "versions": [dutch]}  # fmt: skip
        body = (await client.post("/do", json=sent)).json()
    [thing] = body["things"]
    shown = set()
    for name in readers:
        answer = Answer(str(sent["id"]), body["ok"]["place"], body["ok"]["seq"])
        fragments = await fragments_for(company, name, answer.place, answer, "de")
        shown.add(fragments[thing["id"]].strip())
        async with company.browser(name) as client:
            for path in ("/feed", f"/posts/{body['ok']['post']}", f"/posts/{body['ok']['post']}/card", "/part/feed"):
                page = (await client.get(path, headers={"Accept": "text/html"})).text
                assert thing["html"].strip() in page, (name, path)
    assert shown == {thing["html"].strip()}
    assert f'data-rev="{thing["rev"]}"' in thing["html"]


async def test_a_comment_is_equal_for_every_role_in_page_answer_and_catch_up(served: Served) -> None:
    company = await found(served.app)
    post = await posts.publish(company, company.author, "all")
    async with company.browser("editor") as client:
        sent = {"do": "feed.comment", "id": new_id(), "post": post, "text": "**Ja** <b> @Member Muster"}
        body = (await client.post("/do", json=sent)).json()
        liked = {"do": "feed.react", "id": new_id(), "comment": body["ok"]["comment"]}
        body = (await client.post("/do", json=liked)).json()
    [thing] = body["things"]
    assert thing["rev"] == 2
    for name in ("author", "member", "editor", "administrator", "outsider"):
        answer = Answer(str(liked["id"]), body["ok"]["place"], body["ok"]["seq"])
        shown = await fragments_for(company, name, answer.place, answer, "de")
        assert shown[thing["id"]].strip() == thing["html"].strip(), name
        async with company.browser(name) as client:
            for path in ("/feed", f"/posts/{post}", f"/part/posts/{post}/comments", "/part/feed"):
                page = (await client.get(path, headers={"Accept": "text/html"})).text
                assert thing["html"].strip() in page, (name, path)


async def test_a_message_without_words_is_equal_in_all_languages(served: Served) -> None:
    company, place, _readers = await scene(served)
    answer = await cast.say(company.house, company.author, place, "Ein *einfacher* Satz mit 👍")
    shown = {lang: await fragments_for(company, "member", place, answer, lang) for lang in LANGUAGES}
    assert shown["de"] == shown["nl"] == shown["en"]
    assert list(shown["de"]) == [f"m-{place}-{answer.seq}"]


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_page_frame_and_answer_show_the_same_bytes(served: Served, lang: Any) -> None:
    company, place, readers = await scene(served)
    await company.house.perform(company.author, Profile(id=new_id(), lang=lang))
    async with cast.listen(served, readers["member"], place) as ear, company.browser("author") as client:
        sent = {"do": "chat.post", "id": new_id(), "place": place, "text": "Moin @Member Muster\n\n- eins\n- zwei"}
        [thing] = (await client.post("/do", json=sent)).json()["things"]
        frame = await ear.until("frame", place=place)
        element = thing["id"]
        [framed] = [one["html"] for one in frame["things"] if one["id"] == element]
        assert framed.strip() == thing["html"].strip()
        page = (await client.get(f"/c/{place}", headers={"Accept": "text/html"})).text
        assert thing["html"].strip() in page, "byte for byte in the page"
        other = (await company.browser("moderator").get(f"/c/{place}", headers={"Accept": "text/html"})).text
        assert thing["html"].strip() in other
        stamp = re.search(r'data-rev="(\d+)"', thing["html"])
        assert stamp
        assert int(stamp[1]) == thing["rev"]
        assert html.escape("Moin") in thing["html"]
