// The ways to what can be done with a message: its button, a long press, keys, a reaction pressed again. What they lead
// to is loaded with the first of them.

import * as mine from "../kernel/mine.js";
import { openSheet, use } from "../kernel/shell.js";

const KEYS = new Set(["r", "e", "m", "u", "Delete"]);
const acts = (run) => use(import("./sheet.js"), run);
const openFor = (message) => openSheet(sheet, message.querySelector(".more-btn") ?? message);
let sheet = null;

export function startActions({ list }) {
  sheet = document.getElementById("act-sheet");
  mine.paint("react", paint);
  sheet?.addEventListener("binnen:sheet", ({ detail }) => detail.wait(acts(({ fill }) => fill(detail.opener))));
  list.addEventListener("click", pressed);
  list.addEventListener("contextmenu", longPressed);
  document.addEventListener("keydown", key);
}

// Fills a message's row of reactions: which are mine, and the button for more.
function paint(row, value = []) {
  for (const button of row.querySelectorAll("[data-emoji]")) button.setAttribute("aria-pressed", String(value.includes(button.dataset.emoji)));
  const more = document.getElementById("react-more")?.content.firstElementChild;
  if (more && row.children.length > 0 && !row.querySelector("[data-opens]")) row.append(more.cloneNode(true));
}

export function startReactions() { mine.paint("react", paint); }

function pressed(event) {
  const button = event.target.closest(".react[data-emoji]");
  if (button) use(import("./reactions.js"), ({ react }) => react(button.closest(".msg"), button.dataset.emoji));
}

// On a phone a long press is the way to the sheet; links and selected text keep the browser's own menu.
function longPressed(event) {
  const message = event.target.closest(".msg[data-rev]");
  if (!message || event.pointerType !== "touch" || event.target.closest("a, img, video") || !getSelection().isCollapsed) return;
  event.preventDefault();
  openFor(message);
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const message = document.activeElement?.closest?.(".msg[data-rev]");
  if (!message || event.target.matches("input, textarea, select")) return;
  if (event.key === "Enter" && event.target === message) openFor(message);
  else if (KEYS.has(event.key) || KEYS.has(event.key.toLowerCase())) acts(({ pressed: act }) => act(event.key, message));
  else return;
  event.preventDefault();
}
