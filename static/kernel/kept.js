// What came after the pages that this device keeps: their frames, sealed; and when all of it has to go. The pages
// themselves are the service worker's (kept-pages.js).

import { result, storeOf } from "./store.js";

const OF_MANY = 0; // the place of pages that show something of several
const MOST_FRAMES = 200; // of one place; beyond it the page is fetched anew

const frameAbout = (place, to) => `frames/${place}/${to}`;

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

// The person left the place: nothing of it may stay, neither its own pages nor lists that may show something of it.
export async function dropPlace(seal, place) {
  await storeOf(seal.person).write(["pages", "frames"], async (pages, frames) => {
    frames.delete(IDBKeyRange.bound([place, 0], [place, Infinity]));
    for (const of of [place, OF_MANY]) for (const url of await result(pages.index("place").getAllKeys(of))) pages.delete(url);
  });
}
