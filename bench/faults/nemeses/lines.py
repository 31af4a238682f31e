"""Connections: half-open ones, readers that do not read, and two thousand at once."""

import asyncio
import socket
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from bench.faults.line import Line
from bench.faults.switch import Switch
from bench.loads import Load

from .base import Nemesis, compiler

if TYPE_CHECKING:
    from bench.faults.round import Round

READERS, BUFFER = 200, 4096  # slow readers, and the bytes that the kernel may keep for each
HERD = 2000


class HalfOpen(Nemesis):
    """All lines fall silent without an end: devices have to find out. The server beats each second, so they can."""

    name = "half-open"

    async def prepare(self, round_: "Round") -> None:
        """Devices reach the server through a switch."""
        self.switch = Switch(round_.company.port)
        await self.switch.start()
        round_.entrance[round_.company.port] = self.switch.port
        round_.hooks["beats"] = 1
        for device in round_.devices:
            device.hush = device.idle = 3.0

    async def strike(self, round_: "Round") -> None:
        """Silence for a moment: whatever was open then stays dead."""
        await round_.until(round_.acked + round_.rng.randint(1, 400), 2.0)
        self.switch.hush(silent=True)
        await asyncio.sleep(round_.rng.uniform(0.2, 1.0))
        self.switch.hush(silent=False)
        await asyncio.sleep(3.5)
        round_.struck(self.name)

    async def end(self, round_: "Round") -> None:
        """Nobody listens there any more."""
        await self.switch.close()


class _Deaf:
    """Says hello, asks for everything, and reads nothing."""

    def heard(self, payload: bytes) -> None:
        """Only what comes before it stops."""


class Slow(Nemesis):
    """Two hundred readers with buffers of 4 KB that read nothing; the server's memory is measured."""

    name = "slow"

    async def strike(self, round_: "Round") -> None:
        """They come, ask for everything there is, read nothing for some seconds, and go."""
        await round_.until(round_.acked + round_.rng.randint(1, 400), 2.0)
        node, tokens = round_.nodes[0], list(round_.company.people.items())
        before, lines = node.memory_kb(), []
        for number in range(READERS):
            person, token = tokens[number % len(tokens)]
            plain = socket.socket()
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            plain.setblocking(False)
            line = Line(_Deaf(), token)
            with suppress(OSError):
                await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", node.port))
                await asyncio.get_running_loop().create_connection(lambda line=line: line, sock=plain)  # type: ignore[misc]
                if await line.opened == 101:
                    line.say(b'{"t":"hello","dialect":"json"}')
                    for place, inside in round_.company.channels.items():
                        if person in inside:
                            epoch = next(iter(round_.devices[0].box.views.values())).epoch
                            line.say(b'{"t":"open","place":%d,"cursor":["%s",0]}' % (place, epoch.encode()))
                    line.transport.pause_reading()
                    lines.append(line)
        await asyncio.sleep(4)
        grown = (node.memory_kb() - before) / max(1, len(lines))
        round_.notes["slow_reader_kb_each"] = round(max(grown, round_.notes.get("slow_reader_kb_each", 0)), 1)
        for line in lines:
            line.transport.abort()
        round_.struck(self.name, len(lines))


class Herd(Nemesis):
    """The server is killed, and two thousand come back at once beside the devices."""

    name = "herd"

    def lacks(self) -> str:
        """A compiler for the load generator."""
        return compiler()

    async def strike(self, round_: "Round") -> None:
        """Until each of them has heard the heads."""
        await round_.until(round_.acked + round_.rng.randint(1, 400), 2.0)
        node = round_.nodes[0]
        await node.kill()
        round_.killed()
        began = monotonic()
        await node.start()
        load = Load(round_.company, HERD, "idle")
        try:
            _seconds, refused = await load.ready()
            converged = round(monotonic() - began, 1)
            round_.notes["herd_s"] = max(converged, round_.notes.get("herd_s", 0))
            round_.notes["herd_answered_503"] = refused
            round_.struck(self.name)
        finally:
            load.end()
            await load.gone()
