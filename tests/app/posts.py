"""Posts for the matrix and the leak rig: for everyone, or for a team with the author, the member and the moderator."""

from typing import TYPE_CHECKING, Any

from intranet.audiences import Line
from intranet.feed.writes import Publish, SaveDraft
from intranet.kernel import SYSTEM, Person, clock, new_id
from intranet.people.writes import TeamMake, TeamMembers
from tests.app.company import Company

if TYPE_CHECKING:
    from tests.app.writes import Stage


async def circle(company: Company) -> Line:
    """The audience of the case `team`: a line that takes the author, the member and the moderator."""
    if "team" not in company.channels:
        house = company.house
        company.channels["team"] = (await house.perform(SYSTEM, TeamMake(id=new_id(), name="Der Kreis"))).place
        inside = [company.author.id, company.who["member"].id, company.who["moderator"].id]
        await house.perform(SYSTEM, TeamMembers(id=new_id(), team=company.channels["team"], add=inside))
    return Line("", company.channels["team"])


async def publish(company: Company, by: Person, case: str, **more: Any) -> int:
    """A post of this person's, for the case's audience; its id."""
    lines = [await circle(company)] if case != "all" else []
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


async def planned(s: "Stage") -> dict[str, Any]:
    return {"kind": "idea", "title": "Später", "at": clock.now() + clock.HOUR}


VERBS: dict[str, Any] = {
    "feed.publish": lambda s: _published(s),
    "feed.edit": lambda s: post(s, base=1, title="Besser"),
    "feed.audience": lambda s: post(s),
    "feed.pin": lambda s: post(s, days=2),
    "feed.remove": lambda s: post(s),
    "feed.draft": lambda s: draft(s, kind="idea", title="Weiter", base=1),
    "feed.discard": lambda s: draft(s),
    "feed.unschedule": lambda s: draft(s),
    "feed.allow": lambda s: _allowed(s),
}


async def _published(s: "Stage") -> dict[str, Any]:
    if s.case == "later":
        return await planned(s)
    return {"kind": s.case, "title": "Neu", "people": [s.company.author.id]}


async def _allowed(s: "Stage") -> dict[str, Any]:
    return {"person": s.company.author.id}
