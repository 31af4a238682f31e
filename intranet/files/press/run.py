"""The child process: takes away its own power, does one thing, says what it did as one line of JSON."""

import json
import os
import resource
import sys
from pathlib import Path

MEMORY = 1_500_000_000
SECONDS = 20
BIGGEST_OUTPUT = 300_000_000


def main() -> None:
    """`press picture|pdf SOURCE FOLDER`: write the pictures into the folder, print what they are."""
    task, source, folder = sys.argv[1:4]
    _give_up_power()
    sys.stdout.write(json.dumps(_do(task, Path(source), Path(folder))))


def _give_up_power() -> None:
    os.nice(10)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, BIGGEST_OUTPUT),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _do(task: str, source: Path, folder: Path) -> dict[str, object]:
    if task == "picture":
        from . import pictures

        try:
            return pictures.process(source, folder)
        except pictures.NoPicture as reason:
            return {"refused": str(reason)}
    from . import documents

    try:
        return documents.process(source, folder)
    except documents.Broken:
        return {"refused": "damaged"}
