"""Posts for the matrix and the leak rig: for everyone, or for a team with the author, the member and the moderator."""

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from intranet.audiences import Line
from intranet.customers.writes import Make as MakeCustomer
from intranet.feed import Post
from intranet.feed.comments import Edit as EditComment
from intranet.feed.comments import Remove as RemoveComment
from intranet.feed.comments import Say
from intranet.feed.states import ChangeState
from intranet.feed.writes import Edit, Publish, Remove, SaveDraft, Version
from intranet.files import NewTile, tiles_of
from intranet.files.actions import Attach, Begin
from intranet.kernel import SYSTEM, Person, clock, new_id
from intranet.people.writes import TeamMake, TeamMembers
from tests import cast
from tests.app.company import Company

if TYPE_CHECKING:
    from tests.app.secrets import Planted
    from tests.app.writes import Stage

INSIDE = ("member", "moderator")
IN_THE_TEAM = (*INSIDE, "removed", "left", "unteamed", "demoted", "silenced")


async def circle(company: Company) -> Line:
    """The audience of the case `team`: a line that takes the author, the member and the moderator."""
    if "team" not in company.channels:
        house = company.house
        company.channels["team"] = (await house.perform(SYSTEM, TeamMake(id=new_id(), name="Der Kreis"))).place
        inside = [company.author.id, *(one.id for one in company.those(*IN_THE_TEAM).values())]
        await house.perform(SYSTEM, TeamMembers(id=new_id(), team=company.channels["team"], add=inside))
    return Line("", company.channels["team"])


async def publish(company: Company, by: Person, case: str, **more: Any) -> int:
    """A post of this person's, for the case's audience; its id."""
    lines: list[Line | str] = [await circle(company)] if case != "all" else []
    write = Publish(
        id=new_id(), lines=lines, **{"kind": "idea", "title": "Ein Vorschlag", "text": "Mehr Licht", **more}
    )
    return int((await company.house.perform(by, write)).extra["post"])


async def post(s: "Stage", **more: Any) -> dict[str, Any]:
    """The author's; with case `own` the actor's, who must be in."""
    by = s.me if s.case == "own" and s.actor in ("member", "moderator") else s.company.author
    return {"post": await publish(s.company, by, s.case), **more}


async def draft(s: "Stage", **more: Any) -> dict[str, Any]:
    """The author's, or the actor's own."""
    by = s.me if s.case == "own" and s.actor in ("member", "moderator") else s.company.author
    key = new_id()
    await s.company.house.perform(by, SaveDraft(id=new_id(), draft=key, kind="idea", title="Angefangen"))
    return {"draft": key, **more}


async def say(company: Company, by: Person, post: int, text: str = "Dazu", **more: Any) -> int:
    """A comment of this person's; its id."""
    return int((await company.house.perform(by, Say(id=new_id(), post=post, text=text, **more))).extra["comment"])


async def comment(s: "Stage", **more: Any) -> dict[str, Any]:
    """As `post`, said to one of the author's."""
    by = s.me if s.case == "own" and s.actor in ("member", "moderator") else s.company.author
    return {"comment": await say(s.company, by, await publish(s.company, s.company.author, s.case)), **more}


async def asked(s: "Stage") -> dict[str, Any]:
    """Everybody in its audience is asked to acknowledge it."""
    by = s.me if s.case == "own" and s.actor in ("member", "moderator") else s.company.author
    return {"post": await publish(s.company, by, s.case, ack=True)}


async def answered(s: "Stage") -> dict[str, Any]:
    """A question with a comment."""
    by = s.me if s.case == "own" and s.actor in ("member", "moderator") else s.company.author
    post = await publish(s.company, by, s.case, kind="question")
    return {"post": post, "comment": await say(s.company, s.company.author, post)}


async def planned(s: "Stage") -> dict[str, Any]:
    return {"kind": "idea", "title": "Später", "at": clock.now() + clock.HOUR}


VERBS: dict[str, Any] = {
    "feed.publish": lambda s: _published(s),
    "feed.edit": lambda s: post(s, base=1, title="Besser"),
    "feed.audience": lambda s: post(s, lines=[{"side": "field"}, {"side": "office"}]),
    "feed.pin": lambda s: post(s, days=2),
    "feed.remove": lambda s: post(s),
    "feed.draft": lambda s: draft(s, kind="idea", title="Weiter", base=1),
    "feed.discard": lambda s: draft(s),
    "feed.unschedule": lambda s: draft(s),
    "feed.allow": lambda s: _allowed(s),
    "feed.comment": lambda s: post(s, text="Dazu"),
    "feed.comment_edit": lambda s: comment(s, text="Besser"),
    "feed.comment_remove": lambda s: comment(s),
    "feed.comments_close": lambda s: post(s),
    "feed.react": lambda s: post(s),
    "feed.follow": lambda s: post(s),
    "feed.save": lambda s: post(s),
    "feed.acknowledge": lambda s: asked(s),
    "feed.remind": lambda s: asked(s),
    "feed.state": lambda s: post(s, state="planned"),
    "feed.answer": lambda s: answered(s),
    "feed.setting": lambda s: _set(s),
}


async def _published(s: "Stage") -> dict[str, Any]:
    if s.case == "later":
        return await planned(s)
    return {"kind": s.case, "title": "Neu", "people": [s.company.author.id]}


async def _set(_s: "Stage") -> dict[str, Any]:
    return {"key": "ack_names"}


async def _allowed(s: "Stage") -> dict[str, Any]:
    return {"person": s.company.author.id}


# -- for the leak rig


async def plant(planted: "Planted") -> None:
    """Posts for the team with all they hold, one that its author took back, one to whom it was addressed before."""
    company, author = planted.company, planted.company.author

    def inside(what: str) -> str:
        return planted.word(f"post{what}", *INSIDE)

    make = MakeCustomer(id=new_id(), number=f"{new_id()[:8]}", name="Stadtwerke Lindach")
    customer = int((await company.house.perform(company.who["editor"], make)).extra["customer"])
    name, content = f"{inside('file')}.txt", inside("bytes").encode()
    tile = NewTile(id=new_id(), name=name, size=len(content))
    versions = [Version("nl", inside("nltitle"), inside("nltext"))]
    post = await publish(
        company, author, "team", kind="feedback", title=inside("title"), text=inside("text"), versions=versions,
        customer=customer, files=[tile],
    )  # fmt: skip
    begin = Begin(id=new_id(), name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    await company.house.perform(author, begin)
    async with company.browser("author") as client:
        assert (await client.put(f"/files/{begin.id}?offset=0", content=content)).status_code == 200
    await company.house.perform(
        author, Attach(id=new_id(), thing="post", message=post, tile=tile.id, upload=begin.id)
    )  # fmt: skip
    edited = await publish(company, author, "team", title=planted.word("earlierpost", was=frozenset(INSIDE)), text="")
    await company.house.perform(author, Edit(id=new_id(), post=edited, base=1, title=inside("edited")))
    gone = await publish(company, author, "team", title=planted.word("gonepost", was=frozenset(INSIDE)))
    await company.house.perform(author, Remove(id=new_id(), post=gone))
    key = new_id()
    draft = SaveDraft(id=new_id(), draft=key, kind="idea", title=planted.word("postdraft", "member", own=True))
    await company.house.perform(company.who["member"], draft)
    later = Publish(
        id=new_id(), kind="idea", title=planted.word("postplanned", "member", own=True), at=clock.now() + clock.DAY
    )  # fmt: skip
    await company.house.perform(company.who["member"], later)
    await cast.say(company.house, author, planted.names["public"], "geteilt", card=f"post-{post}")
    [shown] = (await company.house.read(tiles_of, "post", [post]))[post]
    await _plant_talk(planted, post)
    planted.names |= {
        "post": post, "post_edited": edited, "post_gone": gone, "post_file": shown.file, "customer": customer,
        "draft": key, "circle": (await company.house.read(post_place, post)),
    }  # fmt: skip


async def _plant_talk(planted: "Planted", post: int) -> None:
    """What is said to a post, said better and taken back, and what became of it."""
    company, author, member = planted.company, planted.company.author, planted.company.who["member"]

    def inside(what: str) -> str:
        return planted.word(f"post{what}", *INSIDE)

    comment = await say(company, author, post, inside("comment"))
    await say(company, member, post, inside("reply"), reply_to=comment)
    edited = await say(company, author, post, planted.word("earlierpostcomment", was=frozenset(INSIDE)))
    await company.house.perform(author, EditComment(id=new_id(), comment=edited, text=inside("commentedited")))
    gone = await say(company, author, post, planted.word("gonepostcomment", was=frozenset(INSIDE)))
    await company.house.perform(author, RemoveComment(id=new_id(), comment=gone))
    decline = ChangeState(id=new_id(), post=post, state="declined", reason=inside("reason"))
    await company.house.perform(member, decline)
    named = await publish(company, author, "team", title=inside("named"), text="@Member Muster @Der Kreis", ack=True)
    await say(company, author, named, f"@Member Muster {inside('namedthere')}")
    planted.names |= {"comment": comment, "comment_edited": edited, "comment_gone": gone, "post_named": named}


def post_place(conn: Connection, post: int) -> int:
    return int(conn.execute(select(Post.place).where(Post.id == post)).scalar_one())


ADDRESSES = (
    "/feed?kind=feedback", "/feed?customer={customer}", "/feed?show=me", "/part/feed?kind=idea", "/posts/{post_edited}",
    "/posts/{post_edited}/earlier", "/posts/{post_gone}", "/posts/{post_gone}/card", "/posts/{post_gone}/earlier",
    "/files/{post_file}/original/x.txt", "/files/{post_file}/play/x.txt", "/feed/new?draft={draft}",
    "/customers/{customer}", "/catchup?place={circle}&epoch={epoch}&after=0",
    "/catchup?place={circle}&epoch={epoch}&after=0&dialect=json", "/comments/{comment_edited}/earlier",
    "/comments/{comment_gone}", "/comments/{comment_gone}/source", "/comments/{comment_edited}/source",
    "/posts/{post_named}", "/posts/{post_named}/acks", "/part/posts/{post_named}/comments", "/feed/waiting", "/",
)  # fmt: skip
