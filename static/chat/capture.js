// Something new, with one thumb: what is taken or spoken lies on this device at once; then it is said where it goes.

import { kindOf, measure, mostAtOnce, objection, sizeOf } from "../files/measure.js";
import { openRecorder } from "../files/record.js";
import * as takes from "../files/takes.js";
import * as uploads from "../files/uploads.js";
import { newId, send } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { openSheet, toast } from "../kernel/shell.js";
import { word, words } from "../kernel/words.js";

const HERE = "capture"; // the topic under which files of this page wait for their message
const part = (id) => document.getElementById(id);
const sheets = { first: part("new-sheet"), photo: part("photo-sheet"), voice: part("voice-sheet"), draw: part("draw-sheet"), to: part("to-sheet") };
const slot = (name) => sheets.photo.querySelector(`[data-slot="${name}"]`);

const taken = []; // {tile, blob, address}, the blob of photos only
let chosen = 0;
let after = ""; // what is done once it is said where: "text" opens the conversation
let keeping = Promise.resolve();

// ---- where it goes -----------------------------------------------------------------------------------------------

const target = () => {
  const { value, dataset } = sheets.to.querySelector("input[name=to]:checked");
  return { place: Number(value), name: dataset.name, href: dataset.href };
};

function drawTarget() {
  if (!sheets.to.querySelector("input[name=to]")) return;
  const mark = sheets.to.querySelector("label:has(:checked) > :first-child");
  for (const name of document.querySelectorAll("[data-to]")) name.textContent = target().name;
  for (const seat of document.querySelectorAll("[data-to-mark]")) seat.replaceChildren(mark.cloneNode(true));
}

function find(text) {
  for (const label of sheets.to.querySelectorAll("label")) label.hidden = !label.textContent.toLowerCase().includes(text.trim().toLowerCase());
}

// The sheet that asked comes back; shell.js closes it when it opens another from it.
let asker = null;
document.addEventListener("click", ({ target: pressed }) => {
  if (pressed.closest('[data-opens="to-sheet"]')) asker = pressed.closest("dialog");
}, true);

sheets.to.addEventListener("change", () => { drawTarget(); sheets.to.close(); });
part("to-find")?.addEventListener("input", ({ target: field }) => find(field.value));
sheets.to.addEventListener("close", () => {
  if (after === "text") { after = ""; if (sheets.to.dataset.said) location.assign(target().href); return; }
  if (asker === sheets.voice) speak(); else if (asker) openSheet(asker);
  asker = null;
});
// Choosing what is chosen already counts as well.
sheets.to.addEventListener("click", ({ target: pressed, detail }) => {
  if (!pressed.closest("label") || detail === 0) return;
  sheets.to.dataset.said = "yes";
  setTimeout(() => { if (sheets.to.open) sheets.to.close(); });
});

// ---- photos and files --------------------------------------------------------------------------------------------

function take(input) {
  for (const file of [...input.files]) {
    const reason = taken.length >= mostAtOnce ? word("Only {n} files fit on one message.", { n: mostAtOnce }) : objection(file);
    if (reason) { toast(reason); continue; }
    keeping = keeping.then(() => keep(file));
  }
  input.value = "";
}

async function keep(file) {
  const kind = kindOf(file);
  try {
    const tile = await uploads.add(file, { name: file.name, kind, ...(await measure(file, kind)), place: 0, topic: HERE });
    show(tile, file);
  } catch {
    toast(word("This device has no room to keep {name}.", { name: file.name }));
  }
}

function show(tile, blob) {
  taken.push(shownAs(tile, blob));
  chosen = taken.length - 1;
  draw();
  if (!sheets.photo.open) { sheets.first.close(); openSheet(sheets.photo); }
}

const shownAs = (tile, blob) => (tile.kind === "photo" ? { tile, blob, address: URL.createObjectURL(blob) } : { tile, address: "" });

function draw() {
  const { tile, address } = taken[chosen];
  slot("draw").hidden = !address;
  slot("shot").hidden = !address;
  slot("unseen").hidden = Boolean(address);
  if (address) Object.assign(slot("shot"), { src: address, alt: tile.note || tile.name });
  slot("unseen").querySelector("b").textContent = tile.name;
  slot("unseen").querySelector("small").textContent = sizeOf(tile.size);
  part("note").value = tile.note ?? "";
  const title = part("photo-title");
  const photos = taken.every(({ tile: one }) => one.kind === "photo");
  title.textContent = photos ? title.dataset.one : title.dataset.file;
  slot("send").textContent = photos ? words("Send {n} photo", "Send {n} photos", taken.length) : words("Send {n} file", "Send {n} files", taken.length);
  slot("thumbs").replaceChildren(...taken.map(thumb), plus());
}

const item = (button) => { const one = document.createElement("li"); one.append(button); return one; };

function thumb({ tile, address }, n) {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.setAttribute("aria-pressed", String(n === chosen));
  button.setAttribute("aria-label", word("{n} of {all}: {name}", { n: n + 1, all: taken.length, name: tile.name }));
  if (address) button.append(Object.assign(document.createElement("img"), { src: address, alt: "" }));
  else button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-file-text"/></svg>';
  button.onclick = () => { chosen = n; draw(); };
  return item(button);
}

function plus() {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plus" });
  button.setAttribute("aria-label", word("Add a photo"));
  button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-plus"/></svg>';
  button.onclick = () => part("photo-input").click();
  return item(button);
}

// What is drawn takes the photo's place; the one without it is let go once the other is safe on this device.
async function drawOn() {
  const before = taken[chosen];
  const { drawInto } = await import("../files/draw.js");
  sheets.photo.close();
  try {
    const drawn = await drawInto(sheets.draw, before.blob);
    if (drawn) await replace(before, drawn);
  } catch {
    toast(word("This browser cannot show the picture. It goes as it is."));
  }
  openSheet(sheets.photo); // not before: it must not be sent without what was drawn
}

async function replace(before, blob) {
  const name = `${before.tile.name.replace(/\.[^.]*$/, "")}.jpg`;
  try {
    const tile = await uploads.add(blob, { name, kind: "photo", ...(await measure(blob, "photo")), place: 0, topic: HERE });
    taken[taken.indexOf(before)] = shownAs({ ...tile, ...(before.tile.note && { note: before.tile.note }) }, blob);
  } catch {
    toast(word("This device has no room to keep {name}.", { name }));
    return;
  }
  URL.revokeObjectURL(before.address);
  draw();
  await uploads.discard(before.tile.id);
}

function away() {
  const [{ tile, address }] = taken.splice(chosen, 1);
  if (address) URL.revokeObjectURL(address);
  uploads.discard(tile.id);
  chosen = Math.max(0, chosen - 1);
  if (taken.length) draw(); else { sheets.photo.close(); openSheet(sheets.first); }
}

// ---- sending -----------------------------------------------------------------------------------------------------

async function post(tiles, safe = () => {}) {
  const { place, name, href } = target();
  const write = { do: "chat.post", id: newId(), place, topic: 0, text: "", files: tiles };
  try {
    await send(write, { label: tiles.map((tile) => tile.note || tile.name).join(", ") });
  } catch {
    toast(word("This device has no room to keep the message. Nothing is lost, nothing is sent."));
    return;
  }
  await uploads.send(write.id, place, tiles.map(({ id }) => id));
  await safe();
  taken.length = 0;
  if (navigator.onLine) { location.assign(`${href}?at=end`); return; }
  sheets.photo.close();
  toast(word("Waits for a network, then goes to {name} by itself.", { name }), { action: word("Outbox"), href: "/outbox" });
}

async function sendTaken() {
  await keeping;
  const tiles = taken.map(({ tile }) => ({ ...tile, ...(tile.note?.trim() && { note: tile.note.trim() }) }));
  if (tiles.length) await post(tiles);
}

function speak(take = null) {
  sheets.first.close();
  openRecorder(sheets.voice, {
    to: target().name, take, where: { place: 0, topic: HERE },
    send: spoke,
  });
}

async function spoke({ blob, ...spoken }, forget) {
  let tile;
  try {
    tile = await uploads.add(blob, { ...spoken, kind: "voice", place: 0, topic: HERE });
  } catch {
    toast(word("This device has no room to keep {name}.", { name: spoken.name }));
    return; // the take stays and is offered again
  }
  await post([tile], forget);
}

async function dropAll() {
  for (const { tile } of taken.splice(0)) await uploads.discard(tile.id);
  sheets.photo.close();
  openSheet(sheets.first);
}

const ACTS = {
  photo: () => part("photo-input").click(), file: () => part("file-input").click(), voice: () => speak(),
  text: () => { after = "text"; delete sheets.to.dataset.said; sheets.first.close(); openSheet(sheets.to); },
  draw: drawOn, away, anew: () => { away(); part("photo-input").click(); }, drop: dropAll, send: sendTaken,
};

document.addEventListener("click", ({ target: pressed }) => ACTS[pressed.closest("dialog [data-act]")?.dataset.act]?.());
part("note")?.addEventListener("input", ({ target: field }) => { taken[chosen].tile.note = field.value; });
for (const input of [part("photo-input"), part("file-input")]) input.addEventListener("change", () => take(input));

drawTarget();
await ready;
for (const take of await takes.list(0, HERE)) {
  part("new-sheet").querySelector(".sheet-in").prepend(takes.offer(take, { send: (row) => { row.remove(); speak(take); }, label: word("Go on") }));
}
for (const row of await uploads.list()) {
  if (!row.message && row.topic === HERE && row.kind !== "voice") show(uploads.tileOf(row), await uploads.blobOf(row));
}
