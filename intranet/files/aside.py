"""Files that leave a message's sight for a while, and copies of what refers to them."""

from sqlalchemy import select, update

from intranet.kernel import Tx

from .models import FileRef


def set_aside(tx: Tx, place: int, seq: int, thing: str, subject: int, *, into: int) -> None:
    """A message's files hang on another thing from now on, in the place `into`, under that thing's own rule."""
    here = (FileRef.place == place, FileRef.subject == seq, FileRef.thing == "m")
    tx.change(update(FileRef).where(*here).values(place=into, thing=thing, subject=subject))


def bring_back(tx: Tx, thing: str, subject: int, place: int, seq: int) -> None:
    """They are a message's again."""
    here = (FileRef.thing == thing, FileRef.subject == subject)
    tx.change(update(FileRef).where(*here).values(place=place, thing="m", subject=seq))


def copy_tiles(tx: Tx, thing: str, place: int, subject: int, *, to: tuple[str, int], into: int) -> None:
    """Another thing refers to the same files that are here now, whatever becomes of the first. `place` 0: anywhere."""
    here = [FileRef.thing == thing, FileRef.subject == subject, FileRef.file != ""]
    if place:
        here.append(FileRef.place == place)
    for row in tx.read(select(*FileRef.__table__.columns).where(*here)).all():
        tx.add(FileRef, {**row._mapping, "place": into, "thing": to[0], "subject": to[1]})
