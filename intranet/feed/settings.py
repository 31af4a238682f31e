"""What the organisation has decided about its feed. A post keeps what held when it was published."""

from typing import Any, Literal

from sqlalchemy import Connection, select

from intranet.kernel import Person, Refused, Tx, Write

from .models import FeedSetting

ACK_NAMES = "ack_names"


class Set(Write, tag="feed.setting"):
    """Switch something on or off for posts to come."""

    key: Literal["ack_names"]
    on: bool = True


def switch(tx: Tx, person: Person, write: Set) -> dict[str, Any]:
    """Administrators decide. Raises Refused 403."""
    if not person.is_admin:
        raise Refused(403, "not-allowed")
    tx.upsert(FeedSetting, {"key": write.key, "value": "on" if write.on else ""})
    return {}


def is_on(conn: Connection, key: str) -> bool:
    """Whether it is switched on; nothing is from the beginning."""
    return conn.execute(select(FeedSetting.value).where(FeedSetting.key == key)).scalar() == "on"


def page(conn: Connection, person: Person) -> dict[str, Any]:
    """The settings, for administrators. Raises Refused 403."""
    if not person.is_admin:
        raise Refused(403, "not-allowed")
    return {"ack_names": is_on(conn, ACK_NAMES)}
