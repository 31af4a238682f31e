"""A long conversation: few elements at a time, and what is looked at does not move."""

from playwright.sync_api import Page, expect

from .conftest import Visit, until
from .scroll import MOST, fill, to_end, to_start
from .town import Actor

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


def test_older_messages_put_in_above_move_what_is_looked_at_by_less_than_a_pixel(
    visit: Visit, jana: Actor, bernd: Actor, room: int
) -> None:
    seqs = fill(bernd, room, 220)
    jana.do("chat.read", room, topic=0, seq=seqs[-1])
    page = visit(jana, f"/c/{room}")
    until(page, "() => document.querySelector('[data-list]').dataset.start === undefined")
    before = count(page)
    assert page.locator("[data-stream]").evaluate(STRAYS) < 1
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
