"""A small server that keeps the browser's contract, so that the browser's rules are tested without the rooms.

One process, one channel (17), people by cookie. It can be stopped and started on the same port with its state kept,
answer `/do` as a test tells it, and hand out pages around any seq.
"""

import asyncio
import base64
import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from intranet.kernel.guard import CSP
from intranet.kernel.html import render
from intranet.kernel.i18n import words_json
from intranet.kernel.person import Person

from .drawn import CHANNEL, EPOCH, NAMES, VERSION, fragment

ROOT = Path(__file__).resolve().parents[2]
Do = Callable[[dict[str, Any]], Awaitable[Response | None]]


class Fake:
    """State of the pretended server, and the switch to turn it off and on."""

    def __init__(self) -> None:
        self.messages: dict[int, str] = {}
        self.receipts: dict[str, tuple[str, int]] = {}
        self.writes: list[dict[str, Any]] = []
        self.markers: dict[str, int] = {}
        self.head = 0
        self.epoch = EPOCH
        self.before: Do | None = None  # a test's say in what /do answers
        self.after: Do | None = None
        self.sockets: set[WebSocket] = set()
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    # -- messages

    def say(self, text: str, by: int = 9, write: str = "") -> int:
        self.head += 1
        self.messages[self.head] = fragment(self.head, text, by=by, write=write)
        return self.head

    def frame(self, seq: int, at: int | None = None) -> dict[str, Any]:
        at = at or seq
        thing = {"id": f"m-{CHANNEL}-{seq}", "seq": seq, "rev": at, "kind": "posted", "html": self.messages[seq]}
        return {"t": "frame", "place": CHANNEL, "epoch": self.epoch, "from": at - 1, "to": at, "things": [thing]}

    def push(self, message: dict[str, Any]) -> None:
        """Send to every open socket, from the test's thread."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._push(message), self.loop).result(5)

    async def _push(self, message: dict[str, Any]) -> None:
        for socket in list(self.sockets):
            await socket.send_text(json.dumps(message))

    # -- on and off

    def start(self) -> None:
        config = uvicorn.Config(
            self._app(),
            host="127.0.0.1",
            port=self.port,
            log_level="error",
            ws="websockets-sansio",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def _run(self) -> None:
        assert self._server is not None
        self.loop = asyncio.new_event_loop()
        try:
            self.loop.run_until_complete(self._server.serve())
        finally:
            self.loop.close()

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(10)
        self._server = None
        self.sockets.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # -- routes

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/c/17", self.channel), Route("/", self.home), Route("/chats", self.home), Route("/outbox", self.home),  # noqa: E501
                Route("/c/17/messages", self.window), Route("/c/17/people.json", self.people),
                Route("/do", self.do, methods=["POST"]), Route("/catchup", self.catchup), Route("/key", self.key),
                Route("/receipts", self.known, methods=["POST"]), Route("/worker.js", self.worker), Route("/offline", self.offline),  # noqa: E501
                Route("/as/{person:int}", self.sign_in), Route("/sign-in", self.door), Route("/words/{lang}.json", self.words),  # noqa: E501
                WebSocketRoute("/ws", self.ws),
                Mount(f"/static/{VERSION}", app=StaticFiles(directory=ROOT / "static")),
            ]
        )  # fmt: skip

    @staticmethod
    def person(request: Request | WebSocket) -> int:
        return int(request.cookies.get("who", "0"))

    async def sign_in(self, request: Request) -> Response:
        answer = RedirectResponse("/c/17" if request.path_params["person"] else "/sign-in", 303)
        answer.set_cookie("who", str(request.path_params["person"]))
        return answer

    async def door(self, request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>Sign in</title><body><h1>Sign in</h1>")

    async def offline(self, request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>Offline</title><body><h1>Offline</h1>")

    async def words(self, request: Request) -> Response:
        return Response(words_json(request.path_params["lang"])[0], media_type="application/json")

    async def worker(self, request: Request) -> Response:
        source = (ROOT / "static" / "kernel" / "worker.js").read_text()
        shell = [
            f"/static/{VERSION}/{p.relative_to(ROOT / 'static').as_posix()}"
            for p in (ROOT / "static").rglob("*.js")
            if "worker" not in p.name
        ]
        source = source.replace('["__SHELL__"]', json.dumps(shell)).replace("__VERSION__", VERSION)
        return Response(source, media_type="text/javascript", headers={"Service-Worker-Allowed": "/"})

    async def key(self, request: Request) -> Response:
        person = self.person(request)
        if not person:
            return self.problem(401, "signed-out")
        digest = hashlib.sha256(f"key of {person}".encode()).digest()
        return JSONResponse({"person": person, "key": base64.b64encode(digest).decode()})

    def around(self, seq: int, count: int) -> list[int]:
        return [s for s in self.messages if seq - count // 2 <= s <= seq + count // 2]

    def listing(self, seqs: list[int], name: str = f"channel-{CHANNEL}") -> str:
        first, last = (seqs[0], seqs[-1]) if seqs else (0, 0)
        every = [s for s, m in self.messages.items() if f"{name} " in m + " " or f'{name}"' in m]
        ends = (" data-start" if not every or first <= every[0] else "") + (
            " data-end" if not every or last >= every[-1] else ""
        )
        window = f' data-from="{first}" data-to="{last}"' if seqs else ""
        return (
            f'<div class="list-of-messages" data-list="{name}"{window}{ends}>'
            + "".join(self.messages[s] for s in seqs)
            + "</div>"
        )

    async def window(self, request: Request) -> Response:
        ask = request.query_params
        seqs = list(self.messages)
        if "before" in ask:
            chosen = [s for s in seqs if s < int(ask["before"])][-40:]
        elif "after" in ask:
            chosen = [s for s in seqs if s > int(ask["after"])][:40]
        else:
            chosen = self.around(int(ask["around"]), 40)
        return HTMLResponse(self.listing(chosen))

    async def people(self, request: Request) -> Response:
        return JSONResponse(
            {
                "people": [{"id": 9, "name": "Mehmet Aydin"}, {"id": 5, "name": "Jana Reuter"}],
                "teams": [{"id": 3, "name": "Service", "count": 14}],
                "all": 23,
            }
        )

    async def channel(self, request: Request) -> Response:
        seqs = list(self.messages)
        around = request.query_params.get("around")
        chosen = self.around(int(around), 40) if around else seqs[-40:]
        channel = {
            "id": CHANNEL, "name": "Service Süd", "href": "/c/17", "kind": "public", "description": "", "archived": 0,
            "history": "all", "people": 3, "field": 2, "office": 1, "favourite": False, "muted": False, "may_post": True, "other": None,  # noqa: E501
        }  # fmt: skip
        first, last = (chosen[0], chosen[-1]) if chosen else (0, 0)
        return self.page(
            request, "chat/channel.html", channel=channel, stream=[("message", Markup(self.messages[s])) for s in chosen],  # noqa: E501
            first=first, last=last, at_start=not seqs or first == seqs[0], at_end=not seqs or last == seqs[-1],
            topics=[], closed=0, pins=[], faces=[], draft="", topic=None, open=CHANNEL,
        )  # fmt: skip

    async def home(self, request: Request) -> Response:
        return self.page(request, "kernel/outbox.html", open=0)

    def page(self, request: Request, template: str, **context: Any) -> Response:
        number = self.person(request)
        if not number:
            return RedirectResponse("/sign-in", 303)
        me = Person(number, NAMES[number], role="member", lang="en", side="field")
        cursor = {str(number): [self.epoch, 0], str(CHANNEL): [self.epoch, self.head]}
        shared = {
            "me": me,
            "cursor": cursor,
            "mine": self.markers,
            "new_id": lambda: str(uuid.uuid4()),
            "organisation": "Test",
            "path": request.url.path,
        }
        drawn = render(template, "en", **shared, **context)
        return HTMLResponse(
            re.sub(r"/static/[0-9a-f]+/", f"/static/{VERSION}/", drawn), headers={"Content-Security-Policy": CSP}
        )

    # -- writing

    @staticmethod
    def problem(status: int, code: str, title: str = "", headers: dict[str, str] | None = None) -> Response:
        return JSONResponse(
            {"status": status, "code": code, "title": title or code},
            status,
            headers,
            media_type="application/problem+json",
        )

    async def do(self, request: Request) -> Response:
        write = await request.json()
        self.writes.append(write)
        if self.before and (answer := await self.before(write)):
            return answer
        person = self.person(request)
        if not person:
            return self.problem(401, "signed-out")
        answer = self.perform(person, write)
        if self.after and (other := await self.after(write)):
            return other
        return answer

    def perform(self, person: int, write: dict[str, Any]) -> Response:
        content = json.dumps(write, sort_keys=True)
        known = self.receipts.get(write["id"])
        if known and known[0] != content:
            return self.problem(409, "cid_conflict", "Other content under the same id")
        things = []
        if write["do"] == "chat.post":
            seq = known[1] if known else self.say(write["text"], person, write["id"])
            things = self.frame(seq)["things"]
        else:
            seq = self.head
        self.receipts[write["id"]] = (content, seq)
        return JSONResponse(
            {"id": write["id"], "ok": {"place": write["place"], "seq": seq}, "things": things, "mine": {}}
        )

    async def known(self, request: Request) -> Response:
        asked = (await request.json())["ids"]
        return JSONResponse({"known": [one for one in asked if one in self.receipts]})

    async def catchup(self, request: Request) -> Response:
        after = int(request.query_params["after"])
        if int(request.query_params["place"]) != CHANNEL:
            return JSONResponse({"frames": [], "complete": True})
        frames = [self.frame(seq, self.rev(seq)) for seq in self.messages if self.rev(seq) > after]
        if not frames:
            return JSONResponse({"frames": [], "complete": True})
        things = [frame["things"][0] for frame in frames]
        one = {"place": CHANNEL, "epoch": self.epoch, "from": after, "to": self.head, "things": things}
        return JSONResponse({"frames": [one], "complete": True})

    def rev(self, seq: int) -> int:
        found = re.search(r'data-rev="(\d+)"', self.messages[seq])
        assert found
        return int(found[1])

    async def ws(self, socket: WebSocket) -> None:
        await socket.accept()
        if not self.person(socket):
            await socket.close(4401)
            return
        hello = json.loads(await socket.receive_text())
        self.sockets.add(socket)
        if str(CHANNEL) in hello["cursors"]:
            await socket.send_text(json.dumps({"t": "heads", "heads": {str(CHANNEL): [self.epoch, self.head]}}))
        try:
            while True:
                await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.discard(socket)
