// What the sender sees on tiles of files that are still coming: the picture itself, how far it has got, or why not.

import { reasonOf } from "../kernel/reasons.js";
import { decorate } from "../kernel/rule.js";
import { word } from "../kernel/words.js";
import { blobOf, discard, list, retry, watch } from "./uploads.js";

const states = new Map(); // tile -> newest state
const pictures = new Map(); // tile -> address of the picture on this device

const tilesOf = (id, root = document) => root.querySelectorAll(`.file[data-tile="${CSS.escape(id)}"]`);

function paint(tile, { id, state, sent, size, why }) {
  const line = tile.querySelector("[data-progress]");
  if (!line) return;
  tile.classList.toggle("refused", state === "refused");
  if (state === "refused") refuse(tile, line, id, why);
  else { tile.querySelector(".acts")?.remove(); line.textContent = said(state, sent, size); }
  let bar = tile.querySelector("progress");
  if (state !== "going" || !sent) { bar?.remove(); return; }
  if (!bar) {
    bar = Object.assign(document.createElement("progress"), { className: "meter", max: size });
    bar.setAttribute("aria-label", tile.querySelector("b").textContent);
    tile.append(bar);
  }
  bar.value = sent;
}

function said(state, sent, size) {
  if (state === "going" && sent) return word("sent: {n} %", { n: Math.floor((100 * sent) / size) });
  return state === "here" ? word("has arrived") : word("waits, goes out by itself");
}

function refuse(tile, line, id, why) {
  line.textContent = word("refused: {reason}", { reason: reasonOf(why) });
  if (tile.querySelector(".acts")) return;
  const acts = Object.assign(document.createElement("span"), { className: "acts" });
  for (const [text, run] of [[word("Try again"), retry], [word("Discard"), discard]]) {
    const button = Object.assign(document.createElement("button"), { className: "btn compact", type: "button", textContent: text });
    button.onclick = () => run(id);
    acts.append(button);
  }
  line.closest(".grow").append(acts);
}

async function show(tile, id) {
  if (!pictures.has(id)) pictures.set(id, pictureOf(id));
  const address = await pictures.get(id);
  const icon = tile.querySelector(".tile");
  if (!address || !icon) return;
  icon.replaceWith(Object.assign(document.createElement("img"), { className: "here", src: address, alt: "" }));
}

async function pictureOf(id) {
  const row = (await list()).find((one) => one.id === id);
  return row?.kind === "photo" ? URL.createObjectURL(await blobOf(row)) : "";
}

function dress(root) {
  for (const [id, state] of states) for (const tile of tilesOf(id, root)) { paint(tile, state); show(tile, id); }
}

watch((one) => {
  if (one.state === "gone") {
    states.delete(one.id);
    Promise.resolve(pictures.get(one.id)).then((address) => { if (address) URL.revokeObjectURL(address); });
    pictures.delete(one.id);
    return;
  }
  states.set(one.id, one);
  for (const tile of tilesOf(one.id)) { paint(tile, one); show(tile, one.id); }
});
decorate(dress);
document.addEventListener("binnen:echo", ({ target }) => dress(target));
