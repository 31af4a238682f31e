"""A long conversation, and wandering through it; also for the bench."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page

from .town import Actor, Refusal

MOST = 400
WORDS = "Die Lieferung für Halle drei kommt morgen, bitte den Stapler freihalten und vorher anrufen. ".split()

# Scrolls by a good part of a screen per picture until the end of that direction, and says how many messages stood there
# at most.
WANDER = """async ([by, end]) => {
    const scroller = document.querySelector("[data-stream]"), list = scroller.querySelector("[data-list]");
    let most = 0, still = 0;
    while (still < 20) {
        const before = scroller.scrollTop;
        scroller.scrollTop += by;
        await new Promise(requestAnimationFrame);
        most = Math.max(most, list.querySelectorAll(":scope > [data-rev]").length);
        const arrived = list.dataset[end] !== undefined && Math.abs(scroller.scrollTop - before) < 1;
        still = arrived ? still + 1 : 0;
    }
    return most;
}"""

# Watches the first message in view while older ones are put in above; returns how far it strayed.
STRAYS = """async (scroller) => {
    const list = scroller.querySelector("[data-list]");
    const from = list.dataset.from;
    scroller.scrollTop = 1800;
    const top = scroller.getBoundingClientRect().top;
    const anchor = [...list.children].find((one) => one.dataset.rev && one.getBoundingClientRect().bottom > top);
    const place = () => anchor.getBoundingClientRect().top;
    const before = place();
    let most = 0, still = 0, count = list.children.length;
    while (still < 12) {
        await new Promise(requestAnimationFrame);
        most = Math.max(most, Math.abs(place() - before));
        const grown = list.children.length !== count || list.dataset.from === from;
        still = grown ? 0 : still + 1;
        count = list.children.length;
    }
    return most;
}"""


def fill(who: Actor, place: int, number: int) -> list[int]:
    """So many messages of changing length; their seqs in order."""

    def say(n: int) -> int:
        text = " ".join(WORDS[: 3 + n * 7 % len(WORDS)]) + ("\n\n- eins\n- **zwei**" if n % 9 == 0 else "")
        while True:  # one person may write only so much at once
            try:
                return who.say(place, f"{n}: {text}")
            except Refusal as refusal:
                pause = json.loads(str(refusal)).get("retry_after")
                if pause is None:
                    raise
                time.sleep(pause)

    with ThreadPoolExecutor(8) as pool:
        return sorted(pool.map(say, range(number)))


def to_start(page: Page) -> int:
    """Up to the first message; the most elements on the way."""
    return int(page.evaluate(WANDER, [-600, "start"]))


def to_end(page: Page) -> int:
    """Down to the newest; the most elements on the way."""
    return int(page.evaluate(WANDER, [600, "end"]))


def strays(page: Page) -> float:
    """How far, in pixels, what is looked at moves at most while older messages are put in above."""
    return float(page.locator("[data-stream]").evaluate(STRAYS))
