"""What the turned may read: each is like one of the matrix's actors, in some areas like another, before and after."""

from tests.app.company import ACTORS

EVERYBODY = frozenset(ACTORS) - {"none"}
STAFF = EVERYBODY - {"guest"}
INSIDE = frozenset({"member", "moderator"})
DECIDE = frozenset({"moderator", "administrator", "owner"})
NOBODY: frozenset[str] = frozenset()
OUTSIDE = "editor"  # who is in nothing and is nothing that the planted words are for

# In the direct channel are the author, the member and the moderator, whoever else there is.
_MEMBER = {"": "member", "direct": OUTSIDE}
BEFORE = {
    "removed": _MEMBER,
    "left": _MEMBER,
    "unteamed": _MEMBER,
    "silenced": _MEMBER,
    "demoted": {**_MEMBER, "": "moderator"},
    "dismissed": {"": "administrator"},
    "later": {"": OUTSIDE},
}
AFTER = {
    **BEFORE,
    "removed": {**_MEMBER, "private": OUTSIDE},
    "left": {**_MEMBER, "private": OUTSIDE},
    "unteamed": {**_MEMBER, "circle": OUTSIDE},
    "demoted": _MEMBER,
    "dismissed": {"": OUTSIDE},
    "later": {"": OUTSIDE, "public": "member", "joined": "member"},
}


def like(standing: dict[str, dict[str, str]], actor: str, area: str) -> str:
    """Whom this actor equals in an area."""
    its = standing.get(actor, {"": actor})
    return its.get(area, its[""])
