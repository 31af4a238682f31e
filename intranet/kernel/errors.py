"""Refusals: the one way a verb or a page says no."""

from typing import Any


class Refused(Exception):
    """A clear no: an HTTP status and a code that a room's `sentences` turn into words of the reader's language.

    `params` fill the sentence's `{placeholders}` and travel in the problem document; they never hold content
    the actor may not see.
    """

    def __init__(self, status: int, code: str, **params: Any) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.params = params


class Unavailable(Refused):
    """The record can't be written now: disk full (507), database gone (503). Nothing was written; retrying is safe."""


def not_found() -> Refused:
    """What one may not see does not exist."""
    return Refused(404, "not-found")


def _(text: str) -> str:
    return text


SENTENCES = {
    "not-found": _("Not here. It may be gone, or it is not for this account."),
    "not-allowed": _("That is not allowed for this account."),
    "signed-out": _("Signed out. Sign in, then it goes on."),
    "malformed": _("That could not be read: {reason}."),
    "unknown-kind": _("This server does not know “{kind}”."),
    "other-content": _("This was sent before with other words. It is kept here; send it again as new."),
    "place-missing": _("The place it belongs to is not there."),
    "too-large": _("Too large: {limit} at most."),
    "too-many": _("Too many at once. It goes on in a moment."),
    "foreign-origin": _("The request came from another site and was not carried out."),
    "disk-full": _("The server has no room left. Nothing was lost; it is sent again later."),
    "database-gone": _("The server cannot reach its record. Nothing was lost; it is sent again later."),
    "conflict": _("Somebody was faster. Look again, then decide."),
    "server": _("That was the server. Nothing was lost. Noted as {note}."),
    "list-empty": _("The list has no lines. The first line names the columns."),
    "list-long": _("At most {most} lines at once."),
    "method": _("That address does not take this."),
}
