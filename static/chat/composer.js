// The composer: takes over the plain form. What is typed stays until the outbox has it on this device.

import { newId, send } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { toast, use } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { Draft } from "./drafts.js";

const touch = matchMedia("(pointer: coarse)");
const LABEL = 80;

class Composer {
  #reply = null; // {id, name, text}
  #editing = null; // the message whose text is being changed
  #aside = ""; // what was in the field before
  #topicName = ""; // chosen by name; a topic that is there already is in the form

  constructor(form) {
    this.form = form;
    this.field = form.elements.text;
    this.place = Number(form.elements.place.value);
    this.topic = form.elements.topic.value;
    this.tiles = []; // {id, name, size, kind} of files on their way; files/pick.js says which
    this.pending = null; // settles when all of them are kept on this device
    this.suggest = this.mentions = null; // loaded when somebody is called by name
    this.draft = new Draft(this.place, this.topic, { show: (text) => this.#fill(text), conflict: (text) => this.#conflict(text), read: () => (this.#editing ? this.#aside : this.field.value) });
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    form.addEventListener("click", (event) => this.#pressed(event.target.closest("[data-act]")));
    form.addEventListener("binnen:tiles", ({ detail }) => Object.assign(this, detail));
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    document.getElementById("later-sheet")?.addEventListener("binnen:sheet", ({ target, detail }) => {
      detail.wait(use(import("./later.js"), ({ askTime }) => askTime(target, this)));
    });
  }

  part(id) { return this.form.querySelector(`#${id}`); }
  #fill(text) { this.field.value = text; }

  #typed() {
    if (!this.#editing) this.draft.typed();
    if (this.field.value) import("./typing.js").then(({ whisperTyping }) => whisperTyping(this.place, Number(this.topic)), () => {});
    if (/[@:]/.test(this.field.value)) this.#offer();
  }

  // From the first @ or : on, names and emoji are offered. Without them the server knows a name written out.
  async #offer() {
    if (this.offering) return;
    this.offering = true;
    try {
      const [{ Suggest }] = await Promise.all([import("../people/suggest.js"), this.#named()]);
      this.suggest = new Suggest(this.field, this.part("suggest"), () => this.#audience(), this.part("warning"));
    } catch {
      this.offering = false;
    }
  }

  async #named() { this.mentions = await import("../people/mentions.js"); }

  async #audience() {
    this.people ??= fetch(`/c/${this.place}/people.json`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .catch(() => { this.people = null; return { people: [], teams: [], all: 0 }; });
    return this.people;
  }

  #stored(text) { return this.mentions?.stored(text) ?? text; }

  #key(event) {
    if (event.isComposing || this.suggest?.isOpen) return;
    const sends = event.key === "Enter" && !event.shiftKey && (event.ctrlKey || event.metaKey || !touch.matches);
    if (sends) { event.preventDefault(); this.submit(); }
    else if (event.key === "Escape") { event.preventDefault(); this.#leave(); }
    else if (event.key === "ArrowUp" && !this.field.value) this.#editLast(event);
  }

  // First what the text is for, then the field: from there the keys go through the messages.
  #leave() {
    if (this.#editing || this.#reply) this.#cancel();
    else document.querySelector("[data-stream]")?.focus({ preventScroll: true });
  }

  #editLast(event) {
    const own = document.querySelectorAll("[data-stream] .msg.own[data-rev]");
    if (own.length === 0) return;
    event.preventDefault();
    this.edit(own[own.length - 1]);
  }

  #pressed(button) {
    switch (button?.dataset.act) {
      case "no-answer": this.#cancel(); break;
      case "other-draft": this.#takeOther(); break;
      case "topic": this.#askTopic(button); break;
      default: // photo, file and voice belong to the files room
    }
  }

  // ---- sending -----------------------------------------------------------------------------------------------------

  get hasContent() { return this.field.value.trim() !== "" || this.tiles.length > 0; }

  async submit() {
    if (this.pending) await this.pending;
    if (!this.hasContent) return;
    if (this.#editing) { await this.#change(); return; }
    const text = this.field.value.replace(/\s+$/, "");
    const asked = /^\/(?:poll|umfrage|peiling)\b\s*(.*)/s.exec(text);
    if (asked) { this.#clear(); await this.draft.done(); location.assign(`/polls/new#${this.place}/${this.topic}/${encodeURIComponent(asked[1])}`); return; }
    const { tiles } = this;
    const write = { do: "chat.post", id: newId(), place: this.place, text: this.#stored(text), ...this.#where(), ...(tiles.length && { files: tiles }) };
    const quote = this.#reply && { name: this.#reply.name, text: this.#reply.text };
    const label = text.slice(0, LABEL) || tiles.map(({ name }) => name).join(", ");
    this.#clear();
    try {
      await send(write, { echo: { quote, topic: this.#topicName }, label });
      this.form.dispatchEvent(new CustomEvent("binnen:posted", { bubbles: true, detail: { write, tiles } }));
      await this.draft.done();
    } catch {
      this.field.value = this.field.value ? `${text}\n${this.field.value}` : text;
      this.tiles = tiles;
      this.form.dispatchEvent(new CustomEvent("binnen:unsent", { detail: { tiles } }));
      toast(word("This device has no room to keep the message. The text is still here."));
    }
  }

  #where() {
    const topic = this.#topicName ? { topic_name: this.#topicName } : { topic: Number(this.topic) };
    return { ...topic, ...(this.#reply && { reply_to: this.#reply.id }) };
  }

  #clear() {
    this.field.value = "";
    this.tiles = [];
    this.part("tiles").replaceChildren();
    this.part("warning").hidden = true;
    this.suggest?.close();
    this.#noAnswer();
  }

  // What is written and where it goes, out of the field; null when there is nothing that could go later.
  takeForLater() {
    const text = this.field.value.trim();
    if (!text || this.tiles.length) { toast(text ? word("Only text can be sent later.") : word("Nothing written yet.")); return null; }
    const { reply_to: answered, ...where } = this.#where();
    this.#clear();
    const write = { place: this.place, text: this.#stored(text), ...where, ...(typeof answered === "number" && { reply_to: answered }) };
    return { write, label: text.slice(0, LABEL) };
  }

  // ---- answering and changing ----------------------------------------------------------------------------------------

  answer(message, { name, text }) {
    if (this.#editing) this.#cancel();
    this.#reply = { id: message.dataset.seq ? Number(message.dataset.seq) : message.dataset.echo, name, text };
    this.#over(word("Answer to {name}: {text}", { name, text }));
    this.field.focus();
  }

  async edit(message) {
    const seq = Number(message.dataset.seq);
    const answer = await fetch(`/c/${this.place}/m/${seq}/source`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) { toast(word("The text can be changed when there is a network.")); return; }
    const { text } = await answer.json();
    await this.#named();
    if (!this.#editing) this.#aside = this.field.value;
    this.#noAnswer();
    this.#editing = { seq, text };
    this.#fill(this.mentions.readable(text));
    this.#over(word("Changing a message"));
    this.field.focus();
  }

  async #change() {
    const { seq, text: before } = this.#editing;
    const shown = this.field.value.trim();
    const text = this.#stored(shown);
    if (text !== before) await send({ do: "chat.edit", place: this.place, message: seq, text }, { label: shown.slice(0, LABEL) });
    this.#cancel();
  }

  #over(text) {
    const line = this.part("answering");
    line.querySelector("[data-text]").textContent = text;
    line.hidden = false;
  }

  #noAnswer() {
    this.#reply = null;
    this.part("answering").hidden = true;
  }

  #cancel() {
    if (this.#editing) { this.#fill(this.#aside); this.#aside = ""; }
    this.#editing = null;
    this.#noAnswer();
    this.field.focus();
  }

  // ---- topic, and the other text ---------------------------------------------------------------------------------------

  #askTopic(opener) {
    use(import("./topics.js"), ({ askTopic }) => askTopic(opener, this.field.value, (name) => this.#setTopic(name)));
  }

  #setTopic(name) {
    this.#topicName = name;
    this.form.querySelector("[data-topic-name]").textContent = name || word("Topic");
    this.field.focus();
  }

  #conflict(text) {
    this.other = text;
    const line = this.part("conflict");
    line.querySelector("[data-text]").textContent = word("Written elsewhere meanwhile: {text}", { text });
    line.hidden = false;
  }

  // The texts change places: the one taken is in the field, the other is still there to be had.
  #takeOther() {
    const here = this.field.value;
    this.#fill(this.other);
    if (here.trim()) this.#conflict(here);
    else { this.part("conflict").hidden = true; this.draft.settled(); }
    this.draft.typed();
    this.field.focus();
  }
}

const form = document.querySelector("form#composer");
export const composer = form && new Composer(form);

if (composer) {
  await ready;
  await composer.draft.start();
}
