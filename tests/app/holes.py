"""Holes as others have had them, each a small change of our code, with the visits that must find it.

A hole breaks one thing for as long as it is applied. Its visits do something with fresh words and give what leaked.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import insert, select, true

from intranet.channels import access as channels_access
from intranet.channels import lists as channel_lists
from intranet.channels.models import Channel
from intranet.channels.writes import Add, Remove
from intranet.chat import actions as chat_actions
from intranet.chat import cards
from intranet.chat.writes import Edit, Schedule
from intranet.feed import actions as feed_actions
from intranet.feed import drafts
from intranet.feed import lists as feed_lists
from intranet.feed.models import Listed, Post
from intranet.feed.writes import Move
from intranet.files import access as files_access
from intranet.files.models import FileRef
from intranet.hub.pump import Pump
from intranet.hub.ring import Entry
from intranet.inbox import jump
from intranet.kernel import Refused, clock, new_id
from intranet.polls import pages as poll_pages
from intranet.polls.writes import Cast
from intranet.search import found as search_found
from intranet.search import messages as search_messages
from tests import cast
from tests.app import posts
from tests.app.polls_planted import work
from tests.app.secrets import Planted
from tests.app.standing import INSIDE, STAFF
from tests.app.visits import everything, unchanged
from tests.cast import Ear
from tests.served import Served

Patch = pytest.MonkeyPatch


@dataclass
class Rig:
    """A house with everything planted and everybody turned."""

    planted: Planted
    served: Served

    async def pages(self, actor: str, *patterns: str) -> list[str]:
        """What leaks to this actor at these addresses."""
        return (await everything(self.planted, actor, patterns)).leaks

    async def heard(self, actor: str, doing: Callable[[Ear], Awaitable[None]]) -> list[str]:
        """What leaks to an open socket of this actor while something is done."""
        company = self.planted.company
        one = company.who[actor]
        fence = await cast.channel(company.house, company.author, f"Zaun {new_id()}", kind="private", members=[one])
        async with cast.listen(self.served, one) as ear:
            await doing(ear)
            await ear.all_until(company.house, fence)
            return self.planted.leaks(actor, ear.bytes_heard)


@dataclass(frozen=True)
class Hole:
    """`open(rig, patch)` breaks the product; `visit(rig)` gives what leaked."""

    name: str
    open: Callable[[Rig, Patch], None]
    visit: Callable[[Rig], Awaitable[list[str]]]


# -- an edited message goes to who joined after it was said


def _open_edit(_rig: Rig, patch: Patch) -> None:
    patch.setattr(Entry, "bytes_for", lambda self, name, _joined: self.hollow() if self.empty else self.variants[name])


async def _visit_edit(rig: Rig) -> list[str]:
    company, names = rig.planted.company, rig.planted.names

    async def edit(_ear: Ear) -> None:
        with rig.planted.area("joining"):
            text = rig.planted.word("edit", *INSIDE)
        write = Edit(id=new_id(), place=names["joining"], message=names["joining_touched"], text=text)
        await company.house.perform(company.author, write)

    return await rig.heard("later", edit)


# -- the search finds what is said in a channel that was left


def _open_search(rig: Rig, patch: Patch) -> None:
    house, author, mine_in = rig.planted.company.house, rig.planted.company.author, channel_lists.mine_in
    patch.setattr(search_found, "_reads", lambda conn, _person, _places: conn.execute(house.places(author.id)).all())
    patch.setattr(search_messages, "mine_in", lambda conn, _person: mine_in(conn, author))


async def _visit_search(rig: Rig) -> list[str]:
    beginning = rig.planted.named("newprivate")[0][:8]  # the page repeats what is asked, and a word has nine letters
    return await rig.pages("left", f"/search?q={beginning}&kind=chat")


# -- a file is given to who knows its address


def _open_file(_rig: Rig, patch: Patch) -> None:
    patch.setattr(files_access, "readable", lambda _places: select(FileRef.file).where(FileRef.file != ""))


async def _visit_file(rig: Rig) -> list[str]:
    return await rig.pages("outsider", "/files/{private_file}/original/x.txt", "/files/{private_photo}/preview/x.webp")


# -- a socket that is open hears on after its person was removed


def _open_socket(_rig: Rig, patch: Patch) -> None:
    patch.setattr(Pump, "_move", lambda *_: None)


async def _visit_socket(rig: Rig) -> list[str]:
    company, place = rig.planted.company, rig.planted.names["private"]
    removed = company.who["removed"]
    await company.house.perform(company.author, Add(id=new_id(), place=place, people=[removed.id]))

    async def remove(_ear: Ear) -> None:
        await company.house.perform(company.author, Remove(id=new_id(), place=place, person=removed.id))
        with rig.planted.area("private"):
            await cast.say(company.house, company.author, place, rig.planted.word("on", *INSIDE))

    return await rig.heard("removed", remove)


# -- whom a post was for before goes on reading it


def _open_audience(_rig: Rig, patch: Patch) -> None:
    relist = feed_lists.relist

    def only_add(tx: Any, post: int) -> None:
        before = tx.read(select(Listed).where(Listed.post == post)).all()
        relist(tx, post)
        now = {(row.place, row.list) for row in tx.read(select(Listed).where(Listed.post == post))}
        kept = [{"place": r.place, "list": r.list, "post": post} for r in before if (r.place, r.list) not in now]
        if kept:
            tx.change(insert(Listed), kept)

    patch.setattr(feed_actions, "relist", only_add)


async def _visit_audience(rig: Rig) -> list[str]:
    company = rig.planted.company
    with rig.planted.area("circle"):
        title = rig.planted.word("hole", *INSIDE, was=STAFF)
    post = await posts.publish(company, company.author, "all", title=title)
    lines: list[Any] = [await posts.circle(company)]
    await company.house.perform(company.author, Move(id=new_id(), post=post, lines=lines))
    return await rig.pages("outsider", f"/posts/{post}", f"/posts/{post}/card", "/feed")


# -- a draft opens for who knows its name


def _open_draft(_rig: Rig, patch: Patch) -> None:
    patch.setattr(drafts, "is_own_draft", lambda _person, _draft: true())


async def _visit_draft(rig: Rig) -> list[str]:
    return await rig.pages("outsider", "/feed/new?draft={draft}")


# -- a message is shown as a quote where it is not shown as itself


def _open_preview(rig: Rig, patch: Patch) -> None:
    inside, author = channels_access.inside, rig.planted.company.author
    patch.setattr(cards, "inside", lambda conn, _person, number: inside(conn, author, number))


async def _visit_preview(rig: Rig) -> list[str]:
    return await rig.pages("outsider", "/c/{private}", "/card/quote/{private}/{private_seq}")


# -- a post shared into a channel takes its words along


def _open_shared(rig: Rig, patch: Patch) -> None:
    def words(conn: Any, _place: int, references: Any, _lang: str) -> dict[str, Markup]:
        titles = {f"post-{row.id}": Markup(row.title) for row in conn.execute(select(Post.id, Post.title))}
        return {one: titles[one] for one in references if one in titles}

    patch.setitem(rig.planted.company.house.db._options["inlays"], "post", words)


async def _visit_shared(rig: Rig) -> list[str]:
    company, names = rig.planted.company, rig.planted.names
    await cast.say(company.house, company.author, names["public"], "geteilt", card=f"post-{names['post']}")
    return await rig.pages("unteamed", "/catchup?place={public}&epoch={epoch}&after=0")


# -- a number counts what one may not see yet: the votes, before one's own


def _open_count(_rig: Rig, patch: Patch) -> None:
    patch.setattr(poll_pages, "shows_result", lambda _row, **_: True)


async def _visit_count(rig: Rig) -> list[str]:
    company, names = rig.planted.company, rig.planted.names
    here = {"place": names["private"], "poll": names["added_poll"]}
    await company.house.perform(company.author, Cast(id=new_id(), withdraw=True, **here))

    async def vote() -> None:
        await company.house.perform(company.author, Cast(id=new_id(), yes=[1], **here))

    pages = [f"/polls/{here['poll']}/{page}" for page in ("result", "result.csv")]
    return await unchanged(rig.planted, "moderator", vote, *pages, accept="application/json")


# -- what is offered while one types names what one is not in


def _open_autocomplete(_rig: Rig, patch: Patch) -> None:
    outside = channel_lists._outside
    patch.setattr(jump, "to_join", lambda conn, person: outside(conn, person, Channel.kind != "direct"))


async def _visit_autocomplete(rig: Rig) -> list[str]:
    return await rig.pages("outsider", "/jump.json")


# -- a refusal says what it refuses


def _open_error(_rig: Rig, patch: Patch) -> None:
    only = channels_access._only

    def telling(conn: Any, person: Any, channel: int, which: str) -> Any:
        try:
            return only(conn, person, channel, which)
        except Refused as refusal:
            name = conn.execute(select(Channel.name).where(Channel.id == channel)).scalar()
            raise Refused(refusal.status, refusal.code, channel=name) from refusal

    patch.setattr(channels_access, "_only", telling)


async def _visit_error(rig: Rig) -> list[str]:
    return await rig.pages("outsider", "/c/{private}", "/c/{private}/settings")


# -- what was planned is said although its author was removed


def _open_planned(rig: Rig, patch: Patch) -> None:
    may_write, author = channels_access.may_write, rig.planted.company.author
    patch.setattr(chat_actions, "may_write", lambda tx, _person, place: may_write(tx, author, place))


async def _visit_planned(rig: Rig) -> list[str]:
    company, place = rig.planted.company, rig.planted.names["private"]
    removed = company.who["removed"]
    await company.house.perform(company.author, Add(id=new_id(), place=place, people=[removed.id]))
    with rig.planted.area("private"):
        text = rig.planted.word("planned", "removed", own=True)
    plan = Schedule(id=new_id(), place=place, text=text, at=clock.now() + clock.HOUR)
    await company.house.perform(removed, plan)
    await company.house.perform(company.author, Remove(id=new_id(), place=place, person=removed.id))
    later = clock.now() + 2 * clock.HOUR
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "source", lambda: later)
        await work(company)
    return await rig.pages("member", "/catchup?place={private}&epoch={epoch}&after=0")


HOLES = (
    Hole("edit event to later joiners", _open_edit, _visit_edit),
    Hole("search over a left channel", _open_search, _visit_search),
    Hole("file by guessed address", _open_file, _visit_file),
    Hole("open socket after removal", _open_socket, _visit_socket),
    Hole("audience change", _open_audience, _visit_audience),
    Hole("draft of another", _open_draft, _visit_draft),
    Hole("preview by another route", _open_preview, _visit_preview),
    Hole("shared post", _open_shared, _visit_shared),
    Hole("count leak", _open_count, _visit_count),
    Hole("autocomplete leak", _open_autocomplete, _visit_autocomplete),
    Hole("error message leak", _open_error, _visit_error),
    Hole("scheduled job after removal", _open_planned, _visit_planned),
)
