"""One day of the four and their phones, with everything that can go wrong in it. The same for every server.

Each chapter ends calm, so that what it broke is found by what comes after, and no chapter depends on luck: what must
happen at a certain moment is arranged, what may happen at any is drawn from the seed.
"""

from collections.abc import Callable
from typing import Any

from bench.history import Send
from intranet.kernel import clock

from . import postman
from .phone import Phone
from .world import World


class Stuck(Exception):
    """It did not come to rest."""


class Story:
    """Ann leads the salon. Ann and Bo have two phones each, the second of Bo is a slow one."""

    def __init__(self, world: World, kind: type[Phone] = Phone) -> None:
        self.world = world
        self.ann, self.ann2, self.bo, self.bo2, self.cy, self.dee = (
            world.phone(name, kind) for name in ("ann", "ann", "bo", "bo", "cy", "dee")
        )
        self.number = 0

    async def tell(self) -> None:
        """All chapters. Raises Stuck when it does not come to rest where it must: what is missing stays missing."""
        await self.world.everybody()
        await self.calm()
        for chapter in CHAPTERS:
            if self.world.disk or chapter not in ON_A_DISK:
                await chapter(self)

    # -- parts

    def say(self, phone: Phone, place: int = 0) -> Send:
        self.number += 1
        return phone.post(place or self.world.hall, f"line {self.number}")

    def about(self, phone: Phone, do: str, said: Send, fact: str, value: Any = True, **fields: Any) -> Send:
        """A write that changes a message."""
        return phone.write(
            do, said.place, about=said.write, message=said.seq, facts=lambda _send: {fact: value}, **fields
        )  # fmt: skip

    def edit(self, phone: Phone, said: Send, text: str) -> Send:
        return self.about(phone, "chat.edit", said, f"of/{said.write}/text", text, text=text)

    def delete(self, phone: Phone, said: Send) -> Send:
        return self.about(phone, "chat.delete", said, f"gone/{said.write}")

    def react(self, phone: Phone, said: Send, emoji: str, *, on: bool = True) -> Send:
        fact = f"of/{said.write}/{emoji}/{phone.person}"
        return self.about(phone, "chat.react", said, fact, on or None, emoji=emoji, on=on)

    def read(self, phone: Phone, seq: int) -> None:
        facts = {f"highest/read/{phone.person}": seq}
        phone.write("chat.read", self.world.hall, seq=seq, topic=0, facts=lambda _send: facts)

    async def calm(self) -> None:
        if not await self.world.settle():
            raise Stuck

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait for what a device does; Stuck if it does not."""
        if not await self.world.until(condition):
            raise Stuck

    def holds(self, phone: Phone, said: list[Send]) -> bool:
        """Whether these lines stand on this phone."""
        written = {kept.write for kept in phone.things[self.world.hall].values()}
        return written >= {send.write for send in said}

    async def after_crash(self, **how: bool) -> None:
        await self.world.crash(**how)
        await self.world.everybody()
        await self.calm()

    # -- chapters

    async def talk(self) -> None:
        """Everybody at once; then they change what was said."""
        said = [self.say(phone) for _ in range(2) for phone in self.world.phones]
        said += [self.say(phone, self.world.salon) for phone in (self.ann, self.bo, self.ann2)]
        await self.calm()
        self.world.pass_time(-clock.HOUR)  # the clock of the house is put right
        self.edit(self.ann, said[0], "line 1, better said")
        self.react(self.bo, said[0], "👍")
        self.react(self.cy, said[0], "👍")
        self.react(self.dee, said[0], "🎉")
        await self.calm()
        self.react(self.cy, said[0], "👍", on=False)
        self.delete(self.bo, said[2])
        self.ann2.otherwise(said[0], "the same id, another text")
        self.say(self.dee)
        await self.calm()

    async def answers_lost(self) -> None:
        """The write stands, its author does not know: by another session and after the house has started anew."""
        for phone in (self.ann, self.bo, self.cy):
            phone.lose_answers = 1
            self.say(phone)
        await self.until(lambda: not any(phone.lose_answers for phone in self.world.phones))
        self.cy.forget()
        await self.ann.connect()
        await self.bo.connect(token=1)
        await self.until(lambda: not (self.ann.waiting or self.bo.waiting))
        await self.after_crash()

    async def two_at_once(self) -> None:
        """Two lines of one phone, the first of them on a bad line."""
        self.ann.links[0].held = []
        self.say(self.ann)
        second = self.say(self.ann)
        await self.until(lambda: second.acked or second.write not in self.ann.under_way)
        self.ann.links[0].release()
        await self.calm()

    async def late_guests(self) -> None:
        """Cy comes into the salon later: what was said before is not for him, whatever becomes of it."""
        before = [self.say(self.ann, self.world.salon) for _ in range(2)]
        await self.calm()
        ids = [self.cy.person]
        self.ann.write("channels.add", self.world.salon, people=ids)
        await self.calm()
        self.edit(self.ann, before[0], "not for later guests")
        self.react(self.bo, before[1], "👍")
        self.say(self.bo, self.world.salon)
        await self.calm()

    async def put_out(self) -> None:
        """Cy is put out with his socket open; others come and go many times."""
        self.ann.write("channels.remove", self.world.salon, person=self.cy.person)
        await self.calm()
        for phone in (self.ann, self.bo, self.ann2):
            self.say(phone, self.world.salon)
        await self.calm()
        self.bo.cut()  # misses a long row of events that show nothing
        for _ in range(5):
            self.ann.write("channels.add", self.world.salon, people=[self.dee.person])
            self.ann.write("channels.remove", self.world.salon, person=self.dee.person)
        self.say(self.ann, self.world.salon)
        await self.until(lambda: not self.ann.waiting)
        await self.after_crash()

    async def full_disk(self) -> None:
        """The disk is full in the middle of a batch; later there is room again."""
        world = self.world
        said = self.say(self.ann)
        await self.calm()
        async with world.held():
            self.edit(self.ann, said, "said better on a full disk")
            for phone in world.phones[1:-1]:
                self.say(phone)
            self.number += 1
            self.dee.post(world.hall, f"line {self.number} " + "🌊" * 9000)  # four bytes each, kept more than once
            world.most_pages(14)
        await self.until(lambda: not any(phone.under_way for phone in world.phones))
        world.most_pages(None)
        for phone in world.phones:
            phone.retry()
        await self.calm()

    async def dies(self) -> None:
        """The process dies in the middle of writing, three times."""
        for _ in range(3):
            self.world.dies_within(self.world.rng.randint(1, 9))
            for phone in self.world.phones:
                self.say(phone)
            await self.world.down()
            await self.after_crash()

    async def a_lost_phone(self) -> None:
        """The same id with another text, in the same batch; the house dies with it, and the first phone is lost."""
        world = self.world
        lost = world.phone("cy", type(self.cy))
        await lost.connect()
        await self.calm()
        async with world.held():
            first = self.say(lost)
            other = self.cy.otherwise(first, "something else")
            world.dies_within(1)
        await world.down()
        world.throw_away(lost)
        world.give_up(self.cy, other)
        await self.after_crash()

    async def plug_pulled(self) -> None:
        """Everything was answered; then the power goes, and with it what was not flushed."""
        for phone in self.world.phones:
            self.say(phone)
        await self.calm()
        await self.after_crash(power_loss=True)
        self.say(self.dee)
        await self.calm()
        await self.after_crash(power_loss=True, torn=True)

    async def push_away(self) -> None:
        """The push service cannot be reached when the house dies; later it can. One of the lines is deleted by then."""
        postman.outside.away = True
        said = [self.say(phone) for phone in (self.ann, self.bo, self.dee)]
        await self.calm()
        self.delete(self.bo, said[1])
        await self.calm()
        await self.after_crash()
        postman.outside.away = False
        await self.calm()

    async def slow_reader(self) -> None:
        """Bo's second phone reads nothing for a while; a heartbeat passes it by."""
        self.bo2.links[0].slow = True
        others = (self.ann, self.cy, self.dee)
        for _ in range(4):
            said = [self.say(phone) for phone in others]
            await self.until(lambda: all(self.holds(phone, said) for phone in others))  # noqa: B023
        await self.world.hub.heart.beat()
        self.bo2.links[0].slow = False
        self.bo2.links[0].pipe.let_go()
        await self.calm()

    async def long_asleep(self) -> None:
        """Dee's answer was lost, and the phone lay in a drawer for half a year."""
        self.dee.lose_answers = 1
        self.say(self.dee)
        await self.until(lambda: not self.dee.lose_answers)
        self.world.pass_time(180 * clock.DAY)
        self.say(self.ann)
        await self.until(lambda: not self.ann.waiting)
        await self.dee.connect()
        await self.calm()

    async def backup_restored(self) -> None:
        """What was said since the backup is gone; phones find out, and their people send it again."""
        await self.calm()
        backup = self.world.back_up()
        said = [self.say(phone) for phone in self.world.phones]
        await self.calm()
        self.react(self.bo, said[0], "🎉")
        await self.calm()
        self.dee.cut()
        await self.world.restore(backup)
        await self.ann.connect()
        self.say(self.ann)
        await self.until(lambda: not self.ann.waiting)
        await self.world.everybody()
        await self.calm()

    async def markers(self) -> None:
        """Two phones of one person read; the slower one has not come as far."""
        self.say(self.ann)
        await self.calm()
        seqs = sorted(kept.shown.seq for kept in self.bo.things[self.world.hall].values() if kept.write)
        self.read(self.bo, seqs[-1])
        await self.calm()
        self.read(self.bo2, seqs[-3])
        self.read(self.cy, seqs[-2])
        await self.calm()

    async def deaf_bell(self) -> None:
        """The bell is out of order, and nobody says anything after the last line."""
        self.world.bell.deaf = True
        self.say(self.ann)
        self.say(self.bo, self.world.salon)
        await self.calm()


CHAPTERS = (
    Story.talk, Story.backup_restored, Story.answers_lost, Story.two_at_once, Story.late_guests, Story.put_out,
    Story.full_disk, Story.dies, Story.a_lost_phone, Story.plug_pulled, Story.push_away, Story.slow_reader,
    Story.long_asleep, Story.markers, Story.deaf_bell,
)  # fmt: skip
ON_A_DISK = {Story.full_disk, Story.dies, Story.a_lost_phone, Story.plug_pulled, Story.backup_restored}
