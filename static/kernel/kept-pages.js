// Whole pages as the server sent them, sealed, for a start without network. These lines are the service worker's.

import { result, storeOf } from "./store.js";

const MOST_PAGES = 40;
const PRIVATE = /^\/(admin|me|sign-in|sign-out|set-up|invitation|reset)(\/|$)|^\/search\?/; // what was found belongs to many places

const about = (url) => `pages/${url}`;

export const mayKeep = (url) => !PRIVATE.test(url);
export const keyOf = (address) => { const { pathname, search } = new URL(address, location.origin); return pathname + search; };

const attribute = (html, name) => new RegExp(`<body[^>]*\\sdata-${name}="(\\d+)"`).exec(html)?.[1];

// Keeps a page as the server sent it, if it is the page of the very person whose seal this is.
export async function keepPage(seal, url, html) {
  if (!mayKeep(url) || Number(attribute(html, "me")) !== seal.person) return false;
  const sealed = await seal.close(html, about(url));
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
  return { at: page.at, html: await seal.openText(page.sealed, about(url)) };
}
