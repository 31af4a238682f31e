"""Writes over the socket: the same verbs through the same door as `POST /do`, one after another."""

from typing import TYPE_CHECKING, Any

import msgspec

from intranet.kernel import GONE, House, Person, Refused, noted

from . import frames

if TYPE_CHECKING:
    from .connection import Connection

SECRET = frozenset({"set_session", "clear_session", "mine"})  # of an answer: for cookies and pages only


async def perform_all(connection: "Connection") -> None:
    """What this connection has sent, in its order, until nothing waits."""
    while connection.writes and not connection.wire.closing:
        answer = await perform(connection.hub.house, connection.person, connection.writes.popleft())
        connection.wire.write(frames.framed(answer))
    connection.writes = None


async def perform(house: House, person: Person, raw: msgspec.Raw) -> dict[str, Any]:
    """One write and its answer. The writer looks at the person's standing itself, whatever the session once said."""
    write_id = ""
    try:
        fields = _fields(raw)
        write_id = str(fields.get("id", ""))[:64]
        house.allowance.take(person)
        answer = await house.perform(person, house.decode(fields, strict=True))
    except Refused as refusal:
        return _refused(house, person, write_id, refusal)
    except GONE:
        return _refused(house, person, write_id, Refused(503, "database-gone"))
    except Exception as error:  # noqa: BLE001 whatever it is, it is noted
        return _refused(house, person, write_id, noted(error, "write failed"))
    extra = {key: value for key, value in answer.extra.items() if key not in SECRET}
    ok = {"place": answer.place, "seq": answer.seq, **extra}
    return {"t": "answer", "id": write_id, "status": 200, "ok": ok}


def _fields(raw: msgspec.Raw) -> dict[str, Any]:
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(422, "malformed", reason="JSON") from error


def _refused(house: House, person: Person, write_id: str, refusal: Refused) -> dict[str, Any]:
    title = house.sentence(refusal, person.lang)
    return {"t": "answer", "id": write_id, "status": refusal.status, "code": refusal.code, "title": title}
