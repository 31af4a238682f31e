// Navigation, live: counts go on from what the server wrote (#nav-state); what cannot be counted on is fetched again.

import * as frames from "./frames.js";
import * as mine from "./mine.js";
import { parse } from "./rule.js";
import * as socket from "./socket.js";
import { word, words } from "./words.js";

const PAUSE_MS = 150;
const COUNTED = new Set(["chat.posted", "chat.edited", "chat.reacted", "chat.pinned", "chat.files"]); // never less unread
const { me, teams = "", open } = document.body.dataset;
export const forMe = new Set(["all", me, `p${me}`, ...teams.split(" ").filter(Boolean).map((team) => `t${team}`)]);
const rooms = document.getElementById("nav-rooms");

let fresh = new Map(); // "17/4" -> [messages, mentions, last seq]
let heads = new Map(); // place -> seq counted up to
let direct = new Set();
let notices = new Set(); // keys of what I was told and have not done

function learn() {
  const state = JSON.parse(document.getElementById("nav-state")?.textContent || "{}");
  fresh = new Map(Object.entries(state.fresh ?? {}));
  heads = new Map(Object.entries(state.heads ?? {}).map(([place, seq]) => [Number(place), seq]));
  direct = new Set(state.direct ?? []);
  notices = new Set(state.notices ?? []);
}

// ---- numbers -----------------------------------------------------------------------------------------------------

const placeOf = (key) => Number(key.split("/")[0]);

function put(selector, n, said) {
  for (const element of document.querySelectorAll(selector)) {
    if (Number.parseInt(element.textContent || "0", 10) === n) continue;
    if (element.matches(".fresh")) element.textContent = n ? words("{n} new", "{n} new", n) : ""; // within a sentence
    else element.replaceChildren(...(n ? [String(n), ...(said ? [hidden(` ${said}`)] : [])] : []));
  }
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "sr";
  span.textContent = text;
  return span;
}

function draw() {
  const counts = new Map([...heads.keys()].map((place) => [place, 0]));
  const mentioned = new Set();
  let waiting = notices.size;
  for (const [key, [n, mentions]] of fresh) {
    const place = placeOf(key);
    counts.set(place, (counts.get(place) ?? 0) + n);
    if (mentions) mentioned.add(place);
    if (mentions || direct.has(place)) waiting += 1;
    put(`[data-unread="${key}"]`, n, word("new"));
  }
  for (const [place, n] of counts) {
    put(`[data-unread="${place}"]`, n, word("new"));
    for (const mark of document.querySelectorAll(`[data-mentions="${place}"]`)) mark.textContent = mentioned.has(place) && !direct.has(place) ? "@" : "";
  }
  for (const element of document.querySelectorAll("[data-unread*='/']")) if (!fresh.has(element.dataset.unread)) element.textContent = "";
  put("[data-waiting]", waiting, word("waiting"));
  for (const item of document.querySelectorAll(".nav-item:has([data-waiting])")) item.classList.toggle("unread", waiting > 0);
}

// ---- what arrives ------------------------------------------------------------------------------------------------

function heard(frame) {
  if (frame.mine) return;
  const head = heads.get(frame.place);
  if (head === undefined || frame.to <= head) return; // not in the navigation: archived, hidden, or just being joined
  if (frame.from > head) again(); // something came between the page and the socket
  heads.set(frame.place, frame.to);
  let counts = false;
  for (const thing of frame.things ?? []) {
    if (thing.kind.startsWith("channels.")) renamed(frame.place, thing);
    else counts = counted(frame.place, thing, head) || counts;
  }
  if (counts) { draw(); changed(); }
}

function counted(place, thing, head) {
  const element = thing.html ? parse(thing.html).firstElementChild : null;
  if (!element?.matches(".msg")) return thing.kind.startsWith("chat.topic");
  if (thing.seq <= head) { // an older message: only what can lessen the count matters
    if (!COUNTED.has(thing.kind) && [...fresh.keys()].some((key) => placeOf(key) === place)) again();
    return true;
  }
  const { by, topic = "0", mentions = "" } = element.dataset;
  if (by === "0") return true;
  spoke(`t-${place}-${topic}`, element);
  if (by === me) return true;
  const key = `${place}/${topic}`;
  const [n, named] = fresh.get(key) ?? [0, 0];
  if (thing.seq <= Number(mine.get(`read/${key}`) ?? 0)) return true;
  const names = mentions.split(" ").some((one) => forMe.has(one));
  fresh.set(key, [n + 1, named + (names ? 1 : 0), thing.seq]);
  return true;
}

// Who spoke last, beside a topic in a list; where it stands changes with the next visit, nothing jumps.
function spoke(id, message) {
  const [name, time] = message.querySelectorAll(".from > :is(a, b, time)");
  const last = document.querySelector(`#${id} small`);
  if (last && time) last.replaceChildren(`${name.textContent}, `, time.cloneNode(true), last.querySelector(".fresh") ?? "");
}

function renamed(place, { kind, html }) {
  if (kind !== "channels.changed") { again(); return; }
  const name = html && parse(html).firstElementChild?.textContent;
  if (name) for (const element of document.querySelectorAll(`[data-name="${place}"]`)) element.textContent = name;
}

function read(key, seq = 0, old = heads.get(placeOf(key.slice("read/".length))) ?? 0) {
  const conversation = key.slice("read/".length);
  const known = fresh.get(conversation);
  if (known && seq >= known[2]) fresh.delete(conversation);
  else if (known || seq < old) again(); // partly read, or unread again
  draw();
  changed();
}

function told(name, value) {
  const key = name.slice("notice/".length);
  if (value && !value.done) notices.add(key); else notices.delete(key);
  draw();
  changed();
}

// For the lists of conversations on the pages that have some (lists.js).
const changed = () => document.dispatchEvent(new Event("binnen:counts"));

// ---- fetching again ----------------------------------------------------------------------------------------------

let timer = 0;

function again() {
  clearTimeout(timer);
  timer = setTimeout(fetchNavigation, PAUSE_MS + Math.random() * PAUSE_MS);
  changed();
}

async function fetchNavigation() {
  const html = await part(`/part/nav?open=${open}`);
  if (html === null || !rooms) return;
  exchange(rooms, html);
  learn();
  draw();
}

export async function part(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.text() : null;
}

// The focus stays on what it was on: a link by its address, a button by its name.
export function exchange(box, html) {
  const held = box.contains(document.activeElement) ? document.activeElement : null;
  const same = (one) => (held.href ? one.href === held.href : one.ariaLabel === held.ariaLabel && one.textContent === held.textContent);
  box.replaceChildren(parse(html));
  if (held) ([...box.querySelectorAll(held.tagName)].find(same) ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

// ---- beginning ---------------------------------------------------------------------------------------------------

learn();
frames.on("frame", heard);
frames.on("left", (place) => { heads.delete(place); again(); });
mine.subscribe("read", read);
mine.subscribe("notice", told);
for (const first of ["member", "fav"]) mine.subscribe(first, again);
socket.on("heads", (found) => {
  for (const [key, [, seq]] of Object.entries(found)) {
    if (heads.get(Number(key)) < seq) { again(); return; } // not for places it does not know
  }
});
