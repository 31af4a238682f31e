// What can be done with a message: which lines its sheet shows to whom, and what each does.

import { me } from "../kernel/page.js";
import { send } from "../kernel/outbox.js";
import { openSheet, toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { composer } from "./composer.js";
import { pickEmoji } from "./emoji.js";
import { react, whoReacted } from "./reactions.js";
import { timeline } from "./timeline.js";
import { askTopic } from "./topics.js";

const KEYS = { r: "reply", e: "edit", m: "move", u: "unread", Delete: "delete" };
const { moderates } = document.body.dataset;
const sheet = document.getElementById("act-sheet");

let picked = null;

sheet?.addEventListener("click", chosen);
sheet?.addEventListener("close", giveBack);

const seqOf = (message) => Number(message.dataset.seq);
const isOwn = (message) => message.dataset.by === String(me);
const moderate = () => moderates.split(" ").includes(String(timeline.place));
const excerpt = (message) => (message.querySelector(".text")?.textContent ?? "").trim().slice(0, 120);
const author = (message) => message.querySelector(".from > :is(a, b)")?.textContent ?? "";

// The server decides again; this only spares people what it would refuse.
function mayDo(needs, message) {
  if (!needs) return true;
  const is = { own: isOwn(message), moderator: moderate(), other: !isOwn(message) };
  return needs.split(" ").some((one) => is[one]);
}

export function fill(opener) {
  picked = opener?.closest(".msg") ?? picked;
  if (!picked) return;
  picked.classList.add("picked");
  const text = sheet.querySelector("[data-picked]");
  const name = document.createElement("b");
  name.textContent = author(picked);
  text.replaceChildren(name, ` ${excerpt(picked)}`);
  for (const line of sheet.querySelectorAll("[data-needs]")) line.hidden = !mayDo(line.dataset.needs, picked);
  const history = sheet.querySelector('[data-act="history"]');
  if (history) history.hidden ||= !picked.querySelector("[data-edited], .from > small");
  const pin = sheet.querySelector("[data-pin]");
  if (pin) pin.textContent = isPinned(picked) ? pin.dataset.unpin : pin.dataset.pin;
  whoReacted(picked, sheet.querySelector("[data-reactors]"));
  const mineNow = new Set([...picked.querySelectorAll('.react[aria-pressed="true"]')].map((button) => button.dataset.emoji));
  for (const button of sheet.querySelectorAll("[data-emoji]")) button.setAttribute("aria-pressed", String(mineNow.has(button.dataset.emoji)));
}

const isPinned = (message) => message.querySelector(".mark") !== null;

function giveBack() {
  const message = picked && document.getElementById(picked.id);
  message?.classList.remove("picked");
  sheet.querySelector("[data-picked]").replaceChildren(); // it may be deleted by now
  if (document.activeElement === document.body || document.activeElement?.id === "main") message?.querySelector(".more-btn")?.focus({ preventScroll: true });
}

function chosen(event) {
  const button = event.target.closest("[data-act], [data-emoji]");
  if (!button || !picked) return;
  const message = document.getElementById(picked.id) ?? picked;
  const { act, emoji } = button.dataset;
  sheet.close();
  if (emoji) react(message, emoji); else run(act, message);
}

function run(act, message) {
  const target = { place: timeline.place, message: seqOf(message) };
  switch (act) {
    case "reply": composer?.answer(message, { name: author(message), text: excerpt(message) }); break;
    case "edit": composer?.edit(message); break;
    case "emoji": pickEmoji(message.querySelector(".more-btn") ?? message, (emoji) => react(message, emoji)); break;
    case "pin": send({ do: "chat.pin", ...target, on: !isPinned(message) }, { label: word("Pin") }); break;
    case "delete": send({ do: "chat.delete", ...target }, { label: word("Delete") }); break;
    case "unread": timeline.reading.unreadFrom(message); toast(word("Unread from here.")); break;
    case "move": move(message); break;
    case "link": copyLink(message); break;
    case "report": location.assign(`/report?thing=${message.id}`); break;
    case "history": location.assign(`/c/${timeline.place}/m/${seqOf(message)}/earlier`); break;
    default: return false;
  }
  return true;
}

async function copyLink(message) {
  await navigator.clipboard?.writeText(new URL(`/c/${timeline.place}?at=${seqOf(message)}#${message.id}`, location.href).href).catch(() => {});
  toast(word("Link copied."));
}

function move(message) {
  askTopic(message.querySelector(".more-btn"), excerpt(message), (name) => {
    const to = name ? { topic_name: name } : { topic: 0 };
    send({ do: "chat.topic_move", place: timeline.place, messages: [seqOf(message)], ...to }, { label: word("To another topic") });
  });
}

// A key pressed on a message.
export function pressed(name, message) {
  const act = KEYS[name] ?? KEYS[name.toLowerCase()];
  if (!act || (act === "edit" && !isOwn(message)) || (act === "delete" && !mayDo("own moderator", message))) return;
  if (act === "delete") openSheet(sheet, message.querySelector(".more-btn") ?? message); // a key alone deletes nothing
  else run(act, message);
}
