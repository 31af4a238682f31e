"""The page of the search."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import house, page

from .asked import LONGEST
from .pages import KINDS, Sought, results

_BELOW = re.compile(r"-?[0-9]{1,18}")


def sought(request: Request) -> Sought:
    """What the address asks for; what makes no sense is left out."""
    query = request.query_params
    kind, below = query.get("kind", ""), query.get("older", "")
    return Sought(
        text=" ".join(query.get("q", "")[: 2 * LONGEST].replace("\0", " ").split())[:LONGEST],
        kind=kind if kind in KINDS else "",
        below=int(below) if _BELOW.fullmatch(below) and below.isascii() else None,
    )


async def search(request: Request) -> Response:
    """Everything the reader may see that fits, the newest first."""
    return await page(request, "search/search.html", results, house(request), sought(request))


ROUTES: list[BaseRoute] = [Route("/search", search)]
