"""A mail server that keeps what it is handed: enough of SMTP for one plain mail at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class PostOffice:
    """`mails` arrive in a queue; while `closed` every mail is turned away for now."""

    def __init__(self) -> None:
        self.mails: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self.turned_away: asyncio.Queue[None] = asyncio.Queue()
        self.closed = False
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 stub\r\n")
        try:
            while line := await reader.readline():
                verb = line.strip().upper().split(b" ")[0]
                if verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    raw = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                    self.mails.put_nowait(message_from_bytes(raw, policy=policy.default))
                elif verb == b"MAIL" and self.closed:
                    self.turned_away.put_nowait(None)
                    writer.write(b"451 later\r\n")
                    continue
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
                if verb == b"QUIT":
                    break
        finally:
            writer.close()

    async def next(self) -> tuple[EmailMessage, str]:
        """The next mail, and its text."""
        mail = await asyncio.wait_for(self.mails.get(), 5)
        return mail, str(mail.get_content())


@asynccontextmanager
async def post_office() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    async with server:
        yield office
