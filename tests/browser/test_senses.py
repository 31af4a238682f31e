"""The main pages without a mouse, at twice their size, and in the colours a person's system forces."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Enter, go
from .town import Town

PAGES = ["/", "/chats", "/channels", "/people", "/me", "/outbox", "/new", "/admin/people", "/c/{}", "/c/{}/members"]
STEPS = 12

# What has the focus: where it stands in the document, whether it can be seen, and whether it says so.
AT = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const all = [...document.querySelectorAll("*")];
    const inside = at.closest("label, .input") ?? at;
    const ring = [at, inside, at.parentElement].some((one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    });
    return { n: all.indexOf(at), body: at === document.body, name: at.outerHTML.slice(0, 120), ring,
             seen: box.width > 0 && box.height > 0 && style.visibility === "visible" };
}"""

WIDER = """() => {
    const wide = document.documentElement.clientWidth;
    const boxes = [document.documentElement, ...document.querySelectorAll("main, main .scroll, dialog[open]")];
    return boxes.filter((box) => box.scrollWidth > Math.max(box.clientWidth, box === boxes[0] ? wide : 0) + 1)
        .map((box) => `${box.tagName}.${box.className} ${box.scrollWidth} > ${box.clientWidth}`);
}"""


@pytest.fixture(scope="module")
def talk(serving: Town) -> int:
    """A conversation with somewhat unwieldy words in it."""
    olga, jana = serving.people["olga"], serving.people["jana"]
    room = olga.channel("Donaudampfschifffahrtsgesellschaft Kundendienst Süd", jana)
    jana.say(room, "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz")
    olga.say(
        room, "| Artikel | Menge | Preis |\n|---|---|---|\n| Pumpe | 12 | 1.299,00 |\n\n```\n" + "x" * 120 + "\n```"
    )
    return room


def test_tab_leads_through_the_main_pages_in_order_and_shows_where_it_is(enter: Enter, talk: int, town: Town) -> None:
    page = enter(town.people["olga"], viewport=DESK, reduced_motion="reduce").new_page()
    for path in PAGES:
        go(page, town.url + path.format(talk))
        page.evaluate("document.activeElement?.blur?.()")
        before = -1
        for step in range(STEPS):
            page.keyboard.press("Tab")
            at = page.evaluate(AT)
            if at["body"]:
                break
            assert at["n"] > before, f"{path}: step {step} goes back, to {at['name']}"
            assert at["seen"], f"{path}: {at['name']} cannot be seen"
            assert at["ring"], f"{path}: {at['name']} does not show the focus"
            before = at["n"]


def closes(page: Page, opener: str, dialog: str) -> None:
    """Enter opens, Esc closes, and the focus is where it came from."""
    button = page.locator(opener).first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(dialog)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(dialog)).to_be_hidden()
    expect(button).to_be_focused()


def test_escape_closes_and_the_focus_returns(enter: Enter, talk: int, town: Town) -> None:
    page = enter(town.people["olga"], viewport=DESK, reduced_motion="reduce").new_page()
    go(page, f"{town.url}/c/{talk}")
    closes(page, ".nav .jump", "#jump")
    closes(page, "[data-opens=date-sheet]", "#date-sheet")
    closes(page, "[data-opens=later-sheet]", "#later-sheet")
    closes(page, ".topic-pick", "#topic-sheet")
    closes(page, ".more-btn", "#act-sheet")


@pytest.mark.parametrize("width", [320, 720], ids=["320 px", "1440 px at 200 %"])
def test_nothing_scrolls_sideways(enter: Enter, talk: int, town: Town, width: int) -> None:
    page = enter(town.people["olga"], viewport={"width": width, "height": 450}, locale="de-DE").new_page()
    found = {}
    for path in PAGES:
        go(page, town.url + path.format(talk))
        found[path] = page.evaluate(WIDER)
    assert not any(found.values()), found


def test_forced_colours_keep_fields_choices_and_marks_visible(enter: Enter, talk: int, town: Town) -> None:
    page = enter(town.people["olga"], viewport=DESK, forced_colors="active").new_page()
    go(page, f"{town.url}/c/{talk}")
    border = "one => [getComputedStyle(one).borderTopStyle, getComputedStyle(one).outlineStyle]"
    page.locator(".more-btn").first.focus()
    assert "none" not in page.locator(".more-btn").first.evaluate(border)[1], "the focus is not seen"
    page.locator(".more-btn").first.press("Enter")
    sheet = page.locator("#act-sheet")
    expect(sheet).to_be_visible()
    assert sheet.evaluate(border)[0] == "solid", "a sheet without an edge"


def test_a_finger_meets_names_and_quotes(enter: Enter, town: Town) -> None:
    olga, jana = town.people["olga"], town.people["jana"]
    room = olga.channel("Finger", jana)
    first = olga.say(room, "Wer kommt morgen?")
    olga.say(room, "Ich, ab acht.", reply_to=first)
    page = enter(jana, viewport=PHONE).new_page()
    go(page, f"{town.url}/c/{room}")
    targets = page.locator(".msg:not(.more) .from > a, .msg .quote")
    assert targets.count() == 2
    for height in targets.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)"):
        assert height >= 44
