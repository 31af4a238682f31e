"""Who may read a file: exactly who may read one of the things that refer to it."""

from collections.abc import Mapping

from sqlalchemy import Connection, or_, select

from intranet.kernel import AnyRow, AnySelect, MayRead, Person, not_found

from .models import File, FileRef, Upload


def readable(places: AnySelect) -> AnySelect:
    """The ids of all files in messages that somebody with these places, rows (place, joined), may read."""
    own = places.subquery()
    return (
        select(FileRef.file)
        .join(own, own.c.place == FileRef.place)
        .where(FileRef.file != "", FileRef.thing == "m", FileRef.subject >= own.c.joined)
    )


def found(conn: Connection, places: AnySelect, rules: Mapping[str, MayRead], person: Person, file: str) -> AnyRow:
    """The file if it may be read: in a message, or in a thing of an upper room by that room's own rule. Raises 404."""
    of_things = [
        File.id.in_(
            select(FileRef.file).where(
                FileRef.file == file, FileRef.thing == word, rule(person.id, FileRef.__table__.c.subject)
            )
        )
        for word, rule in rules.items()
    ]
    in_messages = File.id.in_(readable(places).where(FileRef.file == file))
    columns = File.__table__.columns
    row = conn.execute(select(*columns).where(File.id == file, or_(in_messages, *of_things))).first()
    if row is None:
        raise not_found()
    return row


def own_upload(conn: Connection, person: Person, upload: str) -> AnyRow:
    """The person's own upload. Raises Refused 404."""
    row = conn.execute(select(*Upload.__table__.columns).where(Upload.person == person.id, Upload.id == upload)).first()
    if row is None:
        raise not_found()
    return row


def contents(conn: Connection) -> set[str]:
    """Every content the record knows, by its sha256."""
    rows = conn.execute(select(File.raw, File.content, File.preview, File.thumb))
    return {sha256 for row in rows for sha256 in row if sha256}
