// The service worker: the shell and recent pages start without network, waiting writes go out when the system says so.
// The kernel serves this file at /worker.js and fills in the version and the list of the shell's assets.

import { keepPage, keptPage, keyOf, mayKeep } from "/static/__VERSION__/kernel/kept-pages.js";
import { SealedRows } from "/static/__VERSION__/kernel/rows.js";
import { currentSeal, lock } from "/static/__VERSION__/kernel/sealed.js";
import { drain } from "/static/__VERSION__/kernel/transmit.js";

const SHELL = ["__SHELL__"];
const CACHE = "shell-__VERSION__";
const OFFLINE = "/offline";
const GENERATIONS = 2; // kept pages may still name the assets of the version before
const PATIENCE_MS = 4000; // a line that is there but does not answer counts as none

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.add(OFFLINE);
  await Promise.all(SHELL.map(async (address) => {
    const answer = await fetch(address);
    if (!answer.ok || isOfAnother(answer)) throw new Error(address);
    await cache.put(address, answer);
  }));
}

// While servers are being upgraded one may not have the version that another's page names: it says so, nobody keeps it.
const isOfAnother = (answer) => answer.headers.get("cache-control") === "no-store";

async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  for (const name of names.slice(0, Math.max(0, names.length - GENERATIONS + 1))) await caches.delete(name);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (url.pathname.startsWith("/words/")) event.respondWith(words(request));
  else if (request.mode === "navigate") event.respondWith(page(event, keyOf(request.url)));
});

async function asset(request) {
  return await caches.match(request) ?? keepAsset(request);
}

async function keepAsset(request) {
  const answer = await fetch(request);
  if (answer.status === 200 && !isOfAnother(answer)) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

async function words(request) {
  try { return await keepAsset(request); } catch { return await caches.match(request) ?? Response.error(); }
}

// ---- pages: the network first, else what this device kept, else the offline page ---------------------------------

async function page(event, url) {
  const seal = await currentSeal().catch(() => null);
  const asked = fetch(event.request);
  const kept = seal && mayKeep(url) ? () => fromDevice(seal, url) : async () => null;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)).then(kept);
  const answer = await Promise.race([asked.catch(() => undefined), late.then((copy) => copy ?? asked.catch(() => undefined))]);
  if (answer && answer.status < 500) {
    event.waitUntil(learn(seal, url, answer).catch(() => {}));
    return answer;
  }
  return await kept() ?? answer ?? await caches.match(OFFLINE) ?? Response.error();
}

// The sign-in page in place of anything else means that the session is over: what was readable here goes.
async function learn(seal, url, answer) {
  if (!seal || answer.headers.has("x-kept")) return;
  if (url.startsWith("/sign-in") && answer.ok) return lock(seal.person);
  if (isPage(answer)) await keepPage(seal, url, await answer.clone().text());
}

const isPage = (answer) => answer.status === 200 && (answer.headers.get("content-type") ?? "").startsWith("text/html");

async function fromDevice(seal, url) {
  const copy = await keptPage(seal, url).catch(() => null);
  if (!copy) return null;
  const html = copy.html.replace("<body ", `<body data-kept="${copy.at}" `);
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "X-Kept": String(copy.at), "Content-Security-Policy": POLICY } });
}

const POLICY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// A page that was open before there was a key or a worker asks to be kept.
self.addEventListener("message", (event) => {
  if (event.data?.t === "keep") event.waitUntil(Promise.all([keep(event.data.urls), keepWords(event.data.words)]));
});

async function keepWords(address) {
  if (address && !await caches.match(address)) await keepAsset(new Request(address)).catch(() => {});
}

async function keep(addresses) {
  const seal = await currentSeal();
  if (!seal) return;
  for (const address of addresses) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer && isPage(answer) && !answer.redirected) await keepPage(seal, keyOf(address), await answer.text());
  }
}

// ---- the outbox, when the system says there is a line --------------------------------------------------------------

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendWaiting());
});

async function sendWaiting() {
  const seal = await currentSeal();
  if (!seal) return undefined;
  const channel = new BroadcastChannel(`outbox-${seal.person}`);
  const tell = ({ answer, ...light }) => channel.postMessage(light);
  const outcome = await navigator.locks.request(`outbox-${seal.person}`, () => drain(new SealedRows(seal.person, seal), { tell }));
  channel.close();
  if (outcome.signin) return lock(seal.person);
  if (outcome.again) throw new Error("still no line"); // the system tries again later
  return undefined;
}
