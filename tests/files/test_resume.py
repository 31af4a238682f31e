"""A line that dies at every 64 KB and a server that is killed: the upload ends whole, hardly a byte is sent twice."""

import contextlib
import hashlib
import http.client
import random
import socket

import pytest

from intranet.files.actions import Begin
from intranet.kernel import House, new_id
from tests import cast
from tests.process import Real, signed_in

STEP = 64 * 1024
SIZE = 5 * 1024 * 1024


@pytest.fixture
def real(settings):
    one = Real(settings)
    yield one
    one.kill()


class Device:
    """What a browser does, at the level of sockets; `sent` counts the bytes that left it."""

    def __init__(self, real: Real, secret: str, upload: str) -> None:
        self.real, self.upload, self.sent = real, upload, 0
        self.headers = {"Cookie": f"binnen={secret}", "Origin": real.url, "Accept": "application/json"}

    def ask(self) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.real.port, timeout=10)
        line.request("HEAD", f"/files/{self.upload}", headers=self.headers)
        offset = int(line.getresponse().headers["Upload-Offset"])
        line.close()
        return offset

    def send(self, content: bytes, offset: int, cut_after: int) -> None:
        """All the rest in one request, on a line that dies after so many bytes of it."""
        rest = content[offset:]
        lines = [f"PUT /files/{self.upload}?offset={offset} HTTP/1.1", f"Host: 127.0.0.1:{self.real.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()] + [f"Content-Length: {len(rest)}"]
        with socket.create_connection(("127.0.0.1", self.real.port), timeout=10) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode() + rest[:cut_after])
            self.sent += len(rest[:cut_after])
            if len(rest) <= cut_after:
                with contextlib.suppress(OSError):
                    line.recv(4096)


def test_a_line_cut_at_every_64_kb_and_a_killed_server(real):
    content = random.Random(7).randbytes(SIZE)
    begin = Begin(id=new_id(), name="halle.bin", size=SIZE, sha256=hashlib.sha256(content).hexdigest())

    async def fill(house: House) -> list[str]:
        jana = await cast.person(house, "Jana Reuter")
        await house.perform(jana, begin)
        return await signed_in(house, jana)

    [secret] = real.fill(fill)
    real.start()
    device = Device(real, secret, begin.id)
    requests = 0
    while (offset := device.ask()) < SIZE:
        device.send(content, offset, STEP)
        requests += 1
        if requests == 40:
            real.kill()
            real.start()
    assert requests >= SIZE // STEP
    assert device.sent - SIZE <= 128 * 1024
    assert device.ask() == SIZE  # told only of an upload whose hash was right
    real.kill()

    async def file_of(house: House) -> bytes:
        from intranet.files import desk_of

        [stored] = desk_of(house).store.everything()
        store = desk_of(house).store
        return store.borrow(stored, store.room()).read_bytes()

    assert real.fill(file_of) == content
