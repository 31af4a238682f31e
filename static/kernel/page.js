// Starts the browser side of every page of somebody who is signed in: seal, outbox, frames, socket, worker.

import * as frames from "./frames.js";
import * as kept from "./kept.js";
import * as mine from "./mine.js";
import * as outbox from "./outbox.js";
import { decorate, iAm } from "./rule.js";
import { currentSeal, lock, sealFor } from "./sealed.js";
import * as socket from "./socket.js";
import { device } from "./store.js";
import * as strip from "./strip.js";
import { address as wordsAt, ready as wordsReady } from "./words.js";

const { body } = document;
export const me = Number(body.dataset.me);
const open = Number(body.dataset.open || 0);
const keptAt = Number(body.dataset.kept || 0); // the worker marks a page it served from the device
const cursors = JSON.parse(body.dataset.cursor || "{}");

const ALWAYS = ["/", "/chats", "/outbox", "/new", "/feed", "/feed/new?kind=feedback"]; // kept also where they were never opened
export let seal = null; // null where nothing may be kept on the device
const keptPlaces = new Set();

iAm(me);
mine.fromIsland();
decorate((element) => { mine.dress(element); fetchModules(element); });
frames.begin(cursors);

outbox.watch(({ state, answer }) => { if (state === "delivered" && answer) frames.answer(answer); });
frames.on("frame", keepFrame);
frames.on("left", forgetPlace);
frames.on("epoch", startOver);
socket.on("open", outbox.wake);
socket.on("signedOut", signedOut);

// A part that needs more than every page has names its module; it is loaded with the first of its kind.
function fetchModules(root) {
  for (const { dataset } of [root, ...root.querySelectorAll("[data-module]")]) if (dataset?.module) import(`../${dataset.module}`);
}
fetchModules(document);

async function keepFrame(frame) {
  if (!seal || !keptPlaces.has(frame.place)) return;
  const many = await kept.keepFrame(seal, frame).catch(() => false); // a full device costs the offline copy, no more
  if (many && frame.place === open) tellWorker({ t: "keep", urls: [location.href] });
}

async function forgetPlace(place) {
  keptPlaces.delete(place);
  if (place === open) (await import("./left.js")).show();
  if (!seal) return;
  await kept.dropPlace(seal, place);
  tellWorker({ t: "keep", urls: ALWAYS });
}

// Another epoch: the server was restored from a backup. Everything kept of it is void; own writes are compared.
let startingOver = false;
async function startOver() {
  if (startingOver) return;
  startingOver = true;
  if (seal) {
    await device.put("meta", { id: "restored", person: me });
    await kept.dropAll(seal);
  }
  location.reload();
}

// A page that was closed meanwhile finds out by the epoch that this person's pages last had here, signed out or not.
async function compareIfRestored() {
  const epoch = keptAt ? null : Object.values(cursors)[0]?.[0];
  const seen = await device.get("meta", `record-${me}`);
  const another = epoch && seen && seen.epoch !== epoch;
  if (another) await kept.dropAll(seal);
  if (another || (await device.get("meta", "restored"))?.person === me) await (await import("./restored.js")).compare();
  await device.remove("meta", "restored");
  if (epoch) await device.put("meta", { id: `record-${me}`, epoch });
}

async function signedOut() {
  strip.saySignedOut();
  await lock(me);
  keptPlaces.clear();
}

// ---- the service worker ------------------------------------------------------------------------------------------

async function tellWorker(message) {
  const registration = await navigator.serviceWorker?.ready;
  registration?.active?.postMessage(message);
}

async function register(isNewKey) {
  if (!("serviceWorker" in navigator) || !seal) return;
  // A page that did not come through the worker, or before there was a key, is not kept yet.
  const unseen = !performance.getEntriesByType("navigation")[0]?.workerStart;
  await navigator.serviceWorker.register("/worker.js", { type: "module", scope: "/", updateViaCache: "none" });
  if (isNewKey || unseen) await tellWorker({ t: "keep", urls: [location.href, ...ALWAYS, "/polls/new"], words: wordsAt });
  navigator.storage?.persist?.();
}

async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("outbox").catch(() => {});
}

// ---- signing out: nothing readable stays -------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.elements.namedItem("do")?.value !== "people.sign_out") return;
  event.preventDefault();
  await lock(me).catch(() => {});
  form.submit();
});

async function begin() {
  await wordsReady;
  const known = await currentSeal().catch(() => null);
  const first = await sealFor(me).catch(() => null);
  seal = first;
  await outbox.start(me, seal, { epochOf: frames.epochOf, signedOut, later: askForSync });
  strip.start(keptAt || Date.now());
  if (keptAt) strip.sayOffline();
  if (seal) {
    for (const { place } of await kept.keptUrls(seal)) if (place) keptPlaces.add(place);
    if (open) {
      keptPlaces.add(open);
      if (!keptAt && cursors[open]) await kept.dropFrames(seal, open, cursors[open][1]);
      for (const frame of await kept.keptFrames(seal, open)) await frames.take(frame);
    }
  }
  socket.start({ open, person: me, lang: document.documentElement.lang });
  register(known?.person !== me).catch(() => {});
  if (seal) compareIfRestored().catch(() => {}); // asked again at the next page
}

export const ready = begin();
