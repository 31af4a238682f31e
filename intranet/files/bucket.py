"""Contents of files in a bucket of S3 or what speaks like it, found by their sha256: `kept/ab/ab12…` below the prefix.

A content has been read back from the bucket and hashed before `keep` or `adopt` return, whatever the bucket's maker
promises. What is being made, and uploads on their way, lie on the disk as ever.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

from intranet.kernel import Unavailable

from .ranges import asked
from .store import hash_file, is_sha256
from .work import Work

P = ParamSpec("P")
T = TypeVar("T")
FRESH = 1800  # seconds: what is older is sent again when it is kept again, so that the sweep sees it as new
PIECE = 1024 * 1024
RETRIES: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}


def reached(work: Callable[P, T]) -> Callable[P, T]:
    """Whatever else the bucket says than that there is no such thing: it can't be used just now, and asking again is
    safe."""

    @wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except BaseError as error:
            raise Unavailable(503, "storage-gone") from error

    return tried


class Bucket(Work):
    """Below the prefix of `s3://bucket/prefix?endpoint=https://host&region=name`."""

    def __init__(self, folder: Path, url: str, key: str, secret: str) -> None:
        super().__init__(folder)
        parts = urlsplit(url)
        said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = said.get("endpoint", "")
        given: dict[str, Any] = {"access_key_id": key, "secret_access_key": secret} if key else {}
        if endpoint:
            given["endpoint"] = endpoint
        self._objects = S3Store(
            parts.netloc, prefix=parts.path.strip("/") or None, region=said.get("region", "us-east-1"),
            virtual_hosted_style_request=said.get("style") == "virtual", retry_config=RETRIES,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": "60s", "connect_timeout": "5s"},
            **given,
        )  # fmt: skip

    @reached
    def has(self, sha256: str) -> bool:
        """Say whether a content is there."""
        return self._head(sha256) is not None

    @reached
    def size(self, sha256: str) -> int:
        """How many bytes a content has. Raises FileNotFoundError."""
        return int(obstore.head(self._objects, _name(sha256))["size"])

    @reached
    def is_whole(self, sha256: str) -> bool:
        """Say whether the bytes of a content that is there are those of its name."""
        found = hashlib.sha256()
        for piece in obstore.get(self._objects, _name(sha256)).stream(min_chunk_size=PIECE):
            found.update(piece)
        return found.hexdigest() == sha256

    @reached
    def adopt(self, source: Path) -> str:
        """Store a file's bytes under their sha256 and leave the source where it is; return the sha256."""
        sha256 = hash_file(source)
        there = self._head(sha256)
        if there is not None and _age(there) < FRESH:
            return sha256
        obstore.put(self._objects, _name(sha256), source)
        if not self.is_whole(sha256):
            raise Unavailable(503, "storage-gone")
        return sha256

    @reached
    def fetch(self, sha256: str, target: Path) -> None:
        """Copy a content to a path of the caller's. Raises FileNotFoundError."""
        pieces = obstore.get(self._objects, _name(sha256)).stream(min_chunk_size=PIECE)
        with target.open("wb") as file:
            for piece in pieces:
                file.write(piece)

    def borrow(self, sha256: str, room: Path) -> Path:
        """A path under which the content can be read. Raises FileNotFoundError."""
        path = room / "borrowed"
        self.fetch(sha256, path)
        return path

    @reached
    def everything(self) -> Iterator[str]:
        """All contents that are there."""
        names = (one["path"].rsplit("/", 1)[-1] for some in obstore.list(self._objects, "kept") for one in some)
        return iter(sorted(name for name in names if is_sha256(name)))

    @reached
    def remove(self, sha256: str, *, untouched_for: float = 0) -> bool:
        """Remove a content, unless it was kept or kept again within the last seconds; say whether it is gone."""
        there = self._head(sha256)
        if there is not None and _age(there) < untouched_for:
            return False
        obstore.delete(self._objects, _name(sha256))
        return True

    async def response(self, sha256: str, request: Headers, media_type: str, headers: Mapping[str, str]) -> Response:
        """The content or one range of it, as it comes from the bucket. The address of the bucket stays here."""
        try:
            return await self._response(sha256, request, media_type, headers)
        except BaseError as error:
            raise Unavailable(503, "storage-gone") from error

    async def _response(self, sha256: str, request: Headers, media_type: str, headers: Mapping[str, str]) -> Response:
        said = {**headers, "Accept-Ranges": "bytes", "Content-Type": media_type}
        span = None
        if "range" in request:
            size = int((await obstore.head_async(self._objects, _name(sha256)))["size"])
            span = asked(request, size, said.get("ETag", ""))
            if span == (0, 0):
                return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
            if span is not None:
                said["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{size}"
        found = await obstore.get_async(self._objects, _name(sha256), options={"range": span} if span else None)
        said["Content-Length"] = str(found.range[1] - found.range[0])
        return StreamingResponse(_pieces(found), 206 if span else 200, said)

    def _head(self, sha256: str) -> Any:
        try:
            return obstore.head(self._objects, _name(sha256))
        except FileNotFoundError:
            return None


async def _pieces(found: Any) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=PIECE):
        yield bytes(piece)


def _age(there: Any) -> float:
    return float((datetime.now(UTC) - there["last_modified"]).total_seconds())


def _name(sha256: str) -> str:
    if not is_sha256(sha256):
        raise ValueError(f"not a sha256: {sha256!r}")
    return f"kept/{sha256[:2]}/{sha256}"
