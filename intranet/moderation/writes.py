"""What a client may ask of this room."""

from typing import Literal

from intranet.kernel import Write


class ReportIt(Write, tag="moderation.report"):
    """A thing that should not stand there. `subject` is its element id: "m-17-482", "post-9", "comment-5"."""

    subject: str
    reason: str


class Decide(Write, tag="moderation.decide"):
    """What becomes of a reported thing, and of all open reports about it."""

    report: int
    outcome: Literal["kept", "hidden", "removed", "restored"]
    reason: str = ""


class Forget(Write, tag="moderation.forget"):
    """Internal: the thing as it stood is kept no longer."""

    report: int
