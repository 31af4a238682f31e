// The form in which posts are written and changed, taken over from the plain one: what it says, its files and times, the
// tools, and the way to the server. composer.js makes a new post of it, editor.js changes one.

import { send, watch } from "../kernel/outbox.js";
import { word } from "../kernel/words.js";
import { readable } from "../people/mentions.js";
import { Pieces } from "./pieces.js";
import { startPreview } from "./preview.js";
import { Texts } from "./texts.js";
import { startTimes } from "./when.js";

const PATIENCE_MS = 5000; // a line that does not answer counts as none
const CHANGES = ["input", "change", "binnen:audience", "binnen:pieces"];

export class Writing {
  // `brought` is what the page brings along: held, versions, lang, shown, at, ack_until, expires
  constructor(form, brought, acts) {
    Object.assign(this, { form, elements: form.elements });
    this.texts = new Texts(form, brought);
    this.pieces = new Pieces(form, brought.held);
    this.times = startTimes(form, brought);
    const all = {
      photo: () => form.querySelector("#photo-input").click(), file: () => form.querySelector("#file-input").click(),
      voice: () => this.pieces.speak(), bold: () => this.texts.bold(), list: () => this.texts.lines("- "), quote: () => this.texts.lines("> "),
      address: () => this.texts.address(), ...acts,
    };
    form.addEventListener("click", ({ target }) => all[target.closest("[data-act]")?.dataset.act]?.());
    for (const group of form.querySelectorAll("[data-quick]")) group.addEventListener("click", ({ target }) => this.#quick(group, target.closest("[data-id]")));
    for (const box of form.querySelectorAll("[data-several]")) box.querySelector("input[type=hidden]").addEventListener("change", () => this.#oneMore(box));
  }

  get kind() { return this.form.querySelector("[name=kind]:checked").value; }
  get isEmpty() { return this.texts.isEmpty && this.pieces.count === 0; }
  ticked(name) { return [...this.form.querySelectorAll(`[name="${name}"]:checked`)].map(({ value }) => Number(value)); }
  isOn(name) { return Boolean(this.form.querySelector(`[name="${name}"]:checked`)); }
  fits(element) { return !element?.closest(`[data-for]:not([data-for~="${this.kind}"])`); }

  // One of the choosers: the one chosen, or what was only typed.
  chosen(name) {
    const id = Number(this.elements[name].value), said = this.elements[`${name}_said`].value.trim();
    return id ? { [name]: id } : said ? { [`${name}_said`]: said } : {};
  }

  // Begins when the words are here: `changed` is called at once and whenever something in the form has changed; `names`
  // says where those are asked for whom the text can name.
  start({ changed, go, names }) {
    const { form, elements, texts, pieces, times } = this;
    const settle = () => { this.#ask(); changed(); };
    for (const name of CHANGES) form.addEventListener(name, settle);
    form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      if (event.ctrlKey || event.metaKey) go();
      else if (event.target.matches(".title")) elements.text.focus();
      else if (!event.target.matches("input")) return;
      event.preventDefault();
    });
    elements.text.addEventListener("input", () => { if (/[@:]/.test(elements.text.value)) this.#offer(names); });
    startPreview(form, { kind: () => this.kind, pieces, texts, times });
    settle();
  }

  async #offer(names) {
    this.naming ??= await import("./naming.js").catch(() => null);
    this.naming?.offer(this.elements.text, names, true);
  }

  #ask() {
    const { text } = this.elements, { kind } = this;
    text.placeholder = text.dataset[`ask${kind[0].toUpperCase()}${kind.slice(1)}`] ?? text.dataset.ask;
  }

  say(text) {
    const box = this.form.querySelector("[data-problem]");
    box.querySelector("span").textContent = text;
    box.hidden = !text;
    if (text) box.scrollIntoView({ block: "nearest" });
  }

  // Two texts, until one of them is chosen.
  conflict({ title, text }) {
    const box = this.form.querySelector("[data-conflict]");
    box.querySelector("[data-other]").textContent = [title, readable(text)].filter(Boolean).join("\n\n");
    box.hidden = false;
  }

  // Exactly these people in the field for several.
  put(name, people) {
    this.form.querySelector(`[data-several=${name}] [data-chosen]`).replaceChildren(...people.map((one) => chip(name, one.id, one.name)));
  }

  #quick({ dataset: { quick: name }, children }, button) {
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const one of children) one.setAttribute("aria-pressed", String(on && one === button));
    this.elements[name].value = on ? button.dataset.id : "0";
    this.elements[`${name}_said`].value = on ? button.dataset.said : "";
    this.#changed();
  }

  // Several people by one field: each becomes a chip.
  #oneMore(box) {
    const field = box.querySelector(".input"), id = box.querySelector("input[type=hidden]"), { several: name } = box.dataset;
    if (!box.querySelector(`[name="${name}"][value="${id.value}"]`)) box.querySelector("[data-chosen]").append(chip(name, id.value, field.value));
    id.value = "0";
    field.value = "";
  }

  #changed() { this.form.dispatchEvent(new Event("change")); }

  // ---- going -------------------------------------------------------------------------------------------------------

  // Its outcome: delivered or refused; null while it waits for a network and goes out by itself; undefined when this
  // device could not even keep it, which is said.
  async deliver(write, about) {
    let sent;
    try {
      sent = await send(write, about);
    } catch {
      this.say(word("This device has no room to keep the message. The text is still here."));
      return undefined;
    }
    await this.pieces.sent(write.id);
    return Promise.race([sent.settled, noLine()]);
  }
}

// Settles with nothing when an attempt has failed, or none can be made: then it goes by itself, later.
function noLine() {
  return new Promise((resolve) => {
    const stop = watch(({ state, row }) => { if (state === "waiting" && !row) done(); });
    const done = () => { stop(); resolve(null); };
    setTimeout(done, navigator.onLine ? PATIENCE_MS : 0);
  });
}

function chip(name, value, text) {
  const label = document.createElement("label");
  label.className = "chip soft";
  label.append(Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: true }), text);
  return label;
}

export const setOf = (name, value) => (value && (!Array.isArray(value) || value.length) ? { [name]: value } : {});
export const brought = (page = document) => JSON.parse(page.querySelector("#post [data-content]").textContent);
