"""P6: nothing of a place reaches anyone who may not read it. Every byte that every actor receives is searched."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec
import pytest
import websockets
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intranet.chat.writes import React
from intranet.described import CALLS
from intranet.kernel import Event, House, clock, new_id
from intranet.kernel.config import Settings
from intranet.people import PersonRow, mail
from intranet.people.writes import Deactivate, ResetRequest
from intranet.polls.writes import Cast
from tests import cast
from tests.app import polls_planted, posts, turns
from tests.app.company import ACTORS, SHUT_OUT, TURNED, Company, found
from tests.app.secrets import Planted, found_in, plant
from tests.app.visits import BRIEFLY, all_routes, everything, unchanged, verbs
from tests.cast import Ear
from tests.served import Served

pytestmark = pytest.mark.timeout(600)  # each visits some thousand pages
HEARING = (*ACTORS[1:], *TURNED)
OUTSIDE = ("none", "guest", "outsider", "removed", "left", "later")


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is mailed, to whom, instead of sending it."""
    sent: list[tuple[str, str]] = []

    async def send(_house: House, to: str, subject: str, text: str) -> None:
        sent.append((to, f"{subject}\n{text}"))

    monkeypatch.setattr(mail, "_send", send)
    return sent


@pytest.fixture
async def company(settings: Settings) -> AsyncIterator[tuple[Company, Served]]:
    """Everybody, served; jobs run when the rig says so, and mail would go out."""
    with_mail = msgspec.structs.replace(settings, smtp_host="mail.invalid", smtp_from="binnen@quellmoor.example")
    async with Served.start(with_mail) as served:
        await served.app.state.runner.stop()
        served.app.router.routes.append(Route("/crash/{word}", crash))
        yield await found(served.app, *TURNED), served


async def crash(request: Request) -> Response:
    """Our fault, with something private in its message."""
    raise RuntimeError(request.path_params["word"])


@asynccontextmanager
async def ears(company: Company, served: Served, *actors: str) -> AsyncIterator[dict[str, tuple[Ear, Ear, int]]]:
    """The two sockets of each, in both dialects, and a channel of their own as a fence."""
    async with AsyncExitStack() as stack:
        heard = {}
        for actor in actors:
            one = company.who[actor]
            fence = await cast.channel(company.house, company.author, f"Zaun {actor}", kind="private", members=[one])
            opened = [
                await stack.enter_async_context(cast.listen(served, one, dialect=dialect))
                for dialect in ("html", "json")
            ]
            heard[actor] = (opened[0], opened[1], fence)
        yield heard


async def test_every_byte_for_every_actor(
    company: tuple[Company, Served], mails: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], caplog: Any,
) -> None:  # fmt: skip
    everybody, served = company
    async with ears(everybody, served, *HEARING) as heard:
        planted = await plant(everybody)
        await turns.before(planted)
        assert await frames(planted, heard, planted.named("said", "posttitle", "postcomment", "postpoll")) == []
        await turns.turn(planted)
        assert await goodbyes(planted, heard) == []
        await turns.after(planted)
        assert await frames(planted, heard, planted.named("newprivate", "latecomment", "latepost")) == []
    await jobs(planted, monkeypatch)
    await kinds_were_all_there(planted)
    await everybody.shut_out()
    wrong: list[str] = []
    for actor in (*ACTORS, *SHUT_OUT, *TURNED):
        wrong += await pages(planted, actor)
    wrong += await searched(planted)
    wrong += await quiet(planted)
    for actor in OUTSIDE:
        wrong += (await verbs(planted, actor)).leaks
    wrong += letters(planted, mails)
    wrong += logged(planted, capsys.readouterr().out + caplog.text)
    assert wrong == []


async def frames(planted: Planted, heard: dict[str, tuple[Ear, Ear, int]], said: list[str]) -> list[str]:
    """What anybody heard and may not; the member must have heard what was said. Then the ears are empty again."""
    wrong = []
    for actor, (*sockets, fence) in heard.items():
        for ear in sockets:
            await ear.all_until(planted.company.house, fence)
            wrong += [f"{actor} hears {word}" for word in planted.leaks(actor, ear.bytes_heard, live=True)]
            if not planted.turned:
                out = [kind for kind in ("private", "direct", "circle") if actor in ("guest", "outsider", "editor")]
                names = [f'"place":{planted.names[kind]},' for kind in out]
                wrong += [f"{actor} hears of {name}" for name in names if name in ear.bytes_heard]
            if actor == "member":
                assert [word for word in said if word not in ear.bytes_heard] == [], "the rig hears"
            ear.bytes_heard = ""
    return wrong


async def goodbyes(planted: Planted, heard: dict[str, tuple[Ear, Ear, int]]) -> list[str]:
    """Who is out hears so; from then on no frame of that place comes."""
    wrong = []
    for actor, kind in (("removed", "private"), ("left", "private"), ("unteamed", "circle")):
        for ear in heard[actor][:2]:
            await ear.until("left", place=planted.names[kind])
            ear.bytes_heard = ""
    for actor, (*sockets, fence) in heard.items():
        for ear in sockets:
            await ear.all_until(planted.company.house, fence)
            wrong += [f"{actor} hears {word}" for word in planted.leaks(actor, ear.bytes_heard, live=True)]
            ear.bytes_heard = ""
    return wrong


async def jobs(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was planned by those who are out is due, what had a time is over, what is mailed is mailed."""
    company = planted.company
    address = select(PersonRow.email).where(PersonRow.id == company.who["member"].id)
    email = await company.house.read(lambda conn: conn.execute(address).scalar_one())
    await company.house.perform(company.author, ResetRequest(id=new_id(), email=email))
    later = clock.now() + 2 * clock.HOUR
    monkeypatch.setattr(clock, "source", lambda: later)
    await polls_planted.work(company)


async def kinds_were_all_there(planted: Planted) -> None:
    """Every kind of event that shows something has happened before all ears."""
    shown = set(planted.company.house.cards)
    happened = await planted.company.house.read(lambda conn: set(conn.execute(select(Event.kind).distinct()).scalars()))
    assert shown - happened == set(), "plant or touch something so that these happen"


async def pages(planted: Planted, actor: str) -> list[str]:
    """All answers: nothing that is not for this actor, and everything that is."""
    received = await everything(planted, actor)
    crashed = await planted.company.asked(actor, "GET", f"/crash/{planted.named('topicprivate')[0]}")
    received.leaks += [f"{actor} at a crash: {word}" for word in planted.leaks(actor, crashed.content)]
    wrong = received.leaks
    areas = ("private", "circle") if actor in BRIEFLY else ()
    if actor not in SHUT_OUT:
        wrong += [f"{actor} never saw {word}" for word in planted.unseen(actor, received.seen, *areas)]
    if actor == "member":
        missing = (
            all_routes(planted.company.app) - received.hits - {("/crash/{word}", "GET"), ("/crash/{word}", "HEAD")}
        )
        assert missing == set(), "each route is visited"
        assert received.json - {call.path for call in CALLS} == set(), "what answers with JSON is described"
    return wrong


# -- the search


async def hits(planted: Planted, actor: str, word: str) -> list[str]:
    """Where the search leads this actor for a word."""
    async with planted.company.browser(actor) as client:
        answer = await client.get("/search", params={"q": word}, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        return re.findall(r'class="hit" href="([^"]+)"', answer.text)


SOUGHT = (
    "replyprivate replypublic saiddirect editedprivate posttitle posttext postnltext postcomment postreply postpoll "
    "posttogether number customer newprivate latecomment movedin "
    "hiddenpost gonepost earlierpost postdraft planned reason commentpast"
).split()
FOUND_BY_NOBODY = SOUGHT[-7:]


async def searched(planted: Planted) -> list[str]:
    """The search leads nobody where they may not read, and somebody to everything that is to be found."""
    wrong, blind = [], set(SOUGHT)
    words = {what: next(word for word in planted.words.values() if word.text[9:].startswith(what)) for what in SOUGHT}
    for actor in ("guest", "outsider", "member", "administrator", "left", "unteamed", "later"):
        for what, word in words.items():
            if found_there := await hits(planted, actor, word.text):
                wrong += [] if planted.may(actor, word) else [f"{actor} finds {word.text} at {found_there}"]
                blind.discard(what)
    assert sorted(blind) == sorted(FOUND_BY_NOBODY), "only what is not to be searched is found by nobody"
    return wrong


# -- numbers


LISTS = (
    "/", "/part/home", "/part/nav", "/chats", "/part/chats", "/new", "/later", "/jump.json", "/channels", "/people",
    "/p/{member}", "/feed", "/part/feed", "/feed/waiting", "/customers", "/customers/{customer}", "/products",
    "/search?q=muster", "/search?q=halle",
)  # fmt: skip
SECRET = ("/polls/{secret_open}", "/polls/{secret_open}/result", "/polls/{secret_open}/codes", "/c/{private}?at=end")


async def quiet(planted: Planted) -> list[str]:
    """Nobody's page changes by what happens where they may not read, or by a vote without a name: numbers tell too."""
    company, names, author = planted.company, planted.names, planted.company.author

    async def talk() -> None:
        for kind in ("private", "direct"):
            said = await cast.say(company.house, author, names[kind], "Halle 3 steht")
            await company.house.perform(author, React(id=new_id(), place=names[kind], message=said.seq, emoji="🦜"))
        post = await posts.publish(
            company, author, "team", title="Halle 4", customer=names["customer"], kind="feedback"
        )
        await posts.say(company, author, post, "Halle 5")

    async def vote() -> None:
        ballot = Cast(id=new_id(), place=names["private"], poll=names["secret_open"], yes=[2])
        await company.house.perform(company.who["demoted"], ballot)

    wrong = [f"outsider sees at {page} that something happened" for page in
             await unchanged(planted, "outsider", talk, *(page.format(**names) for page in LISTS))]  # fmt: skip
    wrong += [f"moderator sees at {page} that somebody voted" for page in
              await unchanged(planted, "moderator", vote, *(page.format(**names) for page in SECRET))]  # fmt: skip
    assert await unchanged(planted, "member", talk, "/chats", "/feed"), "the rig sees what happens"
    return wrong


# -- mail and logs


def letters(planted: Planted, mails: list[tuple[str, str]]) -> list[str]:
    """What is mailed says a name and a link, and nothing of what anybody wrote."""
    assert len(mails) == 2, "the invitation, and the link that was asked for"
    return [f"{to} is mailed {planted.words[word].text}" for to, text in mails for word in found_in(text)]


def logged(planted: Planted, text: str) -> list[str]:
    """The log says what failed and where, and none of the words."""
    assert "request failed" in text, "the rig reads the log"
    return [f"logged: {planted.words[word].text}" for word in found_in(text)]


# -- at once


async def test_who_is_deactivated_is_cut_off_at_once(company: tuple[Company, Served]) -> None:
    everybody, served = company
    async with ears(everybody, served, "member") as heard:
        html, json, _fence = heard["member"]
        await everybody.house.perform(
            everybody.who["owner"], Deactivate(id=new_id(), person=everybody.who["member"].id)
        )
        for ear in (html, json):
            with pytest.raises(websockets.ConnectionClosed):
                await ear.until("never")
            assert ear.socket.close_code == 4403
