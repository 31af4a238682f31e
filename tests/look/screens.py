"""The screens of this step: which real page each is, who looks at it, and what is opened on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from intranet.demo.pictures import photo

SIZES = {390: 844, 1440: 900}
SCHEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` may name a channel as {service-sued}; `act` opens what the design shows opened."""

    name: str
    persona: str  # technician, sales, editor, administrator; empty: nobody is signed in
    path: str
    act: Callable[[Page], None] | None = None
    house: str = "demo"  # "demo", or "new" for a house that nobody owns yet
    only: tuple[int, ...] = (390, 1440)
    status: int = 200
    alone: bool = False  # on a device of its own: what it leaves unsent would be offered on the next page


def _jump(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.locator("#jump").wait_for(state="visible")


def _act(page: Page, which: str) -> None:
    """The sheet of the last such message, opened by its button."""
    message = page.locator(f".msg{which}:has(.from a)").last
    message.scroll_into_view_if_needed()
    message.hover()
    message.locator(".more-btn").first.click()
    page.locator("#act-sheet").wait_for(state="visible")


def _act_other(page: Page) -> None:
    _act(page, ":not(.own)")


def _act_own(page: Page) -> None:
    _act(page, ".own")


def _newest(page: Page) -> None:
    """As after "to the newest": the photo, the voice note and what follows."""
    page.locator(".msg").last.scroll_into_view_if_needed()


def _write_offline(page: Page) -> None:
    """Two messages that do not get out, then the outbox, without a network."""
    page.context.route("**/do", lambda route: route.abort())
    for text in ("Ring liegt im Beutel, Foto folgt aus dem Wagen.", "Bin gegen drei in Auenried, Pumpe 2."):
        page.locator("#say").fill(text)
        page.locator("#composer .send").click()
        page.locator(".msg.waits", has_text=text).wait_for()
    page.goto(page.url.split("/c/")[0] + "/outbox")
    page.locator("#out-waiting-list .out").nth(1).wait_for()
    page.context.set_offline(True)


def _capture_photo(page: Page) -> None:
    """A photo from the phone, before it goes out."""
    picture = {"name": "IMG_4711.jpg", "mimeType": "image/jpeg", "buffer": photo("flansch", "look")}
    page.locator("#photo-input").set_input_files(picture)  # type: ignore[arg-type]
    page.locator("#photo-sheet [data-slot=shot]").wait_for(state="visible")


def _capture_voice(page: Page) -> None:
    """Two seconds into a recording; the browser's own test tone speaks."""
    if not page.locator("#new-sheet").is_visible():
        page.locator(".column [data-opens=new-sheet]").click()
    page.locator("#new-sheet [data-act=voice]").click()
    page.locator("#voice-sheet").wait_for(state="visible")
    page.locator("#voice-sheet [data-slot=length]", has_text="0:02").wait_for()


def _carer(page: Page) -> None:
    """What fits while one types."""
    page.locator("#f-field_person").press_sequentially("ja")
    page.locator("#f-field_person-found [role=option]").first.wait_for()


def _list(page: Page) -> None:
    """The dry run of a list with a mistake in it."""
    text = "Kundennummer;Name;Segment;Außendienst\n10482;Molkerei Sonnfeld;Molkerei;Jana Reuter\n"
    text += "10910;Ölmühle Brakel;Lebensmittel;\n10911;Kurbad Linde;;Niemand Bekanntes\n"
    file = {"name": "kunden.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("#f-file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main .btn.main-act").click()
    page.locator(".num.four").wait_for()


def _news(page: Page) -> None:
    """News as they are written, asking for acknowledgement, with the preview beside them."""
    page.locator("#f-title").fill("Winterreifen: Termine ab Montag buchbar")
    page.locator("#f-text").fill(
        "Alle 38 Servicewagen bekommen bis zum 4. Dezember neue Reifen. Der Wechsel dauert 40 Minuten, Kaffee steht "
        "bereit. Wer an dem Tag weit draußen ist, fährt die Werkstatt in Auenried an."
    )
    page.locator("[name=ack]").check()
    page.locator("aside [data-preview=text] p, [data-saved]:not(:empty)").first.wait_for()


def _names(page: Page) -> None:
    """Somebody is called by name in a comment."""
    page.locator("#say-text").press_sequentially("Passt das für @ma")
    page.locator(".say .suggest [role=option]").first.wait_for()


def _poll(page: Page) -> None:
    """A question, as a lead asks it."""
    page.locator("#f-question").fill("Passt der Donnerstag für die Übergabe?")
    for at, answer in enumerate(("ja", "nein", "lieber Freitag")):
        page.locator("[name=options]").nth(at).fill(answer)


def _secret(words: str) -> Callable[[Page], None]:
    """The page of a poll without names, from its card in the feed."""

    def act(page: Page) -> None:
        page.locator(".poll", has_text=words).get_by_role("link", name="Angaben").click()
        page.wait_for_url("**/polls/*")

    return act


SCREENS: tuple[Screen, ...] = (
    Screen("sign-in", "", "/sign-in"),
    Screen("first-run", "", "/set-up", house="new"),
    Screen("inbox", "sales", "/"),
    Screen("chats", "sales", "/chats"),
    Screen("chats-jump", "sales", "/chats", _jump),
    Screen("channel", "technician", "/c/{service-sued}"),
    Screen("channel-end", "technician", "/c/{service-sued}", _newest),
    Screen("topic", "sales", "/c/{service-sued}/t/{Gleitringdichtung Q-40}"),
    Screen("topic-act", "sales", "/c/{service-sued}/t/{Gleitringdichtung Q-40}", _act_other),
    Screen("topic-own", "sales", "/c/{service-sued}/t/{Gleitringdichtung Q-40}", _act_own),
    Screen("topic-closed", "sales", "/c/{service-sued}/t/{Entlüftung Q-40}"),
    Screen("capture", "technician", "/new"),
    Screen("capture-photo", "technician", "/new", _capture_photo, alone=True),
    Screen("capture-voice", "technician", "/new", _capture_voice, alone=True),
    Screen("outbox", "technician", "/c/{dosiertechnik}", _write_offline),
    Screen("search", "sales", "/search?q=Dichtung Q-40"),
    Screen("feed", "sales", "/feed"),
    Screen("post-composer", "editor", "/feed/new", _news, alone=True),
    Screen("post-edit", "technician", "/posts/{Zwei Minuten Kaltstart sind der Frühschicht zu lang}/edit", alone=True),
    Screen("post-names", "sales", "/posts/{Ein Blatt mit sechs Fragen für jede Anfrage}", _names, alone=True),
    Screen("poll-composer", "technician", "/polls/new", _poll, alone=True),
    Screen("poll-anonymous", "technician", "/feed?kind=poll", _secret("was von mir erwartet")),
    Screen("poll-anonymous-closed", "technician", "/feed?kind=poll", _secret("Rufbereitschaft")),
    Screen("person", "sales", "/p/{mehmet}"),
    Screen("people", "sales", "/people"),
    Screen("customer", "sales", "/customers/{Molkerei Sonnfeld}"),
    Screen("customers", "sales", "/customers"),
    Screen("customer-form", "editor", "/customers/new", _carer),
    Screen("products", "editor", "/products"),
    Screen("customers-import", "editor", "/customers/import", _list),
    Screen("admin-people", "administrator", "/admin/people"),
    Screen("reports", "administrator", "/admin/reports"),
    Screen("states", "sales", "/c/999999", status=404),
)
DESIGNED = frozenset(screen.name for screen in SCREENS) - {
    "post-edit",
    "post-names",
    "reports",
    "people",
    "customers",
    "customer-form",
    "products",
    "customers-import",
}  # the design has no page of these


def named(names: list[str]) -> list[Screen]:
    """The screens of these names, or all."""
    unknown = set(names) - {one.name for one in SCREENS}
    if unknown:
        raise SystemExit(
            f"No such screen: {', '.join(sorted(unknown))}. There are: {', '.join(s.name for s in SCREENS)}"
        )
    return [one for one in SCREENS if not names or one.name in names]


def filled(path: str, known: dict[str, str]) -> str:
    """The path with the demo's own numbers."""
    return re.sub(r"\{([^}]+)\}", lambda found: known[found[1]], path)
