"""Take the pictures anew: `python3 -m tests.look [SCREEN ...]` writes docs/design/ours.

`--into FOLDER` leaves them elsewhere, with what is wrong with each page in faults.json; the tests do this.
"""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from .place import ROOT, running
from .screens import Screen, named
from .shoot import camera, store

FOLDER = ROOT / "docs" / "design" / "ours"


def main(words: list[str]) -> int:
    """All screens, or those named. The exit code says whether something is wrong with a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("screens", nargs="*")
    parser.add_argument("--into", type=Path, default=FOLDER)
    asked = parser.parse_args(words)
    wanted = named(asked.screens)
    faults = take(wanted, asked.into)
    if asked.into != FOLDER:
        (asked.into / "faults.json").write_text(json.dumps(faults), "utf-8")
    for name, found in faults.items():
        print(*(f"{name}: {fault}" for fault in found), sep="\n", end="\n" if found else "")
    print(f"{len(wanted)} screens in {asked.into}")
    return 1 if any(faults.values()) else 0


def take(wanted: list[Screen], folder: Path) -> dict[str, list[str]]:
    """Pictures into the folder; what is wrong by `name-width`."""
    faults: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        houses = {"demo": stack.enter_context(running(Path(scratch) / "demo", "demo"))}
        if any(one.house == "new" for one in wanted):
            houses["new"] = stack.enter_context(running(Path(scratch) / "new", "serve"))
        eye = stack.enter_context(camera(houses))
        for screen in wanted:
            for width in screen.only:
                taken = eye.take(screen, width)
                store(folder, screen, width, taken)
                faults[f"{screen.name}-{width}"] = taken.faults
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
