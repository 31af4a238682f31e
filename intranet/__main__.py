"""The command line: `intranet serve`, `migrate`, `adopt`, `move`, `backup`, `restore`, `config`, `health` and more."""

import asyncio
import os
import sys
import urllib.request
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from intranet.kernel import config

P = ParamSpec("P")


def settings() -> config.Settings:
    """The settings, or a sentence and exit 2."""
    try:
        return config.load(os.environ)
    except config.ConfigError as error:
        click.echo(f"intranet: {error}", err=True)
        sys.exit(2)


@click.group()
def main() -> None:
    """Binnen: team chat and intranet. All settings by environment; see `intranet config show`."""


def told(command: Callable[P, Any]) -> Callable[P, Any]:
    """What stops a command is said in one sentence."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> Any:
        from intranet.keeping.stopped import Stopped
        from intranet.kernel.lock import HalfRestored, InUse
        from intranet.kernel.sqlite import OldSQLite

        os.umask(0o077)  # whatever a command writes, only this account of the machine may read
        try:
            return command(*args, **kwargs)
        except (OldSQLite, InUse, HalfRestored, Stopped, config.ConfigError) as error:
            click.echo(f"intranet: {error}", err=True)
            sys.exit(2)

    return run


@main.command()
@told
def serve() -> None:
    """Migrate, then serve until asked to stop."""
    from intranet.serving import serve as run

    run(settings())


@main.command()
@told
def migrate() -> None:
    """Bring the database to the newest schema."""
    from intranet.serving import alone, bring_up

    chosen = settings()
    with alone(chosen):
        asyncio.run(bring_up(chosen))


@main.command()
@click.argument("what", type=click.Choice(["search"]))
@told
def rebuild(what: str) -> None:
    """Make anew what is derived from the record: the index of the search. On SQLite stop the server first."""
    from intranet.serving import alone, rebuild_search

    chosen = settings()
    with alone(chosen):
        click.echo(f"{what}: {asyncio.run(rebuild_search(chosen))} things gone through")


@main.command()
@click.option("--to", "target", required=True, help="The empty PostgreSQL database: postgresql://user@host/name")
@told
def move(target: str) -> None:
    """Copy this installation from SQLite into an empty PostgreSQL, and compare both. Stop the server first."""
    from intranet.keeping.move import move as run

    run(settings(), target, click.echo)


class _Backup(click.Group):
    """`intranet backup TARGET` is `intranet backup make TARGET`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["make", *args])


ARCHIVE = click.argument("target", type=click.Path(path_type=Path))
NAME = click.option("--name", default="", help="A backup by its folder's name; without it the newest.")


@main.group(cls=_Backup)
def backup() -> None:
    """`intranet backup FOLDER` saves database, files and keys there while the server serves."""


@backup.command()
@ARCHIVE
@click.option("--keep", type=click.IntRange(min=1), help="Afterwards remove all but so many of the newest backups.")
@told
def make(target: Path, keep: int | None) -> None:
    """Save database, files and keys, never the keys of open polls. Files that are there are not copied again."""
    from intranet.keeping.backup import backup as run

    run(settings(), target, click.echo, keep or 0)


@backup.command()
@ARCHIVE
@NAME
@told
def verify(target: Path, name: str) -> None:
    """Read a backup to its end and compare every hash."""
    from intranet.keeping.verify import verify as run

    run(target, click.echo, name)


@main.group(name="files")
def of_files() -> None:
    """Where photos, documents and voice notes lie."""


@of_files.command(name="move")
@click.option("--to", "target", required=True, help="s3://bucket/folder?endpoint=https://host&region=name, or: disk")
@told
def move_files(target: str) -> None:
    """Copy the contents of files to another store, and compare each; INTRANET_FILES_KEY and _SECRET open the bucket."""
    from intranet.keeping.files import move_files as run

    run(settings(), target, click.echo)


@main.command()
@ARCHIVE
@NAME
@told
def restore(target: Path, name: str) -> None:
    """Bring a backup back into an empty data folder (and an empty database). Every device then starts over."""
    from intranet.keeping.restore import restore as run

    run(settings(), target, click.echo, name)


@main.command()
@told
def adopt() -> None:
    """Take this data folder and secret key as the right ones for the PostgreSQL database. See docs/scaling.md."""
    from intranet.serving import take_home

    chosen = settings()
    if not chosen.database_url:
        raise config.ConfigError("on SQLite the database lies in the data folder; there is nothing to adopt")
    asyncio.run(take_home(chosen))


@main.command()
@told
def demo() -> None:
    """Serve the sample company from a folder of its own, filled anew when it is older than today."""
    from intranet.demo.serving import serve_demo

    serve_demo(settings())


@main.group(name="config")
def configuration() -> None:
    """Look at the settings."""


@configuration.command()
def show() -> None:
    """Every setting with its value (secrets redacted) and where it comes from."""
    try:
        click.echo(config.show(os.environ))
    except config.ConfigError as error:
        click.echo(f"intranet: {error}", err=True)
        sys.exit(2)


@main.command()
def health() -> None:
    """Exit 0 when the server on this machine is ready (for containers)."""
    chosen = settings()
    try:
        with urllib.request.urlopen(f"http://{chosen.host}:{chosen.port}/readyz", timeout=5) as answer:
            click.echo(answer.read().decode())
    except OSError as error:
        click.echo(f"not ready: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
