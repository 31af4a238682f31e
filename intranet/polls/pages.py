"""What the pages of polls load: one snapshot each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from intranet import audiences, channels, people
from intranet.kernel import AnyRow, Person, clock, fold, heads, not_found, times, words

from .access import asked, has_voted, is_asked, may_close, options_of, poll_for, result_of, shows_result
from .calendars import Found
from .choices import PUBLISHED, read
from .export import Cell
from .live import mine, shown_to, things
from .models import Ballot, Sentence, Vote
from .sealing import new_code
from .stored import stored
from .words import ANSWERS, COLUMNS, titles

MOST_CODES = 12  # on the poll's own page; all are on a page of their own
ENDS = ((0, 17), (1, 12), (3, 17), (7, 17))  # days from today, and the hour


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows, the name of its file, and the date that was found, if it is one."""

    name: str
    rows: list[list[Cell]]
    found: Found | None


def new_page(conn: Connection, person: Person, place: int, zone: str) -> dict[str, Any]:
    """Where one can ask, and until when. Raises Refused 404, 403 for a place one is not in."""
    lines = [line for line in channels.mine_in(conn, person) if not line.archived and not line.hidden]
    if place:
        channels.inside(conn, person, place)
    return {
        "places": [{"id": line.id, "title": line.title, "kind": line.kind, "size": line.size} for line in lines],
        "chosen": place, "ends": ends(person.lang, zone),
        "audience": None if person.is_guest else audiences.offer(conn, person),
    }  # fmt: skip


def ends(lang: str, zone: str) -> list[tuple[str, str]]:
    """Times to choose from, as forms send them, with their words; a kept page is put right by the browser."""
    now = dt.datetime.fromtimestamp(clock.now() / 1000, ZoneInfo(zone))
    found = []
    for days, hour in ENDS:
        at = (now + dt.timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
        if at > now + dt.timedelta(minutes=30):
            ms = int(at.timestamp() * 1000)
            day = times.time_text(ms, "day", lang, zone, clock.now())
            found.append((at.strftime("%Y-%m-%dT%H:%M"), f"{day}, {at:%H:%M}"))
    return found


def poll_page(conn: Connection, person: Person, poll: int) -> dict[str, Any]:
    """One poll with everything that this reader may know of it. Raises Refused 404, 403."""
    row = poll_for(conn, person, poll)
    options = options_of(conn, [poll])[poll]
    p = shown_to(conn, person, row, options)
    own = mine(conn, person.id, [f"vote/{poll}"])
    is_open = p["state"] in ("open", "coming")
    return {
        "poll": things(conn, [row], person.lang)[0].html, "p": p, "mine": own,
        "own": _own(own.get(f"vote/{poll}", "")), "is_open": is_open,
        "by": people.names(conn, [row.author])[row.author], "where": _where(conn, person, row),
        "size": len(asked(conn, row)),
        "audience": audiences.offer(conn, person) if row.closed and p["result"] and not person.is_guest else None,
        "may_vote": is_asked(conn, person, row),
        "may_close": is_open and may_close(conn, person, row), "fresh_code": new_code(),
        "names": _names(conn, row, options, person.lang) if p["result"] and not row.anonymous else [],
        "stored": stored(person.lang) if row.anonymous else [],
        "sentences": _sentences(conn, row), **_codes(conn, row, MOST_CODES),
        "cursor": heads(conn, [person.id, row.place]), "open": row.place,
    }  # fmt: skip


def _own(vote: str) -> dict[str, Any]:
    """The own vote for the plain form: "" for none, `known` False where it lies sealed."""
    known = vote.startswith("{")
    choice = read(vote) if known else None
    return {
        "there": bool(vote), "known": known, "yes": list(choice.yes) if choice else [],
        "maybe": list(choice.maybe) if choice else [],
    }  # fmt: skip


def _where(conn: Connection, person: Person, row: AnyRow) -> dict[str, str]:
    if row.host.startswith("m-"):
        title, _others = channels.title_of(conn, person, channels.inside(conn, person, row.place))
        return {"title": title, "href": f"/c/{row.place}?at={row.seq}#{row.host}"}
    words_of = audiences.describe(conn, {row.place}, person.lang)
    return {"title": words_of.get(row.place, ""), "href": f"/posts/{row.host.removeprefix('post-')}"}


def _sentences(conn: Connection, row: AnyRow) -> list[str]:
    found = select(Sentence.text).where(Sentence.poll == row.id).order_by(Sentence.key)
    return list(conn.execute(found).scalars()) if row.texts and row.closed else []


def _codes(conn: Connection, row: AnyRow, most: int = 0) -> dict[str, Any]:
    if not row.anonymous or not row.result:
        return {"codes": [], "codes_in_all": 0}
    listed = select(Ballot.code, Ballot.choice).where(Ballot.poll == row.id).order_by(Ballot.code)
    rows = conn.execute(listed.limit(most) if most else listed).all()
    total = conn.execute(select(func.count()).select_from(Ballot).where(Ballot.poll == row.id)).scalar_one()
    return {"codes": [{"code": one.code, "choice": one.choice} for one in rows], "codes_in_all": total}


def codes_page(conn: Connection, person: Person, poll: int) -> dict[str, Any]:
    """All codes. Raises Refused 404, also while there are none."""
    row = poll_for(conn, person, poll)
    found = _codes(conn, row)
    if not found["codes"]:
        raise not_found()
    options = options_of(conn, [poll])[poll]
    return {
        "p": shown_to(conn, person, row, options), "titles": titles(options, row.kind, person.lang), **found,
    }  # fmt: skip


def result_part(conn: Connection, person: Person, poll: int) -> dict[str, Any]:
    """The bars, for who sees them before all do. Raises Refused 404."""
    row = poll_for(conn, person, poll)
    p = shown_to(conn, person, row, options_of(conn, [poll])[poll])
    if p["result"] is None:
        raise not_found()
    return {"p": p}


# -- who voted what, and files


def _names(conn: Connection, row: AnyRow, options: list[AnyRow], lang: str) -> list[dict[str, Any]]:
    """Who voted what, by name, in a poll with names."""
    votes = conn.execute(select(Vote.person, Vote.choice).where(Vote.poll == row.id)).all()
    lines = people.names(conn, {vote.person for vote in votes})
    found = []
    for vote in votes:
        choice = read(vote.choice)
        found.append({"person": lines[vote.person], "yes": list(choice.yes), "maybe": list(choice.maybe)})
    return sorted(found, key=lambda one: fold(one["person"].name))


def table_of(conn: Connection, person: Person, poll: int) -> Table:
    """The result as a table, for who sees it. Raises Refused 404."""
    row = poll_for(conn, person, poll)
    if not shows_result(row, voted=has_voted(conn, person.id, row)):
        raise not_found()
    options = options_of(conn, [poll])[poll]
    result = result_of(conn, row, options)
    say = words(person.lang).gettext
    zone = conn.execute(select(people.PersonRow.zone).where(people.PersonRow.id == person.id)).scalar() or "UTC"
    named = titles(options, row.kind, person.lang, zone)
    with_maybe = row.kind == "dates"
    rows: list[list[Cell]] = [[row.question], [], [say(COLUMNS["answer"]), say(COLUMNS["votes"])]]
    if with_maybe:
        rows[-1].append(say(COLUMNS["maybe"]))
    for option in options:
        key = str(option.number)
        counts = [result["yes"].get(key, 0), *([result["maybe"].get(key, 0)] if with_maybe else [])]
        rows.append([named[option.number], *counts])
    rows.append([say(COLUMNS["all"]), result["n"]])
    rows += _rounds(result, named, say(COLUMNS["round"]))
    if row.anonymous:
        rows += _by_code(conn, row, named, person.lang)
    else:
        rows += _by_name(conn, row, options, named, person.lang)
    return Table(f"umfrage-{poll}" if person.lang == "de" else f"poll-{poll}", rows, _found(row, options, result))


def _rounds(result: dict[str, Any], named: dict[int, str], word: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for n, each in enumerate(result.get("rounds", ()), 1):
        rows += [[], [f"{word} {n}"]]
        rows += [[named[int(key)], count] for key, count in each["counts"].items()]
    return rows


def _by_name(
    conn: Connection, row: AnyRow, options: list[AnyRow], named: dict[int, str], lang: str
) -> list[list[Cell]]:
    say = words(lang).gettext
    rows: list[list[Cell]] = [[], [say(COLUMNS["name"]), *(named[option.number] for option in options)]]
    for one in _names(conn, row, options, lang):
        cells: list[Cell] = [one["person"].name]
        for option in options:
            if row.kind == "ranking":
                cells.append(one["yes"].index(option.number) + 1 if option.number in one["yes"] else "")
            else:
                answer = "yes" if option.number in one["yes"] else "maybe" if option.number in one["maybe"] else ""
                cells.append(say(ANSWERS[answer]) if answer else "")
        rows.append(cells)
    return rows


def _by_code(conn: Connection, row: AnyRow, named: dict[int, str], lang: str) -> list[list[Cell]]:
    say = words(lang).gettext
    found = _codes(conn, row)["codes"]
    rows: list[list[Cell]] = [[], [say(COLUMNS["code"]), *([say(COLUMNS["answer"])] if row.kind in PUBLISHED else [])]]
    rows += [[one["code"], *([named[one["choice"]]] if one["choice"] else [])] for one in found]
    if sentences := _sentences(conn, row):
        rows += [[], [say(COLUMNS["sentences"])]]
        rows += [[text] for text in sentences]
    return rows


def _found(row: AnyRow, options: list[AnyRow], result: dict[str, Any]) -> Found | None:
    best = next((option for option in options if option.number == result.get("best")), None)
    if row.kind != "dates" or not row.closed or best is None:
        return None
    return Found(row.id, row.question, best.starts, best.ends, bool(best.whole_day), row.closed, "binnen")


__all__ = ["Table", "codes_page", "new_page", "poll_page", "result_part", "table_of"]
