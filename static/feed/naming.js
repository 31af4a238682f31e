// Names in posts and comments, offered from the first @ on: of those alone who may read it.

import { word } from "../kernel/words.js";
import { Suggest } from "../people/suggest.js";

export { stored } from "../people/mentions.js";

const NOBODY = { people: [], teams: [], all: 0 };
let boxes = 0;

// `address` is where they are asked for, or what says so; the list lies over the field, or `under` it.
export function offer(field, address, under = false) {
  if (field.parentElement.querySelector(":scope > .suggest")) return;
  const box = Object.assign(document.createElement("div"), { className: under ? "suggest under" : "suggest", id: `naming-${++boxes}`, role: "listbox", ariaLabel: word("Suggestions"), hidden: true });
  field.after(box);
  if (under) field.addEventListener("input", () => below(field, box));
  if (under) below(field, box);
  const asked = new Map();
  new Suggest(field, box, (wanted) => {
    const from = typeof address === "function" ? address() : address;
    const url = `${from}${from.includes("?") ? "&" : "?"}${new URLSearchParams({ q: wanted })}`;
    if (!asked.has(url)) asked.set(url, ask(url).catch(() => { asked.delete(url); return NOBODY; }));
    return asked.get(url);
  });
}

// Under the line that is being written: a copy of the text so far is as high as what is above the list.
function below(field, box) {
  const copy = document.createElement("div"), style = getComputedStyle(field);
  for (const name of ["fontFamily", "fontSize", "fontWeight", "lineHeight", "letterSpacing", "padding", "boxSizing"]) copy.style[name] = style[name];
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "anywhere", inlineSize: `${field.clientWidth}px` });
  copy.textContent = `${field.value.slice(0, field.selectionStart)}\u200b`;
  field.after(copy);
  box.style.insetBlockStart = `${field.offsetTop + copy.offsetHeight - field.scrollTop}px`;
  copy.remove();
}

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : NOBODY;
}
