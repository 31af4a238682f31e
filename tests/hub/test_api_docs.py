"""What docs/api says is so: the list of verbs is current, the close codes are all there, the example client works."""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select

from intranet.chat.models import Message
from intranet.kernel import new_id
from intranet.kernel.config import Settings
from intranet.people.writes import MakeToken
from tests import cast
from tests.served import Served
from tools import verbs

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "api"
WAIT = 20.0


def test_the_list_of_verbs_is_current() -> None:
    assert verbs.main(["--check"]) == 0, "run: python -m tools.verbs"


def test_every_close_code_and_every_message_is_documented() -> None:
    page = (DOCS / "socket.md").read_text(encoding="utf-8")
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "intranet" / "hub").glob("*.py"))
    codes = set(re.findall(r"close\(\*?\(?(\d{4}), \"([^\"]+)\"", source))
    codes |= set(re.findall(r"\(?(\d{4}), \"([a-z ]+)\"", source))
    assert {code for code, _ in codes} >= {"1002", "1012", "1013", "4400", "4401", "4403", "4413", "4429"}
    for code, reason in codes:
        row = next(line for line in page.splitlines() if line.startswith(f"| {code} "))
        assert f"`{reason}`" in row
    messages = set(re.findall(r'tag="(\w+)"', source)) | set(re.findall(r'"t": "(\w+)"', source))
    messages |= {"complete", "more", "reset", "left"}
    for message in messages:
        assert f'{{"t":"{message}"' in page


async def lines_until(process: asyncio.subprocess.Process, start: str) -> list[str]:
    """What it prints, up to a line that begins like this."""
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith(start):
        line = (await asyncio.wait_for(process.stdout.readline(), WAIT)).decode().rstrip()
        assert line, f"ended after {lines}"
        lines.append(line)
    return lines


async def test_the_example_client_sends_once_over_a_restart(settings: Settings, tmp_path: Path) -> None:
    state = tmp_path / "state.json"

    async def run(token: str, *words: Any) -> asyncio.subprocess.Process:
        command = [sys.executable, str(DOCS / "example_client.py"), *map(str, words)]
        env = {"BINNEN_TOKEN": token, "BINNEN_STATE": str(state), "NO_PROXY": "*"}
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(*command, env=env, stdout=pipe, stderr=asyncio.subprocess.DEVNULL)

    async with Served.start(settings) as served:
        jana = await cast.person(served.house, "Jana Reimers")
        place = await cast.channel(served.house, jana, "Pumpen")
        await cast.say(served.house, jana, place, "Halle 3 steht")
        made = await served.house.perform(jana, MakeToken(id=new_id(), name="example"))
        token, port = made.extra["token"], served.port
        before = {"cursor": None, "waiting": []}
        first = await run(token, served.url, place, "Halle 3 läuft wieder")
        heard = await lines_until(first, "sent")
        while not any("läuft wieder" in line for line in heard):
            heard += await lines_until(first, "")
        assert sum("Halle 3 steht" in line for line in heard) == 1
        before["waiting"] = await served.house.read(
            lambda conn: [
                {"do": "chat.post", "id": row.write, "place": place, "text": row.text}
                for row in conn.execute(select(Message.write, Message.text).where(Message.text.contains("läuft")))
            ]
        )
    first.kill()
    await first.wait()
    state.write_text(json.dumps(before))  # as if it had been killed before it heard the answer
    again = await run(token, f"http://127.0.0.1:{port}", place)  # nobody is there yet
    async with Served.start(settings, port) as served:
        heard = await lines_until(again, "sent")
        count = await served.house.read(
            lambda conn: len(conn.execute(select(Message.seq).where(Message.text.contains("läuft"))).all())
        )
    again.kill()
    await again.wait()
    assert count == 1
