"""Which part of a content is asked for (RFC 9110, 14.2)."""

import re

from starlette.datastructures import Headers

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def asked(request: Headers, size: int, etag: str) -> tuple[int, int] | None:
    """From where up to where, excluded; None for all of it (also for what we do not serve in parts); (0, 0) for what
    is not there."""
    if request.get("if-range", etag) != etag:
        return None
    found = _ONE.fullmatch(request["range"].strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None
    return (start, end) if start < end else (0, 0)
