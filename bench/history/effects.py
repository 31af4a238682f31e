"""C14: what must be told outside is told, under one name, and nothing else is."""

from collections import defaultdict
from collections.abc import Iterable

from .findings import Findings
from .records import Effect, Intent


def told_outside(found: Findings, intents: Iterable[Intent], effects: Iterable[Effect]) -> None:
    """Each intent once at least and always under the same key; none late, none without an intent."""
    given: dict[tuple[int, int, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        given[effect.person, effect.place, effect.subject].append(effect)
    for intent in intents:
        about = f"person {intent.person} of {intent.subject} in place {intent.place}"
        told = given.pop((intent.person, intent.place, intent.subject), [])
        found.add("C14", intent.due and not told, f"nobody told {about}")
        found.add("C14", max(0, len({one.key for one in told}) - 1), f"two jobs told {about}")
        late = sum(1 for one in told if intent.until and one.at > intent.until)
        found.add("C14", late, f"told {about} too late")
    for (person, place, subject), told in given.items():
        found.add("C14", len(told), f"told person {person} of {subject} in place {place}, which is not there")
