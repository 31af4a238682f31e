// What I was told, on Home: done with one tap, also without a network, and back with another. What waits in the outbox
// is not shown again by a list that the server has drawn before it came.

import * as mine from "../kernel/mine.js";
import { list, send } from "../kernel/outbox.js";
import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";

const name = (key) => `notice/${key}`;
const rows = () => document.querySelectorAll("[data-notice]");
const toldOf = ({ dataset }) => Number(dataset.told);
const waiting = new Map(); // key -> as far as it was told: done here, not acknowledged yet

function leave(row) {
  const section = row.closest("section");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const held = row.contains(document.activeElement);
  row.remove();
  const left = section.querySelectorAll("[data-notice]").length;
  section.querySelector(".n").textContent = left;
  if (!left) section.remove();
  if (held) (next?.querySelector("button") ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

function hideDone() {
  for (const row of rows()) if ((waiting.get(row.dataset.notice) ?? 0) >= toldOf(row)) leave(row);
}

async function done(key, told) {
  waiting.set(key, told);
  mine.apply({ [name(key)]: { done: true, told } });
  const { settled } = await send({ do: "notices.done", key, told }, { last: name(key) });
  settled.then(() => waiting.delete(key));
}

async function undone(key, told) {
  waiting.delete(key);
  const { settled } = await send({ do: "notices.undone", key }, { last: name(key) });
  mine.apply({ [name(key)]: { done: false, told } });
  settled.then(() => document.dispatchEvent(new Event("binnen:counts")));
}

document.addEventListener("submit", (event) => {
  const row = event.target.closest("[data-notice]");
  if (!row) return;
  event.preventDefault();
  const { notice: key } = row.dataset, told = toldOf(row);
  done(key, told);
  leave(row);
  toast(word("Done"), { action: word("Undo"), run: () => undone(key, told) });
});

document.addEventListener("binnen:parts", hideDone);
for (const { write } of await list()) if (write.do === "notices.done") waiting.set(write.key, write.told);
hideDone();
