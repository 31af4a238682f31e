"""How a poll is shown: one fragment, the same for everybody who may read its host."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal
from markupsafe import Markup
from sqlalchemy import Connection, select, update

from intranet.kernel import AnyRow, DrawNotices, Logged, Person, Thing, Tx, _, render, times, words

from .access import counts_of, has_voted, options_of, poll_if, result_of, results_of, shows_result
from .choices import PUBLISHED, unanimous
from .closing import forget
from .models import Poll, Sealed, TookPart, Vote
from .plans import subject
from .sealing import print_of

KINDS = frozenset({
    "polls.opened", "polls.voted", "polls.option_added", "polls.counting", "polls.closed", "polls.too_few",
    "polls.began_again",
})  # fmt: skip


def numbers(subjects: Sequence[str]) -> list[int]:
    """The polls that these element ids name."""
    return [int(one.rsplit("-", 1)[1]) for one in subjects]


def cards(conn: Connection, place: int, subjects: Sequence[str], lang: str) -> Mapping[str, Thing]:
    """Polls of a place by their subjects."""
    here = (Poll.place == place, Poll.id.in_(numbers(subjects)))
    rows = conn.execute(select(Poll).where(*here).order_by(Poll.id)).all()
    return {thing.id: thing for thing in things(conn, rows, lang)}


def inlays(conn: Connection, place: int, references: Sequence[str], lang: str) -> dict[str, Markup]:
    """Polls inside their hosts."""
    return {name: Markup(thing.html) for name, thing in cards(conn, place, references, lang).items()}


def things(conn: Connection, rows: Sequence[AnyRow], lang: str) -> list[Thing]:
    """Polls rendered in the order given; one query per kind of part."""
    if not rows:
        return []
    options = options_of(conn, [row.id for row in rows])
    named = [row.id for row in rows if not row.anonymous and not row.closed]
    counts = counts_of(conn, named) if named else {}
    results = results_of(conn, [row for row in rows if shows_result(row, voted=False)], options)
    return [
        _thing(row, shown(row, options[row.id], results.get(row.id), counts.get(row.id, 0), lang), lang) for row in rows
    ]


def shown_to(conn: Connection, person: Person, row: AnyRow, options: Sequence[AnyRow]) -> dict[str, Any]:
    """As `shown`, with the result if this very reader sees it."""
    voted = has_voted(conn, person.id, row)
    result = result_of(conn, row, options) if shows_result(row, voted=voted) else None
    return shown(row, options, result, counts_of(conn, [row.id]).get(row.id, 0), person.lang)


def shown(
    row: AnyRow, options: Sequence[AnyRow], known: dict[str, Any] | None, votes: int, lang: str
) -> dict[str, Any]:
    """What the fragment and the pages say of a poll; `known` is its result where that is seen."""
    seen, result = known is not None, known or {}
    state = "closed" if row.closed else "counting" if row.counting else "open"
    if state == "open" and row.anonymous and not row.public:
        state = "coming"
    return {
        "id": row.id, "place": row.place, "seq": row.seq, "rev": row.rev, "author": row.author, "kind": row.kind,
        "question": row.question, "most": row.most, "additions": row.additions, "results": row.results,
        "deadline": row.deadline, "closed": row.closed, "state": state, "anonymous": row.anonymous,
        "minimum": row.minimum, "sentences": row.texts, "public": row.public, "again": row.again,
        "print": print_of(row.public) if row.public else "", "votes": result.get("n", votes),
        "options": [_option(option, lang) for option in options],
        "result": {**result, "bars": bars(row.kind, options, result, lang)} if seen else None,
        "mean": format_decimal(result["mean"], locale=lang) if "mean" in result else "",
        "too_few": bool(row.closed and not row.result), "published": row.kind in PUBLISHED,
        "unanimous": bool(row.anonymous and seen and unanimous(result)),
    }  # fmt: skip


def _option(option: AnyRow, lang: str) -> dict[str, Any]:
    day = times.time_text(option.starts, "day", lang, "UTC") if option.whole_day else ""
    return {
        "n": option.number, "text": option.text or day, "starts": option.starts, "ends": option.ends,
        "day": times.iso(option.starts)[:10] if option.whole_day else "",
    }  # fmt: skip


def bars(kind: str, options: Sequence[AnyRow], result: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """Each option with its ballots and its share of all, in hundredths; of a rating the best level first."""
    n = result.get("n", 0)
    rows = [{
        **_option(option, lang), "yes": result["yes"].get(str(option.number), 0),
        "maybe": result.get("maybe", {}).get(str(option.number), 0), "best": result.get("best", 0) == option.number,
    } for option in options]  # fmt: skip
    for row in rows:
        row["share"] = round(100 * row["yes"] / n) if n else 0
        row["perhaps"] = round(100 * row["maybe"] / n) if n else 0
    return rows[::-1] if kind == "rating" else rows


def _thing(row: AnyRow, poll: dict[str, Any], lang: str) -> Thing:
    html = render("polls/_poll.html", lang, p=poll)
    left_out = ("rev", "seq", "published")
    return Thing(subject(row.id), row.seq, row.rev, html, {
        **{key: value for key, value in poll.items() if key not in left_out}, "kind": "poll", "asks": row.kind,
    })  # fmt: skip


# -- the reader's own


def mine(conn: Connection, person: int, keys: Sequence[str]) -> dict[str, Any]:
    """`vote/9`: the own choice; of a poll without names only that it lies sealed or was counted."""
    polls = [int(key.removeprefix("vote/")) for key in keys if key.removeprefix("vote/").isdigit()]
    found: dict[str, Any] = {}
    votes = select(Vote.poll, Vote.choice).where(Vote.person == person, Vote.poll.in_(polls))
    for row in conn.execute(votes):
        found[f"vote/{row.poll}"] = row.choice
    for model, word in ((Sealed, "sealed"), (TookPart, "counted")):
        for poll in conn.execute(select(model.poll).where(model.person == person, model.poll.in_(polls))).scalars():
            found[f"vote/{poll}"] = word
    return found


def own(conn: Connection, person: int, references: Sequence[str]) -> dict[str, Any]:
    """As `mine`, for the polls that a page shows."""
    return mine(conn, person, [f"vote/{poll}" for poll in numbers(references)])


# -- followers, and words of what people were told


def follow_hosts(tx: Tx, events: Sequence[Logged]) -> None:
    """A message was taken back: its poll goes with it, and a job destroys the key."""
    hosts = [event.subject for event in events]
    for poll in tx.read(select(Poll.id).where(Poll.host.in_(hosts))).scalars().all():
        forget(tx, poll)
        tx.job("polls.end", {"poll": poll, "at": 0})


NOTICES = {
    "polls.closed": (_("The result is there"), "vote"),
    "polls.too_few": (_("Too few votes: nothing was opened, all votes are destroyed"), "vote"),
    "polls.began_again": (_("The poll began again: the votes so far are lost, voting is open anew"), "vote"),
    "polls.ends_soon": (_("Ends soon: whoever has not voted can still do so"), "clock"),
}


def follow_moved(tx: Tx, events: Sequence[Logged]) -> None:
    """A post went to another audience: its poll goes with it. By two, as the post itself (see `feed.move`)."""
    for event in events:
        here = (Poll.host == event.subject, Poll.place != event.place)
        if tx.read(select(Poll.id).where(*here)).first():
            seq = event.seq or tx.head(event.place)
            tx.change(update(Poll).where(*here).values(place=event.place, seq=seq, rev=Poll.rev + 2))


def draws(kind: str) -> DrawNotices:
    """How notices of one kind are drawn: the question and the way to it, of what the reader may still read."""
    text, icon = NOTICES[kind]

    def draw(conn: Connection, reader: Person, subjects: Sequence[str]) -> dict[str, dict[str, str]]:
        said = words(reader.lang).gettext(text)
        rows = [poll_if(conn, reader, poll) for poll in numbers(subjects)]
        return {
            subject(row.id): {"title": row.question, "text": said, "href": f"/polls/{row.id}", "icon": icon}
            for row in rows if row is not None
        }  # fmt: skip

    return draw


__all__ = [
    "KINDS",
    "NOTICES",
    "cards",
    "draws",
    "follow_hosts",
    "follow_moved",
    "inlays",
    "mine",
    "own",
    "shown",
    "things",
]
