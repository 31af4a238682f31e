"""Measure: `python3 run.py bench` does everything, `python3 run.py bench herd idle` some of it; `--list` names all.

Needs two cores: the server has one, the load the other. What else runs on them shows in the spread.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module, util
from time import monotonic
from typing import Any

from . import acks, adversary, delivery, feed, herd, nodes, pages
from .loads import Missing

Figures = dict[str, Any]


def scroll() -> Figures:
    """Scrolling 5,000 messages in Chromium at 4 x CPU throttle."""
    if util.find_spec("playwright") is None:
        raise Missing("needs a browser: python3 run.py install browser")
    figures: Figures = import_module("bench.scroll").run()
    return figures


KEYS: dict[str, Callable[[], Figures]] = {
    "acks": acks.by_socket,
    "writes": acks.in_process,
    "delivery": delivery.paced,
    "delivery-flat": delivery.flat_out,
    "idle": herd.idle,
    "herd": herd.herd,
    "sizes": pages.sizes,
    "queries": pages.queries,
    "scroll": scroll,
    "feed": feed.run,
    "adversary": adversary.run,
    "nodes": nodes.across,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run what is asked for and print it; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("keys", nargs="*", metavar="KEY", help=", ".join(KEYS))
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--list", action="store_true", help="name the keys and what they measure")
    chosen = parser.parse_args(words)
    if unknown := set(chosen.keys) - KEYS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(KEYS)}")
    if chosen.list:
        print("\n".join(f"{name:<14}{(run.__doc__ or '').splitlines()[0]}" for name, run in KEYS.items()))
        return 0
    found: dict[str, Figures] = {}
    for name in chosen.keys or KEYS:
        found[name] = measured(KEYS[name])
        if not chosen.json:
            print(table(name, found[name]), flush=True)
    if chosen.json:
        print(json.dumps(found, indent=1))
    return 1 if any("failed" in figures for figures in found.values()) else 0


def measured(run: Callable[[], Figures]) -> Figures:
    """The figures, or why there are none; one that fails does not keep the others from being taken."""
    start = monotonic()
    try:
        figures = run()
    except Missing as missing:
        figures = {"left out": str(missing)}
    except (Exception, SystemExit) as error:  # noqa: BLE001 (the others are still to be measured)
        figures = {"failed": f"{type(error).__name__}: {error}"}
    return {**figures, "took_s": round(monotonic() - start, 1)}


def table(name: str, figures: Figures) -> str:
    """Readable lines."""
    return "\n".join([name, *(f"  {key:<27} {value}" for key, value in figures.items())])


if __name__ == "__main__":
    sys.exit(main())
