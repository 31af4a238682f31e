// The outbox page: what this device has not sent yet, with the reason, and what can be done about it.

import * as outbox from "./outbox.js";
import { me, ready, seal } from "./page.js";
import { reasonOf } from "./reasons.js";
import { toast } from "./shell.js";
import { storeOf } from "./store.js";
import { word } from "./words.js";

const part = (id) => document.getElementById(id);

function row(entry) {
  const refused = entry.state === "refused";
  const one = part(refused ? "out-refused" : "out-waiting").content.firstElementChild.cloneNode(true);
  const slot = (name) => one.querySelector(`[data-slot="${name}"]`);
  one.dataset.id = entry.id;
  slot("to").textContent = whereTo(entry);
  slot("text").textContent = entry.label || entry.write?.text || word("Change");
  slot("at").dateTime = new Date(entry.at).toISOString();
  if (refused) slot("reason").textContent = reasonOf(entry.why);
  if (refused && !entry.write?.text) one.querySelector('[data-act="text"]').hidden = true;
  if (!entry.write) one.querySelector('[data-act="again"]').hidden = true;
  return one;
}

// The name as the navigation has it; a channel that is itself still waiting has none.
function whereTo({ place }) {
  const link = document.querySelector(`.nav-item[data-place="${CSS.escape(place)}"] .name`);
  return link?.textContent ?? word("This device");
}

function fill(kind, rows) {
  part(`out-${kind}-section`).hidden = rows.length === 0;
  part(`out-${kind}-section`).querySelector("[data-n]").textContent = rows.length || "";
  part(`out-${kind}-list`).replaceChildren(...rows.map(row));
}

// Files still on their way for messages that are delivered; loaded only where there are some.
async function files(unsent) {
  const kept = await carried();
  if (!kept) return [];
  const onTheirWay = (await kept.list()).filter(({ message }) => message && !unsent.some(({ id }) => id === message));
  return onTheirWay.map(({ id, place, at, name, why }) => ({ id, place, at, why, label: name, write: {}, state: why ? "refused" : "waiting", file: true }));
}

async function carried() {
  return seal && await storeOf(me).count("uploads") ? import("../files/uploads.js") : null;
}

async function draw() {
  const unsent = (await outbox.list()).filter(({ last }) => !last); // markers and drafts decide themselves
  const rows = [...unsent, ...await files(unsent)];
  fill("refused", rows.filter(({ state }) => state === "refused"));
  fill("waiting", rows.filter(({ state }) => state !== "refused"));
  const planned = document.querySelector("[data-mine^='sched/']");
  part("out-empty").hidden = rows.length > 0 || Boolean(planned);
}

async function actOnFile(name, id) {
  const kept = await carried();
  if (name === "try") kept?.wake();
  else if (name === "again") await kept?.retry(id);
  else if (name === "drop") await kept?.discard(id);
  redraw();
}

async function act(name, id) {
  const entry = (await outbox.list()).find((one) => one.id === id);
  if (!entry && id) { await actOnFile(name, id); return; }
  if (name === "try") { outbox.wake(); (await carried())?.wake(); }
  else if (name === "again") await outbox.retry(id);
  else if (name === "drop") await discard(entry);
  else if (name === "text") {
    await navigator.clipboard.writeText(entry.write.text);
    toast(word("Text copied."));
  }
}

async function discard(entry) {
  if (!entry) return;
  await outbox.discard(entry.id);
  const { write, label, echo, place } = entry;
  const back = () => outbox.send({ ...write, id: outbox.newId() }, { label, echo });
  toast(word("Discarded."), write && place !== undefined ? { action: word("Undo"), run: back } : {});
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("main [data-act]");
  if (button) act(button.dataset.act, button.closest("[data-id]")?.dataset.id);
});

let drawing = null;
const redraw = () => { drawing ??= setTimeout(() => { drawing = null; draw(); }, 30); };
outbox.watch(redraw);

await ready;
await draw();
(await carried())?.watch(redraw);
