"""A post's texts before the queue: names resolved, Markdown rendered, in every language it is written in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from intranet import people
from intranet.kernel import LANGUAGES, Person, Refused, markdown

from .writes import LONGEST, Content, Edit, Version, clean_text, clean_title


@dataclass(frozen=True, slots=True)
class Text:
    """One language of a post as it is stored."""

    lang: str
    title: str
    text: str
    html: str
    plain: str
    mentions: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.title or self.plain or self.html)


def may_mention(write: Content | Edit) -> bool:
    """Whether there is an @ to resolve."""
    return "@" in write.text or any("@" in version.text for version in getattr(write, "versions", ()))


def names_for(conn: Connection, _person: Person, _write: Content | Edit) -> people.Names:
    """Whom one can name in a post. Only read when somebody may be mentioned."""
    return people.names_of_all(conn)


def is_light(write: Content | Edit) -> bool:
    """Short texts are rendered at once; longer ones and code go to a worker thread."""
    return not getattr(write, "versions", ()) and len(write.text) < 1000 and "```" not in write.text


def rendered(write: Content | Edit, names: people.Names | None) -> list[Text]:
    """All texts, the first in the post's own language ("" where that is the author's). Raises Refused 413, 422."""
    first = Version(write.lang, write.title, write.text)
    versions: Sequence[Version] = getattr(write, "versions", ())
    langs = [write.lang, *(version.lang for version in versions)]
    if len(set(langs)) < len(langs) or not {lang for lang in langs if lang} <= set(LANGUAGES):
        raise Refused(422, "malformed", reason="lang")
    if any(not version.lang for version in versions):
        raise Refused(422, "malformed", reason="versions.lang")
    return [render(one, names) for one in (first, *versions)]


def render(version: Version, names: people.Names | None = None) -> Text:
    """One language. Raises Refused 413, 422."""
    try:
        source = clean_text(version.text[: LONGEST + 1])
        source = names.resolve(source) if names else source
        shown = markdown.render(source)
        title = clean_title(markdown.clean(version.title))
    except markdown.UnreadableError as error:
        raise Refused(422, "malformed", reason="text") from error
    return Text(version.lang, title, source, shown.html, shown.plain, shown.mentions)
