// Photos, papers and voice of a post: kept on this device when they are picked, on the server as soon as there is a
// network, and so in the draft as well.

import { kindOf, measure, mostAtOnce, objection, sizeOf } from "../files/measure.js";
import * as uploads from "../files/uploads.js";
import { toast, use } from "../kernel/shell.js";
import { word } from "../kernel/words.js";

const THING = "post";

export class Pieces {
  #tiles = []; // picked here: {tile, address, upload (once the server has it), drafted (once the draft holds it)}
  #keeping = Promise.resolve();

  constructor(form, held) {
    Object.assign(this, { form, held, box: form.querySelector("#tiles") });
    this.topic = form.dataset.post ? `post-${form.dataset.post}` : THING; // under which files of this page wait for their post
    for (const input of form.querySelectorAll("input[type=file]")) input.addEventListener("change", () => { this.add([...input.files]); input.value = ""; });
    form.addEventListener("paste", (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (!pasted.length) return;
      event.preventDefault();
      this.add(pasted);
    });
    const main = document.getElementById("main");
    const holds = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    main.addEventListener("dragover", (event) => { if (holds(event)) event.preventDefault(); });
    main.addEventListener("drop", (event) => { if (holds(event)) { event.preventDefault(); this.add([...event.dataTransfer.files]); } });
    this.#draw();
  }

  get count() { return this.held.length + this.#tiles.length; }
  get pictures() { return [...this.held.filter(({ preview }) => preview).map(shown), ...this.#tiles.filter(({ address }) => address).map(({ address, tile }) => ({ address, note: tile.note ?? tile.name }))]; }

  add(files) {
    for (const file of files) {
      const reason = this.count >= mostAtOnce ? word("Only {n} files fit on one post.", { n: mostAtOnce }) : objection(file);
      if (reason) { toast(reason); continue; }
      this.#keeping = this.#keeping.then(() => this.#keep(file));
    }
  }

  async #keep(file, about = null) {
    const kind = about?.kind ?? kindOf(file);
    try {
      const shown = about ?? { name: file.name || word("Picture"), kind, ...(await measure(file, kind)) };
      const tile = await uploads.add(file, { ...shown, place: 0, topic: this.topic, thing: THING });
      this.#take(tile, file);
      return true;
    } catch {
      toast(word("This device has no room to keep {name}.", { name: about?.name ?? file.name }));
      return false;
    }
  }

  #take(tile, blob) {
    const one = { tile, address: tile.kind === "photo" ? URL.createObjectURL(blob) : "", upload: "", drafted: false };
    this.#tiles.push(one);
    this.#draw();
    uploads.ahead(tile.id).then((upload) => { one.upload = upload ?? ""; this.#tell(); }, () => {}); // else it goes with the post
  }

  speak() {
    use(import("../files/record.js"), ({ openRecorder }) => openRecorder(document.getElementById("voice-sheet"), {
      to: document.querySelector(".top-title").textContent, where: { place: 0, topic: this.topic },
      send: async ({ blob, ...spoken }, forget) => { if (await this.#keep(blob, { ...spoken, kind: "voice" })) await forget(); },
    }));
  }

  // What the post holds by now: without what was taken off here.
  hold(held, before) {
    const off = new Set(before.map(({ id }) => id));
    for (const { id } of this.held) off.delete(id);
    this.held = held.filter(({ id }) => !off.has(id));
    this.#draw();
  }

  // ---- shown ---------------------------------------------------------------------------------------------------------

  #draw() {
    this.box.replaceChildren(...this.held.map((tile) => this.#chip({ tile, address: tile.preview }, () => { this.held = this.held.filter((one) => one !== tile); })),
      ...this.#tiles.map((one) => this.#chip(one, () => { this.#tiles = this.#tiles.filter((other) => other !== one); return uploads.discard(one.tile.id); })));
    this.#tell();
  }

  #tell() { this.form.dispatchEvent(new CustomEvent("binnen:pieces")); }

  #chip({ tile, address = "" }, away) {
    const chip = document.createElement("div");
    chip.className = "attached";
    chip.innerHTML = '<span class="tile"><svg class="icon" aria-hidden="true"><use/></svg></span><span class="grow"><b></b><small></small></span><button class="icon-btn compact" type="button"><svg class="icon" aria-hidden="true"><use href="#i-x"/></svg></button>';
    chip.querySelector("use").setAttribute("href", `#i-${{ photo: "image", voice: "mic" }[tile.kind] ?? "file-text"}`);
    if (address) chip.querySelector(".tile").replaceWith(Object.assign(document.createElement("img"), { src: address, alt: "", className: "tile" }));
    chip.querySelector("b").textContent = tile.name;
    chip.querySelector("small").textContent = sizeOf(tile.size);
    const button = chip.querySelector("button");
    button.setAttribute("aria-label", word("Remove {name}", { name: tile.name }));
    button.onclick = async () => { await away(); this.#draw(); };
    return chip;
  }

  // ---- going ---------------------------------------------------------------------------------------------------------

  // The tiles as a post names them; null when a planned one has files that are not with the server yet.
  async forPost(planned) {
    await this.#keeping;
    if (planned) for (const one of this.#tiles.filter(({ drafted }) => !drafted)) one.upload ||= (await uploads.ahead(one.tile.id)) ?? "";
    if (planned && this.#tiles.some(({ upload, drafted }) => !(upload || drafted))) return null;
    return [...this.held.map(named), ...this.#tiles.map(asTile)];
  }

  // What a draft can hold by now; `drafted` says that it does.
  forDraft() { return [...this.held.map(named), ...this.#tiles.filter(({ upload, drafted }) => upload || drafted).map(asTile)]; }

  drafted(files) {
    const here = this.#tiles.filter(({ tile, drafted }) => !drafted && files.some(({ id }) => id === tile.id));
    for (const one of here) one.drafted = true;
    return uploads.forget(here.map(({ tile }) => tile.id));
  }

  sent(write) { return uploads.send(write, 0, this.#tiles.filter(({ drafted }) => !drafted).map(({ tile }) => tile.id)); }
  back(write) { return uploads.release(write); }

  // After a reload: what was picked here and has not gone yet, or goes with a `write` that waits.
  async restore(write = "") {
    const isOurs = ({ message, topic }) => (message ? message === write : topic === this.topic);
    for (const row of await uploads.list()) if (isOurs(row)) this.#take(uploads.tileOf(row), await uploads.blobOf(row));
  }
}

const shown = ({ preview, note, name }) => ({ address: preview, note: note || name });
const named = ({ id, name, size, kind, note }) => ({ id, name, size, kind, ...(note && { note }) });
const asTile = ({ tile, upload, drafted }) => ({ ...tile, ...(upload && !drafted && { upload }) });
