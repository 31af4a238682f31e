"""Voice, and the page on which something new begins, in a real browser with a pretended microphone."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect

from .place import Place, photo, until


def record(page: Page) -> None:
    page.locator('[data-act="voice"]').click()
    until(page, "document.querySelector('[data-slot=length]').textContent === '0:02'")


def test_a_voice_note_is_recorded_sent_and_heard(field, office):
    record(field)
    expect(field.locator("#voice-sheet .now")).to_have_text("nimmt auf")
    field.locator('[data-act="rec-pause"]').click()
    expect(field.locator("#voice-sheet .now")).to_have_text("angehalten")
    field.locator('[data-act="rec-send"]').click()
    for page in (field, office):
        expect(page.locator("voice-note .play").last).to_be_visible()
        expect(page.locator("voice-note small").last).to_have_text("0:02")
    note = office.locator("voice-note").last
    assert len(re.findall("M", note.locator(".wave path").first.get_attribute("d"))) == 64
    office.get_by_role("button", name="Sprachnachricht abspielen, 0:02").last.click()
    until(office, "[...document.querySelectorAll('voice-note')].at(-1).audio.currentTime > 0.3")
    slider = note.get_by_role("slider", name="Stelle")
    slider.focus()
    office.keyboard.press("Space")
    office.keyboard.press("Home")
    expect(note.get_by_role("button", name="Sprachnachricht abspielen, 0:02")).to_be_visible()
    office.keyboard.press("ArrowRight")
    assert office.evaluate("[...document.querySelectorAll('voice-note')].at(-1).audio.currentTime") > 1


def test_a_recording_is_kept_when_the_sheet_closes_and_gone_when_discarded(field):
    record(field)
    field.get_by_role("button", name="Schließen, Aufnahme behalten").click()
    field.locator('[data-act="voice"]').click()
    expect(field.locator("#voice-sheet .now")).to_have_text("angehalten")
    expect(field.locator("[data-slot=length]")).not_to_have_text("0:00")
    field.locator('[data-act="rec-drop"]').click()
    field.locator('[data-act="voice"]').click()
    expect(field.locator("#voice-sheet .now")).to_have_text("nimmt auf")
    field.locator('[data-act="rec-drop"]').click()


KEPT = """async () => {
  const db = await new Promise((resolve) => {
    const request = indexedDB.open("binnen-" + document.body.dataset.me);
    request.onsuccess = () => resolve(request.result);
  });
  const store = db.transaction("uploads").objectStore("uploads");
  const asked = store.getAll();
  const all = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const plain = new TextDecoder("latin1");
  return all.map((row) => JSON.stringify(row) + plain.decode(row.data ?? row.sealed.data)).join("\\n");
}"""


def test_a_recording_outlives_its_page_sealed_and_is_sent_afterwards(field, office):
    before = office.locator("voice-note").count()
    record(field)
    kept = field.evaluate(KEPT)
    assert "s/" in kept
    assert not [word for word in ("webm", "ftyp", "levels", "topic") if word in kept], "nothing lies open"
    field.reload()
    take = field.locator(".take")
    expect(take).to_contain_text("Aufnahme von")
    expect(take.locator("small")).to_have_text(re.compile("0:0[1-3]"))
    take.get_by_role("button", name="Senden").click()
    for page in (field, office):
        expect(page.locator("voice-note .play")).to_have_count(before + 1)
    note = office.locator("voice-note").last
    note.locator(".play").click()
    until(office, "[...document.querySelectorAll('voice-note')].at(-1).audio.currentTime > 0.3")
    field.reload()
    expect(field.locator("voice-note .play")).to_have_count(before + 1)
    expect(field.locator(".take")).to_have_count(0)


def test_a_recording_of_before_can_be_thrown_away(field):
    record(field)
    field.reload()
    field.locator(".take").get_by_role("button", name="Verwerfen").click()
    expect(field.locator(".take")).to_have_count(0)
    assert field.evaluate(KEPT) == ""


def test_what_another_tab_records_right_now_is_not_offered(field, place):
    record(field)
    other = field.context.new_page()
    other.goto(f"{place.real.url}/c/{place.channel}")
    until(other, "document.querySelector('#tiles')")
    other.evaluate("import(document.querySelector('script[src*=\"files/start\"]').src)")
    expect(other.locator(".take")).to_have_count(0)
    field.close()
    other.reload()
    expect(other.locator(".take")).to_be_visible()
    other.locator(".take").get_by_role("button", name="Verwerfen").click()


def test_where_voice_cannot_be_played_it_can_be_downloaded(field):
    record(field)
    field.locator('[data-act="rec-send"]').click()
    expect(field.locator("voice-note .play").last).to_be_visible()
    field.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    field.reload()
    note = field.locator("voice-note").last
    expect(note).to_contain_text("Dieser Browser kann diese Sprachnachricht nicht abspielen.")
    assert "/original/" in note.get_by_role("link", name="Herunterladen").get_attribute("href")


def capture(page: Page, place: Place) -> None:
    page.goto(f"{place.real.url}/new")
    expect(page.locator("#new-sheet")).to_be_visible()


def test_photos_from_the_capture_page_say_what_is_to_be_seen(field, office, place, tmp_path):
    capture(field, place)
    field.set_input_files("#photo-input", [photo(tmp_path, "eins.jpg"), photo(tmp_path, "zwei.jpg")])
    expect(field.locator("#photo-sheet .thumbs img")).to_have_count(2)
    field.fill("#note", "Riss von rechts")
    field.get_by_role("button", name="1 von 2: eins.jpg").click()
    field.fill("#note", "Riss von links")
    field.get_by_role("button", name="2 Fotos senden").click()
    for page in (field, office):
        expect(page.get_by_alt_text("Riss von links")).to_be_visible()
        expect(page.get_by_alt_text("Riss von rechts")).to_be_visible()


def test_what_is_captured_survives_a_reload_and_goes_from_a_dead_zone(field, office, place, tmp_path):
    capture(field, place)
    field.set_input_files("#photo-input", [photo(tmp_path, "keller.jpg")])
    expect(field.locator("#photo-sheet")).to_be_visible()
    field.reload()
    expect(field.locator("#photo-sheet .shot img")).to_be_visible()
    field.fill("#note", "Keller ohne Netz")
    field.context.set_offline(True)
    field.get_by_role("button", name="1 Foto senden").click()
    expect(field.get_by_text("Wartet auf Netz, geht dann von selbst an Service Süd.")).to_be_visible()
    field.context.set_offline(False)
    expect(office.get_by_alt_text("Keller ohne Netz")).to_be_visible()


def test_speaking_from_the_capture_page_goes_where_it_is_told(field, office, place):
    before = office.locator("voice-note").count()
    capture(field, place)
    field.locator('#new-sheet [data-act="voice"]').click()
    expect(field.locator("[data-slot=length]")).to_have_text("0:01")
    field.locator("#voice-sheet").get_by_role("button", name="Ändern").click()
    field.locator("#to-sheet label", has_text="Service Süd").click()
    expect(field.locator("#voice-sheet .now")).to_have_text("angehalten")
    field.locator('[data-act="rec-send"]').click()
    expect(office.locator("voice-note")).to_have_count(before + 1)
    field.wait_for_url(f"**/c/{place.channel}?at=end")


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """One line over the photo, its points from 0 to 1."""
    canvas = page.locator("#draw-sheet canvas")
    expect(canvas).to_be_visible()  # it is there once the photo is drawn on it
    box = canvas.bounding_box()
    assert box is not None
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def test_what_is_drawn_into_a_photo_is_in_what_everybody_gets(field, office, place, tmp_path):
    capture(field, place)
    field.set_input_files("#photo-input", [photo(tmp_path, "flansch.jpg", 1200, 800)])
    field.fill("#note", "Riss am Flansch")
    field.get_by_role("button", name="Einzeichnen").click()
    undo = field.get_by_role("button", name="Rückgängig")
    expect(undo).to_be_disabled()
    field.get_by_role("radio", name="rot").check()
    stroke(field, (0.1, 0.1), (0.9, 0.1))
    undo.click()
    expect(field.get_by_role("button", name="Übernehmen")).to_be_disabled()
    field.get_by_role("radio", name="weiß").check()
    stroke(field, (0.25, 0.5), (0.75, 0.5))
    field.get_by_role("button", name="Übernehmen").click()
    expect(field.locator("#photo-sheet")).to_be_visible()
    expect(field.locator("#note")).to_have_value("Riss am Flansch")
    field.get_by_role("button", name="1 Foto senden").click()
    shown = office.locator(".photo a", has=office.get_by_alt_text("Riss am Flansch"))
    expect(shown).to_be_visible()
    came = office.request.get(place.real.url + (shown.get_attribute("data-original") or "")).body()
    with Image.open(io.BytesIO(came)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1200, 800))
        grey = picture.convert("L")
        line, above = (grey.crop((600, y, 601, y + 1)).tobytes()[0] for y in (400, 80))
    assert line > 240, "the white line"
    assert above < 240, "what was taken back is not in it"
    field.wait_for_url(f"**/c/{place.channel}?at=end")
    field.goto(f"{place.real.url}/new")
    expect(field.locator("#photo-sheet")).to_be_hidden()


def test_a_photo_that_is_not_drawn_on_stays_as_it_was(field, place, tmp_path):
    capture(field, place)
    field.set_input_files("#photo-input", [photo(tmp_path, "bleibt.jpg")])
    expect(field.locator("[data-slot=shot]")).to_be_visible()
    before = field.locator("[data-slot=shot]").get_attribute("src")
    field.get_by_role("button", name="Einzeichnen").click()
    stroke(field, (0.2, 0.2), (0.6, 0.6))
    field.keyboard.press("Escape")
    expect(field.locator("#photo-sheet")).to_be_visible()
    expect(field.locator("[data-slot=shot]")).to_have_attribute("src", before or "")


def test_a_recording_of_the_capture_page_comes_back_there(field, office, place):
    before = office.locator("voice-note").count()
    capture(field, place)
    field.locator('#new-sheet [data-act="voice"]').click()
    expect(field.locator("[data-slot=length]")).to_have_text("0:02")
    field.reload()
    field.locator("#new-sheet .take").get_by_role("button", name="Weiter").click()
    expect(field.locator("#voice-sheet .now")).to_contain_text("Aufnahme von")
    expect(field.locator("#voice-sheet [data-slot=to]")).to_have_text("Service Süd")
    field.locator('[data-act="rec-send"]').click()
    expect(office.locator("voice-note")).to_have_count(before + 1)
    field.wait_for_url(f"**/c/{place.channel}?at=end")
    assert field.evaluate(KEPT) == ""


def test_the_outbox_lists_files_that_are_still_on_their_way(field, place, tmp_path):
    field.context.route("**/files/*?offset=*", lambda route: route.abort())
    field.set_input_files("#file-input", [photo(tmp_path, "unterwegs.jpg")])
    expect(field.locator(".attached[data-id]")).to_be_visible()
    field.locator("#composer .send").click()
    expect(field.locator("article.msg[data-rev] .file.coming")).to_be_visible()
    field.goto(f"{place.real.url}/outbox")
    expect(field.locator("#out-waiting-list")).to_contain_text("unterwegs.jpg")
    field.context.unroute("**/files/*?offset=*")
    expect(field.locator("#out-waiting-list")).not_to_contain_text("unterwegs.jpg")
