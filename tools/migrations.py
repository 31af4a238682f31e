"""Models and migrations say the same: a database made by the migrations has exactly the tables of the models. And no
migration takes away what nodes of the version before it still use, unless it says so."""

import ast
import re
import sys
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

import intranet.app  # noqa: F401 - brings every room's models into Base.metadata
from intranet.kernel.db import sync_engine
from intranet.kernel.migrate import differences as missing
from intranet.kernel.migrate import upgrade

VERSIONS = Path(__file__).resolve().parent.parent / "intranet" / "kernel" / "migrations"


def differences() -> list[str]:
    """What a fresh SQLite database would still need."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sync_engine("", Path(folder))
        with engine.connect() as connection:
            upgrade(connection)
            found = missing(connection)
        engine.dispose()
    return found


TAKE_AWAY = {
    "drop_table", "drop_column", "drop_constraint", "rename_table", "alter_column", "create_unique_constraint",
    "create_check_constraint", "create_foreign_key",
}  # fmt: skip
FREE = "0014"  # up to here: from before there were several nodes
_HARSH = re.compile(r"\b(DROP|ALTER|RENAME|TRUNCATE)\b", re.IGNORECASE)


def takes_away(source: str) -> set[str]:
    """Steps of a migration after which code that does not know it may fail to read or write. It must then have
    `oldest = "<revision>"`: the version that knows that revision does without what is taken away."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _HARSH.search(node.value):
            found.add("SQL that drops or alters")
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, words = node.func.attr, {keyword.arg for keyword in node.keywords}
        if name in TAKE_AWAY:
            found.add(name)
        if name == "create_index" and "unique" in words:
            found.add("create_index, unique")
        if name == "add_column" and any(_must_be_given(inner) for inner in ast.walk(node)):
            found.add("add_column without a default")
    return found


def _must_be_given(node: ast.AST) -> bool:
    """Whether this is a column that an INSERT of who does not know it would leave without a value."""
    if not isinstance(node, ast.Call):
        return False
    words = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    return words.get("nullable") == "False" and "server_default" not in words


def unsaid() -> list[str]:
    """Migrations that take something away and don't say which version can do without."""
    said = []
    for path in sorted((VERSIONS / "versions").glob("[0-9]*.py")):
        source = path.read_text(encoding="utf-8")
        steps = takes_away(source) if path.name[:4] > FREE else set()
        if steps and not re.search(r'^oldest = "\d{4}"$', source, re.MULTILINE):
            said.append(f"{path.name}: {', '.join(sorted(steps))}: say `oldest = ...`, see docs/scaling.md")
    return said


def main() -> int:
    """Print what differs; the exit code says whether something does."""
    heads = ScriptDirectory(str(VERSIONS)).get_heads()
    found = differences()
    if len(heads) != 1:
        found.append(f"there must be one newest migration, not {heads}")
    found += unsaid()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
