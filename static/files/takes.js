// What is being spoken, second by second on this device, sealed: a page that dies loses a second of it at most.
// A take is {id, at, place, topic, type, length, levels}; its pieces lie beside it. `hold` says that a page has it open.

import { me, ready, seal } from "../kernel/page.js";
import { result, storeOf } from "../kernel/store.js";
import { word } from "../kernel/words.js";

const text = new TextEncoder();
const takesOf = () => IDBKeyRange.bound("t/", "t0");
const piecesOf = (id) => IDBKeyRange.bound(`s/${id}/`, `s/${id}/￿`);
const about = (key) => `uploads/${key}`;
const sealing = (key, iv) => ({ name: "AES-GCM", iv, additionalData: text.encode(about(key)) });

// One more piece, with the take as it is by now: in one transaction, so that neither lies there without the other.
export async function keep(take, n, piece) {
  await ready;
  if (!seal) return; // over plain http nothing may be kept
  const key = `s/${take.id}/${String(n).padStart(6, "0")}`;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(sealing(key, iv), seal.key, await piece.arrayBuffer());
  const row = { id: `t/${take.id}`, at: take.at, sealed: await seal.close(take, about(`t/${take.id}`)) };
  await storeOf(me).write(["uploads"], (store) => { store.put({ id: key, iv, data }); store.put(row); });
}

// The takes of a conversation that no page is recording or holding, the oldest first.
export async function list(place, topic) {
  await ready;
  if (!seal) return [];
  const records = await storeOf(me).read(["uploads"], (store) => result(store.getAll(takesOf())));
  const opened = await Promise.all(records.map(({ id, sealed }) => seal.open(sealed, about(id)).catch(() => null)));
  const held = new Set((await navigator.locks?.query())?.held.map(({ name }) => name));
  return opened.filter((take) => take?.place === place && take.topic === topic && !held.has(lockOf(take.id))).sort((a, b) => a.at - b.at);
}

export async function blobOf({ id, type }) {
  const pieces = await storeOf(me).read(["uploads"], (store) => result(store.getAll(piecesOf(id))));
  return new Blob(await Promise.all(pieces.map(({ id: key, iv, data }) => crypto.subtle.decrypt(sealing(key, iv), seal.key, data))), { type });
}

export async function forget(id) {
  await ready;
  if (seal) await storeOf(me).write(["uploads"], (store) => { store.delete(`t/${id}`); store.delete(piecesOf(id)); });
}

const lockOf = (id) => `take-${id}`;

export function hold(id) {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  navigator.locks?.request(lockOf(id), () => held);
  return release;
}

// When it was spoken, in words: the time today, with the day before that.
export function titleOf({ at }) {
  const today = new Date(at).toDateString() === new Date().toDateString();
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { ...(!today && { dateStyle: "short" }), timeStyle: "short" }).format(at);
  return word("Recording of {time}", { time });
}

// A row that offers a take: what it is, and what to do with it.
export function offer(take, { send, label = word("Send") }) {
  const row = Object.assign(document.createElement("div"), { className: "take" });
  row.dataset.take = take.id;
  row.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-mic"/></svg>';
  const said = Object.assign(document.createElement("span"), { className: "grow" });
  said.append(Object.assign(document.createElement("b"), { textContent: titleOf(take) }), Object.assign(document.createElement("small"), { textContent: lengthOf(take.length) }));
  row.append(said, button("btn plain ink compact", word("Discard"), async () => { row.remove(); await forget(take.id); }), button("btn compact", label, () => send(row)));
  return row;
}

export const lengthOf = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

function button(className, textContent, onclick) {
  const onmousedown = (event) => event.preventDefault(); // a focus opens the composer, which moves this from under the finger
  return Object.assign(document.createElement("button"), { type: "button", className, textContent, onclick, onmousedown });
}
