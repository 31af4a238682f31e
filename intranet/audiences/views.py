"""The live head count."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import house, signed_in

from .offer import reach


async def reach_json(request: Request) -> Response:
    """How many the lines of the address reach: `?line=field;17;Auenried&line=;4;`."""
    person = await signed_in(request)
    found = await house(request).read(reach, person, request.query_params.getlist("line"))
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


ROUTES: list[BaseRoute] = [Route("/audience/reach", reach_json)]
