"""The live head count, and whom one can name before there is a post."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import house, signed_in

from .named import named
from .offer import reach


async def reach_json(request: Request) -> Response:
    """How many the lines of the address reach: `?line=field;17;Auenried&line=;4;`."""
    person = await signed_in(request)
    found = await house(request).read(reach, person, request.query_params.getlist("line"))
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


async def people_json(request: Request) -> Response:
    """Whom one can name for the lines of the address: `?q=meh&line=field;17;Auenried`."""
    person, query = await signed_in(request), request.query_params
    found = await house(request).read(named, person, query.getlist("line"), query.get("q", "")[:80])
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


ROUTES: list[BaseRoute] = [Route("/audience/reach", reach_json), Route("/audience/people.json", people_json)]
