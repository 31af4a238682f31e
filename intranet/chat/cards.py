"""Small things fetched beside a page: who can be named, former texts, sources, quotes, who reacted, what is planned."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Connection, func, select

from intranet import files, people
from intranet.channels import inside, members, mine_in
from intranet.kernel import AnyRow, Person, markdown, not_found

from .last import topic_names
from .later import planned
from .models import Earlier, Message, Reaction
from .moderated import own_hidden
from .pages import header_of


def people_here(conn: Connection, person: Person, number: int) -> dict[str, Any]:
    """Whom one can mention: members, teams, everybody; and how many each reaches."""
    inside(conn, person, number)
    listed = [line for line, _role in members(conn, number) if line.active]
    team = people.TeamMember
    reached = conn.execute(
        select(team.team_id, func.count().label("n")).where(team.person_id.in_([line.id for line in listed]))
        .group_by(team.team_id)
    )  # fmt: skip
    sizes = {row.team_id: row.n for row in reached}
    teams = [
        {"id": one.id, "name": one.name, "size": sizes[one.id]} for one in people.teams(conn) if one.id in sizes
    ]  # fmt: skip
    return {
        "people": [{"id": one.id, "name": one.name, "side": one.side} for one in listed],
        "teams": teams, "all": len(listed),
    }  # fmt: skip


def earlier(conn: Connection, person: Person, number: int, seq: int) -> dict[str, Any]:
    """Former texts of a message: its author and the channel's moderators only. Raises Refused 404."""
    row = inside(conn, person, number)
    message = _readable(conn, row, seq)
    if message.author != person.id and row.role != "moderator":
        raise not_found()
    texts = conn.execute(
        select(Earlier).where(Earlier.channel == number, Earlier.seq == seq).order_by(Earlier.rev.desc())
    ).all()
    return {
        "channel": header_of(conn, person, row, members(conn, number)),
        "message": {"href": f"/c/{number}?at={seq}#m-{number}-{seq}", "html": Markup(message.html)},
        "texts": [{"html": Markup(text.html), "until": text.until} for text in texts],
    }


def hidden(conn: Connection, person: Person, number: int, seq: int) -> dict[str, Any]:
    """An own message that is hidden, with its files, for its author. Raises Refused 404."""
    row = own_hidden(conn, person, number, seq)
    tiles = files.tiles_of(conn, "hidden", [row.id]).get(row.id, [])
    return {
        "place": number, "reason": row.reason, "html": Markup(row.html or escape(row.plain)),
        "files": files.tiles_html(tiles, person.lang),
    }  # fmt: skip


def source(conn: Connection, person: Person, number: int, seq: int) -> dict[str, Any]:
    """What an author wrote, to be changed. Raises Refused 404."""
    message = _readable(conn, inside(conn, person, number), seq)
    if message.author != person.id:
        raise not_found()
    return {"text": message.text, "rev": message.rev}


def quote(conn: Connection, person: Person, number: int, seq: int) -> dict[str, Any]:
    """The card of a quoted message, for who may read it. Raises Refused 404."""
    message = _readable(conn, inside(conn, person, number), seq)
    name = people.names(conn, [message.author])[message.author].name
    return {"place": number, "seq": seq, "name": name, "text": markdown.excerpt(message.plain, 120)}


def reactors(conn: Connection, person: Person, number: int, seq: int) -> dict[str, Any]:
    """Who reacted with what. Raises Refused 404."""
    _readable(conn, inside(conn, person, number), seq)
    rows = conn.execute(
        select(Reaction.emoji, Reaction.person).where(Reaction.channel == number, Reaction.seq == seq)
        .order_by(Reaction.emoji, Reaction.person)
    ).all()  # fmt: skip
    names = people.names(conn, {row.person for row in rows})
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.emoji, []).append(names[row.person].name)
    return {"reactions": found}


def scheduled(conn: Connection, person: Person, sentence: Callable[[str], str]) -> dict[str, Any]:
    """What the person has planned to send, the next first."""
    lines = {line.id: line for line in mine_in(conn, person)}
    rows = planned(conn, person)
    names = topic_names(conn, [(row.channel, row.topic) for row in rows if row.topic])
    return {
        "planned": [
            {"id": row.id, "at": row.at, "text": row.text, "channel": lines[row.channel].title
             if row.channel in lines else "", "href": f"/c/{row.channel}",
             "topic": row.topic_name or names.get((row.channel, row.topic), ""),
             "refused": sentence(row.refused) if row.refused else ""}
            for row in rows
        ]
    }  # fmt: skip


# -- parts


def _readable(conn: Connection, channel: AnyRow, seq: int) -> AnyRow:
    message = conn.execute(
        select(Message).where(
            Message.channel == channel.id, Message.seq == seq, Message.seq >= channel.since, Message.deleted == 0
        )
    ).first()
    if message is None:
        raise not_found()
    return message
