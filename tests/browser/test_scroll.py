"""A long conversation: few elements at a time, and what is looked at does not move."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, Visit, until
from .scroll import MOST, fill, strays, to_end, to_start
from .town import Actor


def count(page: Page) -> int:
    """Messages on the page."""
    return page.locator(".msg[data-rev]").count()


def test_five_windows_up_and_down_never_hold_more_than_400(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seqs = fill(bernd, room, 600)
    jana.do("chat.read", room, topic=0, seq=seqs[-1])
    page = visit(jana, f"/c/{room}")
    expect(page.locator(f"#m-{room}-{seqs[-1]}")).to_be_in_viewport()
    assert to_start(page) <= MOST
    expect(page.locator(f"#m-{room}-{seqs[0]}")).to_be_visible()
    expect(page.locator(f"#m-{room}-{seqs[-1]}")).to_have_count(0)
    assert to_end(page) <= MOST
    expect(page.locator(f"#m-{room}-{seqs[-1]}")).to_be_in_viewport()
    order = page.locator(".msg[data-rev]").evaluate_all("all => all.map(one => Number(one.dataset.seq))")
    assert order == seqs[-len(order) :], "none missing, none twice"


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1000, "height": 800}], ids=["phone", "desk"])
def test_older_messages_put_in_above_do_not_move_what_is_looked_at(
    visit: Visit, jana: Actor, bernd: Actor, room: int, viewport: dict[str, int]
) -> None:
    seqs = fill(bernd, room, 220)
    jana.do("chat.read", room, topic=0, seq=seqs[-1])
    page = visit(jana, f"/c/{room}", viewport=viewport)
    until(page, "() => document.querySelector('[data-list]').dataset.start === undefined")
    before = count(page)
    assert strays(page) < 0.01
    assert count(page) > before


def test_what_arrives_while_reading_further_up_moves_nothing(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    seqs = fill(bernd, room, 60)
    jana.do("chat.read", room, topic=0, seq=seqs[-1])
    page = visit(jana, f"/c/{room}")
    page.locator("[data-stream]").evaluate("scroller => { scroller.scrollTop = 300; }")
    where = page.locator(f"#m-{room}-{seqs[20]}").bounding_box()
    bernd.say(room, "neu, ganz unten")
    expect(page.locator("[data-below]")).to_have_text("1")
    assert page.locator(f"#m-{room}-{seqs[20]}").bounding_box() == where
