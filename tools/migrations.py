"""Models and migrations say the same: a database made by the migrations has exactly the tables of the models."""

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


def main() -> int:
    """Print what differs; the exit code says whether something does."""
    heads = ScriptDirectory(str(VERSIONS)).get_heads()
    found = differences()
    if len(heads) != 1:
        found.append(f"there must be one newest migration, not {heads}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
