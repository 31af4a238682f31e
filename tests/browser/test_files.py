"""Photos, files and voice in a real browser against the real server: sent, seen, heard, and never lost on the way."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, expect

from intranet.kernel import House
from tests import cast
from tests.files import making
from tests.process import Real, signed_in
from tests.tunnel import Tunnel

PATIENCE_MS = 15_000
STEP = 64 * 1024
CANARY = b"canary-of-the-plan-91c4 "


@dataclass
class Place:
    """A served house with one channel; the secrets open sessions of its two members."""

    real: Real
    channel: int
    jana: str
    bernd: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    real = Real.fresh(tmp_path_factory.mktemp("real"))

    async def fill(house: House) -> tuple[int, list[str]]:
        jana = await cast.person(house, "Jana Reuter", side="field")
        bernd = await cast.person(house, "Bernd Oltmanns")
        channel = await cast.channel(house, jana, "Service Süd", members=[bernd])
        return channel, await signed_in(house, jana, bernd)

    channel, (jana, bernd) = real.fill(fill)
    real.start()
    yield Place(real, channel, jana, bernd)
    real.kill()


def enter(browser: Browser, place: Place, secret: str, port: int = 0) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE", timezone_id="Europe/Berlin")
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "binnen", "value": secret, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port or place.real.port}/c/{place.channel}")
    until(page, "document.querySelector('#say')")
    return page


@pytest.fixture
def jana(browser: Browser, place: Place) -> Iterator[Page]:
    page = enter(browser, place, place.jana)
    yield page
    page.context.close()


@pytest.fixture
def bernd(browser: Browser, place: Place) -> Iterator[Page]:
    page = enter(browser, place, place.bernd)
    yield page
    page.context.close()


def photo(folder: Path, name: str, width: int = 800, height: int = 600) -> Path:
    path = folder / name
    path.write_bytes(making.jpeg(width, height))
    return path


def until(page: Page, true: str) -> None:
    """Wait in the page until an expression is true; Playwright's own way needs `eval`, which our CSP forbids."""
    page.evaluate(
        f"() => new Promise((on) => {{ const look = () => (({true}) ? on() : setTimeout(look, 20)); look(); }})"
    )


def attach(page: Page, *paths: Path) -> None:
    page.set_input_files("#file-input", list(paths))
    expect(page.locator(".attached[data-id]")).to_have_count(len(paths))


def send(page: Page, text: str = "") -> None:
    page.fill("#say", text)
    page.locator("#composer .send").click()


def said(page: Page, text: str) -> Locator:
    return page.locator("article.msg[data-rev]", has_text=text)


def test_several_files_go_with_one_message_and_are_seen_by_all(jana, bernd, tmp_path):
    plan = tmp_path / "plan.txt"
    plan.write_bytes(CANARY * 10)
    attach(jana, photo(tmp_path, "riss.jpg"), plan)
    send(jana, "Riss ab Nut")
    for page in (jana, bernd):
        message = said(page, "Riss ab Nut")
        expect(message.locator(".photo img")).to_be_visible()
        expect(message.locator("a.file", has_text="plan.txt")).to_be_visible()
        assert page.evaluate("document.querySelector('.photo img').naturalWidth") > 0
    with bernd.expect_download() as download:
        said(bernd, "Riss ab Nut").locator("a.file", has_text="plan.txt").click()
    assert Path(download.value.path()).read_bytes() == CANARY * 10
    assert jana.locator(".attached").count() == 0


def test_a_photo_alone_is_a_message_and_opens_large(jana, tmp_path):
    attach(jana, photo(tmp_path, "allein.jpg"))
    send(jana)
    jana.locator(".photo img[alt='allein.jpg']").click()
    large = jana.locator("dialog.gallery img")
    expect(large).to_be_visible()
    expect(large).to_have_attribute("alt", "allein.jpg")
    jana.keyboard.press("Escape")
    expect(large).to_be_hidden()


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_pasted_and_dropped_files_are_attached(jana, kind):
    jana.evaluate(
        """kind => {
          const data = new DataTransfer();
          data.items.add(new File(["a,b"], `${kind}.csv`, { type: "text/csv" }));
          const target = kind === "paste" ? document.getElementById("say") : document.querySelector("[data-stream]");
          const options = { bubbles: true, cancelable: true };
          const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, ...options })
            : new DragEvent("drop", { dataTransfer: data, ...options });
          target.dispatchEvent(event);
        }""",
        kind,
    )
    expect(jana.locator(".attached[data-id]", has_text=f"{kind}.csv")).to_be_visible()
    jana.get_by_role("button", name=f"{kind}.csv entfernen").click()
    expect(jana.locator(".attached")).to_have_count(0)


def test_what_is_too_large_or_empty_is_said_at_once(jana, tmp_path):
    jana.evaluate("document.body.dataset.mostBytes = 2 * 1024 * 1024")
    (tmp_path / "film.bin").write_bytes(bytes(2 * 1024 * 1024 + 1))
    (tmp_path / "leer.txt").write_bytes(b"")
    jana.set_input_files("#file-input", [tmp_path / "film.bin", tmp_path / "leer.txt"])
    expect(jana.get_by_text("film.bin ist zu groß: höchstens 2 MB.")).to_be_visible()
    expect(jana.get_by_text("leer.txt ist leer.")).to_be_visible()
    expect(jana.locator(".attached")).to_have_count(0)


def test_what_was_picked_survives_a_reload_and_lies_sealed(jana, tmp_path):
    plan = tmp_path / "plan-7.txt"
    plan.write_bytes(CANARY * 100)
    attach(jana, plan)
    jana.reload()
    expect(jana.locator(".attached[data-id]", has_text="plan-7.txt")).to_be_visible()
    kept = jana.evaluate(
        """async () => {
          const db = await new Promise((resolve) => {
            const request = indexedDB.open("binnen-" + document.body.dataset.me);
            request.onsuccess = () => resolve(request.result);
          });
          const all = await new Promise((resolve) => {
            const request = db.transaction("uploads").objectStore("uploads").getAll();
            request.onsuccess = () => resolve(request.result);
          });
          const plain = new TextDecoder("latin1");
          return all.map((row) => JSON.stringify(row) + plain.decode(row.data ?? row.sealed.data)).join("\\n");
        }"""
    )
    assert len(kept) > len(CANARY) * 100
    assert CANARY.decode() not in kept
    assert "plan-7" not in kept
    jana.get_by_role("button", name="plan-7.txt entfernen").click()
    expect(jana.locator(".attached")).to_have_count(0)


def record(page: Page) -> None:
    page.locator('[data-act="voice"]').click()
    until(page, "document.querySelector('[data-slot=length]').textContent === '0:02'")


def test_a_voice_note_is_recorded_sent_and_heard(jana, bernd):
    record(jana)
    expect(jana.locator("#voice-sheet .now")).to_have_text("nimmt auf")
    jana.locator('[data-act="rec-pause"]').click()
    expect(jana.locator("#voice-sheet .now")).to_have_text("angehalten")
    jana.locator('[data-act="rec-send"]').click()
    for page in (jana, bernd):
        expect(page.locator("voice-note .play").last).to_be_visible()
        expect(page.locator("voice-note small").last).to_have_text("0:02")
    note = bernd.locator("voice-note").last
    assert len(re.findall("M", note.locator(".wave path").first.get_attribute("d"))) == 64
    bernd.get_by_role("button", name="Sprachnachricht abspielen, 0:02").last.click()
    until(bernd, "[...document.querySelectorAll('voice-note')].at(-1).audio.currentTime > 0.3")
    slider = note.get_by_role("slider", name="Stelle")
    slider.focus()
    bernd.keyboard.press("Space")
    bernd.keyboard.press("Home")
    expect(note.get_by_role("button", name="Sprachnachricht abspielen, 0:02")).to_be_visible()
    bernd.keyboard.press("ArrowRight")
    assert bernd.evaluate("[...document.querySelectorAll('voice-note')].at(-1).audio.currentTime") > 1


def test_a_recording_is_kept_when_the_sheet_closes_and_gone_when_discarded(jana):
    record(jana)
    jana.get_by_role("button", name="Schließen, Aufnahme behalten").click()
    jana.locator('[data-act="voice"]').click()
    expect(jana.locator("#voice-sheet .now")).to_have_text("angehalten")
    expect(jana.locator("[data-slot=length]")).not_to_have_text("0:00")
    jana.locator('[data-act="rec-drop"]').click()
    jana.locator('[data-act="voice"]').click()
    expect(jana.locator("#voice-sheet .now")).to_have_text("nimmt auf")
    jana.locator('[data-act="rec-drop"]').click()


def test_where_voice_cannot_be_played_it_can_be_downloaded(jana):
    record(jana)
    jana.locator('[data-act="rec-send"]').click()
    expect(jana.locator("voice-note .play").last).to_be_visible()
    jana.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    jana.reload()
    note = jana.locator("voice-note").last
    expect(note).to_contain_text("Dieser Browser kann diese Sprachnachricht nicht abspielen.")
    assert "/original/" in note.get_by_role("link", name="Herunterladen").get_attribute("href")


def test_a_photo_in_a_dead_zone_goes_when_there_is_a_network(jana, bernd, tmp_path):
    attach(jana, photo(tmp_path, "tunnel.jpg"))
    jana.context.set_offline(True)
    send(jana, "Aus dem Tunnel")
    echo = jana.locator("article.msg.waits", has_text="Aus dem Tunnel")
    expect(echo.locator(".file img.here")).to_be_visible()
    expect(echo).to_contain_text("wartet, geht von selbst raus")
    jana.context.set_offline(False)
    for page in (jana, bernd):
        expect(said(page, "Aus dem Tunnel").locator(".photo img")).to_be_visible()
        expect(said(page, "Aus dem Tunnel")).to_have_count(1)


def test_a_text_never_waits_for_bytes(jana, bernd, tmp_path):
    jana.context.route("**/files/*?offset=*", lambda route: route.abort())
    attach(jana, photo(tmp_path, "langsam.jpg"))
    send(jana, "Das Foto kommt nach")
    send(jana, "Und das hier steht schon da")
    expect(said(bernd, "Und das hier steht schon da")).to_be_visible()
    waiting = said(bernd, "Das Foto kommt nach").locator(".file.coming")
    expect(waiting).to_contain_text("langsam.jpg")
    expect(waiting).to_contain_text("kommt noch")
    jana.context.unroute("**/files/*?offset=*")
    expect(said(bernd, "Das Foto kommt nach").locator(".photo img")).to_be_visible()


def test_an_upload_survives_a_line_cut_at_every_64_kb_a_reload_and_a_killed_server(browser, place, bernd, tmp_path):
    noise = Image.effect_noise((2800, 2200), 120).convert("RGB")
    original = making.encoded(noise, "JPEG", quality=92, exif=making.exif(), comment=making.SECRET)
    assert len(original) > 5_000_000
    (tmp_path / "gross.jpg").write_bytes(original)
    tunnel = Tunnel(place.real.port, STEP)
    page = enter(browser, place, place.jana, tunnel.port)
    attach(page, tmp_path / "gross.jpg")
    send(page, "Fünf Megabyte")
    until(page, "document.querySelector('.file progress')?.value > 1_500_000")
    place.real.kill()
    place.real.start()
    until(page, "document.querySelector('.file progress')?.value > 3_000_000")
    page.reload()
    shown = said(bernd, "Fünf Megabyte").locator(".photo a")
    expect(shown).to_be_visible(timeout=60_000)
    assert tunnel.cuts >= len(original) // STEP
    # Chromium itself repeats a request whose kept connection dies, so each cut may cost one request once more.
    assert tunnel.carried - len(original) <= tunnel.cuts * 128 * 1024
    came = bernd.request.get(place.real.url + shown.get_attribute("data-original")).body()
    assert making.SECRET not in came
    with Image.open(io.BytesIO(came)) as after, Image.open(io.BytesIO(original)) as before:
        assert ImageChops.difference(after.convert("RGB"), before.convert("RGB")).getbbox() is None
    page.context.close()
    tunnel.close()


def test_a_server_that_is_down_loses_no_photo(browser, place, tmp_path):
    page = enter(browser, place, place.jana)
    attach(page, photo(tmp_path, "nachts.jpg"))
    place.real.kill()
    send(page, "Nachts")
    expect(page.locator("article.msg.waits", has_text="Nachts")).to_be_visible()
    page.close()
    place.real.start()
    again = page.context.new_page()
    again.goto(f"{place.real.url}/c/{place.channel}")
    expect(said(again, "Nachts").locator(".photo img")).to_be_visible()
    expect(said(again, "Nachts")).to_have_count(1)
    again.context.close()


def capture(page: Page, place: Place) -> None:
    page.goto(f"{place.real.url}/new")
    expect(page.locator("#new-sheet")).to_be_visible()


def test_photos_from_the_capture_page_say_what_is_to_be_seen(jana, bernd, place, tmp_path):
    capture(jana, place)
    jana.set_input_files("#photo-input", [photo(tmp_path, "eins.jpg"), photo(tmp_path, "zwei.jpg")])
    expect(jana.locator("#photo-sheet .thumbs img")).to_have_count(2)
    jana.fill("#note", "Riss von rechts")
    jana.get_by_role("button", name="1 von 2: eins.jpg").click()
    jana.fill("#note", "Riss von links")
    jana.get_by_role("button", name="2 Fotos senden").click()
    for page in (jana, bernd):
        expect(page.get_by_alt_text("Riss von links")).to_be_visible()
        expect(page.get_by_alt_text("Riss von rechts")).to_be_visible()


def test_what_is_captured_survives_a_reload_and_goes_from_a_dead_zone(jana, bernd, place, tmp_path):
    capture(jana, place)
    jana.set_input_files("#photo-input", [photo(tmp_path, "keller.jpg")])
    expect(jana.locator("#photo-sheet")).to_be_visible()
    jana.reload()
    expect(jana.locator("#photo-sheet .shot img")).to_be_visible()
    jana.fill("#note", "Keller ohne Netz")
    jana.context.set_offline(True)
    jana.get_by_role("button", name="1 Foto senden").click()
    expect(jana.get_by_text("Wartet auf Netz, geht dann von selbst an Service Süd.")).to_be_visible()
    jana.context.set_offline(False)
    expect(bernd.get_by_alt_text("Keller ohne Netz")).to_be_visible()


def test_speaking_from_the_capture_page_goes_where_it_is_told(jana, bernd, place):
    before = bernd.locator("voice-note").count()
    capture(jana, place)
    jana.locator('#new-sheet [data-act="voice"]').click()
    expect(jana.locator("[data-slot=length]")).to_have_text("0:01")
    jana.locator("#voice-sheet").get_by_role("button", name="Ändern").click()
    jana.locator("#to-sheet label", has_text="Service Süd").click()
    expect(jana.locator("#voice-sheet .now")).to_have_text("angehalten")
    jana.locator('[data-act="rec-send"]').click()
    expect(bernd.locator("voice-note")).to_have_count(before + 1)
    jana.wait_for_url(f"**/c/{place.channel}?at=end")
