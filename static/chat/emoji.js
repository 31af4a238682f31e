// The small set of emoji as a grid with a search.

import { all, plain } from "../kernel/emoji.js";
import { word } from "../kernel/words.js";

// A grid beside `opener`; take(emoji) when one is chosen. Esc closes it, the focus goes back.
export async function pickEmoji(opener, take) {
  const emojis = await all();
  const dialog = document.createElement("dialog");
  dialog.className = "sheet emoji-sheet";
  dialog.setAttribute("aria-label", word("Emoji"));
  const search = Object.assign(document.createElement("input"), { className: "input", type: "search", placeholder: word("Search"), ariaLabel: word("Search") });
  const grid = document.createElement("div");
  grid.className = "emoji-grid";
  const draw = () => grid.replaceChildren(...emojis.filter(({ names }) => names.some((name) => plain(name).includes(plain(search.value.trim())))).map(button));
  search.addEventListener("input", draw);
  draw();
  grid.addEventListener("click", ({ target }) => {
    const { emoji } = target.dataset;
    if (!emoji) return;
    dialog.close();
    take(emoji);
  });
  dialog.addEventListener("close", () => { dialog.remove(); opener?.focus?.({ preventScroll: true }); });
  const head = document.querySelector("#act-sheet .sheet-head").cloneNode(true);
  head.querySelector(".label").textContent = word("Emoji");
  const inside = Object.assign(document.createElement("div"), { className: "sheet-in close" });
  inside.append(search, grid);
  dialog.append(head, inside);
  document.body.append(dialog);
  dialog.showModal();
  search.focus();
}

function button({ emoji, own }) {
  const one = Object.assign(document.createElement("button"), { type: "button", textContent: emoji, title: own, ariaLabel: own });
  one.dataset.emoji = emoji;
  return one;
}
