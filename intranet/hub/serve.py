"""How uvicorn must be set up for the hub: our wire, our gate, and few accepts at a time."""

import os
import socket
from typing import Any

import uvicorn

from .hub import Hub
from .patience import Patient
from .wire import LARGEST, WireProtocol

ACCEPTS = 16  # connections taken per turn of the loop: a herd waits in the kernel, not in our timers
WAITING = 4096  # connections that may wait there


def config(app: Any, hub: Hub, **options: Any) -> uvicorn.Config:
    """The configuration for this app; `options` are uvicorn's own."""
    protocol = type("Gated", (WireProtocol,), {"gate": hub.gate})
    set_up = {
        "http": Patient,
        "ws": protocol, "ws_max_size": LARGEST, "ws_per_message_deflate": False, "ws_ping_interval": None,
        "backlog": ACCEPTS, "timeout_graceful_shutdown": 10, "server_header": False,
    }  # fmt: skip
    return uvicorn.Config(app, **{**set_up, **options})


class Server(uvicorn.Server):
    """Asyncio takes the listen backlog also for how many connections it accepts at once; here they differ."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open for connections."""
        await super().startup(sockets)
        for server in self.servers:
            for listener in server.sockets:
                with socket.socket(fileno=os.dup(listener.fileno())) as same:
                    same.listen(WAITING)
