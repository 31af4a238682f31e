"""Photos and files in a real browser against the real server: sent, seen, and never lost on the way."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from intranet.kernel import new_id
from tests.files import making
from tests.tunnel import Tunnel

from .place import attach, enter, photo, said, send, until

STEP = 64 * 1024
CANARY = b"canary-of-the-plan-91c4 "


def test_several_files_go_with_one_message_and_are_seen_by_all(field, office, tmp_path):
    plan = tmp_path / "plan.txt"
    plan.write_bytes(CANARY * 10)
    attach(field, photo(tmp_path, "riss.jpg"), plan)
    send(field, "Riss ab Nut")
    for page in (field, office):
        message = said(page, "Riss ab Nut")
        expect(message.locator(".photo img")).to_be_visible()
        expect(message.locator("a.file", has_text="plan.txt")).to_be_visible()
        assert page.evaluate("document.querySelector('.photo img').naturalWidth") > 0
    with office.expect_download() as download:
        said(office, "Riss ab Nut").locator("a.file", has_text="plan.txt").click()
    assert Path(download.value.path()).read_bytes() == CANARY * 10
    assert field.locator(".attached").count() == 0


def test_a_photo_alone_is_a_message_and_opens_large(field, tmp_path):
    attach(field, photo(tmp_path, "allein.jpg"))
    send(field)
    field.locator(".photo img[alt='allein.jpg']").click()
    large = field.locator("dialog.gallery img")
    expect(large).to_be_visible()
    expect(large).to_have_attribute("alt", "allein.jpg")
    field.keyboard.press("Escape")
    expect(large).to_be_hidden()


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_pasted_and_dropped_files_are_attached(field, kind):
    field.evaluate(
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
    expect(field.locator(".attached[data-id]", has_text=f"{kind}.csv")).to_be_visible()
    field.get_by_role("button", name=f"{kind}.csv entfernen").click()
    expect(field.locator(".attached")).to_have_count(0)


def test_what_is_too_large_or_empty_is_said_at_once(field, tmp_path):
    field.evaluate("document.body.dataset.mostBytes = 2 * 1024 * 1024")
    (tmp_path / "film.bin").write_bytes(bytes(2 * 1024 * 1024 + 1))
    (tmp_path / "leer.txt").write_bytes(b"")
    field.set_input_files("#file-input", [tmp_path / "film.bin", tmp_path / "leer.txt"])
    expect(field.get_by_text("film.bin ist zu groß: höchstens 2 MB.")).to_be_visible()
    expect(field.get_by_text("leer.txt ist leer.")).to_be_visible()
    expect(field.locator(".attached")).to_have_count(0)


def test_what_was_picked_survives_a_reload_and_lies_sealed(field, tmp_path):
    plan = tmp_path / "plan-7.txt"
    plan.write_bytes(CANARY * 100)
    attach(field, plan)
    field.reload()
    expect(field.locator(".attached[data-id]", has_text="plan-7.txt")).to_be_visible()
    kept = field.evaluate(
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
    field.get_by_role("button", name="plan-7.txt entfernen").click()
    expect(field.locator(".attached")).to_have_count(0)


def test_a_photo_in_a_dead_zone_goes_when_there_is_a_network(field, office, tmp_path):
    attach(field, photo(tmp_path, "tunnel.jpg"))
    field.context.set_offline(True)
    send(field, "Aus dem Tunnel")
    echo = field.locator("article.msg.waits", has_text="Aus dem Tunnel")
    expect(echo.locator(".file img.here")).to_be_visible()
    expect(echo).to_contain_text("wartet, geht von selbst raus")
    field.context.set_offline(False)
    for page in (field, office):
        expect(said(page, "Aus dem Tunnel").locator(".photo img")).to_be_visible()
        expect(said(page, "Aus dem Tunnel")).to_have_count(1)


def test_a_text_never_waits_for_bytes(field, office, tmp_path):
    field.context.route("**/files/*?offset=*", lambda route: route.abort())
    attach(field, photo(tmp_path, "langsam.jpg"))
    send(field, "Das Foto kommt nach")
    send(field, "Und das hier steht schon da")
    expect(said(office, "Und das hier steht schon da")).to_be_visible()
    waiting = said(office, "Das Foto kommt nach").locator(".file.coming")
    expect(waiting).to_contain_text("langsam.jpg")
    expect(waiting).to_contain_text("kommt noch")
    field.context.unroute("**/files/*?offset=*")
    expect(said(office, "Das Foto kommt nach").locator(".photo img")).to_be_visible()


def test_an_upload_survives_a_line_cut_at_every_64_kb_a_reload_and_a_killed_server(browser, place, office, tmp_path):
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
    shown = said(office, "Fünf Megabyte").locator(".photo a")
    expect(shown).to_be_visible(timeout=60_000)
    assert tunnel.cuts >= len(original) // STEP
    # Chromium itself repeats a request whose kept connection dies, so each cut may cost one request once more.
    assert tunnel.carried - len(original) <= tunnel.cuts * 128 * 1024
    came = office.request.get(place.real.url + shown.get_attribute("data-original")).body()
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


def test_a_file_whose_message_is_deleted_meanwhile_is_let_go(field, office, place, tmp_path):
    field.context.route("**/files/*?offset=*", lambda route: route.abort())
    attach(field, photo(tmp_path, "vertan.jpg"))
    send(field, "Falsches Foto")
    expect(said(office, "Falsches Foto")).to_be_visible()
    seq = said(field, "Falsches Foto").get_attribute("data-seq")
    write = {"do": "chat.delete", "id": new_id(), "place": place.channel, "message": int(seq or 0)}
    assert field.request.post(f"{place.real.url}/do", data=write, headers={"Origin": place.real.url}).ok
    expect(said(office, "Falsches Foto")).to_have_count(0)
    with field.expect_response(lambda answer: answer.status == 410):
        field.context.unroute("**/files/*?offset=*")
    field.goto(f"{place.real.url}/outbox")
    expect(field.get_by_text("Alles ist raus")).to_be_visible()
