"""The few HTTP requests of a device, over a connection that is kept as long as it lives."""

import asyncio
import json
from contextlib import suppress
from typing import Any

PATIENCE = 10.0  # seconds for an answer


class Http:
    """One request at a time. Whatever goes wrong is None: nobody knows what became of it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._port = 0
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def do(self, port: int, write: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """One write by `POST /do`."""
        return await self.post(port, "/do", write)

    async def post(self, port: int, path: str, value: Any) -> tuple[int, dict[str, Any]] | None:
        """JSON there and back."""
        return await self.ask(port, "POST", path, json.dumps(value).encode(), "application/json")

    async def ask(
        self,
        port: int,
        method: str,
        path: str,
        body: bytes = b"",
        kind: str = "application/octet-stream",
        at_most: float = PATIENCE,
    ) -> tuple[int, dict[str, Any]] | None:
        """Status and JSON of an answer."""
        try:
            async with asyncio.timeout(at_most):
                status, told = await self._ask(port, method, path, body, kind)
                return status, json.loads(told) if told.startswith(b"{") else {}
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError):
            self.close()
            return None

    async def raw(self, port: int, path: str) -> bytes | None:
        """The body of what was found."""
        status, told = await self._ask(port, "GET", path, b"", "text/plain")
        return told if status == 200 else None

    async def _ask(self, port: int, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        if self._streams is None or port != self._port:
            self.close()
            self._streams, self._port = await asyncio.open_connection("127.0.0.1", port), port
        reader, writer = self._streams
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: binnen\r\nContent-Type: {kind}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
        told = await reader.readexactly(length) if length else b""
        if "connection: close" in head:
            self.close()
        return status, told

    def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            with suppress(OSError):
                self._streams[1].close()
        self._streams = None
