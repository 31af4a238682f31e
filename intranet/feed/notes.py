"""What people are told about posts, in words. Whoever may not read a post any more is shown nothing of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from intranet import people
from intranet.kernel import AnyRow, Person, _, markdown, words

from . import told
from .access import is_own_draft, is_readable, post_number
from .models import Comment, Post, PostDraft

Notes = Mapping[str, Mapping[str, str]]
Draw = Callable[[Connection, Person, Sequence[str]], Notes]
SHOWN = 120
KINDS = {
    "news": _("Company"), "feedback": _("Customer voice"), "idea": _("Idea"), "question": _("Question"),
    "praise": _("Praise"), "poll": _("Poll"),
}  # fmt: skip
STATES = {
    "new": _("new"), "seen": _("seen"), "planned": _("planned"), "done": _("done"), "declined": _("declined"),
}  # fmt: skip


def title_of(row: AnyRow) -> str:
    """What a post is called on one line: its headline, or how it begins."""
    return row.title or markdown.excerpt(row.plain, SHOWN)


@dataclass(frozen=True, slots=True)
class AboutPosts:
    """Notices of one kind. The title may name the author, the kind and the state of the post."""

    title: str
    icon: str
    anchor: str = ""

    def __call__(self, conn: Connection, person: Person, subjects: Sequence[str]) -> Notes:
        """Those that the person may still read: two queries."""
        ids = [post_number(subject) for subject in subjects]
        which = (Post.id.in_(ids), Post.removed == 0, is_readable(person.id, Post.id))
        rows = conn.execute(select(Post).where(*which)).all()
        names = people.names(conn, {row.author for row in rows})
        say = words(person.lang).gettext
        return {
            f"post-{row.id}": {
                "title": say(self.title).format(
                    name=names[row.author].name, kind=say(KINDS[row.kind]), state=say(STATES.get(row.state, "new"))
                ),
                "text": title_of(row), "href": f"/posts/{row.id}{self.anchor}", "icon": self.icon,
            } for row in rows
        }  # fmt: skip


def in_comments(conn: Connection, person: Person, subjects: Sequence[str]) -> Notes:
    """Comments that name the person."""
    ids = [post_number(subject) for subject in subjects]
    rows = conn.execute(
        select(Comment.id, Comment.post, Comment.author, Comment.plain).join(Post, Post.id == Comment.post)
        .where(Comment.id.in_(ids), Comment.removed == 0, Comment.hidden == 0, Post.removed == 0)
        .where(is_readable(person.id, Comment.post))
    ).all()  # fmt: skip
    names = people.names(conn, {row.author for row in rows})
    say = words(person.lang).gettext
    return {
        f"comment-{row.id}": {
            "title": say(_("{name} names you in a comment")).format(name=names[row.author].name),
            "text": markdown.excerpt(row.plain, SHOWN), "icon": "at-sign",
            "href": f"/posts/{row.post}?comment={row.id}#comment-{row.id}",
        } for row in rows
    }  # fmt: skip


def together(conn: Connection, person: Person, subjects: Sequence[str]) -> Notes:
    """Posts and drafts that the person writes together with somebody."""
    title = words(person.lang).gettext(_("{name} writes a post together with you"))
    posts = _POSTS(conn, person, [one for one in subjects if one.startswith("post-")])
    rows = _drafts(conn, person, subjects)
    names = people.names(conn, {row.author for row in rows})
    return {**posts, **{
        f"draft-{row.id}": {"title": title.format(name=names[row.author].name), "text": _begins(row),
                            "href": f"/feed/new?draft={row.key}", "icon": "pen-line"}
        for row in rows
    }}  # fmt: skip


def refused(conn: Connection, person: Person, subjects: Sequence[str]) -> Notes:
    """What could not be published at its time."""
    title = words(person.lang).gettext(_("A planned post could not be published"))
    return {
        f"draft-{row.id}": {"title": title, "text": _begins(row), "href": "/feed/drafts", "icon": "circle-alert"}
        for row in _drafts(conn, person, subjects)
    }


def _drafts(conn: Connection, person: Person, subjects: Sequence[str]) -> list[AnyRow]:
    ids = [post_number(one) for one in subjects if one.startswith("draft-")]
    return list(conn.execute(select(PostDraft).where(PostDraft.id.in_(ids), is_own_draft(person.id, PostDraft.id))))


def _begins(row: AnyRow) -> str:
    return row.title or markdown.excerpt(row.text, SHOWN)


_POSTS = AboutPosts(_("{name} writes a post together with you"), "pen-line")
NOTICES: dict[str, Draw] = {
    told.NAMED: AboutPosts(_("{name} names you in a post"), "at-sign"),
    told.PRAISED: AboutPosts(_("Praise from {name}"), "heart-handshake"),
    told.ASKED: AboutPosts(_("{name} asks you to acknowledge this"), "badge-check"),
    told.REMINDED: AboutPosts(_("Reminder: {name} asks you to acknowledge this"), "badge-check"),
    told.COMMENTED: AboutPosts(_("New comments"), "message-circle", "#comments"),
    told.NAMED_THERE: in_comments,
    told.ANSWERED: AboutPosts(_("The question is answered"), "circle-check"),
    told.STATE: AboutPosts(_("{kind}: {state}"), "flag"),
    told.TOGETHER: together,
    told.REFUSED: refused,
    told.OWNED: AboutPosts(_("This is yours to take care of"), "flag"),
}
