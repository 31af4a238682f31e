"""The verbs of files. None of them touches a byte: bytes go through the part files and the store."""

from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from intranet.kernel import Event, Person, Refused, Subject, Tx, Write, clock, not_found, number

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


class Attach(Write, tag="files.attach", kw_only=True):
    """Fill the tile of an own message with a finished upload; or of another `thing`, by its id: a "post", a "draft"."""

    message: Subject
    thing: str = "m"
    tile: str
    upload: str


class Drop(Write, tag="files.drop"):
    """Give up a file: its tile leaves the message, its upload ends."""

    message: Subject = 0
    thing: str = "m"
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
    ref = _own_tile(tx, person, write)
    if ref.file:
        raise Refused(409, "conflict")
    tx.change(_tile_of(update(FileRef), ref).values(file=upload.file))
    # From here on only the message keeps the file: when it is deleted, nothing must hold the bytes back.
    tx.change(delete(Upload).where(Upload.person == person.id, Upload.id == write.upload))
    return _changed(tx, "files.attached", ref, person.id)


def drop(tx: Tx, person: Person, write: Drop) -> dict[str, Any]:
    """Dropping what is gone already is done."""
    if write.upload:
        tx.change(delete(Upload).where(Upload.person == person.id, Upload.id == write.upload))
    tx.job(SWEEP, {}, at=tx.now + SWEEP_AFTER, key=SWEEP)
    if not write.message:
        return {}
    ref = _own_tile(tx, person, write)
    tx.change(_tile_of(delete(FileRef), ref))
    return _changed(tx, "files.dropped", ref, person.id)


def _changed(tx: Tx, kind: str, ref: Any, actor: int) -> dict[str, Any]:
    """A message's change is in its place's log. Of another thing its own room is told, which keeps the log."""
    if ref.thing != "m":
        tx.record_later(0, kind, f"{ref.thing}-{ref.subject}", actor)
        return {}
    return {"seq": tx.record(ref.place, kind, message_id(ref.place, ref.subject), actor)}


def _own_tile(tx: Tx, person: Person, write: Attach | Drop) -> Any:
    columns = (FileRef.place, FileRef.subject, FileRef.tile, FileRef.file, FileRef.thing)
    own = select(*columns).where(FileRef.tile == write.tile, FileRef.person == person.id)
    if write.thing == "m":
        place, seq = _message(tx, person, write.message)
        own = own.where(FileRef.place == place, FileRef.subject == seq, FileRef.thing == "m")
    else:
        own = own.where(FileRef.thing == write.thing, FileRef.subject == _thing(tx, person, write.thing, write.message))
    row = tx.read(own).first()
    if row is None and isinstance(write.message, str):  # one's own, as its receipt says: deleted since
        raise Refused(410, "message-gone")
    if row is None:
        raise not_found()
    return row


def _message(tx: Tx, person: Person, message: Subject) -> tuple[int, int]:
    """The message in the write's own place, whatever the client called it."""
    if isinstance(message, int):
        return tx.place, message
    found = tx.resolve(person, message)
    if found is None or found[0] != tx.place:
        raise not_found()
    return found


def _thing(tx: Tx, person: Person, thing: str, ref: Subject) -> int:
    """A thing by its id, or by the client id of the write that made it, whose event names it. Raises Refused 404."""
    if isinstance(ref, int):
        return ref
    made = tx.resolve(person, ref)
    named = select(Event.subject).where(Event.place == made[0], Event.seq == made[1]) if made else None
    subject = str(tx.read(named).scalar() or "") if named is not None else ""
    found = number(subject.removeprefix(f"{thing}-"))
    if found is None:
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
    refs = tx.read(
        select(FileRef.place, FileRef.thing, FileRef.subject).distinct()
        .where(FileRef.place == tx.place, FileRef.file == write.file).order_by(FileRef.thing, FileRef.subject)
    )  # fmt: skip
    for ref in refs.all():
        _changed(tx, "files.shown", ref, 0)


def drop_tiles(tx: Tx, place: int, seq: int, *, thing: str = "m") -> None:
    """The message is gone: so is what only it referred to."""
    tx.change(delete(FileRef).where(FileRef.place == place, FileRef.subject == seq, FileRef.thing == thing))
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
