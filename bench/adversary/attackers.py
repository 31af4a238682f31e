"""The attackers: each tries one way from what leaks to who chose what; where it finds nothing it guesses the winner."""

import base64
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Protocol

from intranet.polls.sealing import open_box

from .sights import Record

Guess = dict[int, int]
KNOWN = {"poll", "code", "choice"}  # the columns of a ballot that are published anyway


class Attack(Protocol):
    """Guesses; those with `learns` first see polls whose truth an insider knows."""

    learns: bool

    def learn(self, record: Record, truth: Mapping[int, int]) -> None:
        """A poll with its truth."""

    def guess(self, record: Record) -> Guess:
        """Each voter's choice."""


class Plain:
    """An attack that needs no lessons: one function."""

    learns = False

    def __init__(self, find: Callable[[Record], Mapping[int, int]]) -> None:
        self.find = find

    def learn(self, record: Record, truth: Mapping[int, int]) -> None:
        """Nothing."""

    def guess(self, record: Record) -> Guess:
        """What was found, and the winner for all others."""
        return dict.fromkeys(record.took_part, record.winner) | dict(self.find(record))


# -- order


def order(voters: Callable[[Record], Sequence[int]]) -> Callable[[Record], Guess]:
    """The ballots as they lie, dealt to the voters in some order of theirs."""

    def find(record: Record) -> Guess:
        dealt = zip(voters(record), record.ballots, strict=False)
        return {person: ballot["choice"] for person, ballot in dealt}

    return find


def took_part(record: Record) -> Sequence[int]:
    return record.took_part


def first_votes(record: Record) -> Sequence[int]:
    return sorted(record.first, key=record.first.__getitem__)


def last_votes(record: Record) -> Sequence[int]:
    return sorted(record.last, key=record.last.__getitem__)


# -- what stands in the ballot beside it


def columns(record: Record) -> Guess:
    """A column that names the voters."""
    for name in _extra(record):
        if {ballot[name] for ballot in record.ballots} == set(record.took_part):
            return {ballot[name]: ballot["choice"] for ballot in record.ballots}
    return {}


def times(record: Record) -> Guess:
    """A column that rises with the time of the vote, to the nearest vote that was seen."""
    for name in _extra(record):
        if all(isinstance(ballot[name], int) for ballot in record.ballots):
            moments = {person: record.sights[moment].at for person, moment in record.last.items()}
            return {
                min(moments, key=lambda person, at=ballot[name]: abs(moments[person] - at)): ballot["choice"]  # type: ignore[misc]
                for ballot in record.ballots
            }
    return {}


def _extra(record: Record) -> list[str]:
    return [name for name in record.ballots[0] if name not in KNOWN] if record.ballots else []


# -- what lies about in plain, before it should


def codes(record: Record) -> Guess:
    """The codes of the ballots in anything from before the close: whoever voted when it first appears is its voter."""
    found = {}
    for ballot in record.ballots:
        needle = ballot["code"].encode()
        seen = next((n for n, sight in enumerate(record.sights) if sight.brings(needle)), 0)
        if record.votes[seen]:
            found[record.votes[seen]] = ballot["choice"]
    return found


def keys(record: Record) -> Guess:
    """The private key in a backup, the logs or the frames, raw or written out; with it the boxes of the backups."""
    written = (record.key.hex().encode(), base64.b64encode(record.key)[:42], base64.urlsafe_b64encode(record.key)[:42])
    if not any(sight.brings(record.key, *written) for sight in (*record.sights, record.after)):
        return {}
    return _opened(record, record.boxes[-1])


def late_key(record: Record) -> Guess:
    """Somebody gets hold of the key when all is over (an undeleted block of the disk), with the files as they are then.

    A box is looked for by its bytes, which finds it wherever somebody who carves pages would.
    """
    left = {
        person: box for moment in record.boxes for person, box in moment.items()
        if any(box[100:164] in content for content in record.after.files.values())
    }  # fmt: skip
    return _opened(record, left)


def _opened(record: Record, boxes: Mapping[int, bytes]) -> Guess:
    opened = {person: open_box(record.key, record.poll, box) for person, box in boxes.items()}
    return {person: inside.choice.yes[0] for person, inside in opened.items() if inside and person in record.took_part}


# -- counts that move


def stored_counts(record: Record) -> Guess:
    """What the poll's row says of its result, before and after each vote."""
    rows = [sight.rows("SELECT result FROM poll WHERE id = ?", record.poll)[0] for sight in record.sights]
    return _differences(record, [_counts(row["result"]) for row in rows])


def told_counts(record: Record) -> Guess:
    """The numbers in what sockets were sent, before and after each vote."""
    counts: list[dict[int, int]] = []
    for sight in record.sights:
        told = [found for frame in sight.frames for found in _told(frame, record.poll)]
        counts.append(told[-1] if told else counts[-1] if counts else {})
    return _differences(record, counts)


def _told(frame: str, poll: int) -> list[dict[int, int]]:
    """The sums in a frame, wherever it carries them."""
    found: list[dict[int, int]] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            if value.get("id") in (poll, f"poll-{poll}") and isinstance(value.get("result"), dict):
                found.append(_counts(json.dumps(value["result"])))
            for part in value.values():
                look(part)
        elif isinstance(value, list):
            for part in value:
                look(part)

    look(json.loads(frame))
    return found


def _counts(result: str) -> dict[int, int]:
    found = json.loads(result or "{}").get("yes", {})
    return {int(choice): int(n) for choice, n in found.items()}


def _differences(record: Record, counts: Sequence[Mapping[int, int]]) -> Guess:
    found = {}
    for moment, person in enumerate(record.votes):
        rose = [one for one, n in counts[moment].items() if n > counts[moment - 1].get(one, 0)] if moment else []
        if len(rose) == 1 and person in record.took_part:
            found[person] = rose[0]
    return found


# -- what can be learned


class Learner:
    """Looks at signs of each voter, and has learned on other polls which choice they go with (naive Bayes)."""

    learns = True

    def __init__(self, signs: Callable[[Record, int], Sequence[Hashable]]) -> None:
        self.signs = signs
        self.seen: dict[int, list[Counter[Hashable]]] = defaultdict(list)
        self.n: Counter[int] = Counter()

    def learn(self, record: Record, truth: Mapping[int, int]) -> None:
        """Count."""
        for person, choice in truth.items():
            self.n[choice] += 1
            counters = self.seen[choice]
            for at, sign in enumerate(self.signs(record, person)):
                if at == len(counters):
                    counters.append(Counter())
                counters[at][sign] += 1

    def guess(self, record: Record) -> Guess:
        """The likeliest, beginning with the published shares."""
        counts = record.counts()
        return {
            person: max(counts, key=lambda choice, person=person: self._likely(record, person, choice, counts[choice]))  # type: ignore[misc]
            for person in record.took_part
        }

    def _likely(self, record: Record, person: int, choice: int, share: int) -> float:
        sum_ = math.log(share + 1e-9)
        for at, sign in enumerate(self.signs(record, person)):
            known = self.seen[choice][at] if at < len(self.seen[choice]) else Counter[Hashable]()
            sum_ += math.log((known[sign] + 1) / (self.n[choice] + 50))
        return sum_


def box_signs(record: Record, person: int) -> Sequence[Hashable]:
    """Length, and what a weak cipher would repeat."""
    box = record.boxes[record.last[person]].get(person, b"") if person in record.last else b""
    return (len(box), box[65:69], box[-4:])


def disk_signs(record: Record, person: int) -> Sequence[Hashable]:
    """What a vote did to the files: how much was appended to the log, which pages, how many bytes in all."""
    moment = record.last.get(person, 0)
    if not moment:
        return ()
    before, now = record.sights[moment - 1].files, record.sights[moment].files
    sizes = {name: len(now.get(name, b"")) - len(before.get(name, b"")) for name in before.keys() | now.keys()}
    grown = now.get("binnen.db-wal", b"")[len(before.get("binnen.db-wal", b"")) :]
    return (tuple(sorted(sizes.items())), len(grown), grown.count(0) // 32)


def log_signs(record: Record, person: int) -> Sequence[Hashable]:
    """What was logged and sent at the vote, without the numbers that differ every time."""
    sight = record.sights[record.last.get(person, 0)]
    return (tuple(re.sub(r"\d{2,}", "#", line) for line in sight.logs), len(sight.logs), len(sight.frames))


def line_signs(record: Record, person: int) -> Sequence[Hashable]:
    """How long the vote and its answer were on the line, as who sees only the encrypted stream knows it."""
    return tuple(record.sights[record.last.get(person, 0)].line)


def habit_signs(record: Record, person: int) -> Sequence[Hashable]:
    """When in the course one voted, how often, and where one stands among those who took part."""
    ordered = last_votes(record)
    place = ordered.index(person) if person in ordered else -1
    return (person, place, record.votes.count(person), record.took_part.index(person))


ATTACKERS: dict[str, Callable[[], Attack]] = {
    "the published result": lambda: Plain(lambda _record: {}),
    "order as took part": lambda: Plain(order(took_part)),
    "order of first votes": lambda: Plain(order(first_votes)),
    "order of last votes": lambda: Plain(order(last_votes)),
    "columns of the ballot": lambda: Plain(columns),
    "times in the ballot": lambda: Plain(times),
    "codes seen early": lambda: Plain(codes),
    "key in a copy": lambda: Plain(keys),
    "boxes left, key found late": lambda: Plain(late_key),
    "counts in the database": lambda: Plain(stored_counts),
    "counts in frames": lambda: Plain(told_counts),
    "learned from boxes": lambda: Learner(box_signs),
    "learned from the disk": lambda: Learner(disk_signs),
    "learned from logs": lambda: Learner(log_signs),
    "learned from the line": lambda: Learner(line_signs),
    "learned from habits": lambda: Learner(habit_signs),
}

__all__ = ["ATTACKERS", "Attack", "Plain"]
