"""What is stored of a poll without names, and who can see it: read off the tables, so that no column is left unsaid."""

from typing import Any

from intranet.kernel import Base, _, words

from .models import Ballot, Sealed, Sentence, TookPart

TABLES: tuple[tuple[type[Base], str, str], ...] = (
    (Sealed, _("until the end"), _("Nobody: the server keeps it closed until the end, then erases it.")),
    (Ballot, _("after the end"), _("Everybody who can read the poll.")),
    (Sentence, _("after the end, from 10 votes on"), _("Everybody who can read the poll.")),
    (TookPart, _("after the end"), _("Nobody: so that one person counts once.")),
)
COLUMNS: dict[str, str] = {
    "sealed.poll": _("which poll"),
    "sealed.person": _("whose box it is"),
    "sealed.box": _("the box: code and choice, sealed on the device, the same length for every choice"),
    "ballot.poll": _("which poll"),
    "ballot.code": _("the code that the voter’s device drew; the table is in the order of codes"),
    "ballot.choice": _("the choice (one answer and rating); with other kinds nothing"),
    "ballot_sentence.poll": _("which poll"),
    "ballot_sentence.key": _("a number drawn at the end, so that sentences stand in no order"),
    "ballot_sentence.text": _("the sentence, without code and choice"),
    "took_part.poll": _("which poll"),
    "took_part.person": _("that this person took part, without code and choice"),
}


def stored(lang: str) -> list[dict[str, Any]]:
    """Table by table: when, what each column holds, and who sees it. A column without words is an error."""
    say = words(lang).gettext
    return [
        {
            "name": model.__tablename__, "when": say(when), "who": say(who),
            "columns": [say(COLUMNS[f"{model.__tablename__}.{column.name}"]) for column in model.__table__.columns],
        }
        for model, when, who in TABLES
    ]  # fmt: skip


__all__ = ["COLUMNS", "TABLES", "stored"]
