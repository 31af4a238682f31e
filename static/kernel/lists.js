// Lists of conversations: fetched again when something has changed, seldom and only while somebody looks; and read in
// place, one or all, with a way back.

import * as mine from "./mine.js";
import { exchange, part } from "./nav.js";
import { send } from "./outbox.js";
import { toast } from "./shell.js";
import { word, words } from "./words.js";

const PAUSE_MS = 150, AT_MOST_EVERY_MS = 1500;

let timer = 0, at = 0, stale = false;

document.addEventListener("binnen:counts", refresh);
document.addEventListener("visibilitychange", () => { if (!document.hidden && stale) refresh(); });

function refresh() {
  stale = true;
  if (document.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(fetchParts, Math.max(PAUSE_MS, at + AT_MOST_EVERY_MS - Date.now()));
}

async function fetchParts() {
  stale = false;
  at = Date.now();
  for (const box of document.querySelectorAll("[data-live]")) {
    const html = await part(box.dataset.live);
    if (html !== null) exchange(box, html);
  }
  document.dispatchEvent(new Event("binnen:parts"));
}

// ---- read in place ------------------------------------------------------------------------------------------------

const upTo = ({ place, topic, last }) => send({ do: "chat.read", place, topic, seq: last }, { last: `read/${place}/${topic}` });
const backTo = ({ place, topic, first, last }) => send({ do: "chat.read", place, topic, seq: first - 1, replaces: last });

function conversation({ dataset }) {
  const [place, topic] = (dataset.read ?? dataset.conversation).split("/").map(Number);
  return { place, topic, first: Number(dataset.first), last: Number(dataset.last) };
}

function markRead(some) {
  for (const one of some) {
    mine.apply({ [`read/${one.place}/${one.topic}`]: one.last });
    upTo(one);
  }
  toast(words("{n} conversation is read", "{n} conversations are read", some.length), { action: word("Undo"), run: () => some.forEach(backTo) });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-read]")) return;
  event.preventDefault();
  markRead([conversation(event.target)]);
  event.target.closest("li").remove();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-read-all]");
  if (!button) return;
  const section = button.closest("section");
  markRead([...section.querySelectorAll("[data-read], [data-conversation]")].map(conversation));
  section.remove();
});
