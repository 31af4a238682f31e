"""Valid writes of moderation."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from intranet.kernel import new_id
from intranet.moderation.writes import ReportIt

if TYPE_CHECKING:
    from tests.app.writes import Stage


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
