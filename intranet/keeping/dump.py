"""PostgreSQL's own tools, pg_dump and pg_restore: what they write, any operator can also bring back by hand."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, make_url

from .stopped import Stopped

_SAME = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")  # of an address' query, as libpq says it


def dump(url: str, snapshot: str, into: Path) -> None:
    """The database as of an exported snapshot, compressed, without owners. Raises Stopped."""
    said = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={into}"]
    _run("pg_dump", [*said, f"--dbname={_address(url)}"], url)


def load(url: str, source: Path) -> None:
    """All of a dump into a database without rows, in one transaction. Raises Stopped."""
    said = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", [*said, f"--dbname={_address(url)}", str(source)], url)


def contents(source: Path) -> str:
    """What a dump lists; reading it whole, so that one cut short is noticed. Raises Stopped."""
    _run("pg_restore", ["--file=/dev/null", str(source)])
    return _run("pg_restore", ["--list", str(source)])


def _run(tool: str, said: Sequence[str], url: str = "") -> str:
    environ = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    password = make_url(url).password if url else None
    if password:
        environ["PGPASSWORD"] = str(password)  # not among the arguments, which every account of the machine sees
    done = subprocess.run([_found(tool), *said], env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Stopped(f"{tool}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
    return done.stdout


def _found(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise Stopped(f"{tool} is missing: install PostgreSQL's client, of the server's version or a newer one.")
    return found


def _address(url: str) -> str:
    """As libpq reads it, without the password."""
    given = make_url(url)
    query = {name: value for name, value in given.query.items() if name in _SAME}
    if "ssl" in given.query:
        query["sslmode"] = given.query["ssl"]
    plain = URL.create("postgresql", given.username, None, given.host, given.port, given.database, query)
    return plain.render_as_string()
