"""A bucket for the tests: moto's server, which speaks S3, in a thread of this process."""

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pytest

_number = count(1)


@dataclass
class Buckets:
    """A server; every test has a bucket of its own."""

    endpoint: str

    def make(self) -> dict[str, str]:
        """A new, empty bucket, as the settings say it."""
        name = f"files-{next(_number)}"
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")).close()
        return {
            "files_url": f"s3://{name}/binnen?endpoint={self.endpoint}", "files_key": "for-tests",
            "files_secret": "for-tests-only",
        }  # fmt: skip


@contextmanager
def serving() -> Iterator[Buckets]:
    """Skips where there is no such server, which CI counts as a failure."""
    moto = pytest.importorskip("moto.server", reason="no server of S3: python3 run.py install servers")
    pytest.importorskip("obstore", reason="no client of S3: python3 run.py install s3")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield Buckets(f"http://{host}:{port}")
    finally:
        server.stop()
