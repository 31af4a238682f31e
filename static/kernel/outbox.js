// The only way a page changes anything. `send` stores the write on the device before a byte leaves, shows it at once
// and lets it go out in order; it survives reload, kill, dead zones and signing out.

import { SealedRows } from "./rows.js";
import { drain } from "./transmit.js";

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const SLOW_TIMER_MS = 30_000;

const listeners = new Set();
let rows, lockName, channel, options;
let ready;
const started = new Promise((resolve) => { ready = resolve; });

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16)); // plain http has no randomUUID
  b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
  const hex = Array.from(b, (one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// fn({id, state, row, answer, why, here}): waiting, sending, delivered, refused, gone. `here` is false for other tabs.
export function watch(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

function announce(change) {
  for (const fn of listeners) fn({ here: true, ...change });
  const { answer, ...light } = change;
  channel?.postMessage(light);
}

export async function start(person, seal, given = {}) {
  options = { signedOut() {}, ...given };
  rows = seal ? new SealedRows(person, seal) : new (await import("./rows-memory.js")).MemoryRows();
  rows.person = person;
  lockName = `outbox-${person}`;
  if (seal && "BroadcastChannel" in globalThis) {
    channel = new BroadcastChannel(lockName);
    channel.onmessage = ({ data }) => { for (const fn of listeners) fn({ ...data, here: false }); };
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  setInterval(kick, SLOW_TIMER_MS);
  ready();
  kick();
}

// Resolves once the write is safe on this device, with {id, settled}; `settled` resolves with its fate.
// echo: what a page needs to draw it again; label: one line for the outbox page; last: key of a value that only
// counts in its newest state (read marker, draft).
export async function send(write, { echo = null, label = "", last = "" } = {}) {
  await started;
  const full = { place: 0, ...write, id: write.id ?? newId() };
  const row = { id: full.id, place: full.place, at: Date.now(), write: full, echo, label, last };
  const settled = new Promise((resolve) => {
    const stop = watch((change) => {
      if (change.id === full.id && ["delivered", "refused", "gone"].includes(change.state)) { stop(); resolve(change); }
    });
  });
  try {
    for (const id of await rows.add(row) ?? []) announce({ id, state: "gone" });
    announce({ id: full.id, state: "waiting", row }); // not before: what stands there survives whatever comes
  } catch (error) {
    announce({ id: full.id, state: "gone", why: { code: "not_stored" } });
    throw error; // whoever sent it still has the text in hand and keeps it
  }
  kick();
  return { id: full.id, settled };
}

export async function list() {
  await started;
  return rows.list();
}

export const sentRows = async () => { await started; return rows.sent(); };

export async function retry(id) {
  await rows.retry(id);
  announce({ id, state: "waiting", row: (await rows.list()).find((row) => row.id === id) });
  wake();
}

export async function discard(id) {
  await rows.remove(id);
  announce({ id, state: "gone" });
  kick();
}

// An acknowledged write the server no longer has (restored from a backup): back in the outbox, to be decided by hand.
export async function offerAgain({ id, write, label, echo }) {
  const row = { id, place: write.place, at: Date.now(), write, label, echo, last: "", state: "refused", why: { code: "restored" } };
  if (await rows.add(row)) announce({ id, state: "refused", row, why: row.why });
}

// ---- when to try -------------------------------------------------------------------------------------------------

let queued = false, timer = 0, failures = 0;
let notBefore = 0; // only what the server asked for by Retry-After; our own backing off binds the timer alone

export function wake() {
  failures = 0;
  kick();
}

// At most one attempt of this tab stands in line; among tabs the lock lets one send at a time.
export function kick() {
  if (queued || !rows || Date.now() < notBefore) return;
  queued = true;
  const run = async () => { queued = false; await attempt(); };
  if (rows.seal && navigator.locks) navigator.locks.request(lockName, run);
  else running = running.then(run, run);
}
let running = Promise.resolve();

async function attempt() {
  const outcome = await drain(rows, { tell: announce, epochOf: options.epochOf });
  clearTimeout(timer);
  if (outcome.signin) return options.signedOut();
  if (!outcome.again) { failures = 0; return; }
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++);
  const delay = Math.max(outcome.after, Math.random() * ceiling); // full jitter: a thousand phones do not come back as one
  notBefore = Date.now() + outcome.after;
  timer = setTimeout(kick, delay + 20);
  options.later?.();
}
