"""Posts and polls of the sample company: what they consist of, and how they are read from `data/feed/*.txt`.

    == feedback | mehmet | day=-4 at=11:25 lang=de | Headline, or nothing; or week=2 dow=4 instead of day
      Text, in two spaces.
    * for field+site:Auenried, team:produkt      lines of its audience; without: everyone
    * customer sonnfeld        product, urgent 1, ack 17, pin 3 or pin ack, with lena, people, teams, saved, open
    * photo molkerei Note      also voice, pdf
    * 👍 7                     so many of its readers, or who: 👍 jana mehmet
    * state +1d ida planned owner=ida due=14: Why
    * report jana: Why         of the post, or of a comment; after it * decided carola hidden: Why
    ~ nl | The same in another language
    jana +40 >: A comment, 40 minutes later, in reply to the one before; `* answer` marks it

A poll lists its answers by `- ` and votes by `= 1,2/3 katrin` (the third if need be) or `= 2 x4` (so many others).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from .clock import moment, words, workdays
from .model import Ballot, Complaint, File, Person, Poll, Post, Reply, Step
from .scenes import LINE
from .timeline import Clock, advance, file_of, named

FOLDER = Path(__file__).parent / "data" / "feed"
LATEST = 11 * 60 - 1  # minutes of the newest day up to which things happen
STATE = re.compile(r"(\+\S+) (\w+) (\w+)((?: \w+=\w+)*)(?:: (.*))?$")


@dataclass(slots=True)
class _Part:
    """The post itself, a version of it or a comment: how it begins, its text and what is marked on it."""

    head: str
    text: list[str] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [rest for mark, rest in self.marks if mark == name]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def names(self, name: str) -> tuple[str, ...]:
        return tuple(self.one(name).split())


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    by: str
    flags: Mapping[str, str]
    title: str
    parts: list[_Part]
    answers: list[str]
    votes: list[str]


def board(
    latest: date, seed: int, people: Mapping[str, Person], pictures: Mapping[str, File]
) -> tuple[tuple[Post, ...], tuple[Poll, ...]]:
    """All posts and polls, oldest first. A picture that was taken already is the same here."""
    posts, polls = [], []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, text in enumerate(re.split(r"^== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]):
            key = f"{path.stem}.{number}"
            reader = _Reader(_block(text), key, latest, people, pictures, random.Random(f"{seed} {key}"))
            if reader.block.kind == "poll":
                polls.append(reader.poll())
            else:
                posts.append(reader.post())
    return tuple(sorted(posts, key=lambda one: one.at)), tuple(sorted(polls, key=lambda one: one.at))


def readers(people: Mapping[str, Person], audience: Sequence[str]) -> list[str]:
    """Who is in an audience; everyone is all but guests."""
    inside = [person for person in people.values() if person.role != "guest"]
    return [person.key for person in inside if not audience or any(_is_in(person, line) for line in audience)]


def _is_in(person: Person, line: str) -> bool:
    return all(
        part.removeprefix("team:") in person.teams
        or part == f"site:{person.site}"
        or (part in ("field", "office") and person.side in (part, "both"))
        for part in line.split("+")
    )


# -- reading


def _block(text: str) -> _Block:
    heading, *rows = text.strip("\n").split("\n")
    kind, by, flags, *title = [part.strip() for part in f"{heading} ".split(" | ")]
    parts, answers, votes = [_Part("")], list[str](), list[str]()
    for row in rows:
        if row.startswith("  ") or not row.strip():
            parts[-1].text.append(row[2:])
        elif row.startswith("* "):
            mark, _, rest = row[2:].partition(" ")
            parts[-1].marks.append((mark, rest))
        elif row.startswith("- "):
            answers.append(row[2:])
        elif row.startswith("= "):
            votes.append(row[2:])
        elif row.startswith("~ "):
            parts.append(_Part(row))
        elif found := LINE.match(row):
            parts.append(_Part(row, [found["text"] or ""]))
        else:
            raise ValueError(f"not a line of a post: {row!r}")
    named_flags = {name: value for name, _, value in (flag.partition("=") for flag in flags.split())}
    return _Block(kind, by, named_flags, " ".join(title), parts, answers, votes)


@dataclass(slots=True)
class _Reader:
    block: _Block
    key: str
    latest: date
    people: Mapping[str, Person]
    pictures: Mapping[str, File]
    dice: random.Random

    @property
    def lang(self) -> str:
        return self.block.flags.get("lang", "de")

    @property
    def end(self) -> int:
        return moment(self.latest, LATEST)

    def post(self) -> Post:
        """A post with everything that was said and done about it."""
        block, first, flags = self.block, self.block.parts[0], self.block.flags
        day, at = self._begin()
        audience = self._audience()
        known = [one for one in readers(self.people, audience) if one != block.by]
        versions = [part for part in block.parts if part.head.startswith("~")]
        acked = int(first.one("ack") or 0)
        waiting = first.names("open")
        return Post(
            self.key, block.kind, block.by, at, self.lang, words(block.title, day, self.lang),
            self._said(first, day, self.lang), audience,
            versions=tuple(self._version(part, day) for part in versions),
            files=tuple(
                self._file(mark, rest) for mark, rest in first.marks if mark in ("photo", "pdf", "voice")
            ),
            customer=first.one("customer"), product=first.one("product"), urgency=int(first.one("urgent") or 0),
            people=first.names("people"), teams=first.names("teams"), authors=first.names("with"),
            asks=bool(acked), acked=self._acked(known, acked, waiting), pin=first.one("pin"),
            steps=tuple(self._step(rest, day, at) for rest in first.all("state")),
            complaints=tuple(self._complaints()), replies=tuple(self._replies(day, at, known)),
            reactions=self._reactions(first, known),
            saved=first.names("saved"), waiting=waiting, publish=self._time(flags.get("publish", "")),
            draft=block.kind == "draft",
        )  # fmt: skip

    def poll(self) -> Poll:
        """A poll with its votes."""
        block, flags = self.block, self.block.flags
        day, at = self._begin()
        audience = self._audience()
        return Poll(
            self.key, block.by, at, self._time(flags["ends"]), flags.get("in", ""), audience,
            words(block.title, day, self.lang), flags["kind"], tuple(self._answer(one) for one in block.answers),
            most=int(flags.get("most", 0)), additions="additions" in flags, anonymous="anonymous" in flags,
            minimum=int(flags.get("minimum", 7)), sentences="sentences" in flags,
            results=flags.get("results", "voted"), votes=tuple(block.votes),
        )  # fmt: skip

    # -- when

    def _begin(self) -> tuple[date, int]:
        flags = self.block.flags
        day = workdays(self.latest, int(flags.get("day", 0)))
        if "week" in flags:  # weeks back, and the day of that week
            back = self.latest.weekday() + 7 * int(flags["week"]) - int(flags.get("dow", 0))
            day = self.latest - timedelta(days=back)
        hour, _, minute = flags.get("at", "10:59").partition(":")
        return day, moment(day, int(hour) * 60 + int(minute)) + self.dice.randrange(60_000)

    def _time(self, said: str) -> int:
        if not said:
            return 0
        days, _, clock = said.partition("@")
        hour, _, minute = clock.partition(":")
        return moment(workdays(self.latest, int(days)), int(hour) * 60 + int(minute))

    def _answer(self, text: str) -> str:
        """Of a date found: the working day from the newest, and from when to when."""
        found = re.fullmatch(r"(\d+) (\d\d:\d\d/\d\d:\d\d)", text)
        return f"{workdays(self.latest, int(found[1])).isoformat()}T{found[2]}" if found else text

    # -- what

    def _audience(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.block.parts[0].one("for").split(",") if part.strip())

    def _said(self, part: _Part, day: date, lang: str) -> str:
        return named(words("\n".join(part.text).strip(), day, lang), self.people)

    def _file(self, mark: str, rest: str) -> File:
        made = file_of(mark, rest, self.key)
        known = self.pictures.get(made.source)
        return replace(known, note=made.note) if known and mark == "photo" else made

    def _version(self, part: _Part, day: date) -> tuple[str, str, str]:
        lang, title = part.head.removeprefix("~ ").split(" | ")
        return lang, words(title, day, lang), self._said(part, day, lang)

    def _acked(self, known: Sequence[str], count: int, waiting: Sequence[str]) -> tuple[str, ...]:
        """Those who have acknowledged; the personas have, unless it waits for them."""
        sure = [one for one in known if self.people[one].persona and one not in waiting]
        others = [one for one in known if not self.people[one].persona]
        return (*sure, *self.dice.sample(others, max(0, min(count - len(sure), len(others))))) if count else ()

    def _reactions(self, part: _Part, known: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found = []
        for mark, rest in part.marks:
            if mark.isascii():
                continue
            who = self.dice.sample(known, min(int(rest), len(known))) if rest.isdigit() else rest.split()
            found.append((mark, tuple(who)))
        return tuple(found)

    def _step(self, rest: str, day: date, at: int) -> Step:
        found = STATE.match(rest)
        if found is None:
            raise ValueError(f"not a state: {rest!r}")
        gap, by, state, more, reason = found.groups()
        given = dict(one.split("=") for one in (more or "").split())
        when = Clock(day, (at - moment(day, 0)) / 60_000)
        advance(when, gap[1:], self.dice, fixed=False)
        due = self._time(f"{given['due']}@16:00") if "due" in given else 0
        happens = min(moment(when.day, when.minute), self.end)
        return Step(happens, by, state, given.get("owner", ""), due, words(reason or "", when.day, self.lang))

    def _complaints(self) -> Iterator[Complaint]:
        comments = [part for part in self.block.parts[1:] if not part.head.startswith("~")]
        for number, part in enumerate([self.block.parts[0], *comments]):
            if said := part.one("report"):
                by, _, why = said.partition(": ")
                decided, _, because = part.one("decided").partition(": ")
                who, _, outcome = decided.partition(" ")
                yield Complaint(by, why, f"{self.key}/{number - 1}" if number else "", outcome, who, because)

    def _replies(self, day: date, at: int, known: Sequence[str]) -> Iterator[Reply]:
        when, before = Clock(day, (at - moment(day, 0)) / 60_000), ""
        comments = [part for part in self.block.parts[1:] if not part.head.startswith("~")]
        for number, part in enumerate(comments):
            found = LINE.match(part.head)
            assert found is not None
            mods = (found["mods"] or "").split()
            advance(when, next((mod[1:] for mod in mods if mod[0] == "+"), ""), self.dice, fixed=False)
            key = f"{self.key}/{number}"
            yield Reply(
                key, found["by"], min(moment(when.day, when.minute), self.end - 60_000 * (len(comments) - number)),
                self._said(part, when.day, found["lang"] or self.lang), before if ">" in mods else "",
                self._reactions(part, [one for one in known if one != found["by"]]),
                answers=any(mark == "answer" for mark, _ in part.marks),
            )  # fmt: skip
            before = key


def ballots(poll: Poll, asked: Sequence[str], dice: random.Random) -> list[Ballot]:
    """Who votes what: those who are named, and so many others of those who are asked, but for the personas."""
    named_rows = [row.split() for row in poll.votes]
    taken = {who for _, *rest in named_rows for who in rest if not who[1:].isdigit()}
    others = [one for one in asked if one not in taken]
    dice.shuffle(others)
    found = []
    for choice, *rest in named_rows:
        yes, _, maybe = choice.partition("/")
        for who in rest:
            count = int(who[1:]) if who[1:].isdigit() else 0
            voters, others = (others[:count], others[count:]) if count else ([who], others)
            found += [Ballot(one, _numbers(yes), _numbers(maybe)) for one in voters]
    dice.shuffle(found)
    return found


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",") if one)
