"""A process whose disk fails after three writes: the file may grow no further, which SQLite sees as an I/O error."""

import asyncio
import resource
import signal
import sys
from pathlib import Path

from intranet.kernel import SYSTEM, House, new_id
from intranet.kernel.config import Settings
from intranet.kernel.logs import configure
from intranet.kernel.migrate import migrate
from tests.databases import on_database
from tests.kernel import ledger


def say(*words: object) -> None:
    print(*words, flush=True)


async def main(folder: Path) -> None:
    settings = Settings(data=str(folder), secret_key="x" * 32)
    house = House(settings, [ledger.room])
    if sys.argv[2:]:
        print(await house.read(ledger.lines, int(sys.argv[2])))
        await house.stop()
        return
    await migrate(settings)
    await on_database(settings, ledger.make_tables)
    await house.start()
    place = (await house.perform(SYSTEM, ledger.Open(id=new_id()))).place
    say("place", place)
    for number in range(3):
        await house.perform(SYSTEM, ledger.Jot(id=new_id(), place=place, text=str(number)))
        say("kept", number)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = (folder / "binnen.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    say("the disk fails now")
    await house.perform(SYSTEM, ledger.Jot(id=new_id(), place=place, text="never"))
    say("answered")


configure("json")
asyncio.run(main(Path(sys.argv[1])))
