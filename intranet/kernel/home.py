"""Whether a node works in the installation's own data folder and with its key, asked before it serves on PostgreSQL.

The folder holds files, and the keys of open votes without names; the server's key finds receipts. A node with others
would not show the others' files, begin their votes anew, and take writes twice. On SQLite the folder has the database.
"""

import os
import secrets
from pathlib import Path

from sqlalchemy import Connection, delete, select

from .config import ConfigError
from .inserts import upsert
from .keys import Keys
from .tables import Installation

MARK = Path("keys", "folder.id")
FOLDER, KEY = "data_folder", "server_key"  # what the database knows of them


def must_be_home(conn: Connection, folder: Path, keys: Keys) -> None:
    """The first who serves says what is right. Raises ConfigError with a sentence for who does not fit."""
    rows = conn.execute(select(Installation.key, Installation.value)).all()
    known = {row.key: row.value for row in rows}
    if FOLDER not in known:
        adopt(conn, folder, keys)
        return
    if known[KEY] != keys.mark("server key"):
        raise ConfigError(
            "the secret key is not this installation's. All nodes need the same INTRANET_SECRET_KEY or the same data"
            " folder; if the old key is lost for good, `intranet adopt` takes this one."
        )
    if known[FOLDER] != _mark(folder):
        raise ConfigError(
            f"{folder} is not the data folder of this installation, with its files and the keys of its open votes. All"
            " nodes need the same one; if it has come here on another way, `intranet adopt` takes it."
        )


def adopt(conn: Connection, folder: Path, keys: Keys) -> None:
    """From now on this folder and this key are the right ones."""
    mark = _mark(folder) or _marked(folder)
    for key, value in ((FOLDER, mark), (KEY, keys.mark("server key"))):
        conn.execute(upsert(conn, Installation), {"key": key, "value": value})


def forget_home(conn: Connection) -> None:
    """The next who serves says what is right: for what brings the record to another folder."""
    conn.execute(delete(Installation).where(Installation.key.in_([FOLDER, KEY])))


def _mark(folder: Path) -> str:
    path = folder / MARK
    return path.read_text("utf-8").strip() if path.is_file() else ""


def _marked(folder: Path) -> str:
    mark = secrets.token_hex(8)
    path = folder / MARK
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(mark)
        file.flush()
        os.fsync(file.fileno())
    return mark
