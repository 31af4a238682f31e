"""What a post says and for whom, checked: the columns of its row."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from intranet import audiences, customers, people
from intranet.kernel import Person, Refused, Tx, clock

from .access import may_write_news
from .settings import ACK_NAMES, is_on
from .texts import Text
from .writes import FURTHEST, LONGEST_PIN, MOST_TOGETHER, WITH_STATES, WRITTEN, Content


def checked(tx: Tx, person: Person, write: Content, texts: Sequence[Text]) -> dict[str, Any]:
    """The columns that this content becomes. Raises Refused 403, 413, 422."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    if write.kind not in WRITTEN:
        raise Refused(422, "malformed", reason="kind")
    if write.kind == "news" and not may_write_news(tx.conn, person):
        raise Refused(403, "no-news")
    text = texts[0]
    _must_say(write, text)
    feedback = write.kind == "feedback"
    praised = _praised(tx, write) if write.kind == "praise" else ""
    return {
        "kind": write.kind, "author": person.id, "lang": text.lang or person.lang, "title": text.title,
        "text": text.text, "html": text.html, "plain": text.plain, "mentions": mentioned(texts), "praised": praised,
        "customer": customers.must_exist(tx, write.customer, write.customer_said),
        "product": customers.must_exist_product(tx, write.product, write.product_said),
        "urgency": urgency(write.urgency) if feedback else 0,
        "state": "new" if write.kind in WITH_STATES else "", "state_at": tx.now if write.kind in WITH_STATES else 0,
        "tiles": len(write.files), "comments_closed": int(write.comments_closed),
        "expires": moment(tx, write.expires, write.expires_local), **_pinned(tx, person, write), **_asked(tx, write),
    }  # fmt: skip


def _must_say(write: Content, text: Text) -> None:
    """News need a headline; everything else a text, a headline or a file. Raises Refused 422."""
    if write.kind == "news" and not text.title:
        raise Refused(422, "no-title")
    if text.is_empty and not write.files:
        raise Refused(422, "empty-text")


def mentioned(texts: Sequence[Text]) -> str:
    """Whom any of its languages names."""
    return " ".join(sorted({target for text in texts for target in text.mentions if target != "all"}))


def urgency(given: int) -> int:
    """How urgent: 0, 1, 2. Raises Refused 422."""
    if given not in (0, 1, 2):
        raise Refused(422, "malformed", reason="urgency")
    return given


def _praised(tx: Tx, write: Content) -> str:
    if not write.people and not write.teams:
        raise Refused(422, "praise-for-whom")
    if len(write.people) + len(write.teams) > MOST_TOGETHER:
        raise Refused(422, "too-many-people", limit=MOST_TOGETHER)
    staff(tx, write.people)
    if set(write.teams) - {team.id for team in people.teams(tx.conn)}:
        raise Refused(422, "team-unknown")
    return " ".join(
        [*(str(one) for one in sorted(set(write.people))), *(f"t{one}" for one in sorted(set(write.teams)))]
    )


def staff(tx: Tx, ids: Collection[int]) -> list[int]:
    """These people, who must work here: active, no guests. Raises Refused 422."""
    if len(ids) > MOST_TOGETHER:
        raise Refused(422, "too-many-people", limit=MOST_TOGETHER)
    row = people.PersonRow
    known = set(tx.read(select(row.id).where(row.id.in_(list(ids)), row.active, row.role != "guest")).scalars())
    if set(ids) - known:
        raise Refused(422, "person-unknown")
    return sorted(known)


def _pinned(tx: Tx, person: Person, write: Content) -> dict[str, int]:
    if not (write.pin_days or write.pin_ack):
        return {"pinned_until": 0, "pinned_ack": 0}
    return pinned(tx, person, write.pin_days, write.pin_ack, asked=write.ack)


def pinned(tx: Tx, person: Person, days: int, ack: bool, *, asked: bool) -> dict[str, int]:
    """The columns of a pin, for who may write news. Raises Refused 403, 422."""
    if not may_write_news(tx.conn, person):
        raise Refused(403, "no-news")
    if not 0 <= days <= LONGEST_PIN:
        raise Refused(422, "pin-days", limit=LONGEST_PIN)
    if ack and not asked:
        raise Refused(422, "pin-without-ack")
    return {"pinned_until": tx.now + days * clock.DAY if days and not ack else 0, "pinned_ack": int(ack)}


def _asked(tx: Tx, write: Content) -> dict[str, int]:
    return {
        "ack": int(write.ack), "asks": int(write.ack), "ack_names": int(write.ack and is_on(tx.conn, ACK_NAMES)),
        "ack_until": moment(tx, write.ack_until, write.ack_until_local) if write.ack else 0,
    }  # fmt: skip


def moment(tx: Tx, at: int, local: str) -> int:
    """A time ahead in ms UTC, 0 for none; `local` is of the organisation's zone. Raises Refused 422."""
    found = at or (in_zone(local, tx.settings.zone) if local else 0)
    if found and not tx.now < found <= tx.now + FURTHEST:
        raise Refused(422, "not-ahead")
    return found


def in_zone(local: str, zone: str) -> int:
    """What a form's date and time field says. Raises Refused 422."""
    try:
        found = dt.datetime.fromisoformat(local)
        return int(found.replace(tzinfo=found.tzinfo or ZoneInfo(zone)).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Refused(422, "malformed", reason="local") from error


def in_zone_text(at: int, zone: str) -> str:
    """A time as a form's date and time field holds it; "" for none."""
    return dt.datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""


def chosen(tx: Tx, person: Person, write: Content) -> int:
    """The audience that the content names, locked. Raises Refused 403, 404, 422."""
    return audiences.chosen(tx, person, write.audience, write.lines)
