"""The outer guards as plain ASGI middleware: headers, crashes, foreign origins, sizes. No room is known here."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import Refused

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
MOST_PATH = 2000  # characters; beyond 4,300 Python refuses to read a number in it


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


class Broken(Exception):
    """An answer that had begun cannot go on. Says nothing of the cause, for the server above logs what it catches."""


class Crashes:
    """Answers what nobody caught, inside the security headers.

    Starlette's own place for that is outside of all middleware, and it raises again: then the server writes the
    message into its log, and messages quote what people wrote.
    """

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 whatever it is, the answer logs it
            response = await self.answer(Request(scope, receive), error)
            if begun:
                raise Broken from None
            await response(scope, receive, send)


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
    """Cuts off bodies and addresses over the limit, whatever Content-Length says; uploads read their own stream."""

    def __init__(self, app: ASGIApp, *, refuse: Callable[[], JSONResponse]) -> None:
        self.app, self.refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > MOST_PATH:
            await self.refuse()(scope, receive, send)
            return
        if scope["type"] != "http" or scope["path"].startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > MOST_BODY:
            await self.refuse()(scope, receive, send)
            return
        await self.app(scope, up_to(receive, MOST_BODY, Refused(413, "too-large", limit="1 MB")), send)


def up_to(receive: Receive, most: int, refusal: Refused) -> Receive:
    """The same body, as far as so many bytes. Raises the refusal where it goes on."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise refusal
        return message

    return limited
