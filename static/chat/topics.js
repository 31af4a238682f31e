// Asking for a topic by its name, new or there already: for the composer and for moving messages. What fits is offered.

import { openSheet } from "../kernel/shell.js";

const MOST = 5;
const LONGEST = 40;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}-]+/u).filter((one) => one.length > 2);

// Topics that share words with the text first, then the latest ones, and a name made of the text's beginning.
export function suggested(text, names) {
  const said = new Set(wordsOf(text));
  const shared = (name) => wordsOf(name).filter((one) => said.has(one)).length;
  const fitting = names.filter((name) => shared(name) > 0).sort((a, b) => shared(b) - shared(a));
  const fresh = beginning(text);
  return [...new Set([...fitting, ...(fresh ? [fresh] : []), ...names])].slice(0, MOST);
}

function beginning(text) {
  const sentence = text.replace(/@\S+/g, "").trim().split(/[\n.!?:;]/, 1)[0].trim();
  if (sentence.length < 4) return "";
  if (sentence.length <= LONGEST) return sentence;
  return sentence.slice(0, LONGEST + 1).replace(/\s+\S*$/, "").replace(/[,\s]+$/, "");
}

// take("") means: without a topic. Closing the sheet takes nothing.
export function askTopic(opener, text, take) {
  const dialog = document.getElementById("topic-sheet");
  const form = dialog.querySelector("form");
  form.reset();
  offer(dialog, form.elements.topic_name, text);
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    const name = form.elements.topic_name.value.trim();
    if (dialog.returnValue === "none") take("");
    else if (dialog.returnValue === "take" && name) take(name);
  }, { once: true });
  openSheet(dialog, opener);
}

function offer(dialog, field, text) {
  const names = [...dialog.querySelectorAll("#topic-names option")].map((option) => option.value);
  dialog.querySelector("[data-suggested]")?.replaceChildren(...suggested(text, names).map((name) => {
    const button = Object.assign(document.createElement("button"), { type: "submit", value: "take", className: "chip soft", textContent: name });
    button.addEventListener("click", () => { field.value = name; });
    return button;
  }));
}
