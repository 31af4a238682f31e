// Changing a post, through the outbox. Over a newer version nothing is saved: both texts stand there until one is chosen.
// What this device has not delivered yet, or what was refused, stands in the form again.

import { discard, list as waiting, newId, watch } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { reasonOf } from "../kernel/reasons.js";
import { ready as wordsReady, word } from "../kernel/words.js";
import { brought, Writing } from "./writing.js";

const MINUTE = 60_000;
const LABEL = 80;
const form = document.getElementById("post");
const { elements } = form;
const post = Number(form.dataset.post);
let now = brought(); // the post as the form began from it: what differs is sent
let newer = null; // the post as somebody else has saved it meanwhile
const writing = new Writing(form, { ...now, versions: now.texts.filter(({ lang }) => lang !== now.shown) }, {
  "take-other": () => { texts.putAll(newer.texts); adopt(); }, "keep-own": adopt,
});
const { texts, pieces, times } = writing;

const textsOf = ({ texts: all }) => new Map(all.map((one) => [one.lang, one]));
const isSame = (one = {}, other = {}) => (one.title ?? "") === (other.title ?? "") && (one.text ?? "") === (other.text ?? "");
const list = (ids) => [...ids].sort((a, b) => a - b).join();

// ---- what is sent ------------------------------------------------------------------------------------------------

function said() {
  const before = textsOf(now), { title = "", text = "" } = texts.all.get(now.lang) ?? {};
  const versions = [...texts.all.values()].filter((one) => one.lang !== now.lang && !isSame(one, before.get(one.lang)));
  return { lang: now.lang, title, text, ...(versions.length && { versions }) };
}

function about(name) {
  if (!elements[name]) return {};
  const one = writing.chosen(name);
  if (one[`${name}_said`]) return one;
  return (one[name] ?? 0) === now[name] ? {} : { [name]: one[name] ?? 0 };
}

function rest(files) {
  const urgency = writing.ticked("urgency")[0] ?? 0, authors = writing.ticked("authors"), ends = times.at("expires_local");
  return {
    ...about("customer"), ...about("product"),
    ...(form.querySelector("[name=urgency]") && urgency !== now.urgency && { urgency }),
    ...(form.querySelector("[data-several=authors]") && list(authors) !== list(now.authors) && { authors }),
    ...(Math.floor(ends / MINUTE) !== Math.floor(now.expires / MINUTE) && { expires: ends }),
    ...(files.map(({ id }) => id).join() !== now.held.map(({ id }) => id).join() && { files }),
  };
}

// What the form needs beside the write to be filled again.
const echo = () => ({
  customer: elements.customer_said?.value ?? "", product: elements.product_said?.value ?? "",
  names: Object.fromEntries([...form.querySelectorAll("[name=authors]")].map((box) => [box.value, box.parentElement.textContent])),
});

// ---- saving ------------------------------------------------------------------------------------------------------

let going = false;

async function save() {
  if (going) return;
  if (writing.isEmpty && writing.kind !== "poll") { writing.say(word("Write something first, or add a photo.")); elements.text.focus(); return; }
  going = true;
  writing.say("");
  try { await go(); } finally { going = false; }
}

async function go() {
  const write = { do: "feed.edit", id: newId(), place: Number(elements.place.value), post, base: now.base, ...said(), ...rest(await pieces.forPost(false)) };
  const before = await undelivered();
  for (const { id } of before) await pieces.back(id);
  const outcome = await writing.deliver(write, { label: write.title || elements.text.value.slice(0, LABEL) || word("Post"), echo: echo() });
  if (outcome === undefined) return;
  for (const { id } of before) await discard(id); // this one says all that they said
  if (outcome?.state !== "refused") location.assign(`/posts/${post}`);
  else if (outcome.why.code === "newer-version") await compare(outcome.why);
  else writing.say(reasonOf(outcome.why));
}

const undelivered = async () => (await waiting()).filter(({ write }) => write?.do === "feed.edit" && write.post === post);

// ---- two versions ------------------------------------------------------------------------------------------------

async function compare(why) {
  const answer = await fetch(`/posts/${post}/edit`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) { writing.say(reasonOf(why)); return; }
  beside(brought(new DOMParser().parseFromString(await answer.text(), "text/html")));
}

// Where the texts are the same there is nothing to choose: the next attempt goes over the newer version.
function beside(fresh) {
  newer = fresh;
  const theirs = textsOf(fresh), mine = texts.all;
  const differ = [...theirs.keys()].filter((lang) => !isSame(theirs.get(lang), mine.get(lang)));
  const shown = differ.includes(texts.lang) ? texts.lang : differ[0];
  if (shown) writing.conflict(theirs.get(shown)); else adopt();
}

function adopt() {
  pieces.hold(newer.held, now.held);
  now = newer;
  form.querySelector("[data-conflict]").hidden = true;
  elements.text.focus();
}

// ---- beginning ---------------------------------------------------------------------------------------------------

async function resume({ id, state, why, write, echo: shown }) {
  const all = textsOf(now);
  for (const one of [write, ...(write.versions ?? [])]) all.set(one.lang, { lang: one.lang, title: one.title ?? "", text: one.text ?? "" });
  texts.putAll([...all.values()]);
  for (const name of ["customer", "product"].filter((each) => each in write || `${each}_said` in write)) {
    elements[name].value = String(write[name] ?? 0);
    elements[`${name}_said`].value = shown[name];
  }
  if ("urgency" in write) form.querySelector(`[name=urgency][value="${write.urgency}"]`).checked = true;
  if ("expires" in write) times.put("expires_local", write.expires);
  if (write.authors) writing.put("authors", write.authors.map((one) => ({ id: one, name: shown.names[one] ?? "" })));
  if (write.files) pieces.held = pieces.held.filter((tile) => write.files.some((one) => one.id === tile.id));
  if (state !== "refused") document.querySelector("[data-saved]").textContent = word("kept on this device");
  else if (write.base === now.base) writing.say(reasonOf(why));
  if (write.base !== now.base) beside(now);
  watch((change) => { if (change.id === id && change.state === "delivered") now.base = change.answer?.ok?.version ?? now.base + 1; });
  return id;
}

await wordsReady;
writing.start({ changed() {}, go: save, names: () => `/posts/${post}/people.json` });
await ready;
const last = (await undelivered()).at(-1);
await pieces.restore(last && await resume(last));
