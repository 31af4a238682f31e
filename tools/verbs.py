"""`docs/api/do.md`, every verb with its fields, and `openapi.json`, the same for programs, with all that they read.

`python -m tools.verbs` writes both from the code, `--check` compares.
"""

import json
import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from intranet.app import ROOMS
from intranet.described import document
from intranet.kernel import Verb, Write

TARGET = Path(__file__).resolve().parent.parent / "docs" / "api" / "do.md"
HEAD = """# Every write

Written by `python -m tools.verbs` from the code; a test holds it current.

The same for programs, with all that can be read: [openapi.json](openapi.json), served at `/openapi.json`.

Each is one JSON object, sent to `POST /do` or on the socket (see [socket.md](socket.md)): `do` names the verb, `id`
is a client id made once (a UUID), `place` the place it is for (0 or left out: the person's own; or the client id of
the write that makes the place). A field without a default must be given; an unknown field is refused with 422.
Where a thing can be named, its number or the client id of the write that makes it will do. *Once*: a repeat with
the same id does nothing and gets the same answer. *Again*: a repeat is carried out anew; it sets the same state, or
must not be repeatable, as signing in.
"""


def type_name(hint: Any) -> str:
    """A type in words of JSON."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(type_name(one) for one in inner))
    if origin is Literal:
        return " or ".join(f'"{one}"' for one in inner)
    if origin in (list, tuple):
        return f"list of {type_name(inner[0])}"
    if origin is dict:
        return "object"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return "{" + ", ".join(f"{name}: {type_name(one)}" for name, one in get_type_hints(hint).items()) + "}"
    return {str: "text", int: "number", bool: "true or false", float: "number", NoneType: "null"}.get(hint, "any")


def default(field: Any) -> str:
    """What is taken when the field is left out."""
    if field.default is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(field.default).decode()}`"
    if field.default_factory is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(field.default_factory()).decode()}`"
    return "must be given"


def verb_text(verb: Verb) -> str:
    """One verb: what it does, its fields."""
    marks = ["once" if verb.receipt else "again", *(["also signed out"] if verb.nobody else [])]
    lines = [f"### `{verb.name}`", "", f"{' '.join((verb.write.__doc__ or '').split())} ({', '.join(marks)})", ""]
    hints = get_type_hints(verb.write)
    shared = {field.name for field in msgspec.structs.fields(Write)}
    fields = [field for field in msgspec.structs.fields(verb.write) if field.name not in shared]
    if fields:
        lines += ["| field | type | default |", "|---|---|---|"]
        lines += [f"| `{one.encode_name}` | {type_name(hints[one.name])} | {default(one)} |" for one in fields]
        lines.append("")
    return "\n".join(lines)


def text() -> str:
    """The whole page."""
    parts = [HEAD]
    for room in ROOMS:
        verbs = sorted((verb for verb in room.verbs if not verb.internal), key=lambda verb: verb.name)
        if verbs:
            parts += [f"## {room.name}\n", *(verb_text(verb) for verb in verbs)]
    return "\n".join(parts).rstrip() + "\n"


def described() -> str:
    """The OpenAPI description, a line for each thing in it."""
    return json.dumps(document(ROOMS), indent=1, ensure_ascii=False) + "\n"


def main(words: list[str]) -> int:
    """Write the pages, or with `--check` say whether they are current."""
    pages = {TARGET: text(), TARGET.with_name("openapi.json"): described()}
    if "--check" in words:
        return int(any(not path.exists() or path.read_text(encoding="utf-8") != page for path, page in pages.items()))
    for path, page in pages.items():
        path.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
