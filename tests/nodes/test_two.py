"""Two real server processes on a real PostgreSQL and NATS, behind a real nginx: devices move, nodes and bus die."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import Any

import httpx2
import pytest

from bench.nats import program
from intranet.kernel import new_id
from intranet.kernel.config import Settings
from tests.nodes.proxy import Nginx
from tests.nodes.proxy import program as nginx_program
from tests.nodes.rig import WAIT, Pair

pytestmark = [pytest.mark.nodes, pytest.mark.slow, pytest.mark.engine("postgres")]
KEY = "a secret for tests only, 32 bytes and more"


@pytest.fixture(scope="module")
def pair(engine: str, template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two nodes for all tests here; each leaves both running and the bus up."""
    if program() is None or find_spec("nats") is None:
        pytest.skip("no NATS: apt-get install nats-server && python3 run.py install nats")
    name, url = template.copy("binnen_template")
    folder = tmp_path_factory.mktemp("nodes")
    one = Pair(Settings(data=str(folder / "data"), database_url=url, secret_key=KEY, language="de"))
    try:
        one.start()
        yield one
    finally:
        one.stop()
        template.give_back("binnen_template", name)


async def test_what_is_done_at_one_node_holds_at_the_other(pair: Pair) -> None:
    async with AsyncExitStack() as stack:
        ada, bea, beas_other = [
            await stack.enter_async_context(pair.device(*at)) for at in (("ada", 0), ("bea", 1), ("bea", 0))
        ]
        told = await pair.says("ada", 0, "Guten Morgen")
        for device in (ada, bea, beas_other):
            await device.shows("Guten Morgen")
        for what, fields, key in (
            ("chat.read", {"seq": told["seq"]}, f"read/{pair.place}/0"),
            ("chat.draft", {"text": "halb fert"}, f"draft/{pair.place}/0"),
            ("channels.favourite", {"on": True}, f"fav/{pair.place}"),
        ):
            assert (await pair.do("bea", 0, what, **fields)).status_code == 200
            await bea.learns(key)
        await ada.tell(t="typing", place=pair.place)
        assert (await bea.until("whisper"))["person"] == pair.people["ada"].id, "only the bus brings that"


async def hears_of_removal(pair: Pair) -> None:
    """Bea, at node 1, is put out at node 0: she gets nothing that is newer, and comes in again."""
    bea = pair.people["bea"].id
    async with pair.device("bea", 1) as device:
        await pair.says("ada", 0, "noch für alle")
        await device.shows("noch für alle")
        assert (await pair.do("ada", 0, "channels.remove", person=bea)).status_code == 200
        await pair.says("ada", 0, "ohne Bea")
        assert (await pair.do("bea", 1, "chat.post", text="darf ich nicht")).status_code == 404
        await device.until("left", place=pair.place)
        assert (await pair.do("ada", 1, "channels.add", people=[bea])).status_code == 200
        await device.sees(lambda: any(str(pair.place) in one.get("heads", {}) for one in device.heard[1:]))
        assert "ohne Bea" not in device.texts


async def hears_of_its_end(pair: Pair, name: str) -> None:
    """A session that is ended at node 0 is over at node 1, for its open socket and for what it still writes."""
    async with pair.device(name, 1) as device:
        await pair.says(name, 1, f"vom {name}")
        await device.shows(f"vom {name}")
        ended = await pair.do("desk", 0, "people.revoke_session", place=0, session=await pair.session(name))
        assert ended.status_code == 200, ended.text
        assert (await pair.do(name, 1, "chat.post", text="zu spät")).status_code == 401
        assert await device.closed() == 4403


async def test_removal_and_revocation_hold_at_the_other_node(pair: Pair) -> None:
    await hears_of_removal(pair)
    await hears_of_its_end(pair, "phone")


async def test_without_the_bus_it_is_slower_and_not_wrong(pair: Pair) -> None:
    async with pair.device("ada", 0) as ada, pair.device("bea", 1) as bea:
        pair.bus.kill()
        await pair.ready("ready; bus does not answer")
        told = [(await pair.says("ada", 0, f"ohne Bus {number}"))["seq"] for number in range(3)]
        assert told == list(range(told[0], told[0] + 3))
        await bea.shows("ohne Bus 2")
        await hears_of_removal(pair)
        await hears_of_its_end(pair, "tablet")
        pair.bus.start()
        await pair.ready("ready")
    async with pair.device("ada", 0) as ada, pair.device("bea", 1) as bea:
        await ada.tell(t="typing", place=pair.place)
        await bea.until("whisper")


async def sends(pair: Pair, texts: list[str]) -> dict[str, int]:
    """A device's outbox: each write again with its id until a node acknowledges it, at whichever node answers."""
    done: dict[str, int] = {}
    for text in texts:
        write_id, node = new_id(), random.randrange(2)
        while text not in done:
            node = 1 - node
            try:
                answer = await pair.do("bea", node, "chat.post", id=write_id, text=text)
            except httpx2.TransportError:
                await asyncio.sleep(0.02)
                continue
            assert answer.status_code in (200, 503), answer.text
            if answer.status_code == 200:
                done[text] = answer.json()["ok"]["seq"]
    return done


async def test_a_node_that_is_killed_loses_nothing_and_its_devices_go_on_at_the_other(pair: Pair) -> None:
    texts = [[f"{sender}.{number}" for number in range(12)] for sender in range(3)]
    async with pair.device("ada", 0) as ada, pair.device("bea", 1) as witness:
        sending = [asyncio.create_task(sends(pair, some)) for some in texts]
        await ada.shows("0.3")
        pair.nodes[0].kill()
        assert await ada.closed() == 1006
        async with pair.device("ada", 1, ada.cursor) as moved:
            moved.texts = ada.texts
            done = [await one for one in sending]
            seqs = {text: seq for some in done for text, seq in some.items()}
            last = max(seqs.values())
            for device in (moved, witness):
                while device.cursor[1] < last:
                    await device.next()
                said = [text for text in device.texts if text[1] == "."]
                assert sorted(said) == sorted(text for some in texts for text in some), "each once"
                assert said == sorted(said, key=seqs.__getitem__), "one order"
                for some in texts:
                    assert [text for text in said if text in some] == some, "and in each sender's own"
    await asyncio.to_thread(pair.nodes[0].start)


async def test_behind_a_proxy_devices_come_back_by_one_address(pair: Pair) -> None:
    if nginx_program() is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    with Nginx([node.port for node in pair.nodes]) as proxy:
        async with pair.device("bea", proxy.url) as first, pair.device("ada", proxy.url) as second:
            await pair.says("ada", 1, "durch die Tür")
            ends = {}
            for device in (first, second):  # one at each node
                await device.shows("durch die Tür")
                ends[asyncio.create_task(device.closed())] = device
            await asyncio.to_thread(pair.nodes[0].kill)
            over, going_on = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            assert (len(over), len(going_on)) == (1, 1)
            going_on.pop().cancel()
            first = ends[over.pop()]
            async with pair.device("bea", proxy.url, first.cursor) as again, httpx2.AsyncClient(timeout=WAIT) as client:
                write = {"do": "chat.post", "id": new_id(), "place": pair.place, "text": "und wieder"}
                headers = {"Authorization": f"Bearer {pair.tokens['ada']}"}
                answer = await client.post(f"{proxy.url}/do", json=write, headers=headers)
                assert answer.status_code == 200, answer.text
                await again.shows("und wieder")
                big = await client.put(f"{proxy.url}/files/x?offset=0", content=b"x" * 2_000_000, headers=headers)
                assert big.status_code == 404, "it reaches a node, which knows no such upload"
            await asyncio.to_thread(pair.nodes[0].start)
