// Files in the composer: picked, photographed, pasted, dropped or spoken; kept on this device before the message goes.

import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { kindOf, measure, mostAtOnce, objection, sizeOf } from "./measure.js";
import { openRecorder, sendTake } from "./record.js";
import * as takes from "./takes.js";
import "./tiles.js";
import * as uploads from "./uploads.js";

let only = null;
export function attachments(form) { return (only ??= new Attachments(form)); }

class Attachments {
  #tiles = []; // as the message will name them
  #pending = Promise.resolve();

  constructor(form) {
    this.form = form;
    this.box = form.querySelector("#tiles");
    this.place = Number(form.elements.place.value);
    this.topic = form.elements.topic.value;
    this.where = { place: this.place, topic: this.topic };
    form.addEventListener("binnen:posted", ({ detail }) => this.#posted(detail));
    form.addEventListener("binnen:unsent", ({ detail }) => { this.#tiles = detail.tiles; for (const tile of detail.tiles) this.#chip(tile); });
  }

  act(name) {
    if (name === "voice") openRecorder(document.getElementById("voice-sheet"), { to: document.querySelector(".top-title")?.textContent, where: this.where, send: (...spoken) => this.#spoken(...spoken) });
    else this.form.querySelector(`#${name}-input`).click();
  }

  take(input) {
    this.add([...input.files]);
    input.value = "";
  }

  invite() {
    if (document.querySelector(".drop-here")) return;
    const sign = Object.assign(document.createElement("p"), { className: "drop-here", textContent: word("Drop files here") });
    const main = document.getElementById("main");
    main.append(sign);
    const away = new AbortController();
    const end = () => { sign.remove(); away.abort(); };
    main.addEventListener("dragleave", (event) => { if (!main.contains(event.relatedTarget)) end(); }, { signal: away.signal });
    main.addEventListener("drop", end, { signal: away.signal });
    document.addEventListener("dragend", end, { signal: away.signal });
  }

  add(files) {
    for (const file of files) {
      const reason = this.box.childElementCount >= mostAtOnce ? word("Only {n} files fit on one message.", { n: mostAtOnce }) : objection(file);
      if (reason) { toast(reason); continue; }
      const kind = kindOf(file);
      this.#keep(file, { name: file.name || word("Picture"), kind }, () => measure(file, kind));
    }
    this.form.elements.text.focus({ preventScroll: true });
  }

  // The composer waits for what is being kept: a message never names a file that this device does not have yet.
  #keep(blob, about, look = () => ({})) {
    const chip = this.#chip({ ...about, size: blob.size }, blob);
    this.#pending = this.#pending.then(async () => {
      try {
        const tile = await uploads.add(blob, { ...about, ...(await look()), place: this.place, topic: this.topic });
        chip.dataset.id = tile.id;
        this.#tiles.push(tile);
        return true;
      } catch {
        chip.remove();
        toast(word("This device has no room to keep {name}.", { name: about.name }));
        return false;
      } finally {
        this.#tell();
      }
    });
    this.#tell();
    return this.#pending;
  }

  #tell() { this.form.dispatchEvent(new CustomEvent("binnen:tiles", { detail: { tiles: [...this.#tiles], pending: this.#pending } })); }

  #chip({ id, name, size, kind }, blob = null) {
    const chip = Object.assign(document.createElement("div"), { className: "attached" });
    if (id) chip.dataset.id = id;
    const text = Object.assign(document.createElement("span"), { className: "grow" });
    text.append(Object.assign(document.createElement("b"), { textContent: name }), Object.assign(document.createElement("small"), { textContent: sizeOf(size) }));
    const away = Object.assign(document.createElement("button"), { type: "button", className: "icon-btn" });
    away.setAttribute("aria-label", word("Remove {name}", { name }));
    away.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-x"/></svg>';
    away.onmousedown = (event) => event.preventDefault(); // a focus would open the row below and move this from under the finger
    away.onclick = () => this.#remove(chip);
    chip.append(text, away);
    this.box.append(chip);
    if (kind === "photo") this.#picture(chip, id, blob);
    return chip;
  }

  async #picture(chip, id, given) {
    const blob = given ?? await uploads.list().then((rows) => uploads.blobOf(rows.find((row) => row.id === id))).catch(() => null);
    if (!blob) return;
    const image = Object.assign(document.createElement("img"), { alt: "", src: URL.createObjectURL(blob) });
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => image.remove(); // HEIC, where the browser does not show it
    chip.prepend(image);
  }

  async #remove(chip) {
    await this.#pending;
    chip.remove();
    this.#tiles = this.#tiles.filter(({ id }) => id !== chip.dataset.id);
    this.#tell();
    if (chip.dataset.id) await uploads.discard(chip.dataset.id);
    this.form.elements.text.focus();
  }

  // Spoken into an empty composer it goes at once; beside a text it waits for it.
  async #spoken({ blob, duration, peaks, name }, forget) {
    const goes = this.form.elements.text.value.trim() === "" && this.box.childElementCount === 0;
    const kept = await this.#keep(blob, { name, kind: "voice", duration, peaks });
    if (!kept) return; // the take stays and is offered again
    await forget();
    if (goes) this.form.requestSubmit();
  }

  #posted({ write, tiles }) {
    if (tiles.length === 0) return;
    this.#tiles = this.#tiles.filter(({ id }) => !tiles.some((tile) => tile.id === id));
    uploads.send(write.id, write.place, tiles.map(({ id }) => id));
  }

  // What was being spoken here when a page ended.
  async #offerTakes() {
    for (const take of await takes.list(this.place, this.topic)) {
      const send = async (row) => { row.remove(); await sendTake(take, (...spoken) => this.#spoken(...spoken)); };
      this.box.before(takes.offer(take, { send }));
    }
  }

  // After a reload: what was picked here and not sent yet.
  async restore() {
    for (const row of await uploads.list()) {
      if (row.message || row.place !== this.place || row.topic !== this.topic || this.#tiles.some(({ id }) => id === row.id)) continue;
      const tile = uploads.tileOf(row);
      this.#tiles.push(tile);
      this.#chip(tile);
    }
    this.#tell();
    await this.#offerTakes();
  }
}
