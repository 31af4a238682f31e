"""`POST /receipts`: which of one's own acknowledged writes are still there. Asked after a restore from a backup."""

import msgspec
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .errors import Refused
from .house import House
from .person import Person
from .tables import Receipt
from .web import house, signed_in

MOST = 500


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """Client ids of the asker's own writes."""

    ids: list[str]


async def receipts(request: Request) -> Response:
    """The ids among those asked for that this record knows. Raises Refused 422."""
    person = await signed_in(request)
    try:
        asked = msgspec.json.decode(await request.body(), type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(422, "malformed", reason="ids") from error
    if len(asked.ids) > MOST:
        raise Refused(413, "too-large", limit=MOST)
    known = await house(request).read(_known, house(request), person, asked.ids)
    return JSONResponse({"known": known}, headers={"Cache-Control": "no-store"})


def _known(conn: Connection, the_house: House, person: Person, ids: list[str]) -> list[str]:
    keys = {the_house.keys.receipt(person.id, one): one for one in ids}
    found = conn.execute(select(Receipt.key).where(Receipt.key.in_(keys))).scalars()
    return [keys[bytes(key)] for key in found]
