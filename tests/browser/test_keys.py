"""Everything by keyboard, and the focus stays where it is whatever arrives."""

from playwright.sync_api import Page, expect

from .conftest import Visit
from .town import Actor, Town

FOCUS = "() => document.activeElement?.closest('.msg')?.id ?? document.activeElement?.id"

WHERE = """() => {
    const at = document.activeElement;
    if (at === document.body) return "";
    const style = getComputedStyle(at), box = at.getBoundingClientRect();
    const seen = box.width > 0 && box.height > 0;
    const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" || at.matches(".jump, input, textarea");
    return [at.id || at.className || at.tagName, seen ? "" : "HIDDEN", ring ? "" : "NO RING"].join(" ").trim();
}"""


def focused(page: Page) -> str:
    """Where the keyboard is."""
    return str(page.evaluate(FOCUS))


def test_a_conversation_from_the_first_key_to_the_last(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seqs = [bernd.say(room, f"Nummer {number}") for number in range(3)]
    own = jana.say(room, "Eigenes")
    page = visit(jana, f"/c/{room}")
    press = page.keyboard.press
    press("/")
    assert focused(page) == "say"
    press("Escape")
    press("k")
    assert focused(page) == f"m-{room}-{own}"
    press("k")
    assert focused(page) == f"m-{room}-{seqs[2]}"
    press("j")
    assert focused(page) == f"m-{room}-{own}"
    press("e")
    expect(page.locator("#say")).to_have_value("Eigenes")
    page.keyboard.type(", besser")
    press("Enter")
    expect(page.locator(f"#m-{room}-{own}")).to_contain_text("Eigenes, besser")
    page.locator("#say").blur()
    press("k")
    press("k")
    press("r")
    expect(page.locator("#answering")).to_contain_text("Nummer 2")
    press("Escape")
    expect(page.locator("#answering")).to_be_hidden()
    assert focused(page) == "say"
    press("Escape")
    press("k")
    press("m")
    expect(page.locator("#topic-sheet")).to_be_visible()
    press("Escape")
    expect(page.locator("#topic-sheet")).to_be_hidden()


def test_the_sheet_by_keyboard_and_back_to_the_message(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seq = bernd.say(room, "Ein Satz")
    page = visit(jana, f"/c/{room}")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#act-sheet")).to_be_visible()
    page.locator("#act-sheet [data-emoji='👀']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#m-{room}-{seq} .react[data-emoji='👀']")).to_have_attribute("aria-pressed", "true")
    assert focused(page) == f"m-{room}-{seq}"


def test_u_makes_unread_and_a_key_alone_deletes_nothing(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Später lesen")
    own = jana.say(room, "Bleibt stehen")
    page = visit(jana, f"/c/{room}")
    page.keyboard.press("k")
    page.keyboard.press("Delete")
    expect(page.locator("#act-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#m-{room}-{own}")).to_contain_text("Bleibt stehen")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Unread from here.")


def test_jumping_by_ctrl_k_and_a_new_message_by_n(visit: Visit, jana: Actor, bernd: Actor, town: Town) -> None:
    room = bernd.channel("Sprungziel Emden", jana)
    page = visit(jana, "/outbox")
    page.keyboard.press("Control+k")
    expect(page.locator("#jump")).to_be_visible()
    page.keyboard.type("emden")
    expect(page.locator("#jump [role=option]").first).to_contain_text("Sprungziel Emden")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/c/{room}")
    page.keyboard.press("n")
    page.wait_for_url("**/new")


def test_the_focus_stays_whatever_arrives(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    seqs = [bernd.say(room, f"Nummer {number}") for number in range(3)]
    page = visit(jana, f"/c/{room}")
    page.keyboard.press("k")
    assert focused(page) == f"m-{room}-{seqs[2]}"
    bernd.do("chat.edit", room, message=seqs[2], text="Nummer zwei, neu")
    expect(page.locator(f"#m-{room}-{seqs[2]}")).to_contain_text("neu")
    assert focused(page) == f"m-{room}-{seqs[2]}"
    page.locator(f"#m-{room}-{seqs[2]} .more-btn").focus()
    bernd.do("chat.react", room, message=seqs[2], emoji="👍", on=True)
    expect(page.locator(f"#m-{room}-{seqs[2]} .react[data-emoji='👍']")).to_be_visible()
    assert page.evaluate("document.activeElement.className").endswith("more-btn")
    page.locator("#say").focus()
    page.keyboard.type("mitten im ")
    bernd.say(room, "Noch eine")
    expect(page.locator(".msg", has_text="Noch eine")).to_be_visible()
    page.keyboard.type("Satz")
    expect(page.locator("#say")).to_have_value("mitten im Satz")
    bernd.do("chat.delete", room, message=seqs[2])
    expect(page.locator(f"#m-{room}-{seqs[2]}")).to_have_text("deleted")
    assert focused(page) == "say"


def test_tab_reaches_everything_and_shows_where_it_is(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, "Ein Satz mit [Verweis](https://example.org)")
    page = visit(jana, f"/c/{room}")
    page.locator("body").press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        label = page.evaluate(WHERE)
        seen.append(label)
    assert not [one for one in seen if "HIDDEN" in one or "NO RING" in one], seen
    assert "say" in seen
    assert any("more-btn" in one for one in seen)
