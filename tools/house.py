"""House rules that no ready-made linter knows; `tests/house/test_house_rules.py` has a good and a bad example of each.

A rule is a function that takes a `Source` and yields `(line, sentence)`.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("intranet", "templates", "static", "tests", "tools", "bench")
ROOMS = (
    "kernel", "hub", "people", "channels", "files", "audiences", "customers", "notices", "chat", "feed", "polls",
    "inbox", "search", "moderation", "admin",
)  # fmt: skip
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
INSIDE = ("views | live", "actions", "access", "models")
FLOORS = {"views": 3, "live": 3, "actions": 2, "access": 1, "models": 0}
Finding = tuple[int, str]


@dataclass(frozen=True)
class Source:
    """A file's path inside the project, and its text."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, str(self.path))

    @property
    def is_python(self) -> bool:
        """Whether the rules for Python hold here."""
        return self.path.suffix == ".py"

    @property
    def room(self) -> str:
        """The room of a file of the product, or nothing."""
        return self.path.parts[1] if self.path.parts[0] == "intranet" and len(self.path.parts) > 2 else ""


def short_file(source: Source) -> Iterator[Finding]:
    """A file is one idea."""
    lines = source.text.count("\n")
    if source.path.suffix in {".py", ".js", ".html"} and lines > LONGEST_FILE:
        yield LONGEST_FILE, f"{lines} lines; a file over {LONGEST_FILE} is two ideas"


def short_function(source: Source) -> Iterator[Finding]:
    """A function fits in one look."""
    for node in ast.walk(source.tree) if source.is_python else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield node.lineno, f"{node.name} has {lines} lines; at most {LONGEST_FUNCTION}"


def commit_in_kernel(source: Source) -> Iterator[Finding]:
    """Rooms never commit: the writer does, once for a batch."""
    if not source.is_python or source.path.parts[0] != "intranet" or source.room == "kernel":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "commit( belongs to the kernel; a verb only writes through its Tx"


def written_through_tx(source: Source) -> Iterator[Finding]:
    """A room's `conn` is for reading: what it writes goes through its Tx, which can take it back."""
    if not source.is_python or source.path.parts[0] != "intranet" or source.room in ("", "kernel", "demo", "keeping"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute":
            names = {part.id for given in node.args[:1] for part in ast.walk(given) if isinstance(part, ast.Name)}
            if names & {"insert", "update", "delete"}:
                yield node.lineno, "conn reads; write by tx.add, tx.make, tx.upsert or tx.change"


def through_the_door(source: Source) -> Iterator[Finding]:
    """Another room's models and functions come from its door, `intranet.<room>`, never from its insides.

    Only what stands above all rooms (app, serving, demo, main) may reach into the kernel, to put its parts together.
    """
    if not source.is_python or source.path.parts[0] != "intranet":
        return
    for line, parts in _imported(source):
        inside = len(parts) > 2 and parts[0] == "intranet" and parts[1] in ROOMS and parts[1] != source.room
        if inside and (source.room in ROOMS or parts[1] != "kernel"):
            yield line, f"{'.'.join(parts)} is inside the room {parts[1]}; import it from intranet.{parts[1]}"


def _imported(source: Source) -> Iterator[tuple[int, list[str]]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, name.split(".")) for name in dict.fromkeys(_imported_from(node, source)))


def _imported_from(node: ast.ImportFrom, source: Source) -> Iterator[str]:
    base = source.path.parts[: len(source.path.parts) - node.level] if node.level else ()
    module = ".".join([*base, *([node.module] if node.module else [])])
    for alias in node.names:  # `from intranet.chat import models` reaches past the door, unless the door offers it
        name = f"{module}.{alias.name}"
        yield name if is_module(name) and alias.name not in offered(module) else module


@cache
def offered(module: str) -> frozenset[str]:
    """What a room's door names in its `__all__`."""
    door = ROOT.joinpath(*module.split("."), "__init__.py")
    found: set[str] = set()
    for node in ast.parse(door.read_text(encoding="utf-8")).body if door.is_file() else ():
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            found |= set(ast.literal_eval(node.value))
    return frozenset(found)


def order_inside(source: Source) -> Iterator[Finding]:
    """Inside a room: views or live, then actions, then access, then models; never upwards."""
    here = PurePosixPath(source.path.parts[2]).stem if source.room else ""
    own = FLOORS.get(here)
    if not source.is_python or own is None:
        return
    for line, parts in _imported(source):
        if parts[:2] == ["intranet", source.room] and len(parts) > 2 and FLOORS.get(parts[2], own) > own:
            yield line, f"{here} may not import {parts[2]}: {' -> '.join(INSIDE)}"


def is_module(name: str) -> bool:
    """Whether `name` is a file or package of the project."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def closed_page(source: Source) -> Iterator[Finding]:
    """The content security policy allows no inline style, script or handler."""
    if source.path.parts[0] != "templates":
        return
    for number, line in enumerate(source.text.split("\n"), 1):
        if re.search(r"<[^>]*\s(style|on[a-z]+)\s*=", line):
            yield number, "no style= or on…= attributes: use a class, a listener in a module"
        if re.search(r"<style|<script(?![^>]*(\bsrc=|type=\"application/json\"))", line):
            yield number, "no inline <style> or <script>: put it under static/"


def room_folders(source: Source) -> Iterator[Finding]:
    """Templates, assets and tests lie in folders with the names of rooms."""
    top, *rest = source.path.parts
    others = {
        "templates": set(),
        "static": {"vendor"},
        "tests": {"house", "browser", "demo", "app", "keeping", "look", "fuzz", "history", "nodes", "zoo"},
    }
    if top in others and len(rest) > 1 and rest[0] not in {*ROOMS, *others[top]}:
        yield 1, f"{top}/{rest[0]} is not a room"


def finished(source: Source) -> Iterator[Finding]:
    """What is not done is not written down as if it were."""
    for number, line in enumerate(source.text.split("\n"), 1):
        if source.path.suffix in {".py", ".js", ".html", ".css"} and re.search(r"\b(TO" + r"DO|FIX" + r"ME)\b", line):
            yield number, "finish it, or leave it out and say so in the documentation"


RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    short_file,
    short_function,
    commit_in_kernel,
    written_through_tx,
    through_the_door,
    order_inside,
    closed_page,
    room_folders,
    finished,
)


def sources() -> Iterator[Source]:
    """Every file of ours that the rules look at."""
    paths = [ROOT / "run.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))]
    for path in paths:
        inside = PurePosixPath(path.relative_to(ROOT))
        written_once = "vendor" in inside.parts or "versions" in inside.parts  # migrations grow with the schema
        if path.suffix in {".py", ".js", ".html", ".css"} and not written_once:
            yield Source(inside, path.read_text(encoding="utf-8"))


def main() -> int:
    """Print every finding; the exit code says whether there was one."""
    found = [
        f"{source.path}:{line}: {sentence}" for source in sources() for rule in RULES for line, sentence in rule(source)
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
