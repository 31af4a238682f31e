"""The rules of the fault matrix in any order that Hypothesis thinks of, on bad lines; the checker looks at each step.

Messages wait on the line until a rule hands them over, doubles, turns round or loses them. In the end the lines are
good again, everybody comes back, and nothing may be missing.
"""

import asyncio
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bench.history import check
from intranet.kernel.config import Settings
from tests.history import record
from tests.history.broken import Patches
from tests.history.phone import Phone
from tests.history.world import World, inhabited

AT_ALL_TIMES = {"C2", "C3", "C5", "C6", "C8", "C9", "C11"}
NOT_HERE = {"C10", "C14"}  # when a message comes is for the rules to say; what is told outside is the zoo's
PHONES = st.integers(0, 4)
NAMES = ("ann", "ann", "bo", "cy", "dee")


class Machine(RuleBasedStateMachine):
    """Five phones of four people, a hall and a salon."""

    settings: ClassVar[Any]  # () -> Settings of a fresh house
    patches: ClassVar[Patches | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        chosen: Settings = type(self).settings()
        patches = self.patches
        begin = (lambda world: [each(world) for each in patches.starts]) if patches else (lambda _world: None)
        self.house = inhabited(chosen, 1, on_start=begin)
        self.world: World = self.loop.run(self.house.__aenter__())
        self.world.keeps_epoch = bool(patches and patches.keeps_epoch)
        self.phones = [self.world.phone(name, patches.kind if patches else Phone) for name in NAMES]
        for phone in self.phones:
            phone.stepwise, phone.clean = True, False
        self.backup: Any = None
        self.lines = 0
        self.go(self.world.everybody())

    def go(self, work: Any = None) -> None:
        """Do it, and let the house come to its turn."""

        async def done() -> None:
            if work is not None:
                await work
            for _ in range(3):
                await asyncio.sleep(0.001)

        self.loop.run(done())

    def own(self, phone: Phone) -> Any:
        """The newest line of this phone that stands."""
        mine = [s for s in self.world.sends if s.device == phone.number and s.stands and s.acked and not s.gone]
        return mine[-1] if mine and mine[-1].epoch == self.world.epoch else None

    # -- people

    async def _write(self, phone: Phone, do: str, place: int, **more: Any) -> None:
        phone.write(do, place, **more)

    @rule(n=PHONES, salon=st.booleans())
    def send(self, n: int, salon: bool) -> None:
        self.lines += 1
        text = f"line {self.lines}"
        facts = lambda send: {f"of/{send.write}/text": text}  # noqa: E731
        self.go(self._write(self.phones[n], "chat.post", self.world.places[salon], text=text, facts=facts))

    @rule(n=PHONES)
    def retry_same(self, n: int) -> None:
        if (said := self.own(self.phones[n])) and self.phones[n].link:
            self.go(self._again(self.phones[n], said.write))

    async def _again(self, phone: Phone, write: str) -> None:
        phone.again(write)

    @rule(n=PHONES)
    def retry_other_body(self, n: int) -> None:
        if said := self.own(self.phones[n]):
            self.go(self._otherwise(self.phones[n], said))

    async def _otherwise(self, phone: Phone, said: Any) -> None:
        self.lines += 1
        phone.otherwise(said, f"other {self.lines}")

    @rule(n=PHONES, what=st.sampled_from(["edit", "delete", "react"]))
    def change(self, n: int, what: str) -> None:
        phone = self.phones[n]
        if (said := self.own(phone)) is None:
            return
        self.lines += 1
        facts, more = {
            "edit": ({f"of/{said.write}/text": f"better {self.lines}"}, {"text": f"better {self.lines}"}),
            "delete": ({f"gone/{said.write}": True}, {}),
            "react": ({f"of/{said.write}/👍/{phone.person}": True}, {"emoji": "👍"}),
        }[what]
        fields = {"message": said.write, "about": said.write, "facts": lambda _send: facts, **more}
        self.go(self._write(phone, f"chat.{what}", said.place, **fields))

    @rule(n=st.sampled_from([3, 4]), out=st.booleans())
    def kick_or_let_in(self, n: int, out: bool) -> None:
        who = self.phones[n].person
        named = {"person": who} if out else {"people": [who]}
        self.go(self._write(self.phones[0], "channels.remove" if out else "channels.add", self.world.salon, **named))

    @rule(n=st.sampled_from([3, 4]))
    def leave(self, n: int) -> None:
        self.go(self._write(self.phones[n], "channels.leave", self.world.salon))

    # -- lines

    @rule(n=PHONES, many=st.integers(1, 8))
    def deliver(self, n: int, many: int) -> None:
        self.go(self._line(n, *["deliver"] * many))

    @rule(n=PHONES, what=st.sampled_from(["double", "swap", "drop"]))
    def spoil(self, n: int, what: str) -> None:
        self.go(self._line(n, what))

    async def _line(self, n: int, *whats: str) -> None:
        for what in whats:
            if link := self.phones[n].link:
                getattr(link, what)()

    @rule(n=PHONES, token=st.integers(0, 1))
    def come_anew(self, n: int, token: int) -> None:
        self.go(self._anew(self.phones[n], token))

    async def _anew(self, phone: Phone, token: int) -> None:
        phone.cut()
        await asyncio.sleep(0.001)
        await phone.connect(token)

    @rule(n=PHONES)
    def ask_anew(self, n: int) -> None:
        self.go(self._retry(self.phones[n]))

    async def _retry(self, phone: Phone) -> None:
        phone.retry()

    @rule()
    def tick(self) -> None:
        self.go(self.world.hub.heart.beat())

    # -- the house

    @rule(power=st.booleans())
    def restart(self, power: bool) -> None:
        self.go(self.world.crash(power_loss=power))
        self.go(self.world.everybody())

    @precondition(lambda self: self.world.disk)
    @rule(calls=st.integers(1, 9))
    def die_soon(self, calls: int) -> None:
        self.world.dies_within(calls)

    @precondition(lambda self: self.world.disk)
    @rule(full=st.booleans())
    def disk_full(self, full: bool) -> None:
        self.world.disk.full = full  # type: ignore[union-attr]

    @precondition(lambda self: self.world.disk and self.backup is None)
    @rule()
    def back_up(self) -> None:
        self.backup = self.world.back_up()

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore_backup(self) -> None:
        backup, self.backup = self.backup, None
        self.go(self.world.restore(backup))
        self.go(self.world.everybody())

    # -- what must hold

    @invariant()
    def sound(self) -> None:
        if self.world.disk and self.world.disk.dead:  # until it is started again nobody can look
            self.go(self.world.crash())
            self.go(self.world.everybody())
        found = self.loop.run(self._look())
        assert not found.keys() & AT_ALL_TIMES, found

    async def _look(self) -> Any:
        found = await record.read(self.world)
        seen = check(self.world.sends, found, {phone.number: phone.has() for phone in self.phones})
        return seen.by_check

    def teardown(self) -> None:
        try:
            found = self.loop.run(self._heal())
            assert not found.by_check.keys() - NOT_HERE, found.examples
        finally:
            self.loop.run(self.house.__aexit__(None, None, None))
            self.loop.close()

    async def _heal(self) -> Any:
        if self.world.disk:
            self.world.disk.full, self.world.disk.dies_at = False, 0
        for phone in self.phones:
            phone.stepwise = False
            phone.cut()
        await asyncio.sleep(0.001)
        return await self.world.judge()
