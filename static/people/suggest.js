// What fits while typing @ or : in a field: people, teams, everybody, emoji. Chosen by arrows and Enter or by tap.

import { avatar } from "../kernel/avatar.js";
import { emojiFor, plain } from "../kernel/emoji.js";
import { word, words } from "../kernel/words.js";
import { keep } from "./mentions.js";

const MOST = 8;
const LARGE = 8; // more people than this deserve a word before
const TYPED = /(^|[\s(])([@:])([^\s@:]{0,30}(?: [^\s@:]{0,30})?)$/;

export class Suggest {
  #found = [];
  #at = 0;
  #taken = -1; // where a name that was just chosen ends, with its space

  // `ask(wanted)` answers whom one can name here: {people, teams, all}, all of them or those that begin so. `warning`
  // says how many are called, where many can be.
  constructor(field, box, ask, warning = null) {
    Object.assign(this, { field, box, ask, warning });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", box.id);
    field.addEventListener("input", (event) => { this.#closeUp(event); this.#look(); });
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    field.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    box.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#take(Number(row.dataset.n));
    });
    this.#look();
  }

  get isOpen() { return !this.box.hidden; }

  async #look() {
    const { value, selectionStart } = this.field;
    const typed = TYPED.exec(value.slice(0, selectionStart));
    this.warn();
    if (!typed) return this.close();
    const [, , sign, wanted] = typed;
    this.#at = selectionStart - wanted.length - 1;
    const found = sign === "@" ? await this.#named(plain(wanted)) : wanted.length > 1 ? await emojiFor(plain(wanted), MOST) : [];
    if (this.field.selectionStart === selectionStart) this.#show(found);
    return undefined;
  }

  async #named(wanted) {
    const { people, teams, all } = await this.ask(wanted);
    const fits = ({ name }) => plain(name).split(/\s+/).some((part) => part.startsWith(wanted)) || plain(name).startsWith(wanted);
    return [
      ...people.filter(fits).map((person) => ({ text: `@${person.name} `, name: person.name, person, sub: person.title ?? "" })),
      ...teams.filter(fits).map((team) => ({ text: `@${team.name} `, name: team.name, target: `t:${team.id}`, sub: words("{n} person", "{n} people", team.size) })),
      ...(all && [word("all"), "all"].some((name) => name.startsWith(wanted)) ? [{ text: `@${word("all")} `, name: word("all"), target: "all", sub: words("{n} person", "{n} people", all) }] : []),
    ].slice(0, MOST);
  }

  #show(found) {
    this.#found = found;
    if (found.length === 0) { this.close(); return; }
    this.box.replaceChildren(...found.map((one, n) => this.#row(one, n)));
    this.box.hidden = false;
    this.#choose(0);
    if (this.box.matches(".under")) this.box.scrollIntoView({ block: "nearest" });
  }

  #row(one, n) {
    const row = document.createElement("div");
    row.id = `${this.box.id}-${n}`;
    row.dataset.n = n;
    row.setAttribute("role", "option");
    const name = document.createElement("span");
    name.textContent = one.emoji ? `${one.emoji} ${one.name}` : one.name;
    const sub = document.createElement("small");
    sub.textContent = one.sub ?? "";
    row.append(...(one.person ? [avatar(one.person)] : []), name, sub);
    return row;
  }

  #choose(n) {
    this.chosen = (n + this.#found.length) % this.#found.length;
    for (const row of this.box.children) row.setAttribute("aria-selected", String(Number(row.dataset.n) === this.chosen));
    this.field.setAttribute("aria-activedescendant", `${this.box.id}-${this.chosen}`);
    this.box.children[this.chosen].scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (!this.isOpen || event.isComposing) return;
    if (event.key === "ArrowDown") this.#choose(this.chosen + 1);
    else if (event.key === "ArrowUp") this.#choose(this.chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #take(n) {
    const { text, name, target, person } = this.#found[n];
    if (target || person) keep(name, target ?? `p:${person.id}`);
    this.field.setRangeText(text, this.#at, this.field.selectionStart, "end");
    this.close();
    this.field.focus();
    this.#taken = this.field.selectionStart;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A comma after a name that was chosen stands at the name, not after the space.
  #closeUp({ data }) {
    const end = this.#taken;
    if (!data) return;
    this.#taken = -1;
    const { value, selectionStart } = this.field;
    if (!/^[,.;:!?)]$/.test(data) || selectionStart !== end + 1 || value[end - 1] !== " ") return;
    this.field.setRangeText(data, end - 1, end + 1, "end");
  }

  close() {
    this.box.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  // A word before many are called.
  async warn() {
    if (!this.warning) return;
    const { value } = this.field;
    if (!value.includes("@")) { this.warning.hidden = true; return; }
    const { teams, all } = await this.ask("");
    const named = (name) => value.includes(`@${name}`);
    const called = [...(named(word("all")) || named("all") ? [all] : []), ...teams.filter(({ name }) => named(name)).map(({ size }) => size)];
    const most = Math.max(0, ...called);
    this.warning.hidden = most <= LARGE;
    if (!this.warning.hidden) this.warning.querySelector("[data-text]").textContent = word("This calls {n} people.", { n: most });
  }
}
