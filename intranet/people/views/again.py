"""A refused form comes back as it was: the text kept, the sentence at its field, nothing secret in it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from intranet.kernel import Refused, house, who

_FIELDS = ("name", "email", "password", "phone", "side", "lang", "zone", "role")  # a code begins with its field
_SECRET = ("password", "old", "new", "token", "id")


async def problems(
    request: Request, fields: Mapping[str, Any], refusal: Refused, *, known: tuple[str, ...] = _FIELDS, **names: str
) -> dict[str, Any]:
    """What a template needs: `values` typed before, `problems` by field, `problem` when no field is to blame.

    `known` are the fields this form shows; `names` calls a field otherwise on it, such as password="new".
    """
    person = await who(request)
    sentence = house(request).sentence(refusal, person.lang)
    field = refusal.code.partition("-")[0]
    field = names.get(field, field)
    values = {name: value for name, value in fields.items() if name not in _SECRET}
    if field in (*known, *names.values()):
        return {"values": values, "problems": {field: sentence}, "problem": ""}
    return {"values": values, "problems": {}, "problem": sentence}
