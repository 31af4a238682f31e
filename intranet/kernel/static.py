"""Assets under one versioned folder, the service worker, the manifest, words for the browser, and health."""

import asyncio
import base64
import json
from contextlib import suppress
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from .db import GONE
from .errors import Refused
from .html import STATIC, asset, static_version
from .i18n import LANGUAGES, words_json
from .migrate import misfits
from .room import Room
from .scripts import script
from .web import bare_page, house, signed_in, who

PATIENCE = 3.0  # seconds for the database to answer whether it is there
SHELL = {".js", ".css", ".woff2", ".svg", ".tsv", ".webp"}  # what a page needs to start without network


class Assets(StaticFiles):
    """The tree under its version: cached for ever, since another content is another address.

    While nodes are being upgraded a page of one may ask another: it gets what is here, and nobody keeps it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        version, _, name = path.partition("/")
        response = await super().get_response(name, scope)
        if response.status_code == 200 and name.endswith(".js"):
            response = Response(script((STATIC / name).resolve()), media_type="text/javascript")
        ours = version == static_version()
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if ours else "no-store"
        return response


@cache
def _worker() -> str:
    """Its source with the version and every asset of the shell: the tree does not change while a process runs."""
    shell = sorted(
        asset(path.relative_to(STATIC).as_posix()) for path in STATIC.rglob("*")
        if path.suffix in SHELL and "vendor/lucide" not in path.as_posix() and "worker" not in path.name
    )  # fmt: skip
    source = script(STATIC / "kernel" / "worker.js").decode()
    return source.replace('["__SHELL__"]', json.dumps(shell)).replace("__VERSION__", static_version())


async def worker(request: Request) -> Response:
    """The service worker."""
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return Response(_worker(), media_type="text/javascript", headers=headers)


async def offline(request: Request) -> Response:
    """What the service worker shows where nothing is kept; about nobody, so it may be cached."""
    return await bare_page(request, "kernel/offline.html")


async def manifest(request: Request) -> Response:
    """What makes it installable."""
    name = house(request).settings.name
    icons = [
        {
            "src": asset(f"kernel/img/{name}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
            "purpose": purpose,
        } for size in (192, 512) for name, purpose in (("icon", "any"), ("icon-maskable", "maskable"))
    ]  # fmt: skip
    document: dict[str, Any] = {
        "id": "/", "name": name if name == "Binnen" else f"Binnen · {name}", "short_name": "Binnen", "start_url": "/",
        "scope": "/", "display": "standalone", "background_color": "#f8f8f4", "theme_color": "#efefe9",
        "lang": (await who(request)).lang, "icons": icons,
    }  # fmt: skip
    return JSONResponse(document, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


async def catalogue(request: Request) -> Response:
    """The words that the browser's modules use, in one language."""
    lang = request.path_params["lang"]
    if lang not in LANGUAGES:
        raise Refused(404, "not-found")
    body, etag = words_json(lang)
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/json", headers={"ETag": etag, "Cache-Control": "no-cache"})


async def key(request: Request) -> Response:
    """The key with which this person's browser seals what it stores."""
    person = await signed_in(request)
    sealing = base64.b64encode(house(request).keys.seal(person.id)).decode()
    return JSONResponse({"person": person.id, "key": sealing}, headers={"Cache-Control": "no-store"})


async def healthz(request: Request) -> Response:
    """The process is alive; nothing is touched."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """The database answers and has a schema that fits; what else is amiss only makes it slower, and is said."""
    the_house = house(request)
    misfit = "database does not answer"
    with suppress(TimeoutError, *GONE):
        async with asyncio.timeout(PATIENCE):
            misfit = await the_house.read(misfits)
    if misfit:
        return PlainTextResponse(misfit, 503)
    troubles = [trouble for one in the_house.troubles if (trouble := one())]
    return PlainTextResponse("; ".join(["ready", *troubles]))


async def favicon(request: Request) -> Response:
    """The mark."""
    return FileResponse(STATIC / "kernel" / "img" / "mark.svg", media_type="image/svg+xml")


ROUTES: list[BaseRoute] = [
    Route("/worker.js", worker),
    Route("/offline", offline),
    Route("/manifest.webmanifest", manifest),
    Route("/words/{lang}.json", catalogue),
    Route("/key", key),
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/favicon.ico", favicon),
    Mount("/static", Assets(directory=STATIC), name="static"),
]
room = Room("shell", routes=ROUTES)
