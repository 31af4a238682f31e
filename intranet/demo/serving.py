"""`intranet demo`: the sample company from a folder of its own, made anew when it is older than today."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from intranet import people, polls
from intranet.app import ROOMS
from intranet.kernel import House, Installation, Place
from intranet.kernel.clock import now
from intranet.kernel.config import ConfigError, Settings
from intranet.kernel.logs import configure
from intranet.serving import alone, bring_up, keep_to_oneself, run

from .act import Ids
from .acts import acts
from .board import LATEST
from .clock import last_working, moment
from .company import NAME, build, personas
from .media import make
from .storing import Hand, in_one_transaction, note

SEED = 7
DATE, PERSONAS = "demo.date", "demo.personas"
OPENS = 11  # hours UTC: before, the newest day is the working day before, since nobody writes in the future


def serve_demo(settings: Settings) -> None:
    """Fill if need be, say how to sign in, serve until asked to stop."""
    chosen = as_demo(settings, os.environ.get("INTRANET_DATA", ""))
    configure(chosen.log)
    keep_to_oneself(Path(chosen.data))
    asyncio.run(prepare(chosen, newest_day(now())))
    click.echo(f"The sample company {NAME} lies in {chosen.data}. On the sign-in page, one click signs in as:")
    click.echo("a service technician, inside sales, the editor of company news, the owner.")
    with alone(chosen):
        asyncio.run(run(chosen))


def as_demo(settings: Settings, data: str) -> Settings:
    """The settings of the sample company: SQLite in a folder of its own, whatever the real one uses."""
    folder = data or str(Path(settings.data).parent / "data-demo")
    return msgspec.structs.replace(settings, data=folder, database_url="", demo=True, name=NAME)


def newest_day(at: int) -> date:
    """The working day of the newest messages."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return last_working((moment - timedelta(hours=OPENS)).date())


async def prepare(settings: Settings, latest: date) -> None:
    """Make sure that the folder holds the company as of that day. Raises ConfigError for a folder of something else."""
    folder = Path(settings.data)
    stands = await _stands_at(settings) if (folder / "binnen.db").exists() else None
    if stands == latest.isoformat():
        await bring_up(settings)
        return
    if stands is not None:
        shutil.rmtree(folder)
    click.echo("Making the sample company ...")
    started = time.monotonic()
    await bring_up(settings)
    count = await fill(settings, latest)
    click.echo(f"{count} messages in {time.monotonic() - started:.0f} seconds.")


async def _stands_at(settings: Settings) -> str:
    house = House(settings, ROOMS)
    try:
        found = await house.read(_date)
    except DBAPIError:
        found = None
    finally:
        await house.stop()
    if found is None:
        raise ConfigError(
            f"{settings.data} holds something else than a sample company; INTRANET_DATA names another folder"
        )
    return found


def _date(conn: Connection) -> str | None:
    """Its day; nothing said by a database with people that was not made here; empty for one that was left half made."""
    made = conn.execute(select(Installation.value).where(Installation.key == DATE)).scalar()
    return made or (None if conn.execute(select(Place.id).where(Place.kind == "person").limit(1)).first() else "")


async def fill(settings: Settings, latest: date) -> int:
    """Build the company and store it; how many messages it has."""
    house = House(settings, ROOMS)
    company, ids = build(latest, seed=SEED), Ids()
    try:
        media = await make(house, company)

        def work(conn: Connection) -> None:
            Hand(house, conn, SEED).all(acts(company, media, ids))
            known = {key: actor.id for key, actor in ids.people.items()}
            for key, data in media.portraits.items():
                people.keep_portrait(house.folder, known[key], data)
            note(conn, {PERSONAS: personas(company, known), DATE: latest.isoformat()}, moment(latest, LATEST))
            for poll, secret in ids.keys.items():
                polls.Keyring(house.folder).put(poll, secret)

        await in_one_transaction(house, work)
    finally:
        await house.stop()
    return len(company.messages)
