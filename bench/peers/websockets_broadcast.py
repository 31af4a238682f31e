"""The library `websockets` with its own `broadcast`: `python -m bench.peers.websockets_broadcast PORT FRAME-FILE`."""

import asyncio
import sys
from pathlib import Path

from websockets.asyncio.server import ServerConnection, broadcast, serve

clients: set[ServerConnection] = set()


async def talk(websocket: ServerConnection) -> None:
    """Everybody gets what anybody says."""
    clients.add(websocket)
    try:
        async for said in websocket:
            if said.startswith('{"t":"hello"'):  # type: ignore[arg-type]
                await websocket.send('{"t":"heads"}')
            else:
                broadcast(clients, payload)
    finally:
        clients.discard(websocket)


async def main() -> None:
    """Until it is killed."""
    async with serve(talk, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=4096) as server:
        await server.serve_forever()


if __name__ == "__main__":
    payload = Path(sys.argv[2]).read_text(encoding="utf-8")
    asyncio.run(main())
