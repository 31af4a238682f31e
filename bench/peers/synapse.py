"""Matrix Synapse, from PyPI in an environment of its own, with its own defaults but for the limits on how much one may
send: how many messages a second it accepts over HTTP from eight who send at once."""

import asyncio
import hashlib
import hmac
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2

from bench.loads import Missing, alone
from bench.servers import listening, quiet_port

VERSION = "1.163.2"
POSTERS = 8
TEXT = "The pump in hall 10 runs again; the new seal holds and the pressure has been steady since noon."
CONFIG = """
server_name: bench
pid_file: {folder}/pid
listeners: [{{port: {port}, type: http, bind_addresses: ["127.0.0.1"], resources: [{{names: [client]}}]}}]
database: {{name: sqlite3, args: {{database: {folder}/homeserver.db}}}}
log_config: {folder}/log.yaml
media_store_path: {folder}/media
signing_key_path: {folder}/signing.key
registration_shared_secret: bench
report_stats: false
trusted_key_servers: []
rc_message: {{per_second: 100000, burst_count: 100000}}
rc_login: {{address: {{per_second: 1000, burst_count: 1000}}, account: {{per_second: 1000, burst_count: 1000}}}}
rc_joins: {{local: {{per_second: 1000, burst_count: 1000}}}}
rc_invites: {{per_room: {{per_second: 1000, burst_count: 1000}}}}
"""
LOG = "version: 1\nroot: {level: WARNING}\n"


class Synapse:
    """A server with a room of eight people; gone afterwards. Raises Missing when it can't be had."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._tokens: list[str] = []
        self._sent = 0

    async def __aenter__(self) -> "Synapse":
        python = await asyncio.to_thread(_environment)
        folder = Path(tempfile.mkdtemp(prefix="binnen-synapse-"))
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        port = quiet_port()
        config = folder / "homeserver.yaml"
        config.write_text(CONFIG.format(folder=folder, port=port), encoding="utf-8")
        (folder / "log.yaml").write_text(LOG, encoding="utf-8")
        command = [str(python), "-m", "synapse.app.homeserver", "-c", str(config)]
        await asyncio.to_thread(subprocess.run, [*command, "--generate-keys"], check=True, capture_output=True)
        self._stack.enter_context(alone(command))
        await listening(port)
        self._client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self._tokens = [await self._register(f"person{number}") for number in range(POSTERS)]
        made = await self._say("POST", "/createRoom", 0, {"preset": "public_chat", "room_alias_name": "hall"})
        self._room = made["room_id"]
        for number in range(1, POSTERS):
            await self._say("POST", f"/join/{self._room}", number, {})
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.aclose()
        self._stack.close()

    async def accept(self, amount: int) -> float:
        """Messages accepted per second."""
        start = time.perf_counter()
        await asyncio.gather(*(self._post(number, amount // POSTERS) for number in range(POSTERS)))
        return amount // POSTERS * POSTERS / (time.perf_counter() - start)

    def versions(self) -> dict[str, str]:
        """What was measured."""
        return {"matrix-synapse": VERSION}

    async def _post(self, number: int, amount: int) -> None:
        for _ in range(amount):
            self._sent += 1
            path = f"/rooms/{self._room}/send/m.room.message/{self._sent}"
            await self._say("PUT", path, number, {"msgtype": "m.text", "body": TEXT})

    async def _register(self, name: str) -> str:
        path = "/_synapse/admin/v1/register"
        nonce = (await self._client.get(path)).json()["nonce"]
        words = [nonce, name, "a password of the bench", "notadmin"]
        mac = hmac.new(b"bench", "\0".join(words).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": words[2], "admin": False, "mac": mac}
        return str((await self._client.post(path, json=body)).json()["access_token"])

    async def _say(self, method: str, path: str, number: int, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self._tokens[number]}"}
        answer = await self._client.request(method, f"/_matrix/client/v3{path}", headers=headers, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()


def _environment() -> Path:
    """Its Python; made once and kept in the folder for temporary files."""
    folder = Path(tempfile.gettempdir()) / f"binnen-bench-synapse-{VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        pip = [str(python), "-m", "pip", "install", "--quiet", "--only-binary=:all:", f"matrix-synapse=={VERSION}"]
        for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], pip):
            if subprocess.run(command, capture_output=True, env={**os.environ}, check=False).returncode:
                raise Missing(f"Matrix Synapse {VERSION} could not be installed from a Python package index")
        (folder / "whole").touch()
    return python
