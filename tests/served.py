"""The application under a real uvicorn on a free port, for sockets, uploads and browsers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from intranet.app import make_app
from intranet.hub import Server
from intranet.hub import config as server_config
from intranet.kernel import House
from intranet.kernel.config import Settings


@dataclass
class Served:
    """A running server: `url` for pages, `ws` for sockets."""

    app: Starlette
    server: Any
    port: int

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    @staticmethod
    @asynccontextmanager
    async def start(settings: Settings, port: int = 0) -> "AsyncIterator[Served]":
        app = make_app(settings)
        server = Server(server_config(app, app.state.hub, host="127.0.0.1", port=port, log_level="warning"))
        async with listening(server) as opened:
            yield Served(app, server, opened)


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[int]:
    """Uvicorn's own start and stop, without the loop that looks ten times a second whether to end. Gives the port."""
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        await server.shutdown()
