"""The bytes of the sample company's files, and what the writes say about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .model import Company, File


@dataclass(frozen=True, slots=True)
class Made:
    """One file: the fields of its `files.begin`, `files.finish` and `files.pressed`, and of its tile."""

    begin: dict[str, Any]
    finish: dict[str, Any]
    pressed: dict[str, Any]
    about: dict[str, Any]


@dataclass(slots=True)
class Media:
    """All files by what refers to them, and portraits (the hash of each) by person."""

    files: dict[File, Made] = field(default_factory=dict)
    portraits: Mapping[str, str] = field(default_factory=dict)

    def tile(self, file: File, tile: str) -> dict[str, Any]:
        """What the message announces."""
        return {"id": tile, **self.files[file].about}


def bare(company: Company) -> tuple[Company, Media]:
    """The company without any files."""
    from dataclasses import replace

    messages = tuple(
        replace(one, files=()) if one.text else replace(one, files=(), text="…") for one in company.messages
    )
    return replace(company, messages=messages), Media()
