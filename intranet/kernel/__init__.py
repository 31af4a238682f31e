"""The kernel: record, writer, pages and words. It knows no room."""

from . import clock, markdown, spreadsheet, times
from .allowance import network
from .config import ConfigError, Settings
from .db import GONE, Database
from .durable import flush_folder
from .emoji import clean_emoji
from .errors import Refused, Unavailable, not_found
from .guard import is_foreign, up_to
from .house import House, job_write_id, new_id
from .html import asset, render
from .i18n import LANGUAGES, _, negotiate, ngettext, words
from .inlays import inlays, inlays_own
from .inserts import add_up, in_pairs, insert_missing, upsert
from .keys import Keys, hashed
from .markdown import Rendered
from .outside import fold, number, one_line, tidied, tidy
from .person import NOBODY, SYSTEM, Person, Role, Side
from .reading import heads, once, once_each
from .ready import Ready
from .room import (
    Answer,
    Card,
    DrawNotices,
    Follower,
    JobKind,
    Logged,
    MayRead,
    Room,
    Standing,
    Subject,
    Thing,
    Verb,
    Write,
)
from .rows import AnyRow, AnySelect
from .tables import WITHOUT_ROWID, Base, Event, Installation, Place, Register
from .tx import Tx
from .web import bare_page, base_url, fragment, house, is_https, noted, page, respond, set_session, signed_in, who

__all__ = [
    "GONE", "LANGUAGES", "NOBODY", "SYSTEM", "WITHOUT_ROWID", "Answer", "AnyRow", "AnySelect", "Base", "Card",
    "ConfigError", "Database", "DrawNotices", "Event", "Follower", "House", "Installation", "JobKind", "Keys",
    "Logged", "MayRead", "Person", "Place", "Ready", "Refused", "Register", "Rendered", "Role", "Room", "Settings",
    "Side", "Standing", "Subject", "Thing", "Tx", "Unavailable", "Verb", "Write", "_", "add_up", "asset", "bare_page",
    "base_url", "clean_emoji", "clock", "flush_folder", "fold", "fragment", "hashed", "heads", "house", "in_pairs",
    "inlays", "inlays_own", "insert_missing", "is_foreign", "is_https", "job_write_id", "markdown", "negotiate",
    "network", "new_id", "ngettext", "not_found", "noted", "number", "once", "once_each", "one_line", "page",
    "render", "respond", "set_session", "signed_in", "spreadsheet", "tidied", "tidy", "times", "up_to", "upsert",
    "who", "words",
]  # fmt: skip
