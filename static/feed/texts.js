// The texts of a post as they are stored: in each language one, of which the form shows one, with names as they read;
// and what the tools do to it.

import { word, words } from "../kernel/words.js";
import { readable, stored } from "../people/mentions.js";

const WORDS_A_MINUTE = 200;

export class Texts {
  constructor(form, { versions, lang, shown = lang }) {
    Object.assign(this, { form, lang: shown, main: lang, other: new Map(versions.map((one) => [one.lang, one])) });
    this.title = form.elements.title;
    this.text = form.elements.text;
    form.querySelector(".langs-pick")?.addEventListener("click", ({ target }) => {
      const { lang: wanted } = target.closest("[data-lang]")?.dataset ?? {};
      if (wanted) this.#speak(wanted);
    });
    this.text.value = readable(this.text.value);
    for (const field of [this.title, this.text]) field.addEventListener("input", () => this.#grow());
    this.#mark();
    requestAnimationFrame(() => this.#grow());
  }

  get isEmpty() { return ![this.#here, ...this.other.values()].some(({ title, text }) => title || text); }
  get #here() { return { lang: this.lang, title: this.title.value.trim(), text: stored(this.text.value.replace(/\s+$/, "")) }; }

  get all() { return new Map([...this.other, [this.lang, this.#here]]); }

  // As a write takes them. Only news have several languages.
  values(kind) {
    const { all } = this;
    const main = kind === "news" ? all.get(this.main) ?? this.#here : this.#here;
    const versions = kind === "news" ? [...all.values()].filter((one) => one.lang !== main.lang && (one.title || one.text)) : [];
    const titled = this.title.dataset.for?.split(" ").includes(kind) ?? true;
    return { title: titled ? main.title : "", text: main.text, ...(kind === "news" && { lang: main.lang }), ...(versions.length && { versions }) };
  }

  put({ title = "", text = "" }) {
    this.title.value = title;
    this.text.value = readable(text);
    this.#grow();
  }

  // All of them, as a post has them.
  putAll(versions) {
    this.other = new Map(versions.map((one) => [one.lang, one]));
    this.put(this.other.get(this.lang) ?? {});
  }

  #speak(wanted) {
    if (wanted === this.lang) return;
    this.other.set(this.lang, this.#here);
    this.lang = wanted;
    this.put(this.other.get(wanted) ?? {});
    for (const field of [this.title, this.text]) field.lang = wanted;
    this.#mark();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.title.focus();
  }

  #mark() {
    for (const button of this.form.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === this.lang));
  }

  #grow() {
    for (const field of [this.title, this.text]) {
      if (CSS.supports("field-sizing", "content")) break;
      field.style.blockSize = "auto";
      field.style.blockSize = `${field.scrollHeight + 2}px`;
    }
    const many = this.text.value.split(/\s+/).filter(Boolean).length;
    const box = this.form.querySelector("[data-length]");
    const seconds = Math.round((many / WORDS_A_MINUTE) * 60);
    if (box) box.textContent = many < 2 ? "" : seconds < 60 ? word("{n} words, {s} seconds to read", { n: many, s: Math.max(5, 5 * Math.round(seconds / 5)) }) : words("{n} minute to read", "{n} minutes to read", Math.round(seconds / 60));
  }

  // ---- tools ---------------------------------------------------------------------------------------------------------

  #replace(text, start, end, from, to) {
    this.text.setRangeText(text, start, end, "end");
    this.text.setSelectionRange(from, to);
    this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  bold() {
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const chosen = value.slice(start, end);
    this.#replace(`**${chosen}**`, start, end, start + 2, start + 2 + chosen.length);
  }

  lines(sign) {
    const { selectionStart, selectionEnd: end, value } = this.text;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const marked = value.slice(start, end).split("\n").map((line) => sign + line).join("\n");
    this.#replace(marked, start, end, start + marked.length, start + marked.length);
  }

  address() {
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const chosen = value.slice(start, end) || word("Text");
    this.#replace(`[${chosen}](https://)`, start, end, start + chosen.length + 11, start + chosen.length + 11);
  }
}
