// The list of posts: what is new is announced above it and comes when it is asked for; older ones on demand. Nothing
// moves what is being read.

import * as frames from "../kernel/frames.js";
import * as mine from "../kernel/mine.js";
import { watch } from "../kernel/outbox.js";
import { me } from "../kernel/page.js";
import { dress, entered, newest, parse } from "../kernel/rule.js";
import { toast } from "../kernel/shell.js";
import { word, words } from "../kernel/words.js";

const PAUSE_MS = 400, SPREAD_MS = 1200; // a thousand readers do not all ask at once
const fresh = new Set(); // ids of posts that are announced
const looked = new Set(); // ids that were asked for and do not fit what the list is narrowed to

let list, bar, timer = 0;

const isNarrowed = () => list.classList.contains("narrowed");
const numberOf = ({ id }) => Number(id.split("-")[1]);
const entries = (root) => [...root.querySelectorAll(".entry")];
const top = () => Math.max(0, ...entries(list.parentElement).map(({ dataset }) => Number(dataset.entry)));

async function fetchPart(query) {
  const answer = await fetch(`/part/feed?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const part = parse(await answer.text());
  return { part, ...JSON.parse(part.querySelector("[data-window]").textContent) };
}

const narrowing = () => { const query = new URLSearchParams(location.search); query.delete("before"); return query; };

// ---- newer -------------------------------------------------------------------------------------------------------

function heard(frame) {
  for (const { html } of frame.things ?? []) {
    const post = html && parse(html).firstElementChild;
    if (post?.matches(".post")) arrived(post);
  }
}

function arrived(post) {
  const id = numberOf(post);
  if (post.matches(".gone")) { fresh.delete(id); announce(); return; }
  if (id <= top() || looked.has(id) || document.getElementById(post.id)) return;
  if (post.dataset.by === String(me)) { pull(); return; }
  looked.add(id);
  if (!isNarrowed()) { fresh.add(id); announce(); return; }
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS + Math.random() * SPREAD_MS);
}

async function ask() {
  const found = await fetchPart(narrowing());
  for (const { dataset } of found ? entries(found.part) : []) if (Number(dataset.entry) > top()) fresh.add(Number(dataset.entry));
  announce();
}

function announce() {
  if (!bar) return;
  bar.querySelector("[data-said]").textContent = words("{n} new post", "{n} new posts", fresh.size);
  bar.hidden = fresh.size === 0;
}

// Everything above the newest shown, put above it. Without a common post the list begins anew.
async function pull() {
  const found = await fetchPart(narrowing());
  if (!found) { toast(word("For that the network is needed once.")); return null; }
  mine.apply(found.mine);
  const known = top(), all = entries(found.part), coming = all.filter(({ dataset }) => Number(dataset.entry) > known);
  if (known && coming.length === all.length && found.older) { location.assign(`${location.pathname}?${narrowing()}`); return null; }
  document.querySelector(".column > .empty")?.remove();
  list.prepend(...coming);
  coming.forEach(enter);
  for (const entry of coming) fresh.delete(Number(entry.dataset.entry));
  announce();
  return coming[0] ?? null;
}

async function show() {
  const first = await pull();
  if (!first) return;
  fresh.clear();
  announce();
  const post = first.querySelector(".post");
  post.tabIndex = -1;
  list.closest(".scroll").scrollTo({ top: 0 });
  post.focus({ preventScroll: true });
}

// What came newer while the window was on its way takes its place; then the reader's own is put onto it.
function enter(entry) {
  const post = entry.querySelector(".post");
  const best = newest(post, document.createElement("div")) ?? post;
  if (best !== post) post.replaceWith(best);
  entered(best, list);
  for (const comment of entry.querySelectorAll(".comment")) dress(comment, comment.parentElement);
}

// ---- older -------------------------------------------------------------------------------------------------------

async function older(link) {
  link.setAttribute("aria-busy", "true");
  const found = await fetchPart(new URL(link.href).searchParams);
  link.removeAttribute("aria-busy");
  if (!found) { toast(word("For that the network is needed once.")); return; }
  mine.apply(found.mine);
  const coming = entries(found.part).filter(({ dataset }) => !list.querySelector(`:scope > [data-entry="${dataset.entry}"]`));
  list.append(...coming);
  coming.forEach(enter);
  history.replaceState(history.state, "", link.href); // who comes back from a post finds the window it was in
  const first = coming[0]?.querySelector("h2 a, .by a");
  first?.focus({ preventScroll: true });
  if (!found.older) { link.closest("p").remove(); return; }
  const next = new URL(link.href);
  next.searchParams.set("before", found.older);
  link.href = next.pathname + next.search;
}

// Somebody who left an audience has its posts no longer before them.
function left(place) {
  for (const post of document.querySelectorAll(`.post[data-place="${place}"]`)) if (post.dataset.by !== String(me)) (post.closest(".entry") ?? post).remove();
}

export function startNewer(given) {
  list = given;
  bar = document.querySelector("[data-newer-posts]");
  frames.on("left", left);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-older]");
    if (!link || !list.closest(".column").contains(link) || link.closest(".said") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    older(link);
  });
  if (!bar) return;
  frames.on("frame", heard);
  watch(({ state, row }) => { if (state === "delivered" && row?.write?.do === "feed.publish" && !row.write.at) pull(); });
  bar.querySelector("button").addEventListener("click", show);
}
