"""The pages of the feed: the list, one post, its card, its history, what is being written."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import Refused, fragment, house, number, page, signed_in

from . import desk, lists, pages
from .lists import Narrowed
from .talk import Window
from .texts import names_for, render
from .writes import KINDS, LONGEST, Publish, Version

STATES = ("new", "seen", "planned", "done", "declined")


def narrowed(query: QueryParams) -> Narrowed:
    """What the address asks for; what it cannot mean is left out."""
    return Narrowed(
        kind=kind if (kind := query.get("kind", "")) in KINDS else "",
        team=number(query.get("team", "")) or 0, product=number(query.get("product", "")) or 0,
        customer=number(query.get("customer", "")) or 0,
        state=state if (state := query.get("state", "")) in STATES else "", mine=query.get("show") == "me",
    )  # fmt: skip


def before(query: QueryParams) -> int:
    """Where a window ends."""
    return number(query.get("before", "")) or lists.NEWEST


def talk_window(query: QueryParams) -> Window:
    """Which comments the address asks for."""
    asked = {name: number(query.get(name, "")) or 0 for name in ("before", "after", "comment", "reply")}
    return Window(asked["before"], asked["after"], asked["comment"] or asked["reply"], asked["reply"])


async def feed(request: Request) -> Response:
    """The newest posts, or those that the filters in the address name, or those before `?before=ID`."""
    query = request.query_params
    return await page(request, "feed/feed.html", pages.feed_page, narrowed(query), before(query))


async def feed_part(request: Request) -> Response:
    """A further window of the same list, as fragments."""
    query = request.query_params
    return await fragment(request, "feed/_posts.html", pages.part, narrowed(query), before(query))


async def post(request: Request) -> Response:
    """One post; `?comment=ID` shows what was said from that comment's thread on."""
    about = (request.path_params["post"], talk_window(request.query_params), house(request).settings.zone)
    return await page(request, "feed/post.html", pages.post_page, *about)


async def card(request: Request) -> Response:
    """The fragment of a post; `?as=share` is the small card of one that was shared."""
    post = request.path_params["post"]
    if request.query_params.get("as") == "share":
        return await fragment(request, "feed/_share.html", pages.share, post)
    return await fragment(request, "feed/_thing.html", pages.card, post)


async def saved(request: Request) -> Response:
    """What the reader has put aside for later."""
    return await page(request, "feed/saved.html", pages.saved_page, before(request.query_params))


async def earlier(request: Request) -> Response:
    """Former texts of a post."""
    return await page(request, "feed/earlier.html", pages.earlier_page, request.path_params["post"])


async def edit(request: Request) -> Response:
    """A post to be changed, in one of its languages."""
    lang = request.query_params.get("lang", "")
    about = (request.path_params["post"], lang, house(request).settings.zone)
    return await page(request, "feed/edit.html", desk.edit_page, *about)


async def new(request: Request) -> Response:
    """A new post, or a draft to go on with."""
    kind = request.query_params.get("kind", "")
    kind = kind if kind in KINDS else ""
    customer = number(request.query_params.get("customer", "")) or 0
    return await page(request, "feed/new.html", desk.new_page, kind, request.query_params.get("draft", ""), customer)


async def drafts(request: Request) -> Response:
    """What is being written, and what waits for its time."""
    return await page(request, "feed/drafts.html", desk.drafts_page, house(request))


async def writers(request: Request) -> Response:
    """Who may publish news, for editors."""
    return await page(request, "feed/writers.html", desk.writers_page)


async def preview(request: Request) -> Response:
    """A text as it would be shown. Nothing is kept."""
    person = await signed_in(request)
    async with request.form(max_files=0, max_fields=10) as form:
        text, title = str(form.get("text", ""))[: LONGEST + 1], str(form.get("title", ""))
    version = Version(person.lang, title.replace("\r\n", "\n"), text.replace("\r\n", "\n"))
    names = await house(request).read(names_for, person, Publish(id="preview")) if "@" in text else None
    shown = await asyncio.to_thread(render, version, names)
    return HTMLResponse(shown.html, headers={"Cache-Control": "no-store"})


async def new_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The composer again when a form's post was refused, with what was typed."""
    sentence = house(request).sentence
    return await page(request, "feed/new.html", desk.new_again, fields, refusal, sentence, status=refusal.status)


async def state_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The post again when the change of its state was refused, the form open with what was typed."""
    post = number(str(fields.get("post", ""))) or 0
    about = (
        post,
        fields,
        house(request).sentence(refusal, (await signed_in(request)).lang),
        house(request).settings.zone,
    )
    return await page(request, "feed/post.html", pages.post_again, *about, status=refusal.status)


async def edit_again(request: Request, fields: Mapping[str, Any], refusal: Refused) -> Response:
    """The form again when an edit was refused, with what was typed, and beside it what somebody else has saved."""
    post = number(str(fields.get("post", ""))) or 0
    about = (post, fields, refusal, house(request).sentence, house(request).settings.zone)
    return await page(request, "feed/edit.html", desk.edit_again, *about, status=refusal.status)


ROUTES: list[BaseRoute] = [
    Route("/feed", feed),
    Route("/part/feed", feed_part),
    Route("/feed/new", new),
    Route("/feed/drafts", drafts),
    Route("/feed/writers", writers),
    Route("/feed/saved", saved),
    Route("/feed/preview", preview, methods=["POST"]),
    Route("/posts/{post:int}", post),
    Route("/posts/{post:int}/card", card),
    Route("/posts/{post:int}/earlier", earlier),
    Route("/posts/{post:int}/edit", edit),
]
