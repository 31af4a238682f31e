"""Files: uploads that survive a dead zone, previews, voice, and who may read them."""

from intranet.kernel import JobKind, Room, Verb, _

from . import actions, live, views
from .access import contents, readable
from .actions import drop_tiles
from .aside import bring_back, copy_tiles, set_aside
from .desk import Desk, desk_of, store_of
from .disk import Disk
from .holding import hold_tiles, move_tiles
from .models import File, FileRef, Upload
from .store import Store, flush_file, hash_file
from .tiles import NewTile, Tile, expect_tiles, tiles_for, tiles_html, tiles_of

# A message whose tiles changed looks different: its room shows it again and keeps the event's seq as its rev. Of other
# things the room is told in place 0, with the thing's id as subject.
CHANGES = frozenset({"files.attached", "files.dropped", "files.shown"})

room = Room(
    "files",
    verbs=[
        Verb(actions.Begin, actions.begin),
        Verb(actions.Attach, actions.attach),
        Verb(actions.Drop, actions.drop, receipt=False),
        Verb(actions.Finish, actions.finish, receipt=False, internal=True),
        Verb(actions.Pressed, actions.pressed, receipt=False, internal=True),
        Verb(actions.Show, actions.show, receipt=False, internal=True),
        Verb(actions.Sweep, actions.sweep, receipt=False, internal=True),
    ],
    routes=views.ROUTES,
    jobs=[JobKind(actions.PRESS, live.press), JobKind(actions.SWEEP, live.sweep)],
    sentences={
        "storage-gone": _("The server cannot reach its store of files. Try again in a moment; nothing is lost."),
        "file-empty": _("The file is empty."),
        "file-too-large": _("The file is too large: {limit} at most."),
        "too-many-files": _("Too many files on one message: {limit} at most."),
        "too-many-uploads": _("{limit} files are on their way already. It goes on when some have arrived."),
        "note-too-long": _("The caption is too long: {limit} characters at most."),
        "message-gone": _("The message is deleted, and its files with it."),
        "file-not-here-yet": _("The file has not arrived yet. It is attached as soon as it has."),
        "more-than-announced": _("More arrived than was announced. The file has to be sent again."),
        "other-bytes": _("What arrived is not what was sent. It is sent once more from the beginning."),
        "wrong-offset": _("Part of this is here already. It goes on from there."),
    },
)

__all__ = [
    "CHANGES", "Desk", "Disk", "File", "FileRef", "NewTile", "Store", "Tile", "Upload", "bring_back", "contents",
    "copy_tiles", "desk_of", "drop_tiles", "expect_tiles", "flush_file", "hash_file", "hold_tiles",
    "move_tiles", "readable", "room", "set_aside", "store_of", "tiles_for", "tiles_html", "tiles_of",
]  # fmt: skip
