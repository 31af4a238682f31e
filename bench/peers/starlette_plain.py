"""Starlette on uvicorn, the plain way: `python -m bench.peers.starlette_plain PORT FRAME-FILE [deflate]`."""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

clients: set[WebSocket] = set()


async def talk(websocket: WebSocket) -> None:
    """Everybody gets what anybody says."""
    await websocket.accept()
    clients.add(websocket)
    try:
        while True:
            said = await websocket.receive_text()
            if said.startswith('{"t":"hello"'):
                await websocket.send_text('{"t":"heads"}')
            else:
                for client in list(clients):
                    await client.send_text(payload)
    except WebSocketDisconnect:
        clients.discard(websocket)


if __name__ == "__main__":
    payload = Path(sys.argv[2]).read_text(encoding="utf-8")
    app = Starlette(routes=[WebSocketRoute("/ws", talk)])
    uvicorn.run(
        app, port=int(sys.argv[1]), log_level="warning", ws="websockets-sansio", backlog=4096,
        ws_per_message_deflate="deflate" in sys.argv[3:],
    )  # fmt: skip
