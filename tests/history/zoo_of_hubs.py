"""Hubs, rooms and devices that break one promise each."""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from intranet.chat import actions as chat
from intranet.hub import catchup
from intranet.hub.catcher import Catcher
from intranet.hub.catchup import _Drawing
from intranet.hub.hub import Hub
from intranet.hub.lookout import Lookout
from intranet.hub.pump import Pump
from intranet.kernel.house import House
from intranet.kernel.ready import Ready
from intranet.kernel.tables import Event
from intranet.kernel.tx import Tx
from tests.history import postman
from tests.history.broken import Patches, altered, breaks
from tests.history.phone import Phone
from tests.history.world import World


def _events(condition: Any, *order: Any) -> Any:
    mine = select(Event.seq, Event.kind, Event.subject).where(Event.place == bindparam("place"), condition)
    return Ready(mine.order_by(*order).limit(bindparam("most")))


@breaks("C4", "Begins a page with what the reader has: `>=` for `>`")
def pages_from_the_cursor(p: Patches) -> None:
    p.set(catchup, "_EVENTS", _events(Event.seq >= bindparam("after"), Event.seq))


@breaks("C4", "Takes a page in which nothing is shown for the end")
def empty_page_is_the_end(p: Patches) -> None:
    p.alter(catchup, "frames_after", ("end >= page.end, end", "(end >= page.end or not last), end"))
    p.alter(Catcher, "_top_up", ("feed.end >= served.cursor", "True"))  # it would look once more


@breaks("C4", "Orders events by their time")
def orders_by_time(p: Patches) -> None:
    p.set(catchup, "_EVENTS", _events(Event.seq > bindparam("after"), Event.at, Event.seq))


@breaks("C4", "Leaves out frames for a slow reader and does not say so")
def drops_silently(p: Patches) -> None:
    p.alter(Hub, "come_back", ("connection.wire.write(frames.behind(heads))", "pass"))


@breaks("C4", "Trusts the bus: what it does not say has not happened")
def trusts_the_bus(p: Patches) -> None:
    async def rest(_self: Lookout) -> None:
        pass

    p.set(Lookout, "_at_heads", rest)


@breaks("C9", "Looks at membership only when a socket comes")
def checks_membership_once(p: Patches) -> None:
    p.alter(Pump, "_move", ("in reader.places.keys() - standing.keys():", "in ():"))


@breaks("C9", "Does not tell a device that its person was put out")
def says_no_farewell(p: Patches) -> None:
    p.alter(Pump, "_move", ('post.all(reader.connections, frames.about("left", place))', "pass"))


@breaks("C9", "Shows changes of old messages to who joined later")
def shows_edits_to_later_guests(p: Patches) -> None:
    p.alter(_Drawing, "entry", ("key, first.seq)", "key, end)"))


@breaks("C3", "Goes on under the old epoch with a restored backup")
def keeps_the_epoch(p: Patches) -> None:
    p.keeps_epoch = True


# -- rooms and jobs


@breaks("C13", "Lets a read marker go back")
def marker_goes_back(p: Patches) -> None:
    read = altered(chat.read, ('upsert(tx.conn, Marker, highest="seq")', "upsert(tx.conn, Marker)"))

    def take(world: World) -> None:
        world.house.verbs["chat.read"] = replace(world.house.verbs["chat.read"], run=read)

    p.starts.append(take)


@breaks("C14", "Sends pushes outside of the transaction, once, without a job")
def pushes_without_a_job(p: Patches) -> None:
    job = Tx.job

    def announced(self: Tx, kind: str, payload: Any, **more: Any) -> None:
        if kind == "postman.push":
            self.announce("push", dict(payload))
        else:
            job(self, kind, payload, **more)

    async def once(house: House, payload: Any) -> None:
        if not postman.outside.away:
            await postman.push(house, payload, 0)

    def listen(world: World) -> None:
        def hear(_moved: Any, told: Any) -> None:
            for name, payload in told:
                if name == "push":
                    world.hub.spawn(once(world.house, payload))

        world.house.listen(hear)

    p.set(Tx, "job", announced)
    p.starts.append(listen)


# -- devices


@breaks("C7", "A device takes a write out of its outbox before the answer")
def removes_rows_early(p: Patches) -> None:
    p.kind = type("Hasty", (Phone,), {"removes_early": True})


@breaks("C5", "Two tabs of a device send from one outbox at a time")
def two_tabs_drain(p: Patches) -> None:
    p.kind = type("TwoTabs", (Phone,), {"two_tabs": True})
