// What is being written, kept by itself: a moment after each change it is saved for all of its authors' devices. Where
// somebody else has saved it meanwhile, both texts stand there until one is chosen.

import * as mine from "../kernel/mine.js";
import { newId, send } from "../kernel/outbox.js";
import { timeText } from "../kernel/times.js";
import { word } from "../kernel/words.js";
import { readable } from "../people/mentions.js";

const PAUSE_MS = 1200;
const LABEL = 80;

export class Draft {
  #timer = 0;
  #saved = ""; // what the server, or this device, has
  #stopped = false;
  #other = null;
  #going = 0; // saves whose fate is not known yet
  #decided = false; // between this text and another device's, which the server need not keep any longer

  constructor(form, { content, isEmpty, pieces, show, differs }) {
    Object.assign(this, { form, content, isEmpty, pieces, show, differs });
    this.isSaved = Boolean(form.dataset.draft);
    this.key = form.dataset.draft || newId();
    this.rev = Number(form.dataset.rev || 0);
    this.line = document.querySelector("[data-saved]");
    mine.subscribe("post-draft", (key, value) => { if (key === this.#mineKey && value) this.#heard(value); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#save(); });
  }

  get #mineKey() { return `post-draft/${this.key}`; }

  #now() {
    const files = this.pieces.forDraft();
    return { ...this.content(), ...(files.length && { files }) };
  }

  // After a reload without a network: what this device still holds is offered.
  async start(waiting) {
    this.#saved = JSON.stringify(this.#now());
    const { other } = this.form.dataset; // what another device had when this one saved
    if (other) this.#conflict({ ...this.content(), text: other, rev: this.rev });
    const rows = waiting.filter(({ write }) => write?.do === "feed.draft" && (!this.isSaved || write.draft === this.key));
    const row = rows.at(-1);
    if (!row || (this.isSaved && row.write.text === this.content().text)) return;
    const box = this.form.querySelector("[data-begun]");
    box.querySelector("[data-text]").textContent = row.label;
    box.hidden = false;
    box.querySelector("button").onclick = () => {
      box.hidden = true;
      this.key = row.write.draft;
      this.isSaved = true;
      this.rev = row.write.base;
      this.form.querySelector(`[name=kind][value="${row.write.kind}"]`)?.click();
      this.show(row.write);
    };
  }

  typed() {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE_MS);
  }

  async #save() {
    clearTimeout(this.#timer);
    const now = this.#now(), text = JSON.stringify(now);
    if (this.#stopped || this.#other || text === this.#saved || (this.isEmpty() && !this.isSaved)) return;
    const before = this.#saved;
    this.#saved = text;
    const write = { do: "feed.draft", draft: this.key, base: this.rev, ...now, ...(this.#decided && { settled: true }) };
    const { settled } = await send(write, { label: now.title || readable(now.text).slice(0, LABEL), last: this.#mineKey }).catch(() => ({}));
    if (!settled) { this.#saved = before; return; }
    this.isSaved = true;
    this.#say(word("kept on this device"));
    this.#going += 1;
    const { state, answer } = await settled;
    this.#going -= 1;
    if (state === "delivered") {
      if (write.settled) this.#decided = false;
      this.#say(word("saved {time}", { time: timeText(Date.now(), "clock") }));
      await this.pieces.drafted(now.files ?? []);
    }
    if (answer?.mine?.[this.#mineKey]) this.rev = answer.mine[this.#mineKey].rev;
    if (state === "refused") await this.#refused();
  }

  #say(text) { if (this.line) this.line.textContent = text; }

  async #refused() {
    this.#saved = "";
    this.isSaved = this.rev > 0;
    if (this.#other) return;
    const now = await this.#there();
    if (now && now.rev > this.rev) this.#conflict(now); else this.#say(word("not saved"));
  }

  // What somebody else has saved meanwhile: known already, or asked for.
  async #there() {
    const known = mine.get(this.#mineKey);
    if (!this.isSaved || known?.rev > this.rev) return known;
    const answer = await fetch(`/feed/new?draft=${encodeURIComponent(this.key)}`, { headers: { Accept: "text/html" } }).catch(() => null);
    const form = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("post");
    return form ? { rev: Number(form.dataset.rev), title: form.elements.title.value, text: form.elements.text.value } : null;
  }

  // Saved by a co-author or another device: taken over as long as nothing here differs from what was last saved.
  #heard(value) {
    if (value.rev <= this.rev || value.rev === this.rev + 1 && this.#isOwn(value)) { this.rev = Math.max(this.rev, value.rev); return; }
    if (!this.#going && JSON.stringify(this.#now()) === this.#saved) { this.rev = value.rev; this.show(value); this.#saved = JSON.stringify(this.#now()); } else this.#conflict(value);
  }

  #isOwn({ title, text }) {
    const now = this.#saved ? JSON.parse(this.#saved) : {};
    return title === now.title && text === now.text;
  }

  #conflict(value) {
    this.#other = value;
    this.differs(value);
  }

  #settled() {
    this.rev = this.#other.rev;
    this.#other = null;
    this.#decided = true;
    this.form.querySelector("[data-conflict]").hidden = true;
    this.#saved = "";
    this.typed();
  }

  takeOther() {
    this.show(this.#other);
    this.#settled();
  }

  keepOwn() { this.#settled(); }

  // The post is about to go: nothing of the draft may follow it.
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  goOn() { this.#stopped = false; }
}
