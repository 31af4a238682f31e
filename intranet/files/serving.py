"""How a content leaves the house: only what cannot run may be shown inside a page, everything else is a download."""

from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from . import names, sniff
from .store import Store

# Even opened in a tab of its own a file of ours runs nothing and loads nothing.
_CSP = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Asked for again each time: whoever left the channel, or the account on this device, gets nothing from a cache.
    "Cache-Control": "private, no-cache",
}
PICTURE = "image/webp"


def choose(file: Any, variant: str) -> tuple[str, str, bool] | None:
    """The content of a variant, its media type, and whether a page may show it; None where there is no such."""
    if file.state != "ready":
        return None
    if variant in ("preview", "thumb"):
        sha256 = getattr(file, variant)
        return (sha256, PICTURE, True) if sha256 else None
    if variant == "play" and (file.type in sniff.VIDEOS or file.type in sniff.SOUNDS):
        return file.content, file.type, True
    if variant == "original":
        return file.content, file.type, False
    return None


async def serve(store: Store, chosen: tuple[str, str, bool], name: str, request_headers: Headers) -> Response:
    """The content, a range of it, or 304 when the browser has it. Always through us: no address of a store leaves."""
    sha256, media_type, inline = chosen
    etag = f'"{sha256[:32]}"'
    headers = {**_HEADERS, "ETag": etag, "Content-Disposition": names.disposition(name, inline=inline)}
    if etag in (each.strip().removeprefix("W/") for each in request_headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return await store.response(sha256, request_headers, media_type, headers)
