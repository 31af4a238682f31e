"""Who may read a file: exactly who may read one of the things that refer to it."""

from sqlalchemy import Connection, select

from intranet.kernel import AnyRow, AnySelect, Person, not_found

from .models import File, FileRef, Upload


def readable(places: AnySelect) -> AnySelect:
    """The ids of all files that somebody with these places, rows (place, joined), may read."""
    own = places.subquery()
    return (
        select(FileRef.file)
        .join(own, own.c.place == FileRef.place)
        .where(FileRef.file != "", FileRef.subject >= own.c.joined)
    )


def found(conn: Connection, places: AnySelect, file: str) -> AnyRow:
    """The file if it may be read. Raises Refused 404."""
    allowed = readable(places).where(FileRef.file == file)
    row = conn.execute(select(*File.__table__.columns).where(File.id == file, File.id.in_(allowed))).first()
    if row is None:
        raise not_found()
    return row


def own_upload(conn: Connection, person: Person, upload: str) -> AnyRow:
    """The person's own upload. Raises Refused 404."""
    row = conn.execute(select(*Upload.__table__.columns).where(Upload.person == person.id, Upload.id == upload)).first()
    if row is None:
        raise not_found()
    return row
