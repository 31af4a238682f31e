"""Messages of channels, as the search finds them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from intranet import chat, people
from intranet.channels import mine_in
from intranet.kernel import AnyRow, Person

from .hits import Hit
from .index import Doc

KIND = "m"
NEW = frozenset({"chat.posted"})
CHANGED = frozenset({"chat.edited", "chat.deleted", "chat.hidden", "chat.restored"})


def docs(conn: Connection, place: int, subjects: Sequence[str]) -> list[Doc]:
    """Messages of one channel by their subjects."""
    seqs = [_pair(subject)[1] for subject in subjects]
    return [
        Doc(f"m-{one.channel}-{one.seq}", one.channel, one.seq, one.plain, KIND)
        for one in chat.texts_in(conn, place, seqs)
    ]


def every(conn: Connection) -> Iterator[tuple[int, int, str]]:
    """All there are, the newest first."""
    return ((at, channel, f"m-{channel}-{seq}") for at, channel, seq in chat.all_said(conn))


def hits(conn: Connection, person: Person, found: Sequence[AnyRow]) -> Mapping[str, Hit]:
    """Those in channels the reader is in, from the seq on that their history begins at."""
    lines = {line.id: line for line in mine_in(conn, person)}
    may = [row for row in found if row.place in lines and row.seq >= lines[row.place].since]
    said = chat.texts(conn, [_pair(row.subject) for row in may])
    names = people.names(conn, {one.author for one in said.values()})
    topics = chat.topic_names(conn, sorted({(one.channel, one.topic) for one in said.values() if one.topic}))
    shown = {}
    for row in may:
        one = said.get(_pair(row.subject))
        if one is not None:
            line, topic = lines[one.channel], topics.get((one.channel, one.topic), "")
            direct = line.kind == "direct"
            theirs = direct and [other.id for other in line.others] == [one.author]
            where = " · ".join(filter(None, ("" if theirs else line.title, topic)))
            shown[row.subject] = Hit(
                one.href, names[one.author], where, one.at, (("", one.plain),), "direct" if direct else "in"
            )
    return shown


def _pair(subject: str) -> tuple[int, int]:
    _, place, seq = subject.split("-")
    return int(place), int(seq)
