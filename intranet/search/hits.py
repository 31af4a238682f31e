"""What the reader sees of one thing that was found."""

from dataclasses import dataclass
from typing import Any

from .asked import Asked


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing, to be shown with what fits of its text."""

    href: str
    who: Any  # the PersonLine of who wrote it
    where: str  # the channel and topic, the audience, the post
    at: int
    versions: tuple[tuple[str, str], ...]  # (title, text), in the reader's language first
    how: str = "in"  # in a channel, "direct" with others, "for" an audience, "to" a post
    icon: str = ""  # instead of the face

    def version(self, asked: Asked) -> tuple[str, str]:
        """The version that is shown: the first in which something fits."""
        return next((one for one in self.versions if asked.touches("\n".join(one))), self.versions[0])

    def fits(self, asked: Asked) -> bool:
        """Whether what stands in quotes stands in one of its versions."""
        return any(asked.stands_in("\n".join(one)) for one in self.versions)
