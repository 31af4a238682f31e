"""How a server is broken on purpose: small changes of the product's own parts, and which check must see each.

A part is changed in its source where that is one line of it, so the zoo says at once when the product has moved on.
"""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from .phone import Phone
from .world import World


@dataclass
class Patches:
    """What a broken server changes."""

    monkeypatch: pytest.MonkeyPatch
    kind: type[Phone] = Phone
    keeps_epoch: bool = False
    starts: list[Callable[[World], None]] = field(default_factory=list)

    def set(self, owner: Any, name: str, value: Any) -> None:
        self.monkeypatch.setattr(owner, name, value)

    def alter(self, owner: Any, name: str, *changes: tuple[str, str]) -> Any:
        """The function again with these words of its source replaced; each must stand there once."""
        function = altered(getattr(owner, name), *changes)
        self.set(owner, name, function)
        return function


def altered(function: Any, *changes: tuple[str, str]) -> Any:
    """A function made of another's source with some words replaced."""
    source = textwrap.dedent(inspect.getsource(function))
    for old, new in changes:
        assert source.count(old) == 1, f"{function.__qualname__} has no single {old!r}: the zoo must follow"
        source = source.replace(old, new)
    made: dict[str, Any] = {}
    exec(compile(source, f"<broken {function.__qualname__}>", "exec"), function.__globals__, made)
    return made[function.__name__]


@dataclass(frozen=True)
class Broken:
    """One of the zoo: what it does, which check must see it, and how it is broken."""

    name: str
    says: str
    check: str
    apply: Callable[[Patches], None]


ZOO: list[Broken] = []


def breaks(check: str, says: str) -> Callable[[Callable[[Patches], None]], Callable[[Patches], None]]:
    """Put this one into the zoo."""

    def add(apply: Callable[[Patches], None]) -> Callable[[Patches], None]:
        ZOO.append(Broken(apply.__name__, says, check, apply))
        return apply

    return add
