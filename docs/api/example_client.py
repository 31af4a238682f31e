"""Follow a channel and send messages safely: BINNEN_TOKEN=… python example_client.py http://127.0.0.1:8000 17 "Moin"

State (cursor, and what is not acknowledged yet) is kept in a file: kill this at any moment and start it again.
"""

import asyncio
import json
import os
import random
import sys
import uuid
from pathlib import Path
from typing import Any

import websockets

STATE = Path(os.environ.get("BINNEN_STATE", "binnen-client.json"))


def save(state: dict[str, Any]) -> None:
    """Whole or not at all."""
    STATE.with_suffix(".new").write_text(json.dumps(state))
    STATE.with_suffix(".new").replace(STATE)


async def follow(socket: Any, place: str, state: dict[str, Any]) -> None:
    """One connection: send what waits, print what comes, until the connection ends."""

    async def tell(**message: Any) -> None:
        await socket.send(json.dumps(message))

    await tell(t="hello", dialect="json")
    for write in state["waiting"]:  # the same ids as before: whatever came through already is not done twice
        await tell(t="do", write=write)
    while True:
        said = json.loads(await asyncio.wait_for(socket.recv(), 45))  # the server beats every 20 seconds
        if said["t"] in ("heads", "behind") and place in said["heads"]:
            state["cursor"] = state["cursor"] or [said["heads"][place][0], 0]  # 0: from the beginning
            if said["heads"][place] != state["cursor"]:
                await tell(t="open", place=int(place), cursor=state["cursor"])
        elif said["t"] == "frame" and str(said["place"]) == place and said["to"] > state["cursor"][1]:
            if said["from"] > state["cursor"][1]:  # a gap
                await tell(t="open", place=int(place), cursor=state["cursor"])
                continue
            for thing in said["things"]:
                if thing["data"].get("text"):
                    print(thing["seq"], f"{thing['data']['name']}: {thing['data']['text']}", flush=True)
            state["cursor"] = [said["epoch"], said["to"]]
        elif said["t"] == "more":
            await tell(t="open", place=said["place"], cursor=state["cursor"])
        elif said["t"] == "reset":
            state["cursor"] = None
            return
        elif said["t"] == "answer" and said["status"] < 500:  # 5xx: it waits for the next connection
            print("sent" if said["status"] == 200 else said["title"], said.get("ok", ""), flush=True)
            state["waiting"] = [write for write in state["waiting"] if write["id"] != said["id"]]
        save(state)


async def main(address: str, place: str, *texts: str) -> None:
    """Connect again and again; what is to be sent is stored before the first byte leaves."""
    state = json.loads(STATE.read_text()) if STATE.exists() else {"cursor": None, "waiting": []}
    state["waiting"] += [{"do": "chat.post", "id": str(uuid.uuid4()), "place": int(place), "text": t} for t in texts]
    save(state)
    headers = {"Authorization": f"Bearer {os.environ['BINNEN_TOKEN']}"}
    pause = 1.0
    while True:
        try:
            url = address.replace("http", "ws", 1) + "/ws"
            async with websockets.connect(url, additional_headers=headers, compression=None) as socket:
                pause = 1.0
                await follow(socket, place, state)
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            print("away:", error, file=sys.stderr, flush=True)
        await asyncio.sleep(random.uniform(0, pause))  # everybody comes back at another moment
        pause = min(60.0, 2 * pause)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
