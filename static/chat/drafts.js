// What is being written: on this device at every pause, sealed; on the other devices a moment later. Where two places
// changed it, both texts are kept and shown; none of them disappears.

import * as mine from "../kernel/mine.js";
import { send } from "../kernel/outbox.js";
import { ready, seal } from "../kernel/page.js";
import { storeOf } from "../kernel/store.js";

const LOCAL_MS = 150;
const SYNC_MS = 1500;
const tab = Math.random().toString(36).slice(2);

export class Draft {
  #local = 0;
  #sync = 0;
  #dirty = false; // typed here and not yet with the server

  // show(text) puts a text into the composer, conflict(text) shows the other one beside it.
  constructor(place, topic, { show, conflict, read }) {
    Object.assign(this, { place, topic, show, conflict, read });
    this.id = `${place}/${topic}`;
    this.key = `draft/${this.id}`;
    mine.subscribe("draft", (key, value) => { if (key === this.key) this.#fromElsewhere(value); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.#dirty) this.#keep(); });
  }

  get #server() { return mine.get(this.key) ?? { text: "", other: "", rev: 0 }; }

  async start() {
    await ready;
    const kept = await this.#open();
    const { text, other, rev } = this.#server;
    if (kept?.text && kept.text !== text) {
      this.#dirty = true;
      this.#put(kept.text);
      if (rev > kept.base && text) this.conflict(text);
    } else if (text) {
      this.#put(text);
    }
    if (kept?.other || other) this.conflict(kept?.other || other);
  }

  // Whatever was typed before the page was ready stays.
  #put(text) { if (!this.read() || this.read() === this.#server.text) this.show(text); }

  async #open() {
    if (!seal) return null;
    const row = await storeOf(seal.person).get("drafts", this.id).catch(() => null);
    return row && seal.open(row.sealed, `drafts/${this.id}`).catch(() => null);
  }

  typed() {
    this.#dirty = true;
    clearTimeout(this.#local);
    clearTimeout(this.#sync);
    this.#local = setTimeout(() => this.#keep(), LOCAL_MS);
    this.#sync = setTimeout(() => this.#send(), SYNC_MS);
  }

  // On this device; under a lock, since another tab may be writing the same draft.
  #keep() {
    if (!seal) return undefined;
    const text = this.read();
    return navigator.locks.request(`draft-${this.id}`, async () => {
      const before = await this.#open();
      const foreign = before && before.tab !== tab && !["", text, this.seen].includes(before.text);
      if (foreign) this.conflict(before.text);
      const other = foreign ? before.text : before?.other ?? "";
      this.seen = text;
      if (!text && !other) return storeOf(seal.person).remove("drafts", this.id);
      const sealed = await seal.close({ text, other, base: this.#server.rev, tab }, `drafts/${this.id}`);
      return storeOf(seal.person).put("drafts", { id: this.id, at: Date.now(), sealed });
    });
  }

  async #send() {
    const text = this.read();
    if (text === this.#server.text) return;
    const { settled } = await send({ do: "chat.draft", place: this.place, topic: Number(this.topic), text, base: this.#server.rev }, { last: this.key });
    const { state } = await settled;
    if (state === "delivered" && this.read() === text) this.#dirty = false;
  }

  #fromElsewhere(value) {
    if (!value) return;
    const here = this.read();
    if (value.other) this.conflict(value.other);
    if (value.text === here) return;
    if (!this.#dirty) this.show(value.text);
    else if (value.text && value.text !== this.seen && !here.startsWith(value.text)) this.conflict(value.text);
  }

  // Sent: gone here once the outbox has it, and on the other devices.
  async done() {
    clearTimeout(this.#local);
    clearTimeout(this.#sync);
    this.#dirty = false;
    this.seen = "";
    await this.#keep();
    if (this.#server.text) await this.#send();
  }

  // The reader has looked at the other text.
  async settled() {
    if (!seal) return;
    await navigator.locks.request(`draft-${this.id}`, () => storeOf(seal.person).remove("drafts", this.id));
    await this.#keep();
  }
}
