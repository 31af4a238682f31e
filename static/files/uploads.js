// Files on their way, beside the outbox: each waits on this device until the server has it whole, then the write
// `files.attach` puts it into its message. Survives reload and restart; one tab carries, all show.

import * as outbox from "../kernel/outbox.js";
import { me, ready, seal } from "../kernel/page.js";
import { MemoryFiles, SealedFiles } from "./kept.js";
import { transfer } from "./transfer.js";

const FIRST_MS = 400;
const LONGEST_MS = 60_000;

const listeners = new Set();
const progress = new Map(); // id -> {id, message, size, sent, state, why}
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`uploads-${me}`) : null;
const files = ready.then(() => (seal ? new SealedFiles(me, seal) : new MemoryFiles()));

// fn({id, message, sent, size, state, why}): waiting, going, here, refused, gone.
export function watch(fn) {
  listeners.add(fn);
  for (const one of progress.values()) fn(one);
}

function tell(row, change) {
  const one = { id: row.id, message: row.message, size: row.size, sent: 0, ...progress.get(row.id), ...change };
  if (one.state === "gone") progress.delete(row.id); else progress.set(row.id, one);
  for (const fn of listeners) fn(one);
  channel?.postMessage(one);
}

if (channel) channel.onmessage = ({ data }) => { for (const fn of listeners) fn(data); };

export const list = async () => (await files).list();

// Keeps a file on this device until its message is sent; the answer is the tile that the message shows. `thing` is what
// it is for, where that is no message: a "post".
export async function add(blob, { id = outbox.newId(), name, kind, place, topic, thing = "m", ...shown }) {
  const at = Date.now();
  const row = { id, at, name, size: blob.size, kind, place, topic, thing, person: me, upload: outbox.newId(), attach: outbox.newId(), message: "", shown };
  await (await files).add(row, blob);
  return tileOf(row);
}

export const tileOf = ({ id, name, size, kind, shown }) => ({ id, name, size, kind, ...shown });

// The message that names these tiles is in the outbox.
export async function send(message, place, ids) {
  const kept = await files;
  for (const row of await kept.list()) {
    if (!ids.includes(row.id)) continue;
    await kept.put({ ...row, message, place, ahead: row.done });
    tell({ ...row, message }, { message, state: "waiting" });
  }
  kick();
}

// Brings a file to the server before anything names it: a draft or a planned post then names the upload itself.
// The upload's id, or nothing where there is no network.
export async function ahead(id) {
  const kept = await files;
  const row = (await kept.list()).find((one) => one.id === id);
  if (!row || row.done) return row?.upload ?? null;
  const { kind } = await transfer(row, kept, (change) => tell(row, { state: "going", ...change }));
  const now = (await kept.list()).find((one) => one.id === id);
  if (kind !== "here" || !now) { tell(row, { state: "waiting" }); return null; }
  await kept.put({ ...now, done: true });
  tell(row, { state: "here", sent: row.size });
  return now.upload;
}

// What named them was taken back before it went: they wait on this device again.
export async function release(message) {
  const kept = await files;
  for (const row of await kept.list()) if (row.message === message) await kept.put({ ...row, message: "" });
}

// The server has them for good.
export async function forget(ids) {
  const kept = await files;
  for (const row of await kept.list()) if (ids.includes(row.id)) { await kept.remove(row.id); tell(row, { state: "gone" }); }
}

export async function blobOf(row) {
  const kept = await files;
  const pieces = [];
  for (let at = 0; at < row.size;) {
    const bytes = await kept.bytes(row, at);
    pieces.push(bytes);
    at += bytes.length;
  }
  return new Blob(pieces);
}

// Given up: the tile leaves the message, what has arrived of it is forgotten.
export async function discard(id) {
  const kept = await files;
  const row = (await kept.list()).find((one) => one.id === id);
  if (!row) return;
  await kept.remove(id);
  tell(row, { state: "gone" });
  if (row.message) await outbox.send({ do: "files.drop", place: row.place, message: row.message, ...thingOf(row), tile: id, upload: row.upload }, { label: row.name });
}

export async function retry(id) {
  const kept = await files;
  const row = (await kept.list()).find((one) => one.id === id);
  if (!row) return;
  await kept.put({ ...row, why: undefined, upload: outbox.newId() });
  tell(row, { state: "waiting", why: undefined });
  wake();
}

// ---- carrying ----------------------------------------------------------------------------------------------------

let queued = false, failures = 0, timer = 0;

export function wake() { failures = 0; kick(); }

export function kick() {
  if (queued) return;
  queued = true;
  const run = async () => { queued = false; await carryAll(); };
  if (seal && navigator.locks) navigator.locks.request(`uploads-${me}`, run);
  else running = running.then(run, run);
}
let running = Promise.resolve();

async function carryAll() {
  clearTimeout(timer);
  const kept = await files;
  const unsent = new Map((await outbox.list()).map((row) => [row.id, row]));
  for (const row of await claimed(kept, unsent)) {
    const before = progress.get(row.id)?.sent ?? 0;
    const { kind, after = 0, why } = await carry(kept, row, unsent.get(row.message));
    if (kind === "signin") return;
    if (kind === "refused") { await kept.put({ ...row, why }); tell(row, { state: "refused", why }); }
    if (kind === "wait") {
      if ((progress.get(row.id)?.sent ?? 0) > before) failures = 0;
      timer = setTimeout(kick, Math.max(after, Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++)));
      return;
    }
  }
  failures = 0;
}

// Files whose message is sent. One the page did not live to mark is found by the message that names its tile.
async function claimed(kept, unsent) {
  const rows = await kept.list();
  for (const row of rows) {
    const message = !row.message && [...unsent.values()].find(({ write }) => write?.files?.some(({ id }) => id === row.id));
    if (message) Object.assign(row, await kept.put({ ...row, message: message.id, place: message.place }));
  }
  return rows.filter((row) => row.message && !row.why);
}

async function carry(kept, row, message) {
  if (!row.done) {
    tell(row, { state: "going" });
    const outcome = await transfer(row, kept, (change) => tell(row, { state: "going", ...change }));
    if (outcome.kind !== "here") { if (outcome.kind === "wait") tell(row, { state: "waiting" }); return outcome; }
    Object.assign(row, (await kept.list()).find(({ id }) => id === row.id), { done: true });
    await kept.put(row);
  }
  tell(row, { state: "here", sent: row.size });
  if (message) return { kind: "held" }; // not delivered yet, or refused: the file goes on when it is
  if (!row.ahead) await outbox.send({ do: "files.attach", id: row.attach, place: row.place, message: row.message, ...thingOf(row), tile: row.id, upload: row.upload }, { label: row.name });
  await kept.remove(row.id);
  tell(row, { state: "gone" });
  return { kind: "done" };
}

const thingOf = ({ thing }) => (thing && thing !== "m" ? { thing } : {});

// A message thrown away takes its files along.
async function drop(message) {
  const kept = await files;
  for (const row of await kept.list()) {
    if (row.message !== message) continue;
    await kept.remove(row.id);
    tell(row, { state: "gone" });
  }
}

outbox.watch(({ id, state, row }) => {
  const names = row?.write ? Boolean(row.write.files?.length) : [...progress.values()].some(({ message }) => message === id);
  if (names && state === "delivered") wake();
  else if (names && state === "gone") drop(id);
});
addEventListener("online", wake);
document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });

ready.then(async () => {
  const kept = await files;
  await kept.sweep();
  for (const row of await kept.list()) tell(row, row.why ? { state: "refused", why: row.why } : { state: "waiting" });
  kick();
});
