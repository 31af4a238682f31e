"""What else stands in the feed and is not for everybody: polls, what several write, what was reported, what is told."""

from typing import TYPE_CHECKING

from intranet.feed.comments import Say
from intranet.kernel import new_id
from intranet.moderation.writes import Decide, ReportIt
from intranet.polls.writes import Cast, Close, Open, Share
from tests.app import posts

if TYPE_CHECKING:
    from tests.app.secrets import Planted

DECIDE = ("administrator", "owner")
ADDRESSES = (
    "/polls/{post_poll}", "/polls/{post_poll}/result", "/polls/{post_poll}/result.csv", "/posts/{post_result}",
    "/posts/{post_together}", "/posts/{post_together}/edit", "/posts/{post_reported}", "/posts/{post_hidden}",
    "/posts/{post_hidden}/card", "/report?thing=post-{post_reported}", "/report?thing=post-{post_hidden}",
    "/comments/{comment_reported}", "/comments/{comment_hidden}", "/report?thing=comment-{comment_reported}",
    "/posts/{post_silenced}", "/posts/{post_silenced}/card",
    "/report?thing=comment-{comment_hidden}", "/feed?show=saved", "/feed?state=declined",
)  # fmt: skip


async def plant(planted: "Planted") -> None:
    """For the team with the author, the member and the moderator; the outsider writes one of its posts with them."""
    await _poll(planted)
    await _together(planted)
    await _reported(planted)


async def _poll(planted: "Planted") -> None:
    company, author = planted.company, planted.company.author
    inside = posts.INSIDE
    lines = [await posts.circle(company)]
    asked = await company.house.perform(author, Open(
        id=new_id(), question=planted.word("postpoll", *inside), lines=list(lines), results="live",
        options=[planted.word("postoption", *inside), planted.word("postother", *inside)],
    ))  # fmt: skip
    poll = asked.extra["poll"]
    for who in (author, company.who["member"]):
        await company.house.perform(who, Cast(id=new_id(), place=asked.place, poll=poll, yes=[1]))
    await company.house.perform(author, Close(id=new_id(), place=asked.place, poll=poll))
    shared = await company.house.perform(author, Share(id=new_id(), poll=poll, lines=list(lines)))
    planted.names |= {"post_poll": poll, "post_result": shared.extra["post"]}


async def _together(planted: "Planted") -> None:
    company, outsider = planted.company, planted.company.who["outsider"]
    may = (*posts.INSIDE, "outsider")
    post = await posts.publish(
        company, company.author, "team", title=planted.word("posttogether", *may), authors=[outsider.id]
    )
    await posts.say(company, company.author, post, planted.word("posttogethercomment", *may))
    planted.names["post_together"] = post


async def _reported(planted: "Planted") -> None:
    """One post and one comment that are reported, one of each that was and is hidden; the member reports."""
    company, author, member = planted.company, planted.company.author, planted.company.who["member"]
    inside = (*posts.INSIDE, *DECIDE)

    async def post(text: str) -> tuple[str, int]:
        return "post", await posts.publish(company, author, "team", text=text)

    async def comment(text: str) -> tuple[str, int]:
        made = Say(id=new_id(), post=planted.names["post"], text=text)
        return "comment", int((await company.house.perform(author, made)).extra["comment"])

    for make in (post, comment):
        kind, open_one = await make(planted.word(f"{make.__name__}reported", *inside))
        reason = planted.word(f"{kind}reason", *DECIDE)
        await company.house.perform(member, ReportIt(id=new_id(), subject=f"{kind}-{open_one}", reason=reason))
        _, hidden = await make(planted.word(f"hidden{kind}", *DECIDE, was=frozenset(inside)))
        past = planted.word(f"{kind}past", "member", *DECIDE, own=True)
        write = ReportIt(id=new_id(), subject=f"{kind}-{hidden}", reason=past)
        report = int((await company.house.perform(member, write)).extra["report"])
        decision = planted.word(f"{kind}decision", *(DECIDE if kind == "post" else inside))  # a hidden post is gone
        decided = Decide(id=new_id(), report=report, outcome="hidden", reason=decision)
        await company.house.perform(company.who["owner"], decided)
        planted.names |= {f"{kind}_reported": open_one, f"{kind}_hidden": hidden}
    await _silenced(planted)


async def _silenced(planted: "Planted") -> None:
    """A post whose author goes on reading it once it is hidden, and a decision that was taken back."""
    company, member, owner = planted.company, planted.company.who["member"], planted.company.who["owner"]
    for actor, one in company.those("silenced").items():
        text = planted.word("silenced", actor, *DECIDE, was=frozenset(posts.INSIDE))
        post = await posts.publish(company, one, "team", text=text)
        comment = await posts.say(company, one, planted.names["post"], planted.word("restored", *posts.INSIDE, *DECIDE))
        back = await posts.publish(company, one, "team", text=planted.word("postback", *posts.INSIDE, *DECIDE))
        for subject, outcomes in (
            (f"post-{post}", ["hidden"]), (f"post-{back}", ["hidden", "restored"]),
            (f"comment-{comment}", ["hidden", "restored"]),
        ):  # fmt: skip
            write = ReportIt(
                id=new_id(), subject=subject, reason=planted.word("silencedreason", "member", *DECIDE, own=True)
            )
            report = int((await company.house.perform(member, write)).extra["report"])
            for outcome in outcomes:
                decided = Decide(id=new_id(), report=report, outcome=outcome, reason="So entschieden")  # type: ignore[arg-type]
                await company.house.perform(owner, decided)
        planted.names["post_silenced"] = post
