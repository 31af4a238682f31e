"""The files of a thing that is written over a longer time: a draft keeps them, and hands them on to what it becomes."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from intranet.kernel import Person, Tx

from .models import FileRef, Upload
from .tiles import NewTile, check, expect_tiles


def hold_tiles(tx: Tx, person: Person, thing: str, subject: int, place: int, wanted: Sequence[NewTile]) -> None:
    """Let the thing have exactly these tiles, in this order; those whose upload is here are filled with it.

    What another person has put there stays theirs. Raises Refused 413, 422.
    """
    check(wanted, most_files=tx.settings.files_per_message, most_bytes=tx.settings.file_limit)
    here = (FileRef.thing == thing, FileRef.subject == subject)
    there = set(tx.read(select(FileRef.tile).where(*here)).scalars())
    names = {each.id for each in wanted}
    if there - names:
        tx.change(delete(FileRef).where(*here, FileRef.tile.in_(sorted(there - names))))
    for position, each in enumerate(wanted):
        if each.id in there:
            note = " ".join(each.note.split())
            tx.change(update(FileRef).where(*here, FileRef.tile == each.id).values(position=position, note=note))
        else:
            expect_tiles(tx, place, subject, person.id, [each], thing=thing, first=position)
    _fill(tx, person, thing, subject, wanted)


def _fill(tx: Tx, person: Person, thing: str, subject: int, wanted: Sequence[NewTile]) -> None:
    """Finished uploads become the tiles' files, as `files.attach` would do it later."""
    asked = {each.upload: each.id for each in wanted if each.upload}
    if not asked:
        return
    mine = (Upload.person == person.id, Upload.id.in_(sorted(asked)), Upload.file != "")
    for upload in tx.read(select(Upload.id, Upload.file).where(*mine)).all():
        tx.change(
            update(FileRef).where(
                FileRef.thing == thing, FileRef.subject == subject, FileRef.tile == asked[upload.id],
                FileRef.person == person.id, FileRef.file == "",
            ).values(file=upload.file)
        )  # fmt: skip
        tx.change(delete(Upload).where(Upload.person == person.id, Upload.id == upload.id))


def move_tiles(tx: Tx, thing: str, subject: int, place: int, *, to: tuple[str, int] | None = None) -> None:
    """The thing's files go with it: into another place, or to the thing that it becomes."""
    values = {"place": place} | ({"thing": to[0], "subject": to[1]} if to else {})
    tx.change(update(FileRef).where(FileRef.thing == thing, FileRef.subject == subject).values(**values))
