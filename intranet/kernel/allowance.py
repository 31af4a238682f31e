"""How many writes somebody may send: enough for an outbox that has waited for a week, too few to flood the house."""

import ipaddress
from math import ceil
from time import monotonic

from .errors import Refused
from .person import Person

SAVED = 60.0  # seconds' worth that may be sent at once
MOST_KEPT = 10_000  # people and networks remembered; who is forgotten begins with all that may be saved


def network(address: str) -> str:
    """One address counts as one; of IPv6 a household's /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else address


class Allowance:
    """A bucket for each person, on all devices together; who is not signed in shares the network's. 0: no limit."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._left: dict[int | str, tuple[float, float]] = {}  # who -> writes left, and when; latest last

    def take(self, person: Person) -> None:
        """Count one write. Raises Refused 429 with the seconds after which it goes on."""
        if not self.per_second:
            return
        who: int | str = person.id if person.id > 0 else network(person.address)
        now, most = monotonic(), SAVED * self.per_second
        left, before = self._left.pop(who, (most, now))
        left = min(most, left + (now - before) * self.per_second)
        self._left[who] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_KEPT:
            del self._left[next(iter(self._left))]
        if left < 1:
            raise Refused(429, "too-many", retry_after=ceil((1 - left) / self.per_second))
