"""Polls without names in which seven vote: what each wrote is for nobody, and what comes of it for nobody yet."""

from typing import TYPE_CHECKING

from intranet.kernel import clock, new_id
from intranet.polls.jobs import look_after
from intranet.polls.keyring import Keyring
from intranet.polls.writes import Add, Cast, Close, Open
from tests.app.company import INSIDE

if TYPE_CHECKING:
    from tests.app.company import Company
    from tests.app.secrets import Planted

VOTERS = 7  # of ten; below ten no sentence is ever shown
ADDRESSES = tuple(
    f"/polls/{{{poll}}}{page}"
    for poll in ("secret_open", "secret_closed", "secret_few", "secret_again")
    for page in ("", "/result", "/result.csv", "/result.xlsx", "/codes")
)


async def work(company: "Company") -> None:
    """Until no job is due any more. The rig says when jobs run."""
    while await company.app.state.runner.once():
        pass


async def plant(planted: "Planted") -> None:
    """In the private channel: one open, one closed with a result, one with too few votes, one whose key was lost."""
    company = planted.company
    for name in ("open", "closed", "few", "again"):
        planted.names[f"secret_{name}"] = await _asked(planted, name)
    await work(company)
    for name in ("open", "closed", "few", "again"):
        await vote(planted, name, VOTERS if name != "few" else 2)
    here = {"place": planted.names["private"]}
    for name in ("closed", "few"):
        await company.house.perform(company.author, Close(id=new_id(), poll=planted.names[f"secret_{name}"], **here))
    Keyring(company.house.folder).path(planted.names["secret_again"]).unlink()
    await look_after(company.house)
    await work(company)
    added = Add(
        id=new_id(), poll=planted.names["added_poll"], option=planted.word("added", "member", "moderator"), **here
    )
    await company.house.perform(company.author, added)


async def _asked(planted: "Planted", name: str) -> int:
    company = planted.company
    write = Open(
        id=new_id(), place=planted.names["private"], anonymous=True, minimum=VOTERS, sentences=True,
        question=planted.word(f"secret{name}", "member", "moderator"), options=["Fluss", "Berg", "See"],
        deadline=clock.now() + clock.DAY,
    )  # fmt: skip
    if name == "open":
        more = Open(id=new_id(), place=write.place, question="Was noch?", options=["Tee", "Saft"], additions=True)
        planted.names["added_poll"] = (await company.house.perform(company.author, more)).extra["poll"]
    return int((await company.house.perform(company.author, write)).extra["poll"])


async def vote(planted: "Planted", name: str, voters: int) -> None:
    """Each with a sentence, which is shown to nobody."""
    company = planted.company
    poll, place = planted.names[f"secret_{name}"], planted.names["private"]
    people = [company.author, *company.those(*INSIDE).values()][:voters]
    for n, one in enumerate(people):
        ballot = Cast(id=new_id(), place=place, poll=poll, yes=[n % 3 + 1], sentence=planted.word(f"sentence{name}"))
        await company.house.perform(one, ballot)
