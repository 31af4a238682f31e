"""The command line: `intranet serve`, `migrate`, `rebuild`, `config show`, `health`, `demo`."""

import asyncio
import os
import sys
import urllib.request
from collections.abc import Callable
from functools import wraps
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
        from intranet.kernel.lock import InUse
        from intranet.kernel.sqlite import OldSQLite

        try:
            return command(*args, **kwargs)
        except (OldSQLite, InUse, Stopped, config.ConfigError) as error:
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
