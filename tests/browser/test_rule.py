"""The one rule of live pages, case by case, in a real browser."""

import itertools
import json
from typing import Any

import pytest
from playwright.sync_api import Page

from intranet.kernel import asset

from .conftest import Enter
from .drawn import EPOCH, fragment
from .town import Town

LISTS = "channel-17 topic-17-0"


@pytest.fixture
def live(town: Town, enter: Enter) -> Page:
    """A page with the rule's modules loaded and a list of seqs 10 to 12, loaded to the end but not to the start."""
    page = enter(service_workers="block").new_page()
    page.goto(f"{town.url}/offline")
    page.evaluate("""async (base) => {
        for (const name of ["rule", "frames", "mine"]) window[name] = await import(`${base}/${name}.js`);
        rule.iAm(5);
    }""", asset("kernel"))  # fmt: skip
    show(page, "channel-17", [10, 11, 12], end=True)
    return page


def show(page: Page, name: str, seqs: list[int], *, end: bool = False, start: bool = False) -> None:
    page.evaluate("""([name, html, from, to, end, start]) => {
        const list = document.createElement("div");
        Object.assign(list.dataset, { list: name, from, to });
        if (end) list.dataset.end = ""; if (start) list.dataset.start = "";
        list.innerHTML = html;
        document.body.append(list);
    }""", [name, "".join(fragment(s, f"text {s}") for s in seqs), seqs[0], seqs[-1], end, start])  # fmt: skip


def arrive(page: Page, html: str) -> bool:
    return bool(page.evaluate("html => rule.place(rule.parse(html).firstElementChild)", html))


def ids(page: Page, name: str = "channel-17") -> list[str]:
    found = page.evaluate(
        "name => [...document.querySelector(`[data-list='${name}']`).children].map(e => `${e.dataset.seq}@${e.dataset.rev}`)",  # noqa: E501
        name,
    )
    return list(found)


def frame(seq: int, to: int, text: str = "new", since: int | None = None, **more: Any) -> dict[str, Any]:
    thing = {"id": f"m-17-{seq}", "seq": seq, "rev": to, "html": fragment(seq, text, rev=to, **more)}
    return {
        "t": "frame",
        "place": 17,
        "epoch": EPOCH,
        "from": to - 1 if since is None else since,
        "to": to,
        "things": [thing],
    }


def begin(page: Page, seq: int) -> None:
    page.evaluate("([e, s]) => frames.begin({17: [e, s]})", [EPOCH, seq])


def take(page: Page, *given: dict[str, Any]) -> None:
    page.evaluate("async (all) => { for (const f of all) await frames.take(f); }", list(given))


def test_a_new_message_is_put_at_the_end(live: Page) -> None:
    assert arrive(live, fragment(13, "hello"))
    assert ids(live) == ["10@10", "11@11", "12@12", "13@13"]


def test_a_newer_rev_replaces_and_an_older_or_equal_one_does_not(live: Page) -> None:
    assert arrive(live, fragment(11, "edited", rev=20))
    assert not arrive(live, fragment(11, "late", rev=15))
    assert not arrive(live, fragment(11, "again", rev=20))
    assert ids(live) == ["10@10", "11@20", "12@12"]
    assert "edited" in live.inner_text("#m-17-11")


def test_a_reaction_to_a_message_outside_the_window_puts_nothing_on_the_page(live: Page) -> None:
    assert not arrive(live, fragment(3, "old, with a reaction", rev=20))
    assert ids(live) == ["10@10", "11@11", "12@12"]


def test_what_arrived_outside_the_window_is_shown_when_the_window_is_loaded(live: Page) -> None:
    arrive(live, fragment(3, "reacted to", rev=20))
    chosen = live.evaluate(
        "html => rule.newest(rule.parse(html).firstElementChild, document.querySelector('[data-list]')).dataset.rev",
        fragment(3, "stale page"),
    )
    assert chosen == "20"


def test_a_message_of_another_topic_does_not_enter_this_topics_list(live: Page) -> None:
    live.evaluate("() => { document.querySelector('[data-list]').dataset.list = 'topic-17-4'; }")
    assert not arrive(live, fragment(13, "elsewhere", lists="channel-17 topic-17-0"))
    assert arrive(live, fragment(14, "here", lists="channel-17 topic-17-4"))
    assert ids(live, "topic-17-4")[-1] == "14@14"


def test_a_moved_message_leaves_one_list_and_enters_the_other(live: Page) -> None:
    show(live, "topic-17-4", [8, 14], end=True, start=True)
    arrive(live, fragment(11, "moved", rev=21, lists="topic-17-4"))
    assert ids(live) == ["10@10", "12@12"]
    assert ids(live, "topic-17-4") == ["8@8", "11@21", "14@14"]
    assert not arrive(live, fragment(11, "before the move", rev=15)), "the rev is remembered after it left"
    assert ids(live) == ["10@10", "12@12"]


def test_an_echo_goes_only_for_my_own_message_with_its_id(live: Page) -> None:
    live.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<p data-echo=\"w1\">waiting</p>')")
    arrive(live, fragment(13, "stranger with my id", by=9, write="w1"))
    assert live.locator("[data-echo=w1]").count() == 1
    arrive(live, fragment(14, "mine", by=5, write="w1"))
    assert live.locator("[data-echo=w1]").count() == 0


FRAMES = [frame(13, 13), frame(11, 14, "edited"), frame(14, 15), frame(13, 16, "edited twice")]
END = ["10@10", "11@14", "12@12", "13@16", "14@15"]


def test_frames_in_any_order_and_each_twice_end_in_the_same_page(live: Page) -> None:
    for order in itertools.permutations(FRAMES):
        live.evaluate("""(html) => {
            const list = document.querySelector("[data-list]");
            list.innerHTML = html; list.dataset.from = 10; list.dataset.to = 12;
        }""", "".join(fragment(s, f"text {s}") for s in (10, 11, 12)))  # fmt: skip
        begin(live, 12)
        take(live, *order, *order)
        assert ids(live) == END, json.dumps([f["to"] for f in order])
        break_known(live)


def break_known(page: Page) -> None:
    """A fresh page's memory: what left it is forgotten."""
    page.evaluate("() => rule.purge('nothing')")


def test_things_in_any_order_without_cursors_end_in_the_same_page(live: Page) -> None:
    for thing in itertools.chain.from_iterable(
        f["things"] for f in (FRAMES[3], FRAMES[0], FRAMES[2], FRAMES[1], FRAMES[0])
    ):
        arrive(live, thing["html"])
    assert ids(live) == END


def test_a_gap_is_asked_for_and_not_skipped(live: Page) -> None:
    begin(live, 12)
    asked: list[str] = []
    live.route(
        "**/catchup*",
        lambda route: (
            asked.append(route.request.url),
            route.fulfill(json={"frames": [frame(13, 13)], "complete": True}),
        ),
    )
    take(live, frame(14, 14))
    assert ids(live)[-1] == "12@12", "a frame beyond a gap waits"
    live.wait_for_selector("#m-17-14")
    assert ids(live) == ["10@10", "11@11", "12@12", "13@13", "14@14"]
    assert len(asked) == 1
    assert "after=12" in asked[0]


def test_a_late_answer_after_a_newer_frame_changes_nothing(live: Page) -> None:
    begin(live, 12)
    take(live, frame(13, 13, by=5, write="w1"), frame(13, 14, "edited", by=5, write="w1"))
    live.evaluate("a => frames.answer(a)", {"things": frame(13, 13, by=5, write="w1")["things"]})
    assert "edited" in live.inner_text("#m-17-13")


def test_a_kept_page_takes_the_frames_after_its_cursor_only(live: Page) -> None:
    begin(live, 12)
    take(live, frame(11, 11, "older than the page"), frame(13, 13), frame(12, 14, "edited"))
    assert ids(live) == ["10@10", "11@11", "12@14", "13@13"]
    assert "older" not in live.inner_text("#m-17-11")


def test_another_epoch_is_never_applied(live: Page) -> None:
    begin(live, 12)
    live.evaluate("() => { window.told = []; frames.on('epoch', (...all) => told.push(all)); }")
    take(live, {**frame(13, 13), "epoch": "e2"})
    assert live.evaluate("told") == [[17, "e2"]]
    assert ids(live) == ["10@10", "11@11", "12@12"]


def test_leaving_a_place_empties_it(live: Page) -> None:
    begin(live, 12)
    live.evaluate("() => frames.left(17)")
    assert ids(live) == []
    assert live.evaluate("frames.cursor(17)") is None


def test_focus_and_a_playing_part_survive_a_replacement(live: Page) -> None:
    live.evaluate("""() => {
        const message = document.getElementById("m-17-11");
        message.insertAdjacentHTML("beforeend", "<div data-keep='voice'>playing</div>");
        message.querySelector(".from a").focus();
        window.voice = message.querySelector("[data-keep]");
    }""")
    fresh = fragment(11, "edited", rev=30).replace("</article>", "<div data-keep='voice'>new</div></article>")
    arrive(live, fresh)
    assert live.evaluate("document.activeElement.closest('article')?.dataset.rev") == "30"
    assert live.evaluate("document.activeElement.matches('.from a')")
    assert live.evaluate("document.querySelector('#m-17-11 [data-keep]') === voice")


def hosting(seq: int, rev: int, inner: int, text: str) -> str:
    """A message with a poll in it, which has a rev of its own."""
    poll = f'<section id="poll-9" data-rev="{inner}" data-place="17"><p>{text}</p></section>'
    return fragment(seq, "with a poll", rev=rev).replace('<div class="reacts"', poll + '<div class="reacts"')


def test_a_thing_in_a_thing_goes_by_its_own_rev(live: Page) -> None:
    def shown() -> tuple[int, str]:
        assert live.locator("#poll-9").count() == 1
        return int(live.get_attribute("#m-17-12", "data-rev") or 0), live.inner_text("#poll-9")

    poll = '<section id="poll-9" data-rev="{0}" data-place="17"><p>{1}</p></section>'
    arrive(live, hosting(12, 20, 20, "no votes"))
    assert arrive(live, poll.format(22, "two votes"))
    assert not arrive(live, poll.format(21, "one vote"))
    live.evaluate("() => { window.kept = document.getElementById('poll-9'); }")
    arrive(live, hosting(12, 23, 20, "no votes"))
    assert shown() == (23, "two votes"), "a reaction to the message does not bring older votes back"
    assert live.evaluate("document.getElementById('poll-9') === kept"), "what the reader has begun in it stays"
    arrive(live, hosting(12, 25, 24, "three votes"))
    assert shown() == (25, "three votes")
    live.evaluate("() => rule.forget(document.getElementById('m-17-12'))")
    assert not arrive(live, poll.format(26, "four votes")), "its message is not on the page"
    live.evaluate(
        """html => {
        const list = document.querySelector("[data-list]"), message = rule.parse(html).firstElementChild;
        list.append(message);
        rule.entered(message, list);
    }""",
        hosting(12, 25, 24, "three votes"),
    )
    assert shown() == (25, "four votes")
    assert ids(live) == ["10@10", "11@11", "12@25"]


def test_mine_fills_its_elements_wherever_they_come_from(live: Page) -> None:
    live.evaluate("""() => {
        mine.paint("react", (el, value) => { el.dataset.got = (value ?? []).join(); });
        rule.decorate((el) => mine.dress(el));
        mine.apply({ "react/m-17-13": ["👍"] });
    }""")
    arrive(live, fragment(13, "hello"))
    assert live.get_attribute("#m-17-13 .reacts", "data-got") == "👍"
    live.evaluate("() => mine.apply({ 'react/m-17-13': null })")
    assert live.get_attribute("#m-17-13 .reacts", "data-got") == ""
