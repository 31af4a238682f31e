"""For everyone: every page by axe-core, by keyboard, in forced colours, and at twice its size."""

import re
import time
from collections.abc import Iterator

import pytest
from starlette.routing import Route

from intranet import people
from intranet.app import make_app
from intranet.kernel import new_id
from intranet.kernel.config import Settings
from tests.process import Real

from . import feed_pages
from .axe import told, violations
from .conftest import Enter, go
from .town import Actor, Town

# Every page by its route; what is in braces is filled in by `addresses`. A new route must be named in one of the two.
PAGES = {
    "/": ["/"], "/chats": ["/chats"], "/outbox": ["/outbox"], "/new": ["/new"], "/later": ["/later"],
    "/people": ["/people"],
    "/search": ["/search", "/search?q=schl%C3%BCssel", "/search?q=nirgends"],
    "/p/{person:int}": ["/p/{person}"], "/welcome": ["/welcome"],
    "/me": ["/me"], "/me/sessions": ["/me/sessions"], "/me/token/{id}": ["/me/token/{token}"],
    "/channels": ["/channels"], "/channels/new": ["/channels/new"], "/channels/direct": ["/channels/direct"],
    "/c/{channel:int}": ["/c/{channel}", "/c/{direct}", "/c/{empty}", "/c/99999999"],
    "/c/{channel:int}/settings": ["/c/{channel}/settings", "/c/{leaderless}/settings"],
    "/c/{channel:int}/members": ["/c/{channel}/members"],
    "/c/{channel:int}/t/{topic:int}": ["/c/{channel}/t/{topic}"], "/c/{channel:int}/topics": ["/c/{channel}/topics"],
    "/c/{channel:int}/m/{seq:int}/earlier": ["/c/{channel}/m/{edited}/earlier"],
    "/polls/new": ["/polls/new"], "/polls/{poll:int}": ["/polls/{poll}", "/polls/{dates}"],
    "/admin/people": ["/admin/people", "/admin/people?state=invited"],
    "/admin/people/{person:int}": ["/admin/people/{person}"],
    "/admin/people/import": ["/admin/people/import"], "/admin/invite": ["/admin/invite"],
    "/admin/link/{id}": ["/admin/link/{link}"], "/admin/links/{id}": ["/admin/links/{links}"],
    "/admin/teams": ["/admin/teams"],
    "/admin/teams/{team:int}": ["/admin/teams/{team}"],
    "/admin/reports": ["/admin/reports"], "/admin/trail": ["/admin/trail"],
    "/report": ["/report?thing=m-{channel}-{first}", "/report?sent=1"],
    "/c/{channel:int}/m/{seq:int}/hidden": ["/c/{channel}/m/{hidden}/hidden"],
    "/customers": ["/customers", "/customers?which=archived"], "/customers/new": ["/customers/new"],
    "/customers/{customer:int}": ["/customers/{customer}"],
    "/customers/{customer:int}/edit": ["/customers/{customer}/edit"], "/customers/import": ["/customers/import"],
    "/products": ["/products"], "/products/{product:int}": ["/products/{product}"],
    "/products/import": ["/products/import"], **feed_pages.PAGES,
}  # fmt: skip
DOOR = {
    "/sign-in": ["/sign-in"], "/reset": ["/reset", "/reset?sent=1"], "/reset/{token}": ["/reset/{reset}"],
    "/invitation/{token}": ["/invitation/{invitation}", "/invitation/dead"], "/offline": ["/offline"],
    "/set-up/{token}": ["{set_up}"],
}  # fmt: skip
NO_PAGES = {  # data, parts of pages that are looked at, and programs
    "/catchup", "/openapi.json", "/worker.js", "/manifest.webmanifest", "/words/{lang}.json", "/key", "/healthz",
    "/readyz", "/favicon.ico", "/people/{person:int}/photo/{photo}.webp", "/files/{file}/{variant}/{name}",
    "/polls/{poll:int}/result", "/polls/{poll:int}/result.{kind}",
    "/polls/{poll:int}/codes",  # looked at in test_polls, among seven people
    "/c/{channel:int}/messages", "/c/{channel:int}/people.json", "/c/{channel:int}/m/{seq:int}/source",
    "/c/{channel:int}/m/{seq:int}/reactions", "/card/quote/{channel:int}/{seq:int}", "/part/home", "/part/chats",
    "/part/nav", "/jump.json", "/customers.json", "/customers/carers.json", "/products.json",
    *feed_pages.NO_PAGES,
}  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The set-up page of a house in which nobody is."""
    real = Real.fresh(tmp_path_factory.mktemp("empty"))
    path = real.fill(people.set_up_path)
    real.start()
    yield f"{real.url}{path}"
    real.kill()


@pytest.fixture(scope="module")
def addresses(serving: Town, empty: str) -> dict[str, object]:
    """Something of every kind, and where it is."""
    olga, jana = serving.people["olga"], serving.people["jana"]
    channel = olga.channel("Service Süd", jana)
    first = jana.say(channel, "Wer hat den **Schlüssel**?\n\n- Halle 3\n- Halle 4\n\n`code` und @all")
    olga.say(channel, "Ich.", reply_to=first, topic_name="Schlüssel")
    edited = olga.say(channel, "Vorher")
    olga.do("chat.edit", channel, message=edited, text="Nachher\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    olga.do("chat.pin", channel, message=first, on=True)
    jana.do("chat.react", channel, message=edited, emoji="👍", on=True)
    hidden = olga.say(channel, "Geht das so?")
    jana.do("moderation.report", subject=f"m-{channel}-{edited}", reason="Stimmt nicht")
    report = jana.do("moderation.report", subject=f"m-{channel}-{hidden}", reason="Nein")["report"]
    olga.do("channels.role", channel, person=jana.id, role="moderator")
    jana.do("moderation.decide", report=report, outcome="hidden", reason="Der Ton")
    gone = olga.say(channel, "Weg damit")
    olga.do("chat.delete", channel, message=gone)
    topic = re.search(r"/t/(\d+)", olga.get(f"/c/{channel}").text)
    assert topic
    poll = olga.do("polls.open", channel, question="Wohin?", options=["Fluss", "Berg"], results="live", additions=True)
    jana.do("polls.vote", channel, poll=poll["poll"], yes=[2])
    dates = olga.do(
        "polls.open", channel, question="Wann?", kind="dates", options=["2027-01-14", "2027-01-15T10:00/12:00"]
    )
    jana.do("polls.vote", channel, poll=dates["poll"], yes=[2], maybe=[1])
    olga.do("polls.close", channel, poll=dates["poll"])
    ranks = olga.do("polls.open", channel, question="Was zuerst?", kind="ranking", options=["A", "B", "C"])
    jana.do("polls.vote", channel, poll=ranks["poll"], yes=[2, 1, 3])
    olga.do("chat.schedule", channel, text="Später", at=int(time.time() * 1000) + 86_400_000)
    direct = olga.do("channels.direct", people=[jana.id])["place"]
    jana.say(int(direct), "Unter uns")
    cares = {"field_person": jana.id, "office_said": "Olga Petersen"}
    customer = olga.do("customers.make", number="10482", name="Molkerei Sonnfeld", segment="Lebensmittel", **cares)
    product = olga.do("products.make", name="Libelle 3", number="LI-3")
    token, link, links = new_id(), new_id(), new_id()
    olga.do("people.make_token", id=token, name="Programm")
    olga.do("people.invite", id=link, email="neu@quellmoor.example")
    made = "name;email\nErna Erste;erna@quellmoor.example\n"
    olga.do("people.import", text=made)
    olga.do("people.let_in", id=links)
    olga.do("people.import", text=f"{made}Zoe Zweite;zoe@quellmoor.example\n")  # she waits for a link
    return {
        "poll": poll["poll"], "dates": dates["poll"],
        "customer": customer["customer"], "product": product["product"],
        "first": first, "hidden": hidden, **feed_pages.made(olga, jana, customer["customer"]),
        "links": links, "leaderless": leaderless(olga),
        "token": token, "link": link, "channel": channel, "direct": direct, "empty": olga.channel("Leer"),
        "topic": topic[1], "edited": edited, "person": jana.id,
        "team": olga.do("people.team_make", name="Kälte")["place"],
        "invitation": secret(olga, "people.invite", email="neuer@quellmoor.example"),
        "reset": secret(olga, "people.reset_link", person=jana.id), "set_up": empty,
    }  # fmt: skip


def leaderless(owner: Actor) -> int:
    """A channel that nobody moderates: its moderator left only a guest, who is a colleague by now."""
    owner.do("people.import", text="name;email;role\nGabi Gast;gabi@quellmoor.example;guest\n")
    found = re.search(r'href="/admin/people/(\d+)"', owner.get("/admin/people?text=gabi").text)
    assert found
    channel = int(owner.do("channels.create", name="Verwaist", kind="private", people=[int(found[1])])["place"])
    owner.do("channels.leave", channel)
    owner.do("people.admit", person=int(found[1]), role="member")
    return channel


def secret(who: Actor, verb: str, **fields: object) -> str:
    """What stands in the link that such a write makes, shown once."""
    write = new_id()
    who.do(verb, id=write, **fields)
    found = re.search(r"/(?:invitation|reset)/([\w-]{20,})", who.get(f"/admin/link/{write}").text)
    assert found, verb
    return found[1]


def test_every_page_is_looked_at() -> None:
    app = make_app(Settings(secret_key="x" * 40))
    routes = {route.path for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())}
    assert routes == PAGES.keys() | DOOR.keys() | NO_PAGES


def every(pages: dict[str, list[str]], addresses: dict[str, object]) -> list[str]:
    return [path.format_map(addresses) for paths in pages.values() for path in paths]


CALM = {"reduced_motion": "reduce", "locale": "de-DE"}
SHEETS = "() => [...document.querySelectorAll('dialog[id]:not(#jump)')].map(({ id }) => id)"
OPEN = """async (id) => {
    const { openSheet } = await import(document.querySelector("script[src$='kernel/shell.js']").src);
    openSheet(document.getElementById(id), document.querySelector(`[data-opens="${id}"]`));
}"""
CLOSE = "() => { for (const one of document.querySelectorAll('dialog[open]')) one.close(); }"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("half", [0, 1])
def test_every_page_passes_axe(enter: Enter, addresses: dict[str, object], town: Town, half: int) -> None:
    page = enter(town.people["olga"], **CALM).new_page()
    found = {}
    for path in every(PAGES, addresses)[half::2]:
        go(page, town.url + path)
        found[path] = violations(page)
    assert not any(found.values()), told(found)


def test_every_page_before_signing_in_passes_axe(enter: Enter, addresses: dict[str, object], town: Town) -> None:
    page = enter(**CALM).new_page()
    found = {}
    for path in every(DOOR, addresses):
        page.goto(path if path.startswith("http") else town.url + path)
        found[path] = violations(page)
    assert not any(found.values()), told(found)


@pytest.mark.timeout(300)
def test_every_sheet_passes_axe(enter: Enter, addresses: dict[str, object], town: Town) -> None:
    page = enter(town.people["olga"], **CALM).new_page()
    found, seen = {}, set()
    for path in every(PAGES, addresses):
        if "<dialog" not in town.people["olga"].get(path).text.replace('<dialog class="sheet palette"', ""):
            continue
        go(page, town.url + path)
        page.evaluate(CLOSE)
        for sheet in page.evaluate(SHEETS):
            if sheet not in seen:
                seen.add(sheet)
                page.evaluate(OPEN, sheet)
                found[f"{path} {sheet}"] = violations(page)
                page.evaluate(CLOSE)
    assert {"act-sheet", "topic-sheet", "later-sheet", "date-sheet", "voice-sheet", "to-sheet"} <= seen
    assert not any(found.values()), told(found)


def test_what_opens_over_a_conversation_passes_axe(enter: Enter, addresses: dict[str, object], town: Town) -> None:
    page = enter(town.people["olga"], **CALM).new_page()
    go(page, f"{town.url}/c/{addresses['channel']}")
    found = {}
    page.keyboard.press("Control+k")
    page.locator("#jump [role=option]").first.wait_for()
    found["palette"] = violations(page)
    page.keyboard.press("Escape")
    page.fill("#say", "@")
    page.locator("#suggest [role=option]").first.wait_for()
    found["suggestions"] = violations(page)
    page.fill("#say", "")
    message = page.locator(".msg", has_text="Nachher")
    message.hover()
    message.locator(".more-btn").click()
    page.locator("#act-sheet [data-act=emoji]").click()
    found["emoji"] = violations(page)
    assert not any(found.values()), told(found)
