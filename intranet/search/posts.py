"""Posts and what is said to them, as the search finds them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from intranet import audiences, feed, people
from intranet.feed import said
from intranet.kernel import AnyRow, Person, markdown

from .hits import Hit
from .index import Doc

POST, COMMENT = "post", "comment"
CHANGED_POSTS = frozenset({
    "feed.published", "feed.withdrawn", "feed.edited", "feed.removed", "feed.hidden", "feed.restored", "feed.lapsed",
    "feed.changed",
})  # fmt: skip
NEW_COMMENTS = frozenset({"feed.commented"})
CHANGED_COMMENTS = frozenset({
    "feed.comment_edited", "feed.comment_removed", "feed.comment_hidden", "feed.comment_restored",
})  # fmt: skip
ICONS = {
    "news": "newspaper", "feedback": "ear", "idea": "lightbulb", "question": "circle-question-mark",
    "praise": "heart-handshake", "poll": "chart-bar",
}  # fmt: skip


def post_docs(conn: Connection, _place: int, subjects: Sequence[str]) -> list[Doc]:
    """Posts by their subjects, in all their languages."""
    return [_doc(POST, one) for one in said.posts_said(conn, [_number(subject) for subject in subjects])]


def comment_docs(conn: Connection, _place: int, subjects: Sequence[str]) -> list[Doc]:
    """Comments by their subjects."""
    return [_doc(COMMENT, one) for one in said.comments_said(conn, [_number(subject) for subject in subjects])]


def _doc(kind: str, one: said.Said) -> Doc:
    text = "\n".join(f"{title}\n{text}" for _lang, title, text in one.versions)
    return Doc(f"{kind}-{one.id}", one.place, 0, text, kind, one.readers)


def with_comments(conn: Connection, subjects: Collection[str]) -> list[str]:
    """The subjects of all that is said to these posts: who may read a post may read that."""
    return [f"{COMMENT}-{one}" for one in said.comments_of(conn, [_number(subject) for subject in subjects])]


def every_post(conn: Connection) -> Iterator[tuple[int, int, str]]:
    """All there are, the newest first."""
    return ((at, place, f"{POST}-{number}") for at, place, number in said.all_posts(conn))


def every_comment(conn: Connection) -> Iterator[tuple[int, int, str]]:
    """All there are, the newest first."""
    return ((at, place, f"{COMMENT}-{number}") for at, place, number in said.all_comments(conn))


def post_hits(conn: Connection, person: Person, found: Sequence[AnyRow]) -> Mapping[str, Hit]:
    """Those the reader may read, in their language where there is one."""
    return _hits(conn, person, POST, found, said.posts_said)


def comment_hits(conn: Connection, person: Person, found: Sequence[AnyRow]) -> Mapping[str, Hit]:
    """Those to posts that the reader may read."""
    return _hits(conn, person, COMMENT, found, said.comments_said)


def _hits(
    conn: Connection, person: Person, kind: str, found: Sequence[AnyRow],
    load: Callable[[Connection, Collection[int]], Sequence[said.Said]],
) -> Mapping[str, Hit]:  # fmt: skip
    its = load(conn, [_number(row.subject) for row in found])
    may = feed.readable_among(conn, person.id, {one.post for one in its})
    its = [one for one in its if one.post in may]
    names = people.names(conn, {one.author for one in its})
    where = audiences.describe(conn, {one.place for one in its}, person.lang)
    return {
        f"{kind}-{one.id}": _hit(person, kind, one, names[one.author], where.get(one.place, "")) for one in its
    }  # fmt: skip


def _hit(person: Person, kind: str, one: said.Said, who: people.PersonLine, where: str) -> Hit:
    versions = sorted(one.versions, key=lambda version: version[0] != person.lang)
    texts = tuple((title, text) for _lang, title, text in versions)
    if kind == COMMENT:
        return Hit(
            f"/posts/{one.post}?comment={one.id}#comment-{one.id}",
            who,
            markdown.excerpt(one.title, 60) or where,
            one.at,
            texts,
            "to",
        )
    return Hit(f"/posts/{one.id}", who, where, one.at, texts, "for", ICONS.get(one.kind, "newspaper"))


def _number(subject: str) -> int:
    return int(subject.rsplit("-", 1)[1])
