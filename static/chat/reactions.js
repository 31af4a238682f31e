// Reactions: pressed at once, counted by the server. What is mine comes as mine["react/<message id>"], a list of emoji.

import * as mine from "../kernel/mine.js";
import { send } from "../kernel/outbox.js";
import { parse } from "../kernel/rule.js";
import { word } from "../kernel/words.js";

const key = (id) => `react/${id}`;
const own = (id) => mine.get(key(id)) ?? [];

export function react(message, emoji) {
  const on = !own(message.id).includes(emoji);
  show(message, emoji, on);
  const [, place, seq] = message.id.split("-").map(Number);
  return send({ do: "chat.react", place, message: seq, emoji, on }, { label: `${word("Reaction")} ${emoji}` });
}

// The server refused it.
export function undo({ place, write }) {
  const message = document.getElementById(`m-${place}-${write.message}`);
  if (message && own(message.id).includes(write.emoji) === write.on) show(message, write.emoji, !write.on);
}

function show(message, emoji, on) {
  const others = own(message.id).filter((one) => one !== emoji);
  count(message, emoji, on ? 1 : -1);
  mine.apply({ [key(message.id)]: on ? [...others, emoji] : others });
}

// The number as it will be; the fragment of the answer puts the true one in its place.
function count(message, emoji, by) {
  const row = message.querySelector(".reacts");
  if (!row) return;
  let button = row.querySelector(`[data-emoji="${CSS.escape(emoji)}"]`);
  if (!button && by > 0) {
    button = Object.assign(document.createElement("button"), { className: "react", type: "button", textContent: `${emoji} 0` });
    button.dataset.emoji = emoji;
    row.prepend(button);
  }
  if (!button) return;
  const number = button.lastChild;
  const n = Number.parseInt(/\d+\s*$/.exec(number.data)?.[0] ?? "0", 10) + by;
  if (n <= 0) button.remove(); else number.data = number.data.replace(/\d+\s*$/, String(n));
}

// Who reacted with what, for the sheet of a message; the fragment itself only counts.
export async function whoReacted(message, box) {
  box.replaceChildren();
  if (!message.querySelector(".react[data-emoji]")) return;
  const [, place, seq] = message.id.split("-");
  const answer = await fetch(`/c/${place}/m/${seq}/reactions`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok && box.isConnected) box.replaceChildren(parse(await answer.text()));
}
