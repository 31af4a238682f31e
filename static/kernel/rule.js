// The one rule of live pages: what becomes of an element that arrives, from wherever and in whatever order.
// Newer by `data-rev` wins; it stands in those lists on the page that `data-in` names and whose window covers its seq.

const known = new Map(); // id -> highest rev seen of elements that are not on the page
const missed = new Map(); // id -> element that arrived for a window not loaded, in case that window is loaded later
const MOST_MISSED = 500;

const decorators = [];
let me = "";

const number = (element, name) => Number(element.dataset[name] ?? 0);
export const revOf = (element) => number(element, "rev");
// Ascending by seq; lists with an order of their own (topics by their last message) show the highest first.
export const orderOf = ({ dataset }) => (dataset.order === undefined ? Number(dataset.seq ?? 0) : -Number(dataset.order));
export const names = (element) => new Set((element.dataset.in ?? "").split(" ").filter(Boolean));
const listOf = ({ parentElement }) => (parentElement?.closest("[data-rev]") ? null : parentElement?.closest("[data-list]")) ?? null; // a thing in a thing is in no list
const copies = (id) => [...document.querySelectorAll(`[id="${CSS.escape(id)}"]`)];

export function iAm(person) { me = String(person); }

// fn(element, list) runs on every element that comes onto the page; it may add the reader's own to it.
export function decorate(fn) { decorators.push(fn); }
export function dress(element, list) { for (const fn of decorators) fn(element, list); }

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function covers(list, order) {
  const { from, to, start, end } = list.dataset;
  const first = Number(from || Infinity), last = Number(to || -Infinity);
  if (order >= first && order <= last) return true;
  return (order > last && end !== undefined) || (order < first && start !== undefined);
}

function widen(list, order) {
  if (order < 0) return; // lists with an order of their own are whole
  if (!list.dataset.from || order < Number(list.dataset.from)) list.dataset.from = order;
  if (!list.dataset.to || order > Number(list.dataset.to)) list.dataset.to = order;
}

// An echo is mine alone: another author carrying my client id removes nothing of mine. What was refused stays until
// somebody decides: under the same id the server has other words, or had these before it was restored.
function dropEcho(element) {
  const { write, by } = element.dataset;
  if (write && by === me) for (const echo of document.querySelectorAll(`[data-echo="${CSS.escape(write)}"]:not(.refused)`)) echo.remove();
}

export function arrivedAlready(write) {
  return document.querySelector(`[data-write="${CSS.escape(write)}"][data-by="${CSS.escape(me)}"]`) !== null;
}

// Puts an element that arrived where it belongs. Says whether the page changed.
export function place(element) {
  const { id } = element;
  const rev = revOf(element), order = orderOf(element), named = names(element);
  const standing = copies(id);
  dropEcho(element);
  if (standing.some((old) => revOf(old) >= rev) || (known.get(id) ?? -1) > rev) return false;
  const taken = new Set();
  for (const old of standing) {
    const list = listOf(old);
    if (list && !named.has(list.dataset.list)) { old.remove(); continue; }
    const fresh = element.cloneNode(true);
    exchange(old, fresh, list);
    if (list && orderOf(old) !== order) settle(list, fresh);
    taken.add(list);
  }
  for (const list of document.querySelectorAll("[data-list]")) {
    if (!named.has(list.dataset.list) || taken.has(list) || !covers(list, order)) continue;
    insert(list, element.cloneNode(true));
    taken.add(list);
  }
  if (taken.size) { known.delete(id); missed.delete(id); } else miss(element, rev);
  return taken.size > 0 || standing.length > 0;
}

function miss(element, rev) {
  known.set(element.id, rev);
  missed.delete(element.id);
  missed.set(element.id, element);
  if (missed.size > MOST_MISSED) missed.delete(missed.keys().next().value);
}

function insert(list, element) {
  keepInner(element);
  settle(list, element);
  widen(list, orderOf(element));
  dress(element, list);
}

function settle(list, element) {
  const order = orderOf(element);
  let after = list.lastElementChild;
  while (after && (after === element || after.dataset.rev === undefined || orderOf(after) > order)) after = after.previousElementSibling;
  if (after) after.after(element); else list.prepend(element);
}

// ---- replacing without taking anything out of the reader's hands ---------------------------------------------------

const REACHABLE = "a[href], button, input, textarea, select, summary, [tabindex]";

// What a reachable part is, so that it is found again in the new version although others came or went around it.
const nameOf = (part) => [part.tagName, part.classList[0], part.getAttribute("href"), part.dataset.key, part.dataset.act, part.dataset.emoji].join(" ");
const namesakes = (element, name) => [...element.querySelectorAll(REACHABLE)].filter((part) => nameOf(part) === name);

function focusInside(old) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return null;
  if (active === old) return (fresh) => fresh;
  const name = nameOf(active);
  const at = namesakes(old, name).indexOf(active);
  return (fresh) => namesakes(fresh, name)[at] ?? fresh;
}

// A voice note that plays goes on playing while somebody reacts to its message.
function keep(old, fresh) {
  for (const part of old.querySelectorAll("[data-keep]")) {
    const seat = fresh.querySelector(`[data-keep="${CSS.escape(part.dataset.keep)}"]`);
    if (!seat) continue;
    if (seat.parentNode.moveBefore) { seat.parentNode.moveBefore(part, seat); seat.remove(); } else seat.replaceWith(part);
  }
}

// A poll in a message has revs of its own: what is known of it is not undone by another version of the message.
function keepInner(element, old) {
  for (const part of element.querySelectorAll("[data-rev]")) {
    const one = [missed.get(part.id), ...copies(part.id)].find((other) => other && other !== part && revOf(other) >= revOf(part));
    if (one) part.replaceWith(old?.contains(one) ? one : one.cloneNode(true));
  }
}

function exchange(old, fresh, list) {
  const refocus = focusInside(old);
  keepInner(fresh, old);
  old.before(fresh);
  keep(old, fresh);
  old.remove();
  dress(fresh, list);
  if (!refocus) return;
  const target = refocus(fresh);
  if (target === fresh && !fresh.hasAttribute("tabindex")) fresh.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// ---- windows that are loaded, trimmed, emptied ---------------------------------------------------------------------

// The element to show for one of a fetched page: itself, or what arrived newer meanwhile; null = not here any more.
export function newest(element, list) {
  if (copies(element.id).some((old) => list.contains(old))) return null;
  if ((known.get(element.id) ?? -1) <= revOf(element)) return element;
  const newer = missed.get(element.id);
  return newer && names(newer).has(list.dataset.list) ? newer.cloneNode(true) : null;
}

export function entered(element, list) {
  known.delete(element.id);
  missed.delete(element.id);
  keepInner(element);
  dress(element, list);
}

// After a window grew: what arrived for it while it was not loaded.
export function catchMissed(list) {
  for (const element of [...missed.values()]) {
    if (names(element).has(list.dataset.list) && covers(list, orderOf(element))) place(element);
  }
}

export function forget(element) {
  known.set(element.id, revOf(element));
  element.remove();
}

export function purge(place) {
  const of = ({ dataset }) => (dataset.place ?? dataset.list.split("-")[1]) === String(place);
  for (const list of document.querySelectorAll("[data-list]")) if (of(list)) list.replaceChildren();
  for (const [id, { dataset }] of missed) if ((dataset.place ?? id.split("-")[1]) === String(place)) missed.delete(id);
}
