"""Measure: `python3 run.py bench` takes the figures that have a bound; names add or choose others; `--list` names all.

Needs two cores: the server has one, the load the other. What else runs on them is written beside the figures.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module, util
from time import monotonic
from typing import Any

from . import acks, adversary, catchup, fanout, feed, growth, herd, nodes, pages
from .loads import Missing

Figures = dict[str, Any]


def scroll() -> Figures:
    """Scrolling 5,000 messages in Chromium at 4 x CPU throttle."""
    if util.find_spec("playwright") is None:
        raise Missing("needs a browser: python3 run.py install browser")
    figures: Figures = import_module("bench.scroll").run()
    return figures


BOUNDS = {  # the key, and at most (or, with a minus, at least) what it may be
    "fanout_paced_vs_c": 1.5, "fanout_flat_vs_c_batch": 2.0, "fanout_flat_vs_starlette": 0.25,
    "fanout_flat_vs_node_ws": 0.35, "fanout_flat_vs_prosody": 0.025, "posts_vs_core_single": -3,
    "posts_vs_synapse": -50, "idle_kb": 8, "catchup_vs_raw": 3, "catchup_html": 1.2, "ack_p50_over_flush": 8,
    "growth": 1.3,
}  # fmt: skip
BOUND: dict[str, Callable[[], Figures]] = {
    "fanout-paced": fanout.paced,
    "fanout-flat": fanout.flat_out,
    "posts-core": acks.core,
    "posts-synapse": acks.synapse,
    "ack-flush": acks.flush,
    "idle": herd.idle,
    "catchup": catchup.run,
    "growth": growth.run,
    "restart": herd.restart,
}
KEYS: dict[str, Callable[[], Figures]] = BOUND | {
    "feed": feed.run,
    "herd": herd.herd,
    "sizes": pages.sizes,
    "queries": pages.queries,
    "scroll": scroll,
    "adversary": adversary.run,
    "nodes": nodes.across,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run what is asked for and print it; 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("keys", nargs="*", metavar="NAME", help=", ".join(KEYS))
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--list", action="store_true", help="name what there is and what it measures")
    chosen = parser.parse_args(words)
    if unknown := set(chosen.keys) - KEYS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(KEYS)}")
    if chosen.list:
        print("\n".join(f"{name:<14}{(run.__doc__ or '').splitlines()[0]}" for name, run in KEYS.items()))
        return 0
    found: dict[str, Figures] = {}
    bounded: dict[str, Any] = {}
    for name in chosen.keys or BOUND:
        found[name] = measured(KEYS[name])
        keys = found[name].pop("keys", {})
        bounded |= keys
        if not chosen.json:
            print(
                "\n".join([table(name, found[name]), *(judged(key, value) for key, value in keys.items())]), flush=True
            )
    if chosen.json:
        print(json.dumps({**bounded, **found}, indent=1))
    elif len(bounded) > 1:
        print("\n".join(["", *(judged(key, value) for key, value in bounded.items())]))
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
    lines = [name]
    for key, value in figures.items():
        if isinstance(value, dict):
            lines += [f"  {key}", *(f"    {inner:<25} {said}" for inner, said in value.items())]
        else:
            lines.append(f"  {key:<27} {value}")
    return "\n".join(lines)


def judged(key: str, value: Any) -> str:
    """A figure beside its bound."""
    middle = value["median"] if isinstance(value, dict) else value
    spread = f" ({value['min']} to {value['max']})" if isinstance(value, dict) else ""
    if key not in BOUNDS:
        return f"= {key:<26} {middle}{spread}"
    bound = BOUNDS[key]
    holds = middle >= -bound if bound < 0 else middle <= bound
    words = f"{'at least' if bound < 0 else 'at most'} {abs(bound)}: {'holds' if holds else 'MISSED'}"
    return f"= {key:<26} {middle}{spread}, {words}"


if __name__ == "__main__":
    sys.exit(main())
