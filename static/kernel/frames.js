// Cursors and frames. A frame covers the events after `from` up to `to` of one place; it is applied if it continues what
// the page shows, dropped if it is old, and held back while something before it is missing.

import * as mine from "./mine.js";
import { parse, place as placeElement, purge } from "./rule.js";

const SLICE = 12; // things applied before the browser may paint
const HELD = 64;
export const breathe = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
const gapPause = () => 50 + Math.random() * 150;

const cursors = new Map(); // place -> {epoch, seq}
const held = new Map(); // place -> frames that came too early
const catching = new Map(); // place -> promise
const listeners = { frame: new Set(), left: new Set(), epoch: new Set() };

export function on(event, fn) { listeners[event].add(fn); }
const tell = (event, ...given) => { for (const fn of listeners[event]) fn(...given); };

export function begin(map) {
  for (const [place, [epoch, seq]] of Object.entries(map)) cursors.set(Number(place), { epoch, seq });
}
export const cursor = (place) => cursors.get(Number(place));
export const epochOf = (place) => cursor(place)?.epoch ?? null;
export const all = () => Object.fromEntries([...cursors].map(([place, { epoch, seq }]) => [place, [epoch, seq]]));

// Everything that touches the page goes through one line, so that slices of two frames never mix.
let line = Promise.resolve();
const inLine = (work) => (line = line.then(work, work));

export const take = (frame) => inLine(() => consider(frame));

async function consider(frame) {
  const at = cursors.get(frame.place);
  if (!at) return tell("frame", frame); // a place this page does not show: counted, not drawn
  if (frame.epoch !== at.epoch) return tell("epoch", frame.place, frame.epoch);
  if (frame.to <= at.seq) return undefined;
  if (frame.from > at.seq) return hold(frame);
  await show(frame);
  at.seq = frame.to;
  tell("frame", frame);
  return release(frame.place);
}

async function show(frame) {
  if (frame.mine) mine.apply(frame.mine);
  await things(frame.things);
}

// Things of frames, answers and replays alike. What has no html is gone without a trace for this reader.
export async function things(list = []) {
  let count = 0;
  for (const thing of list) {
    if (thing.mine) mine.apply(thing.mine);
    const element = thing.html && parse(thing.html).firstElementChild;
    if (element) placeElement(element);
    if (++count % SLICE === 0) await breathe();
  }
}

export const answer = (given) => inLine(async () => {
  if (given.mine) mine.apply(given.mine);
  await things(given.things ?? given.frames);
});

function hold(frame) {
  const waiting = held.get(frame.place) ?? [];
  waiting.push(frame);
  held.set(frame.place, waiting.sort((a, b) => a.from - b.from).slice(-HELD));
  soon(frame.place, frame.from);
}

function release(place) {
  const waiting = held.get(place);
  if (!waiting?.length) return undefined;
  held.delete(place);
  return waiting.reduce((before, frame) => before.then(() => consider(frame)), Promise.resolve());
}

// The head of a place is known to be at least `head`: wait briefly for the frames under way, then ask.
export function soon(place, head) {
  setTimeout(() => { if (cursors.get(place)?.seq < head) catchUp(place); }, gapPause());
}

export function catchUp(place) {
  if (!catching.has(place)) catching.set(place, fetchPages(place).finally(() => catching.delete(place)));
  return catching.get(place);
}

async function fetchPages(place) {
  for (;;) {
    const { epoch, seq } = cursors.get(place);
    let answered;
    try {
      answered = await fetch(`/catchup?place=${place}&epoch=${encodeURIComponent(epoch)}&after=${seq}`, { headers: { Accept: "application/json" } });
      if (answered.status === 404 || answered.status === 403) return left(place);
      if (!answered.ok) return undefined; // the next heartbeat or reconnect asks again
      const page = await answered.json();
      if (page.reset) return startOver(place);
      for (const frame of page.frames) await take(frame);
      if (page.complete || cursors.get(place)?.seq === seq) return undefined;
    } catch {
      return undefined;
    }
  }
}

// The log no longer reaches back to the cursor, or is another one: only a fresh page helps.
export const startOver = (place) => tell("epoch", Number(place), null);

export function left(place) {
  cursors.delete(place);
  held.delete(place);
  purge(place);
  tell("left", place);
}

// {place: [epoch, seq]} from the server: what we are behind of, or what was restored from a backup.
export function heads(map) {
  for (const [key, [epoch, seq]] of Object.entries(map)) {
    const place = Number(key), at = cursors.get(place);
    if (!at) continue;
    if (at.epoch !== epoch || seq < at.seq) tell("epoch", place, epoch);
    else if (seq > at.seq) soon(place, seq);
  }
}
