"""What the reader sees of one thing that was found."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing, to be shown with what fits of its text."""

    href: str
    who: Any  # the PersonLine of who wrote it
    where: str  # the channel and topic, the audience; of a direct conversation who else is in it
    at: int
    text: str
    title: str = ""
    direct: bool = False
    icon: str = ""  # instead of the face
