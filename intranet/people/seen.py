"""That a session was used today: noted once a day, and to the day only."""

from intranet.kernel import Person, Write, new_id

from .access import today
from .writes import Seen

_noted: dict[str, int] = {}  # session -> the day this process has noted; forgetting it costs one write


def seen_today(person: Person) -> Write | None:
    """What to write down, or nothing when this process has done so today."""
    day = today()
    if not person.session or _noted.get(person.session) == day:
        return None
    if len(_noted) > 10_000:
        _noted.clear()
    _noted[person.session] = day
    return Seen(id=new_id(), session=person.session)
