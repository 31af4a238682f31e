"""The pages of chat: a channel, a topic, further messages, and the small cards fetched beside them."""

import datetime as dt

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.channels import inside
from intranet.kernel import Refused, fragment, house, page, signed_in

from . import cards, pages
from .streams import Window, first_on


def _window(query: QueryParams) -> Window | None:
    """The window that the address names; None when it names none. Raises Refused 422."""
    try:
        if query.get("at") == "end":
            return Window()
        for name, kind in (("at", "around"), ("around", "around"), ("before", "before"), ("after", "after")):
            if name in query:
                return Window(kind, min(max(int(query[name]), 0), 2**53))
    except ValueError as error:
        raise Refused(422, "malformed", reason="seq") from error
    return None


def _topic(query: QueryParams) -> int | None:
    try:
        return int(query["topic"]) if query.get("topic") else None
    except ValueError as error:
        raise Refused(422, "malformed", reason="topic") from error


async def channel(request: Request) -> Response:
    """A channel, opened at the first unread message, at `?at=SEQ`, or on a day by `?on=2026-11-17`."""
    number = request.path_params["channel"]
    if "on" in request.query_params:
        return await _on_day(request, number, request.query_params["on"])
    zone = house(request).settings.zone
    return await page(request, "chat/channel.html", pages.channel_page, number, _window(request.query_params), zone)


async def _on_day(request: Request, number: int, day: str) -> Response:
    person = await signed_in(request)
    try:
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise Refused(422, "malformed", reason="on") from error
    zone = house(request).settings.zone
    seq = await house(request).read(lambda conn: first_on(conn, number, inside(conn, person, number).since, date, zone))
    return RedirectResponse(f"/c/{number}?at={seq}#m-{number}-{seq}" if seq else f"/c/{number}?at=end", 303)


async def topic(request: Request) -> Response:
    """One topic; a merged one leads to where it went."""
    number, named = request.path_params["channel"], request.path_params["topic"]
    zone = house(request).settings.zone
    person = await signed_in(request)
    now = await house(request).read(pages.topic_now, person, number, named)
    if now != named:
        return RedirectResponse(f"/c/{number}/t/{now}", 303)
    return await page(request, "chat/topic.html", pages.topic_page, number, named, _window(request.query_params), zone)


async def topics(request: Request) -> Response:
    """All topics of a channel."""
    return await page(request, "chat/topics.html", pages.closed_topics, request.path_params["channel"])


async def messages(request: Request) -> Response:
    """A further window, as fragments."""
    query, zone = request.query_params, house(request).settings.zone
    window = _window(query) or Window()
    number = request.path_params["channel"]
    return await fragment(request, "chat/_messages.html", pages.messages_page, number, _topic(query), window, zone)


async def people_json(request: Request) -> Response:
    """Whom one can mention here."""
    person = await signed_in(request)
    body = await house(request).read(cards.people_here, person, request.path_params["channel"])
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


async def hidden(request: Request) -> Response:
    """What an own message said that is hidden now. Raises Refused 404."""
    number, seq = request.path_params["channel"], request.path_params["seq"]
    return await page(request, "chat/hidden.html", cards.hidden, number, seq)


async def earlier(request: Request) -> Response:
    """Former texts of a message."""
    number, seq = request.path_params["channel"], request.path_params["seq"]
    return await page(request, "chat/earlier.html", cards.earlier, number, seq)


async def source(request: Request) -> Response:
    """What its author wrote, as Markdown."""
    person = await signed_in(request)
    body = await house(request).read(cards.source, person, request.path_params["channel"], request.path_params["seq"])
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


async def reactors(request: Request) -> Response:
    """Who reacted."""
    number, seq = request.path_params["channel"], request.path_params["seq"]
    return await fragment(request, "chat/_reactors.html", cards.reactors, number, seq)


async def quote(request: Request) -> Response:
    """A quoted message, where its fragment has a hole."""
    number, seq = request.path_params["channel"], request.path_params["seq"]
    return await fragment(request, "chat/_quote.html", cards.quote, number, seq)


async def later(request: Request) -> Response:
    """What one has planned to send, to change or call off."""
    the_house, person = house(request), await signed_in(request)

    def sentence(code: str) -> str:
        return the_house.sentence(Refused(403, code), person.lang)

    return await page(request, "chat/later.html", cards.scheduled, sentence)


ROUTES: list[BaseRoute] = [
    Route("/c/{channel:int}", channel),
    Route("/c/{channel:int}/t/{topic:int}", topic),
    Route("/c/{channel:int}/topics", topics),
    Route("/c/{channel:int}/messages", messages),
    Route("/c/{channel:int}/people.json", people_json),
    Route("/c/{channel:int}/m/{seq:int}/earlier", earlier),
    Route("/c/{channel:int}/m/{seq:int}/hidden", hidden),
    Route("/c/{channel:int}/m/{seq:int}/source", source),
    Route("/c/{channel:int}/m/{seq:int}/reactions", reactors),
    Route("/later", later),
    Route("/card/quote/{channel:int}/{seq:int}", quote),
]
