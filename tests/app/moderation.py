"""Valid writes of moderation, and secrets in reports."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from intranet.kernel import new_id
from intranet.moderation.writes import Decide, ReportIt
from tests import cast

if TYPE_CHECKING:
    from tests.app.secrets import Planted
    from tests.app.writes import Stage

DECIDE = ("moderator", "administrator", "owner")
INSIDE = frozenset({"member", "moderator"})
ADDRESSES = [
    "/c/{private}/m/{hidden}/hidden",
    "/report?thing=m-{private}-{hidden}",
    "/report?thing=m-{private}-{reported}",
]


async def _report(s: "Stage") -> dict[str, Any]:
    return {"subject": f"m-{await s.channel()}-{await s.message()}", "reason": "Darum"}


async def _decide(s: "Stage") -> dict[str, Any]:
    """Reported by somebody who is in; where there are only two, by the one who then does not decide."""
    reporter = s.company.who["member" if s.case == "direct" else "revoked"]
    made = await s.company.house.perform(reporter, ReportIt(id=new_id(), **await _report(s)))
    return {"report": made.extra["report"], "outcome": "kept"}


VERBS: dict[str, Callable[["Stage"], Awaitable[dict[str, Any]]]] = {
    "moderation.report": _report,
    "moderation.decide": _decide,
}


async def plant(planted: "Planted") -> None:
    """In the private channel one message that is reported, and one that was and is hidden; the member reports."""
    company, place = planted.company, planted.names["private"]
    member, inside = company.who["member"], ("member", "moderator", "administrator", "owner")

    async def reported(text: str, reason: str) -> tuple[int, int]:
        seq = (await cast.say(company.house, company.author, place, text)).seq
        write = ReportIt(id=new_id(), subject=f"m-{place}-{seq}", reason=reason)
        return seq, int((await company.house.perform(member, write)).extra["report"])

    planted.names["reported"], _ = await reported(planted.word("reported", *inside), planted.word("reason", *DECIDE))
    _, back = await reported(planted.word("back", *inside), planted.word("reasonback", *inside, own=True))
    for outcome in ("hidden", "restored"):
        undone = Decide(id=new_id(), report=back, outcome=outcome, reason="So entschieden")
        await company.house.perform(company.who["owner"], undone)
    seq, report = await reported(planted.word("hidden", *DECIDE, was=INSIDE), planted.word("past", *inside, own=True))
    planted.names |= {"hidden": seq, "report": report}
    decided = Decide(id=new_id(), report=report, outcome="hidden", reason=planted.word("decision", *inside))
    await company.house.perform(company.who["owner"], decided)
