// The shell: sheets, short messages, keys. It knows no data; rooms fill the sheets they own.

import { start as startTimes } from "./times.js";
import { word } from "./words.js";

startTimes();

// Runs with a module that is loaded when it is first needed. The service worker keeps them all for dead zones; where
// there is no worker either, the reader is told. Settles with `false` then.
export function use(loading, run) {
  return loading.then(run, () => { toast(word("For that the network is needed once.")); return false; });
}

// ---- sheets ----------------------------------------------------------------------------------------------------

// Opens a dialog beside or above the page. Rooms fill it on `binnen:sheet`, which says who opened it; it shows when all
// that they `wait` for is there.
export async function openSheet(dialog, opener = null) {
  if (dialog.open) return;
  for (const old of document.querySelectorAll(".opens-sheet")) old.classList.remove("opens-sheet");
  opener?.classList.add("opens-sheet");
  const waits = [];
  dialog.dispatchEvent(new CustomEvent("binnen:sheet", { bubbles: true, detail: { opener, wait: (filling) => waits.push(filling) } }));
  if (waits.length && ((await Promise.all(waits)).includes(false) || dialog.open)) return;
  dialog.showModal();
  if (dialog.hasAttribute("autofocus")) dialog.focus(); // a sheet whose first control is "Close" does not begin there
}

// Open before its list is loaded, so that no letter goes astray.
function openPalette(dialog) {
  if (dialog.open) return;
  const input = dialog.querySelector("input");
  input.value = "";
  dialog.showModal();
  input.focus();
  use(import("./palette.js"), ({ fill }) => fill(dialog));
}

// The browser gives the focus back to what had it; a live update may have taken that away meanwhile.
function keepFocus() {
  if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
}

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

document.addEventListener("close", (event) => {
  if (event.target.matches("dialog")) keepFocus();
}, true);

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-theme-switch]")) use(import("./scheme.js"), ({ switchTheme }) => switchTheme());
  if (target.closest("[data-closes]")) target.closest("dialog")?.close();
  if (target.matches("dialog[open]:not([data-stays])") && event.detail > 0 && isOutside(target, event)) target.close();

  const opener = target.closest("[data-opens]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = document.getElementById(opener.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  opener.closest("dialog")?.close();
  if (dialog.id === "jump") openPalette(dialog);
  else openSheet(dialog, opener);
});

// A page that is nothing but a sheet, and an address that asks for one (/person/5#write-sheet).
const asked = document.querySelector("dialog[data-at-once]") ?? document.getElementById(location.hash.slice(1));
if (asked?.matches("dialog")) openSheet(asked);

// The context beside a stream is a popover on narrow screens and simply there on wide ones.
matchMedia("(min-width: 1180px)").addEventListener("change", () => {
  for (const pane of document.querySelectorAll(".context:popover-open")) pane.hidePopover();
});

// ---- short messages --------------------------------------------------------------------------------------------

const STAYS_MS = 6000;

// Says something in passing. With `action` and `run` (or `href`) it carries one thing to do, and stays while looked at.
export function toast(text, { action = "", run = null, href = "" } = {}) {
  const box = document.createElement("div");
  box.className = "toast";
  const said = document.createElement("span");
  said.className = "grow";
  said.textContent = text;
  box.append(said);
  if (action) box.append(act(box, action, run, href));
  let timer = setTimeout(() => fade(box), STAYS_MS);
  const hold = () => clearTimeout(timer);
  const release = () => { clearTimeout(timer); timer = setTimeout(() => fade(box), STAYS_MS); };
  for (const [name, fn] of [["pointerenter", hold], ["focusin", hold], ["pointerleave", release], ["focusout", release]]) box.addEventListener(name, fn);
  const stack = document.getElementById("toasts");
  stack?.append(box);
  toFront(stack);
  return box;
}

// Above what else floats, such as the context of a channel on a phone.
function toFront(stack) {
  if (!stack?.showPopover) return;
  if (stack.matches(":popover-open")) stack.hidePopover();
  stack.showPopover();
}

function act(box, action, run, href) {
  const button = document.createElement(href ? "a" : "button");
  button.textContent = action;
  if (href) button.href = href;
  else button.type = "button";
  button.addEventListener("click", () => { run?.(); fade(box); });
  return button;
}

function fade(box) {
  box.remove();
  keepFocus();
}

// ---- keys ------------------------------------------------------------------------------------------------------

const STOPS = "main .msg[id], main .post[data-rev], main .rows a.row, main .rows .stop";
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

function step(by) {
  const stops = [...document.querySelectorAll(STOPS)].filter((stop) => stop.offsetParent);
  if (!stops.length) return;
  const here = stops.findIndex((stop) => stop.contains(document.activeElement));
  const next = stops[here < 0 ? (by > 0 ? 0 : stops.length - 1) : Math.min(Math.max(here + by, 0), stops.length - 1)];
  if (!next.matches("a, button")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const jump = document.getElementById("jump");
    if (!jump) return;
    event.preventDefault();
    openPalette(jump);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "n") location.assign("/new");
  else if (event.key === "/") { event.preventDefault(); document.getElementById("say")?.focus(); }
});
