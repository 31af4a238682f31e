"""Scrolling through 5,000 messages in Chromium at 4 x CPU throttle: tasks of the page's main thread, from traces."""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from intranet.kernel.config import Settings
from tests.browser.conftest import ARGS, PHONE, go, sign_in
from tests.browser.scroll import fill, strays, to_end, to_start
from tests.browser.town import Town
from tests.conftest import KEY

MESSAGES = 5000
TRACES = 5
THROTTLE = 4
LONG_MS = 50
CHROMIUM = Path("/usr/bin/chromium")
TASKS = "disabled-by-default-devtools.timeline"

Task = tuple[float, float]  # milliseconds by the clock, and of the processor, both with the throttle


def run(messages: int = MESSAGES, traces: int = TRACES) -> dict[str, Any]:
    """Up to the first message and down to the newest, so often; the longest task of each, and what stood there."""
    undisturbed()
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        town = Town(Settings(data=data, secret_key=KEY, language="en", host="127.0.0.1", writes_per_second=0))
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        try:
            jana, bernd = town.people["jana"], town.people["bernd"]
            place = bernd.channel("Halle 3", jana)
            seqs = fill(bernd, place, messages)
            jana.do("chat.read", place, topic=0, seq=seqs[-1])
            page = opened(browser, town, f"/c/{place}")
            found = [wander(browser, page) for _ in range(traces)]
            moved = strays(opened(browser, town, f"/c/{place}"))
        finally:
            browser.close()
            town.close()
    return {"messages": messages, "throttle": f"{THROTTLE} x", "anchor_moved_px": round(moved, 3), **summary(found)}


def undisturbed() -> None:
    """Before other processes of this machine, where that is allowed, and so is the browser started from here.

    The throttle stretches the time by the clock: what another process takes amid a task counts fourfold. Not by a
    real-time class: Linux stops those for 50 ms of each second in which they want it all, which the clock then counts.
    """
    with suppress(PermissionError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, -20)


def opened(browser: Browser, town: Town, path: str) -> Page:
    """The conversation on a telephone that is four times slower than this machine."""
    screen = ViewportSize(width=PHONE["width"], height=PHONE["height"])
    context = browser.new_context(viewport=screen, locale="de-DE", timezone_id="Europe/Berlin")
    context.set_default_timeout(600_000)
    sign_in(context, town.people["jana"])
    page = context.new_page()
    go(page, town.url + path)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    return page


def wander(browser: Browser, page: Page) -> tuple[int, list[Task]]:
    """Once up and down under a trace: the most elements, and the tasks of the page's main thread."""
    browser.start_tracing(page=page, categories=["__metadata", TASKS])
    most = max(to_start(page), to_end(page))
    return most, tasks(json.loads(browser.stop_tracing()))


def tasks(trace: dict[str, Any]) -> list[Task]:
    """What the busiest renderer's main thread did, task by task: by the clock, and of the processor."""
    events = trace["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    by_thread: dict[tuple[int, int], list[Task]] = {thread: [] for thread in mains}
    for event in events:
        if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in mains:
            task = (event.get("dur", 0) / 1000, event.get("tdur", 0) / 1000)
            by_thread[event["pid"], event["tid"]].append(task)
    return max(by_thread.values(), key=lambda found: sum(clock for clock, _cpu in found))


def summary(found: list[tuple[int, list[Task]]]) -> dict[str, Any]:
    """Over all traces. The clock also counts the time in which another process had the core."""
    figures: dict[str, Any] = {"traces": len(found), "most_elements": max(most for most, _tasks in found)}
    for n, name in enumerate(("clock", "cpu")):
        longest = [max(task[n] for task in tasks) for _most, tasks in found]
        long = [sum(task[n] > LONG_MS for task in tasks) for _most, tasks in found]
        figures[f"longest_task_{name}_ms"] = f"{median(longest):.1f} ({min(longest):.1f} to {max(longest):.1f})"
        figures[f"over_{LONG_MS}_ms_{name}"] = f"{median(long):.0f} ({min(long)} to {max(long)})"
    return {**figures, "tasks": median(len(tasks) for _most, tasks in found)}
