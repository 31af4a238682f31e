"""The outer guards as plain ASGI middleware: security headers, foreign origins, body size. No room is known here."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), interest-cohort=()",
    "X-Robots-Tag": "noindex, nofollow",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UPLOADS = ("/files/", "/people/photo")  # they read their own stream, within a limit of their own
MOST_BODY = 1024 * 1024  # uploads have their own limit


class SecurityHeaders:
    """Adds the headers to every response that has not set its own."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app, self.https = app, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.https:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
            await send(message)

        await self.app(scope, receive, with_headers)


def is_foreign(headers: Headers, public_url: str, *, strict: bool) -> bool:
    """Whether a request that may carry a cookie comes from another site.

    `strict` (sockets, and every write that carries a cookie): a missing Origin is foreign too.
    Follows Go's http.CrossOriginProtection, with the Origin header as the last word.
    """
    if headers.get("authorization", "").startswith("Bearer ") and "cookie" not in headers:
        return False
    origin = headers.get("origin")
    if origin is None:
        return strict
    own = public_url or f"http://{headers.get('host', '')}"
    sent, kept = urlsplit(origin), urlsplit(own)
    if public_url:
        return (sent.scheme, sent.netloc) != (kept.scheme, kept.netloc)
    return sent.netloc != kept.netloc


class OriginCheck:
    """Refuses writes with a missing or foreign Origin when a cookie could speak for the browser."""

    def __init__(self, app: ASGIApp, *, public_url: str, refuse: Callable[[], JSONResponse]) -> None:
        self.app, self.public_url, self.refuse = app, public_url, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changes = scope["type"] == "http" and scope["method"] not in SAFE
        if changes and is_foreign(Headers(scope=scope), self.public_url, strict=True):
            await self.refuse()(scope, receive, send)
            return
        await self.app(scope, receive, send)


class BodyLimit:
    """Cuts off bodies over the limit, whatever Content-Length says; upload routes read their own stream."""

    def __init__(self, app: ASGIApp, *, refuse: Callable[[], JSONResponse]) -> None:
        self.app, self.refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > MOST_BODY:
            await self.refuse()(scope, receive, send)
            return
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_BODY:
                return {"type": "http.disconnect"}
            return message

        await self.app(scope, limited, send)
