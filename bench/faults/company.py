"""The company of the fault test: people, channels that some join and leave, posts, polls; and who manages it."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from bench.history import Send
from bench.servers import Company, engaged
from intranet import audiences
from intranet.app import ROOMS
from intranet.channels.writes import Create
from intranet.chat.writes import Post
from intranet.feed.writes import Publish
from intranet.kernel import House, new_id
from intranet.kernel.config import Settings
from intranet.kernel.migrate import migrate
from intranet.polls.writes import Open

from .wishes import OPTIONS, World

MANAGER = 9999  # the number the manager has among devices
STAYS = "this one stays"
SOME_CHURN = 4  # every fourth channel is one that people come into and leave again


@dataclass
class Staff:
    """`manager` moderates every channel and never leaves; `said` is what they wrote before the round."""

    company: Company
    world: World
    manager: int
    said: list[Send] = field(default_factory=list)
    history: dict[int, str] = field(default_factory=dict)  # channel -> all or joining


async def found(settings: Settings, persons: int, channels: int, each: int) -> Staff:
    """A migrated database. Every person is in `each` channels; `channels` are so many."""
    await migrate(settings)
    house = House(settings, ROOMS)
    await house.start()
    company, world = Company(settings), World()
    actors = await engaged(house, company, persons + 1)
    manager, *others = actors
    staff = Staff(company, world, manager.id)
    for number in range(channels):
        inside = [other.id for index, other in enumerate(others) if (index + number) % channels < each]
        history = "joining" if number % 2 else "all"
        create = Create(id=new_id(), name=f"Channel {number}", kind="private", people=inside, history=history)  # type: ignore[arg-type]
        place = (await house.perform(manager, create)).place
        company.channels[place], staff.history[place] = [manager.id, *inside], history
        said = await house.perform(manager, Post(id=new_id(), place=place, text=STAYS))
        world.anchors[place] = said.seq
        staff.said.append(
            Send(said.id, MANAGER, place, 0, STAYS, 0.0, 0.001, said.seq, facts={f"text/{said.id}": STAYS})
        )
        if number % SOME_CHURN == 0:
            world.churned |= {(place, one) for one in inside[: len(inside) // 2]}
        if number % 3 == 0:
            asked = Open(
                id=new_id(), place=place, question="Which?", options=[f"{n}" for n in range(OPTIONS)], results="live"
            )
            made = await house.perform(manager, asked)
            world.polls.setdefault(place, []).append(int(made.extra["poll"]))
    world.everyone = await house.read(lambda conn: audiences.everyone(conn))
    for number in range(3):
        post = Publish(id=new_id(), kind="question", title=f"Question {number}", text="Said to all.")
        made = await house.perform(manager, post)
        world.posts.append(int(made.extra["post"]))
    poll = Open(id=new_id(), question="What now?", options=[f"{n}" for n in range(OPTIONS)], results="live")
    made = await house.perform(manager, poll)
    world.polls.setdefault(world.everyone, []).append(int(made.extra["poll"]))
    await house.stop()
    return staff


def copied(staff: Staff, folder: Path, port: int) -> Staff:
    """The same company once more, on a folder of its own. SQLite only."""
    shutil.copytree(staff.company.settings.data, folder, dirs_exist_ok=True)
    settings = structs.replace(staff.company.settings, data=str(folder), port=port)
    company = Company(settings, staff.company.people, staff.company.channels)
    return Staff(company, staff.world, staff.manager, staff.said, staff.history)


__all__ = ["Staff", "copied", "found"]
