"""Pages about what is said to posts and what becomes of them."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import fragment, house, number, page, signed_in

from . import acks, settings, states, talk_pages
from .views import talk_window
from .waiting import waiting_page


async def comments(request: Request) -> Response:
    """A further window of comments, as fragments."""
    window = talk_window(request.query_params)
    return await fragment(request, "feed/_talk_part.html", talk_pages.talk, request.path_params["post"], window)


async def comment(request: Request) -> Response:
    """One comment and what can be done with it."""
    return await page(request, "feed/comment.html", talk_pages.comment_page, request.path_params["comment"])


async def comment_earlier(request: Request) -> Response:
    """Former texts of a comment, for its author."""
    return await page(request, "feed/comment_earlier.html", talk_pages.earlier_comment, request.path_params["comment"])


async def comment_source(request: Request) -> Response:
    """What was written, for its author."""
    person = await signed_in(request)
    return JSONResponse(await house(request).read(talk_pages.source, person, request.path_params["comment"]))


async def reactions(request: Request) -> Response:
    """Who reacted with what to a post or a comment."""
    person, params = await signed_in(request), request.path_params
    about = (params.get("post", 0), params.get("comment", 0))
    return JSONResponse(await house(request).read(talk_pages.reactors, person, *about))


async def people_json(request: Request) -> Response:
    """Whom one can name in a post and under it: `?q=meh`."""
    person, text = await signed_in(request), request.query_params.get("q", "")[:80]
    found = await house(request).read(talk_pages.people_here, person, request.path_params["post"], text)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


async def acknowledged(request: Request) -> Response:
    """For a post's authors: how many have acknowledged it."""
    return await page(request, "feed/acks.html", acks.overview, request.path_params["post"])


async def history(request: Request) -> Response:
    """What became of a post, step by step."""
    return await page(request, "feed/states.html", states.history, request.path_params["post"])


async def waiting(request: Request) -> Response:
    """What waits for an answer, per team, with age."""
    query = request.query_params
    team, after = (number(query.get(name, "")) or 0 for name in ("team", "after"))
    return await page(request, "feed/waiting.html", waiting_page, team, after)


async def options(request: Request) -> Response:
    """What the organisation has decided about its feed."""
    return await page(request, "feed/settings.html", settings.page)


ROUTES: list[BaseRoute] = [
    Route("/part/posts/{post:int}/comments", comments),
    Route("/posts/{post:int}/reactions", reactions),
    Route("/posts/{post:int}/people.json", people_json),
    Route("/posts/{post:int}/acks", acknowledged),
    Route("/posts/{post:int}/states", history),
    Route("/comments/{comment:int}", comment),
    Route("/comments/{comment:int}/earlier", comment_earlier),
    Route("/comments/{comment:int}/source", comment_source),
    Route("/comments/{comment:int}/reactions", reactions),
    Route("/feed/waiting", waiting),
    Route("/feed/settings", options),
]
