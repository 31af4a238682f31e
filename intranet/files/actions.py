"""The verbs of files. None of them touches a byte: bytes go through the part files and the store."""

from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from intranet.kernel import Person, Refused, Subject, Tx, Write, clock, not_found

from . import access, names
from .models import File, FileRef, Upload
from .sniff import KINDS
from .store import is_sha256
from .tiles import megabytes

MOST_OPEN = 30  # uploads of one person under way
MOST_OPEN_FILES = 10  # times the limit of one file: what all of them may weigh together
KEEP_OPEN = 14 * clock.DAY
SWEEP_AFTER = 2 * clock.HOUR
SWEEP = "files.sweep"
PRESS = "files.press"


class Begin(Write, tag="files.begin"):
    """Announce a file. Its bytes go to `/files/<id of this write>`, and what arrives must have this sha256."""

    name: str
    size: int
    sha256: str
    kind: str = "file"


class Finish(Write, tag="files.finish"):
    """All bytes of an upload are here and verified."""

    upload: str
    kind: str
    type: str
    name: str
    stored: str  # sha256 in the store


class Attach(Write, tag="files.attach"):
    """Fill the tile of an own message with a finished upload."""

    message: Subject
    tile: str
    upload: str


class Drop(Write, tag="files.drop"):
    """Give up a file: its tile leaves the message, its upload ends."""

    message: Subject = 0
    tile: str = ""
    upload: str = ""


class Pressed(Write, tag="files.pressed"):
    """What the press made of a file."""

    file: str
    state: str
    kind: str
    type: str
    name: str
    size: int
    content: str
    preview: str = ""
    thumb: str = ""
    width: int = 0
    height: int = 0
    pages: int = 0


class Show(Write, tag="files.show"):
    """Say in one place that a file there looks different now."""

    file: str


class Sweep(Write, tag="files.forget"):
    """Forget uploads that were begun too long ago, and files nothing refers to."""


def begin(tx: Tx, person: Person, write: Begin) -> None:
    """Check what is announced and make room for it."""
    if write.kind not in KINDS or not is_sha256(write.sha256):
        raise Refused(422, "malformed", reason="kind" if write.kind not in KINDS else "sha256")
    if write.size < 1:
        raise Refused(422, "file-empty")
    limit = tx.settings.file_limit
    if write.size > limit:
        raise Refused(413, "file-too-large", limit=megabytes(limit))
    under_way = tx.read(
        select(func.count().label("files"), func.coalesce(func.sum(Upload.size), 0).label("bytes"))
        .where(Upload.person == person.id, Upload.file == "")
    ).one()  # fmt: skip
    if under_way.files >= MOST_OPEN or under_way.bytes + write.size > MOST_OPEN_FILES * limit:
        raise Refused(429, "too-many-uploads", limit=MOST_OPEN)
    tx.add(Upload, {
        "person": person.id, "id": write.id, "name": names.clean(write.name), "kind": write.kind, "size": write.size,
        "sha256": write.sha256, "begun": tx.now, "file": "",
    })  # fmt: skip
    tx.job(SWEEP, {}, at=tx.now + SWEEP_AFTER, key=SWEEP)


def finish(tx: Tx, person: Person, write: Finish) -> dict[str, Any]:
    """The upload became a file. A second time it stays the one it is."""
    upload = access.own_upload(tx.conn, person, write.upload)
    if upload.file:
        return {"file": upload.file}
    file = tx.token(write, "file")[:32]
    is_picture = write.kind == "photo"
    tx.add(File, {
        "id": file, "state": "new" if is_picture else "ready", "kind": write.kind, "type": write.type,
        "name": write.name, "size": upload.size, "raw": write.stored if is_picture else "",
        "content": "" if is_picture else write.stored, "preview": "", "thumb": "", "width": 0, "height": 0, "pages": 0,
    })  # fmt: skip
    tx.change(update(Upload).where(Upload.person == person.id, Upload.id == write.upload).values(file=file))
    if write.kind in ("photo", "pdf"):
        tx.job(PRESS, {"file": file})
    return {"file": file}


def attach(tx: Tx, person: Person, write: Attach) -> dict[str, Any]:
    """Who may write in the place is asked by the room whose message it is, which follows `files.attached`."""
    upload = access.own_upload(tx.conn, person, write.upload)
    if not upload.file:
        raise Refused(409, "file-not-here-yet")
    ref = _own_tile(tx, person, write, write.message, write.tile)
    if ref.file:
        raise Refused(409, "conflict")
    tx.change(_tile_of(update(FileRef), ref).values(file=upload.file))
    # From here on only the message keeps the file: when it is deleted, nothing must hold the bytes back.
    tx.change(delete(Upload).where(Upload.person == person.id, Upload.id == write.upload))
    return {"seq": tx.record(ref.place, "files.attached", message_id(ref.place, ref.subject), person.id)}


def drop(tx: Tx, person: Person, write: Drop) -> dict[str, Any]:
    """Dropping what is gone already is done."""
    if write.upload:
        tx.change(delete(Upload).where(Upload.person == person.id, Upload.id == write.upload))
    tx.job(SWEEP, {}, at=tx.now + SWEEP_AFTER, key=SWEEP)
    if not write.message:
        return {}
    ref = _own_tile(tx, person, write, write.message, write.tile)
    tx.change(_tile_of(delete(FileRef), ref))
    return {"seq": tx.record(ref.place, "files.dropped", message_id(ref.place, ref.subject), person.id)}


def _own_tile(tx: Tx, person: Person, write: Write, message: Subject, tile: str) -> Any:
    place, seq = _message(tx, person, write, message)
    row = tx.read(
        select(FileRef.place, FileRef.subject, FileRef.tile, FileRef.file).where(
            FileRef.place == place, FileRef.subject == seq, FileRef.tile == tile, FileRef.person == person.id
        )
    ).first()
    if row is None and isinstance(message, str):  # one's own, as its receipt says: deleted since
        raise Refused(410, "message-gone")
    if row is None:
        raise not_found()
    return row


def _message(tx: Tx, person: Person, write: Write, message: Subject) -> tuple[int, int]:
    """The message in the write's own place, whatever the client called it."""
    if isinstance(message, int):
        return tx.place, message
    found = tx.resolve(person, message)
    if found is None or found[0] != tx.place:
        raise not_found()
    return found


def _tile_of(statement: Any, ref: Any) -> Any:
    return statement.where(FileRef.place == ref.place, FileRef.subject == ref.subject, FileRef.tile == ref.tile)


def message_id(place: int, seq: int) -> str:
    """The element id of the message, which is also the subject of its events."""
    return f"m-{place}-{seq}"


def pressed(tx: Tx, _person: Person, write: Pressed) -> None:
    """Only the first result counts."""
    values = {
        name: getattr(write, name)
        for name in ("state", "kind", "type", "name", "size", "content", "preview", "thumb", "width", "height", "pages")
    }
    tx.change(update(File).where(File.id == write.file).values(raw="", **values))


def show(tx: Tx, _person: Person, write: Show) -> None:
    """One event for every message of this place that refers to the file."""
    seqs = tx.read(select(FileRef.subject).where(FileRef.place == tx.place, FileRef.file == write.file)).scalars()
    for seq in sorted(set(seqs)):
        tx.record(tx.place, "files.shown", message_id(tx.place, seq))


def drop_tiles(tx: Tx, place: int, seq: int) -> None:
    """The message is gone: so is what only it referred to."""
    tx.change(delete(FileRef).where(FileRef.place == place, FileRef.subject == seq))
    tx.job(SWEEP, {}, at=tx.now + SWEEP_AFTER, key=SWEEP)


_UNREFERRED = (
    ~select(FileRef.file).where(FileRef.file == File.id).exists()
    & ~select(Upload.file).where(Upload.file == File.id).exists()
)
_FORGET_FILES = delete(File).where(_UNREFERRED)
_FORGET_UPLOADS = delete(Upload).where(Upload.begun < bindparam("before"))


def sweep(tx: Tx, _person: Person, _write: Sweep) -> None:
    """An upload protects its file until it is forgotten itself, so that there is time to attach it."""
    tx.change(_FORGET_UPLOADS, {"before": tx.now - KEEP_OPEN})
    tx.change(_FORGET_FILES)
    tomorrow = tx.now // clock.DAY + 1
    tx.job(SWEEP, {}, at=tomorrow * clock.DAY, key=f"{SWEEP}/{tomorrow}")
