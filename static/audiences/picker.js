// For whom: chips that add up, a sheet that makes another, and how many people that is, asked for while one chooses.
// Fires `binnen:audience` when it has changed; `value` are the lines as a write takes them, none is everyone.

import { word } from "../kernel/words.js";

const PAUSE_MS = 120;
const FIELDS = ["side", "team", "site"];

async function reach(lines, signal) {
  const asked = new URLSearchParams(lines.map((line) => ["line", line]));
  const answer = await fetch(`/audience/reach?${asked}`, { headers: { Accept: "application/json" }, signal });
  return answer.ok ? answer.json() : null;
}

// Says in `box` how many these lines are, when it is known; the latest question wins.
class Count {
  #timer = 0;
  #asking = null;

  constructor(box, heard = () => {}) { this.box = box; this.heard = heard; }

  ask(lines) {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#timer = setTimeout(() => this.#fetch(lines), PAUSE_MS);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#say({ title: "", text: "" });
  }

  async #fetch(lines) {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const found = await reach(lines, signal).catch(() => null);
    if (signal.aborted) return;
    this.#say(found ?? { title: "", text: word("How many that is shows when there is a network.") });
    this.heard(found);
  }

  #say(found) {
    for (const part of this.box.querySelectorAll("[data-reach]")) part.textContent = found[part.dataset.reach] ?? "";
  }
}

class AudiencePicker extends HTMLElement {
  connectedCallback() {
    if (this.count) return;
    this.chips = this.querySelector("[data-chips]");
    this.everyone = this.querySelector("[data-everyone]");
    this.sheet = this.querySelector("dialog");
    this.add = this.querySelector("[data-add]");
    this.reach = null; // {total, field, office, audience, words}; null until it is known
    this.count = new Count(this.querySelector("fieldset > .reach"), (found) => { this.reach = found; this.#tell(); });
    this.lineCount = new Count(this.sheet.querySelector(".reach"), (found) => { this.add.disabled = found?.total === 0; });
    this.addEventListener("change", (event) => this.#changed(event.target));
    this.add.addEventListener("click", () => this.#added());
    this.closest("form")?.addEventListener("reset", () => setTimeout(() => this.#settle()));
    this.#settle();
  }

  get #boxes() { return [...this.chips.querySelectorAll("[name=lines]")]; }
  get value() { return this.#boxes.filter((box) => box.checked).map((box) => box.value); }
  get words() { return this.value.length ? this.#boxes.filter((box) => box.checked).map((box) => box.parentElement.textContent.trim()).join(word(" or ")) : word("Everyone"); }

  // Lines that are no chip yet become one; the server has the words.
  set value(lines) {
    for (const box of this.#boxes) box.checked = lines.includes(box.value);
    const there = new Set(this.#boxes.map((box) => box.value));
    for (const line of lines) if (line && !there.has(line)) this.#named(this.#chip(line, "…"));
    this.#settle();
  }

  async #named(box) {
    const found = await reach([box.value]).catch(() => null);
    if (found) box.parentElement.lastChild.textContent = found.words;
  }

  #chip(line, words) {
    const label = document.createElement("label"), box = document.createElement("input");
    label.className = "chip soft";
    Object.assign(box, { type: "checkbox", name: "lines", value: line, checked: true });
    label.append(box, words);
    this.chips.lastElementChild.before(label);
    return box;
  }

  #changed(target) {
    if (target === this.everyone) for (const box of this.#boxes) box.checked = false;
    if (target.dataset.line) this.#chosen();
    else if (target.matches("[type=checkbox]")) this.#settle();
  }

  #settle() {
    this.everyone.checked = !this.value.length;
    this.count.ask(this.value);
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("binnen:audience", { bubbles: true, detail: { lines: this.value, words: this.words, reach: this.reach } }));
  }

  // ---- the sheet ---------------------------------------------------------------------------------------------------

  #field(name) { return this.sheet.querySelector(`[data-line="${name}"]`); }
  get #line() { return FIELDS.map((name) => this.#field(name).value).join(";"); }

  #chosen() {
    const any = this.#line !== ";;";
    this.add.disabled = !any;
    if (any) this.lineCount.ask([this.#line]); else this.lineCount.clear();
  }

  #added() {
    const line = this.#line, known = this.#boxes.find((box) => box.value === line);
    const said = FIELDS.map((name) => this.#field(name)).filter((field) => field.value).map((field) => field.selectedOptions[0].textContent);
    const box = known ?? this.#chip(line, said.join(" · "));
    if (!known) this.#named(box);
    box.checked = true;
    for (const name of FIELDS) this.#field(name).value = "";
    this.#chosen();
    this.sheet.close();
    box.focus();
    this.#settle();
  }
}

customElements.define("audience-picker", AudiencePicker);
