"""A TCP switch between clients and a server: it can point elsewhere, cut what is open, or fall silent."""

import asyncio
from contextlib import suppress

from bench.servers import quiet_port


class Switch:
    """Listens on `port` and passes bytes on to `target`."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, quiet_port()
        self.silent = False
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._speaks = asyncio.Event()
        self._speaks.set()

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    def hush(self, *, silent: bool) -> None:
        """Pass nothing on, and close nothing: nobody is told. What was underway in silence is lost for good."""
        self.silent = silent

    def cut(self) -> None:
        """Close everything that is open."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far, there = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, there}
        ways = [asyncio.ensure_future(self._pass(reader, there)), asyncio.ensure_future(self._pass(far, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for one in (writer, there):
                one.transport.abort()
                self._open.discard(one)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dead = False
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                dead = dead or self.silent
                if not dead:  # a connection that fell silent once stays so
                    writer.write(data)
                    await writer.drain()
        if dead:
            await asyncio.get_running_loop().create_future()  # its end is not passed on either

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.sleep(0)
