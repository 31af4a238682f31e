// The reader's own on posts and comments: liked, kept, followed, acknowledged. Shown when it is pressed; what waits is
// shown again after a reload, what is refused is taken back and says why.

import * as frames from "../kernel/frames.js";
import * as mine from "../kernel/mine.js";
import { list, send, watch } from "../kernel/outbox.js";
import { me, ready } from "../kernel/page.js";
import { reasonOf } from "../kernel/reasons.js";
import { toast } from "../kernel/shell.js";
import { ready as worded, word } from "../kernel/words.js";

export const LIKE = "❤️";
const SWITCHES = { save: "saved", follow: "follow" };
const WAITS = "waits"; // an acknowledgement that has not got out yet

export const postOf = (element) => element.closest(".post");
export const numberOf = (thing) => Number(thing.id.split("-")[1]);
export const authorsOf = ({ dataset }) => [dataset.by, ...(dataset.with ?? "").split(" ")].filter(Boolean);
export const isMine = (post) => authorsOf(post).includes(String(me));
const placeOf = (thing) => Number((thing.closest("[data-place]") ?? thing).dataset.place ?? 0);
const own = (id) => mine.get(`like/${id}`) ?? [];

// ---- shown -------------------------------------------------------------------------------------------------------

function paintLikes(element, value = []) {
  const buttons = element.matches("button") ? [element] : element.querySelectorAll("button");
  for (const button of buttons) button.setAttribute("aria-pressed", String(value.includes(button.dataset.emoji ?? LIKE)));
}

function paintSwitch(button, value) { button.setAttribute("aria-pressed", String(Boolean(value))); }

function paintAck(box, value) {
  const post = postOf(box);
  const button = box.querySelector("button, [data-acks]");
  const isAsked = frames.cursor(post.dataset.place) && !isMine(post); // the server decides again
  if (isMine(post) && button?.matches("button")) button.replaceWith(whoHas(post));
  if (button?.matches("button")) button.hidden = !isAsked;
  if (!value) return;
  box.classList.add("done");
  box.querySelector(".lamp").classList.add("done");
  box.querySelector("b").textContent = word("Read and understood");
  box.querySelector("small").textContent = value === WAITS ? word("Waits for a network, goes out by itself.") : word("You have acknowledged this.");
}

// The way to who has: on the post's own page with the numbers, which then stand there once.
function whoHas(post) {
  const said = post.closest(".entry")?.querySelector("[data-acks-said]");
  if (said) said.hidden = true;
  const link = Object.assign(document.createElement("a"), { className: "btn", href: `/posts/${numberOf(post)}/acks`, textContent: said?.textContent.trim() ?? word("Who has?") });
  link.dataset.acks = "";
  return link;
}

// The number as it will be; the fragment of the answer puts the true one in its place.
function count(thing, emoji, by) {
  const button = thing.matches(".post") && emoji === LIKE
    ? thing.querySelector('.post-acts [data-act="like"]')
    : thing.querySelector(`.reacts [data-emoji="${CSS.escape(emoji)}"]`);
  const seat = button?.querySelector(".n") ?? button?.lastChild;
  if (!seat) return;
  const n = Math.max(0, Number.parseInt(/\d+\s*$/.exec(seat.textContent)?.[0] ?? "0", 10) + by);
  if (seat.nodeType === Node.TEXT_NODE) seat.data = /\d/.test(seat.data) ? seat.data.replace(/\d+\s*$/, String(n)) : ` ${n}`;
  else if (seat.matches(".n")) seat.textContent = n ? String(n) : "";
  else seat.after(` ${n}`);
}

// ---- pressed -----------------------------------------------------------------------------------------------------

function showReaction(id, emoji, on) {
  if (own(id).includes(emoji) === on) return;
  for (const thing of document.querySelectorAll(`[id="${CSS.escape(id)}"]`)) count(thing, emoji, on ? 1 : -1);
  const others = own(id).filter((one) => one !== emoji);
  mine.apply({ [`like/${id}`]: on ? [...others, emoji] : others });
}

export function react(thing, emoji = LIKE) {
  const on = !own(thing.id).includes(emoji);
  showReaction(thing.id, emoji, on);
  const about = thing.matches(".post") ? { post: numberOf(thing) } : { comment: numberOf(thing) };
  return send({ do: "feed.react", place: placeOf(thing), ...about, emoji, on }, { label: `${word("Reaction")} ${emoji}`, last: `like/${thing.id}/${emoji}` });
}

export function turn(act, post) {
  const key = `${SWITCHES[act]}/${post.id}`;
  const on = !mine.get(key);
  mine.apply({ [key]: on || null });
  if (act === "save" && on) toast(word("Kept for later."), { action: word("Show"), href: "/feed/saved" });
  return send({ do: `feed.${act}`, place: placeOf(post), post: numberOf(post), on }, { label: act === "save" ? word("Keep for later") : word("Follow"), last: key });
}

export function acknowledge(post) {
  const key = `ack/${post.id}`;
  if (mine.get(key)) return undefined;
  mine.apply({ [key]: WAITS });
  return send({ do: "feed.acknowledge", place: placeOf(post), post: numberOf(post) }, { label: word("Read and understood"), last: key });
}

// ---- what waits, and what was refused ------------------------------------------------------------------------------

const subjectOf = ({ post, comment }) => (post ? `post-${post}` : `comment-${comment}`);

function show({ write }, undone) {
  if (write.do === "feed.react") showReaction(subjectOf(write), write.emoji, write.on !== undone);
  else if (write.do === "feed.acknowledge") mine.apply({ [`ack/${subjectOf(write)}`]: undone ? null : WAITS });
  else {
    const key = SWITCHES[write.do.slice("feed.".length)];
    if (key) mine.apply({ [`${key}/${subjectOf(write)}`]: (write.on !== undone) || null });
  }
}

const isOurs = (row) => ["feed.react", "feed.save", "feed.follow", "feed.acknowledge"].includes(row?.write?.do);

function settled({ state, row, why }) {
  if (state !== "refused" || !isOurs(row)) return;
  show(row, true);
  if (row.write.do === "feed.acknowledge") for (const box of document.querySelectorAll(`[data-mine="ack/${subjectOf(row.write)}"]`)) box.classList.remove("done");
  toast(`${row.label}: ${reasonOf(why)}`);
}

export async function startOwn() {
  mine.paint("like", paintLikes);
  mine.paint("saved", paintSwitch);
  mine.paint("follow", paintSwitch);
  watch(settled);
  await worded; // it says something
  mine.paint("ack", paintAck);
  await ready;
  for (const row of await list()) if (isOurs(row) && row.state !== "refused") show(row, false);
}
