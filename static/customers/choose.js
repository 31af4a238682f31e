// One of many, by a few letters: a field, and under it what fits. What was chosen is sent by id; what was only typed is
// sent as it stands, and the server finds it. Without network what the page brought along is offered.

import { avatar } from "../kernel/avatar.js";
import { word } from "../kernel/words.js";

const PAUSE_MS = 120, MOST = 12;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class Chooser {
  #asked = 0;
  #timer = 0;
  #rows = [];
  #at = -1;

  constructor(box) {
    this.box = box;
    this.id = box.querySelector("input[type=hidden]");
    this.field = box.querySelector(".input");
    this.list = box.querySelector("[role=listbox]");
    this.brought = [...box.querySelectorAll("option")].map(({ value, dataset }) => ({ id: Number(dataset.id), name: dataset.name, sub: dataset.sub, said: value }));
    this.field.removeAttribute("list"); // the browser's own suggestions would lie over ours
    this.id.disabled = false;
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) this.field.setAttribute(name, value);
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("focus", () => { if (!this.field.value) this.#look(); });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.#close(), 150));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#take(Number(row.dataset.n));
    });
  }

  #typed() {
    this.id.value = "0";
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  async #look() {
    const mine = ++this.#asked, typed = this.field.value.trim();
    const here = this.#fitting(typed);
    this.#show(here, typed);
    const answer = await fetch(`${this.box.dataset.choose}?${new URLSearchParams({ q: typed })}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== this.#asked || !answer?.ok) return;
    this.#show(await answer.json(), typed, true);
  }

  #fitting(typed) {
    const wanted = plain(typed).split(/\s+/);
    const begins = (one) => wanted.every((part) => plain(one.said).split(/[^\p{L}\p{N}]+/u).some((piece) => piece.startsWith(part)));
    return this.brought.filter(begins).slice(0, MOST);
  }

  #show(rows, typed, complete = false) {
    if (document.activeElement !== this.field) return;
    this.#rows = rows;
    this.list.replaceChildren(...rows.map((one, n) => this.#row(one, n)));
    if (!rows.length && complete && typed) this.list.replaceChildren(nothing());
    this.list.hidden = !this.list.childElementCount;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.#choose(rows.length && typed ? 0 : -1);
  }

  #row(one, n) {
    const row = document.createElement("div"), text = document.createElement("span"), sub = document.createElement("small");
    row.id = `${this.list.id}-${n}`;
    row.dataset.n = n;
    row.setAttribute("role", "option");
    text.textContent = one.name;
    sub.textContent = one.sub ?? "";
    row.append(...(one.person ? [avatar(one.person)] : []), text, sub);
    return row;
  }

  #choose(n) {
    this.#at = n;
    for (const row of this.list.querySelectorAll("[role=option]")) row.setAttribute("aria-selected", String(Number(row.dataset.n) === n));
    const row = this.list.querySelector('[aria-selected="true"]');
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || this.list.hidden || !this.#rows.length) return;
    const many = this.#rows.length;
    if (event.key === "ArrowDown") this.#choose((this.#at + 1) % many);
    else if (event.key === "ArrowUp") this.#choose((Math.max(this.#at, 0) + many - 1) % many);
    else if (event.key === "Enter" && this.#at >= 0) this.#take(this.#at);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(n) {
    const one = this.#rows[n];
    this.field.value = one.said;
    this.id.value = String(one.id);
    this.#asked += 1; // an answer that is still on its way opens nothing
    clearTimeout(this.#timer);
    this.#close();
    this.id.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}

function nothing() {
  const line = document.createElement("p");
  line.className = "hint";
  line.textContent = word("Nothing of that name");
  return line;
}

// Composers that come later call this for their part of the page.
export function choosers(root = document) {
  for (const box of root.querySelectorAll("[data-choose]:not([data-ready])")) {
    box.dataset.ready = "";
    new Chooser(box);
  }
}

choosers();
