// What of the server's pages stays on the device for a start without network: whole pages as they were sent, and the
// frames that came after them, all sealed. Page and service worker share these lines; neither needs the document.

import { result, storeOf } from "./store.js";

const MOST_PAGES = 40;
const MOST_FRAMES = 200; // of one place; beyond it the page is fetched anew
const PRIVATE = /^\/(admin|me|sign-in|sign-out|set-up|invitation|reset)(\/|$)/;

const pageAbout = (url) => `pages/${url}`;
const frameAbout = (place, to) => `frames/${place}/${to}`;

export const mayKeep = (url) => !PRIVATE.test(url);
export const keyOf = (address) => { const { pathname, search } = new URL(address, location.origin); return pathname + search; };

const attribute = (html, name) => new RegExp(`<body[^>]*\\sdata-${name}="(\\d+)"`).exec(html)?.[1];

// Keeps a page as the server sent it, if it is the page of the very person whose seal this is.
export async function keepPage(seal, url, html) {
  if (!mayKeep(url) || Number(attribute(html, "me")) !== seal.person) return false;
  const sealed = await seal.close(html, pageAbout(url));
  const page = { url, place: Number(attribute(html, "open") ?? 0), at: Date.now(), sealed };
  await storeOf(seal.person).write(["pages"], async (pages) => {
    pages.put(page);
    const all = await result(pages.getAll());
    const old = all.sort((a, b) => b.at - a.at).slice(MOST_PAGES);
    for (const one of old) pages.delete(one.url);
  });
  return true;
}

export async function keptPage(seal, url) {
  const page = await storeOf(seal.person).get("pages", url);
  if (!page) return null;
  return { at: page.at, html: await seal.openText(page.sealed, pageAbout(url)) };
}

export const keptUrls = async (seal) => (await storeOf(seal.person).all("pages")).map(({ url, place, at }) => ({ url, place, at }));

// Keeps a frame of a place of which a page is kept; says whether there are now so many that a fresh page is better.
export async function keepFrame(seal, frame) {
  const sealed = await seal.close(frame, frameAbout(frame.place, frame.to));
  return storeOf(seal.person).write(["frames"], async (frames) => {
    frames.put({ place: frame.place, to: frame.to, sealed });
    return await result(frames.index("place").count(frame.place)) > MOST_FRAMES;
  });
}

export async function keptFrames(seal, place) {
  const rows = await storeOf(seal.person).all("frames", "place", place);
  const opened = await Promise.all(rows.map((row) => seal.open(row.sealed, frameAbout(row.place, row.to)).catch(() => null)));
  return opened.filter(Boolean).sort((a, b) => a.to - b.to);
}

// Frames a newly kept page already contains.
export function dropFrames(seal, place, upTo) {
  return storeOf(seal.person).write(["frames"], (frames) => {
    frames.delete(IDBKeyRange.bound([place, 0], [place, upTo]));
  });
}

export const dropAll = (seal) => storeOf(seal.person).clear("pages", "frames");

// The person left the place: nothing of it may stay.
export async function dropPlace(seal, place) {
  await storeOf(seal.person).write(["pages", "frames"], async (pages, frames) => {
    frames.delete(IDBKeyRange.bound([place, 0], [place, Infinity]));
    for (const url of await result(pages.index("place").getAllKeys(place))) pages.delete(url);
  });
}
