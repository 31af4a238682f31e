"""Without the server: the app starts, shows what was read lately, takes what is written, and keeps nothing open."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Enter, Visit, alive, go, kept, stored, until
from .town import Actor, Town

CANARY = "Kanarienvogel"
SEARCH = Path(__file__).with_name("canary.js").read_text(encoding="utf-8").partition("\n")[2].rstrip(";\n")


def read_and_write(page: Page, who: Actor, town: Town, room: int) -> None:
    """Leave as much behind as a day does: a read channel, a draft, frames, something unsent."""
    go(page, f"{town.url}/c/{room}")
    kept(page, who)
    page.fill("#say", f"Entwurf {CANARY}")


def has_left(page: Page, who: Actor, store: str) -> None:
    """Wait until there is something of this person's in a store."""
    for _ in range(400):
        if stored(page, who, store):
            return
        page.wait_for_timeout(15)
    raise AssertionError(f"nothing in {store}")


def test_with_the_server_gone_it_starts_reads_and_writes(
    enter: Enter, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    for number in range(3):
        bernd.say(room, f"gelesen {number}")
    context = enter(jana)
    page = context.new_page()
    go(page, f"{town.url}/c/{room}")
    kept(page, jana)
    kept(page, jana, "/outbox")
    bernd.say(room, "kam danach als Frame")
    expect(page.locator(".msg", has_text="kam danach")).to_be_visible()
    has_left(page, jana, "frames")
    town.kill()
    page.close()

    page = context.new_page()
    go(page, f"{town.url}/c/{room}")
    expect(page.locator(".msg", has_text="gelesen 2")).to_be_visible()
    expect(page.locator(".msg", has_text="kam danach")).to_be_visible()
    expect(page.locator("#strip")).to_be_visible()
    page.fill("#say", "ohne Server geschrieben")
    page.press("#say", "Enter")
    expect(page.locator("[data-echo].waits")).to_have_count(1)
    go(page, f"{town.url}/outbox")
    expect(page.locator("#out-waiting-list li")).to_contain_text("ohne Server geschrieben")
    page.goto(f"{town.url}/c/{room}?around=1")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")

    town.start()
    go(page, f"{town.url}/c/{room}")
    expect(page.locator(".msg[data-rev]", has_text="ohne Server geschrieben")).to_have_count(1)
    assert jana.messages(room)[-1] == "ohne Server geschrieben"


def test_what_came_while_away_is_there_after_the_kept_page(
    enter: Enter, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    first = bernd.say(room, "vorher")
    context = enter(jana)
    page = context.new_page()
    go(page, f"{town.url}/c/{room}")
    kept(page, jana)
    town.kill()
    page.reload()
    alive(page)
    town.start()
    bernd.do("chat.edit", room, message=first, text="vorher, besser")
    bernd.say(room, "während sie weg war")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".msg[data-rev]")).to_have_count(2)
    expect(page.locator(f"#m-{room}-{first}")).to_contain_text("vorher, besser")


def test_the_api_is_never_cached(visit: Visit, jana: Actor, bernd: Actor, room: int) -> None:
    bernd.say(room, CANARY)
    page = visit(jana, f"/c/{room}")
    kept(page, jana)
    page.evaluate("place => fetch(`/c/${place}/messages?before=9999`).then(a => a.text())", room)
    page.evaluate("place => fetch(`/c/${place}/people.json`).then(a => a.text())", room)
    cached = page.evaluate(
        """async () => {
        const urls = [];
        for (const name of await caches.keys()) urls.push(...await (await caches.open(name)).keys());
        return urls.map(({ url }) => new URL(url).pathname);
    }"""
    )
    assert cached, "the shell is there"
    assert {path for path in cached if not path.startswith(("/static/", "/words/"))} == {"/offline"}


def test_nothing_readable_lies_on_the_device_even_while_signed_in(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    bernd.say(room, f"Nachricht {CANARY}")
    page = visit(jana, f"/c/{room}")
    read_and_write(page, jana, town, room)
    has_left(page, jana, "drafts")
    assert page.evaluate(SEARCH, CANARY) == []


def test_somebody_else_on_this_device_finds_nothing_and_sends_nothing(
    enter: Enter, bernd: Actor, town: Town, room: int
) -> None:
    jana = town.session("jana")
    bernd.say(room, f"Nachricht {CANARY}")
    context = enter(jana)
    page = context.new_page()
    read_and_write(page, jana, town, room)
    bernd.say(room, f"Frame {CANARY}")
    has_left(page, jana, "frames")
    has_left(page, jana, "drafts")
    jana_sends_offline(context, page, f"ungesendet {CANARY}")
    has_left(page, jana, "outbox")

    mehmet = town.people["mehmet"]
    context.add_cookies([{"name": "binnen", "value": mehmet.secret, "url": town.url}])
    context.set_offline(False)  # her page is still open and tries, but the cookie is another's now
    expect(page.locator("#strip")).to_contain_text("Signed out")
    page.close()
    page = context.new_page()
    go(page, f"{town.url}/outbox")
    expect(page.locator("#out-empty")).to_be_visible()
    assert page.evaluate(SEARCH, CANARY) == []
    assert stored(page, jana, "pages") == []
    assert stored(page, jana, "frames") == []
    assert len([row for row in stored(page, jana, "outbox") if "last" not in row]) == 1, "sealed, for her"
    assert not any("ungesendet" in text for text in bernd.messages(room))

    context.add_cookies([{"name": "binnen", "value": jana.secret, "url": town.url}])
    go(page, f"{town.url}/c/{room}")
    expect(page.locator(".msg[data-rev]", has_text="ungesendet")).to_have_count(1)
    expect(page.locator("#say")).to_have_value(f"Entwurf {CANARY}")


def jana_sends_offline(context: BrowserContext, page: Page, text: str) -> None:
    """Something stays unsent, and the draft stays a draft."""
    context.set_offline(True)
    page.evaluate(
        """async (text) => {
        const base = document.querySelector('script[src$="page.js"]').src.replace("page.js", "");
        const { send } = await import(`${base}outbox.js`);
        await send({ do: "chat.post", place: Number(document.body.dataset.open), text });
    }""",
        text,
    )


def test_signing_out_leaves_nothing_to_read_and_nothing_lost(enter: Enter, bernd: Actor, town: Town, room: int) -> None:
    jana = town.session("jana")
    bernd.say(room, f"Nachricht {CANARY}")
    context = enter(jana)
    page = context.new_page()
    read_and_write(page, jana, town, room)
    has_left(page, jana, "drafts")
    page.evaluate(
        """() => {
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action: "/do" });
        const id = crypto.randomUUID();
        for (const [name, value] of Object.entries({ do: "people.sign_out", id, place: "0" })) {
            form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
        }
        document.body.append(form);
        form.requestSubmit();
    }"""
    )
    page.wait_for_url("**/sign-in*")
    assert page.evaluate(SEARCH, CANARY) == []
    assert stored(page, jana, "pages") == []
    assert page.evaluate(
        """() => new Promise((done) => {
        const open = indexedDB.open("binnen");
        open.onsuccess = () => {
            const all = open.result.transaction("meta").objectStore("meta").getAllKeys();
            all.onsuccess = () => { open.result.close(); done(all.result); };
        };
    })"""
    ) == [f"record-{jana.id}"], "the key is gone; which record it was is no secret"  # fmt: skip
    again = town.session("jana")
    context.add_cookies([{"name": "binnen", "value": again.secret, "url": town.url}])
    go(page, f"{town.url}/c/{room}")
    expect(page.locator("#say")).to_have_value(f"Entwurf {CANARY}")


def test_it_can_be_installed(visit: Visit, jana: Actor, town: Town) -> None:
    page = visit(jana, "/outbox")
    until(page, "() => navigator.serviceWorker.ready.then(() => true)")
    manifest = page.evaluate("() => fetch('/manifest.webmanifest').then(a => a.json())")
    assert manifest["display"] == "standalone"
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"), ("192x192", "maskable"), ("512x512", "any"), ("512x512", "maskable")
    }  # fmt: skip
    sizes = page.evaluate(
        """(icons) => Promise.all(icons.map(async ({ src }) => {
        const picture = await createImageBitmap(await (await fetch(src)).blob());
        return `${picture.width}x${picture.height}`;
    }))""",
        manifest["icons"],
    )
    assert sizes == [icon["sizes"] for icon in manifest["icons"]]


CACHED = """async (paths) => {
    const asked = paths.map((path) => caches.match(new URL(path, document.querySelector("script[type=module]").src)));
    const found = await Promise.all(asked);
    return paths.filter((_path, n) => !found[n]);
}"""


def test_what_is_loaded_when_needed_is_there_without_the_server_too(
    visit: Visit, jana: Actor, bernd: Actor, town: Town, room: int
) -> None:
    bernd.say(room, "Wer kommt mit?")
    page = visit(jana, f"/c/{room}")
    kept(page, jana)
    static = Path(__file__).parents[2] / "static"
    modules = [
        f"../{path.relative_to(static).as_posix()}" for path in static.rglob("*.js") if "worker" not in path.name
    ]
    assert page.evaluate(CACHED, modules) == []
    town.kill()
    page.keyboard.press("Control+k")
    expect(page.locator("#jump [role=option]", has_text="Outbox")).to_be_visible()
    page.keyboard.press("Escape")
    page.fill("#say", ":thumb")
    page.press("#say", "End")
    expect(page.locator("#suggest [role=option]").first).to_be_visible()
    page.press("#say", "Enter")
    expect(page.locator("#say")).to_have_value("👍 ")
    message = page.locator(".msg", has_text="Wer kommt mit?")
    message.hover()
    message.locator(".more-btn").click()
    expect(page.locator("#act-sheet [data-act=reply]")).to_be_visible()
    expect(page.locator("#act-sheet [data-act=delete]")).to_be_hidden()
    page.locator("#act-sheet [data-act=emoji]").click()
    page.locator(".emoji-sheet [data-emoji='🎉']").click()
    expect(message.locator(".react[data-emoji='🎉']")).to_be_visible()
    page.click("[data-act=later]")
    expect(page.locator("#later-sheet .chip").first).to_be_visible()
