"""`intranet files move`: contents of files from where they lie to another store, each compared. What is left stays."""

import asyncio

from msgspec.structs import replace

from intranet import files
from intranet.app import ROOMS
from intranet.kernel.config import Settings

from .contents import named_now, room
from .stopped import Say, Stopped, of

assert ROOMS  # every room is imported, so that the metadata is complete
DISK = "disk"


def move_files(settings: Settings, to: str, say: Say) -> None:
    """Copy every content that the record names and the other store lacks. Raises Stopped, ConfigError.

    May run while the server serves, and again: then only what is new is copied.
    """
    aim = replace(settings, files_url="" if to == DISK else to)
    if aim.files_url == settings.files_url:
        raise Stopped("The files lie there already.")
    here, there = files.store_of(settings), files.store_of(aim)
    copied, missing = 0, []
    names = sorted(asyncio.run(named_now(settings)))
    for sha256 in names:
        if there.has(sha256):
            continue
        with room(there) as work:
            try:
                here.fetch(sha256, work / "content")
            except FileNotFoundError:
                missing.append(sha256)
                continue
            if there.adopt(work / "content") != sha256:
                raise Stopped(f"The content {sha256} has other bytes than its name says. Nothing was removed.")
            copied += 1
    say(f"{of(len(names), 'content')} named: {copied} copied now, each compared as it arrived; the others were there.")
    if missing:
        raise Stopped(f"{of(len(missing), 'content')} not to be found where they should lie: {', '.join(missing[:5])}.")
    say("Stop the server, run this once more for what came meanwhile, and start it with INTRANET_FILES_URL set to")
    say(f"{aim.files_url.partition('?')[0] or 'nothing'}. What lies at the old place is not removed.")
