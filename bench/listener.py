"""A plain WebSocket client to check what a server says before it is measured; it masks with zeros, as the load does."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SHAKE = (
    "GET /ws HTTP/1.1\r\nHost: binnen\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\nAuthorization: Bearer {}\r\n\r\n"
)


class Listener:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def say(self, text: bytes) -> None:
        """One text frame."""
        size = len(text)
        head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        self.writer.write(head + bytes(4) + text)

    async def hear(self) -> bytes:
        """The payload of the next frame. Raises TimeoutError, IncompleteReadError."""
        async with asyncio.timeout(10):
            _first, size = await self.reader.readexactly(2)
            if size == 126:
                (size,) = struct.unpack("!H", await self.reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
            return await self.reader.readexactly(size)

    async def until(self, beginning: bytes) -> bytes:
        """The next payload that begins so."""
        while not (said := await self.hear()).startswith(beginning):
            pass
        return said


@asynccontextmanager
async def listener(port: int, token: str, hello: str) -> AsyncIterator[Listener]:
    """Connected, and with the heads heard."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(SHAKE.format(token).encode())
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    assert b" 101 " in answer, answer
    here = Listener(reader, writer)
    here.say(hello.encode())
    await here.until(b'{"t":"heads"')
    try:
        yield here
    finally:
        writer.close()
