"""The pages of polls: ask one, one poll with all that can be known of it, its files, and the result as a part."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet.kernel import Refused, fragment, house, number, page, signed_in

from . import pages
from .calendars import calendar_of
from .export import as_csv, as_xlsx

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def new(request: Request) -> Response:
    """Ask something: templates, answers, and what is settled before the first vote."""
    place = number(request.query_params.get("place", "")) or 0
    return await page(request, "polls/new.html", pages.new_page, place, house(request).settings.zone)


async def poll(request: Request) -> Response:
    """One poll."""
    return await page(request, "polls/poll.html", pages.poll_page, request.path_params["poll"])


async def result(request: Request) -> Response:
    """The result of a poll as it stands, for who has voted where that is the condition. Raises Refused 404."""
    return await fragment(request, "polls/_result.html", pages.result_part, request.path_params["poll"])


async def codes(request: Request) -> Response:
    """All codes of a closed poll without names, and their choices where they are published."""
    return await page(request, "polls/codes.html", pages.codes_page, request.path_params["poll"])


async def download(request: Request) -> Response:
    """The result as a file: csv, xlsx, or of a date found a calendar. Raises Refused 404."""
    person = await signed_in(request)
    kind = request.path_params["kind"]
    table = await house(request).read(pages.table_of, person, request.path_params["poll"])
    if kind == "csv":
        return _file(as_csv(table.rows), CSV, f"{table.name}.csv")
    if kind == "xlsx":
        return _file(as_xlsx(table.rows), XLSX, f"{table.name}.xlsx")
    if kind == "ics" and table.found is not None:
        return _file(calendar_of(table.found), "text/calendar; charset=utf-8", f"{table.name}.ics")
    raise Refused(404, "not-found")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


ROUTES: list[BaseRoute] = [
    Route("/polls/new", new),
    Route("/polls/{poll:int}", poll),
    Route("/polls/{poll:int}/result", result),
    Route("/polls/{poll:int}/codes", codes),
    Route("/polls/{poll:int}/result.{kind}", download),
]
