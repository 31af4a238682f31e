// The product's words in the reader's language. The msgid is the English text, so English needs no catalogue, and a
// word is never missing, only untranslated. After `await ready` everything here is synchronous.
//
// word("Waiting for {name}", { name })
// words("{n} file", "{n} files", files.length)
//
// Both names are what the server looks for when it collects the words of the browser (intranet/kernel/i18n.py):
// write the texts as plain literals.

const LANG = globalThis.document?.documentElement.lang || "en";
const plural = new Intl.PluralRules(LANG);
const numbers = new Intl.NumberFormat(LANG);
// A catalogue lists its forms in this order, and only those its language has.
const forms = ["zero", "one", "two", "few", "many", "other"]
  .filter((name) => plural.resolvedOptions().pluralCategories.includes(name));
let catalogue = {};

/** Where the words are; "" for English. The service worker keeps them too when it comes after they were fetched. */
export const address = LANG === "en" ? "" : `/words/${LANG}.json`;

/** Settles when the words are there; never rejects. The service worker keeps a copy for offline. */
export const ready = LANG === "en" ? Promise.resolve() : load();

/** The text in this language, its `{names}` filled in; numbers as the language writes them. */
export function word(msgid, values) {
  const said = catalogue[msgid] ?? msgid;
  return fill(Array.isArray(said) ? said[0] : said, values);
}

/** The text for this number; `{n}` is the number. */
export function words(one, many, n, values) {
  const said = catalogue[one];
  const form = Array.isArray(said) ? said[Math.min(forms.indexOf(plural.select(n)), said.length - 1)] : n === 1 ? one : many;
  return fill(form, { n, ...values });
}

function fill(text, values) {
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? numbers.format(value) : String(value);
  });
}

async function load() {
  try {
    const answer = await fetch(address);
    if (answer.ok) catalogue = await answer.json();
  } catch {
    // Offline before the first visit was complete: English, until the next page.
  }
}
