"""Prosody, an XMPP server of Debian's: a room with an archive, and as many listeners in it.

Who comes and goes is not told to the others here: at 500 listeners that alone would be 125,000 messages.
"""

import asyncio
import resource
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.loads import Missing, Sample, alone, busy_seconds, cpu_seconds
from bench.servers import listening, quiet_port

WINDOW = 8
TEXT = "The pump in hall 10 runs again; the new seal holds and the pressure has been steady since noon."
CONFIG = """
daemonize = false; run_as_root = true; pidfile = "{folder}/pid"; data_path = "{folder}"
modules_enabled = {{ "saslauth" }}; modules_disabled = {{ "s2s", "tls", "offline", "admin_shell" }}
c2s_ports = {{ {port} }}; c2s_interfaces = {{ "127.0.0.1" }}; c2s_require_encryption = false
allow_unencrypted_plain_auth = true; log = {{ error = "{folder}/log" }}; network_backend = "epoll"
{storage}
VirtualHost "localhost"
  authentication = "anonymous"
Component "rooms.localhost" "muc"
  modules_enabled = {{ "muc_mam" }}; muc_log_by_default = true; restrict_room_creation = false
  muc_room_default_presence_broadcast = {{ visitor = false; participant = false; moderator = false }}
"""
SQL = 'storage = "sql"; sql = { driver = "SQLite3"; database = "archive.sqlite" }'
OPEN = (
    "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)


class Listener(asyncio.Protocol):
    """One who is in the room; counts the messages with text in them."""

    def __init__(self, told: "Prosody") -> None:
        self.told, self.heard, self.kept = told, 0, b""
        self.came = asyncio.Event()
        self.watching = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.told.received += len(data)
        self.told.reads += 1
        data = self.kept + data
        if self.watching and self.watching in data:
            self.watching = b""
            self.came.set()
        cut = data.rfind(b"</body>")
        self.told.count(self, data.count(b"</body>"))
        self.kept = data[cut + 7 :][-2000:] if cut >= 0 else data[-2000:]

    async def ask(self, text: str, awaited: bytes) -> None:
        """Say this and wait for that."""
        self.came.clear()
        self.kept, self.watching = b"", awaited
        self.transport.write(text.encode())
        async with asyncio.timeout(60):
            await self.came.wait()


class Prosody:
    """The server with its room full. Raises Missing."""

    def __init__(self, listeners: int) -> None:
        self.many = listeners
        self._stack = ExitStack()
        self._listeners: list[Listener] = []
        self._have: dict[int, int] = {}
        self._complete = asyncio.Event()
        self.received = self.reads = self.done = 0

    async def __aenter__(self) -> "Prosody":
        program = shutil.which("prosody", path="/usr/bin:/usr/local/bin:/usr/sbin")
        if program is None:
            raise Missing("needs prosody (apt-get install prosody lua-dbi-sqlite3)")
        folder = Path(tempfile.mkdtemp(prefix="binnen-prosody-"))
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        port, has_sql = quiet_port(), _has_sql()
        config = folder / "prosody.cfg.lua"
        text = CONFIG.format(folder=folder, port=port, storage=SQL if has_sql else "")
        config.write_text(text, encoding="ascii")
        self.pid = self._stack.enter_context(alone([program, "--config", str(config), "-F"]))
        await listening(port)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
        for number in range(self.many):
            self._listeners.append(await self._enter(port, number))
        return self

    async def __aexit__(self, *_error: object) -> None:
        for one in self._listeners:
            one.transport.abort()
        self._stack.close()

    async def _enter(self, port: int, number: int) -> Listener:
        _, one = await asyncio.get_running_loop().create_connection(lambda: Listener(self), "127.0.0.1", port)
        await one.ask(OPEN, b"</stream:features>")
        await one.ask("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>", b"<success")
        await one.ask(OPEN, b"</stream:features>")
        await one.ask("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", b"</bind>")
        room = f"hall@rooms.localhost/p{number}"
        join = "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>"
        await one.ask(f"<presence to='{room}'>{join}</presence>", b"<subject")
        if number == 0:  # the room is new and waits for its owner's word
            form = (
                "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>"
            )
            await one.ask(f"<iq type='set' id='o' to='hall@rooms.localhost'>{form}</iq>", b"id='o'")
        return one

    def count(self, one: Listener, messages: int) -> None:
        """So many more have reached this listener."""
        for _ in range(messages):
            one.heard += 1
            self._have[one.heard] = self._have.get(one.heard, 0) + 1
            if self._have[one.heard] == self.many:
                self.done += 1
                self._complete.set()

    async def flat_out(self, amount: int) -> Sample:
        """So many messages, 8 outstanding until the last listener has each."""
        busy, before, own = busy_seconds(), cpu_seconds(self.pid), time.process_time()
        self.received = self.reads = 0
        start, first, sent, times = time.perf_counter(), self.done, 0, []
        since: dict[int, float] = {}
        while self.done < first + amount:
            while sent < amount and sent - (self.done - first) < WINDOW:
                text = f"<message type='groupchat' to='hall@rooms.localhost' id='m{sent}'><body>{TEXT}</body></message>"
                self._listeners[sent % self.many].transport.write(text.encode())
                since[sent] = time.perf_counter()
                sent += 1
            known = self.done - first
            self._complete.clear()
            async with asyncio.timeout(60):
                await self._complete.wait()
            times += [1000 * (time.perf_counter() - since[n]) for n in range(known, self.done - first)]
        seconds, cpu = time.perf_counter() - start, cpu_seconds(self.pid) - before
        foreign = (busy_seconds() - busy - cpu - (time.process_time() - own)) / seconds
        times.sort()
        counted = amount * self.many, self.received, self.reads, times[len(times) // 2], times[len(times) * 99 // 100]
        return Sample(seconds, *counted, cpu, max(0.0, foreign))


def _has_sql() -> bool:
    return any(Path("/usr/lib").rglob("dbd/sqlite3.so"))


def version() -> str:
    """As Debian calls it."""
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "prosody"], capture_output=True, text=True, check=False
    )
    return asked.stdout or "unknown"
