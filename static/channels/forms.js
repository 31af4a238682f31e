// Forms of channels through the outbox: what is sent is safe on the device first, also in a dead zone. With a
// connection they lead on as they do without JavaScript (`data-then`); without one they say that it waits.

import { discard, newId, send } from "../kernel/outbox.js";
import { reasonOf } from "../kernel/reasons.js";
import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";

const NUMBERS = new Set(["place", "person", "team"]), LISTS = new Set(["people"]), FLAGS = new Set(["on"]);
const SOON_MS = 2500;

function written(form) {
  const write = {};
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("_") || typeof value !== "string") continue;
    if (LISTS.has(name)) (write[name] ??= []).push(Number(value));
    else if (NUMBERS.has(name)) write[name] = Number(value);
    else write[name] = FLAGS.has(name) ? value === "true" : value;
  }
  return write;
}

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms, { state: "waiting" }); });

export async function go(form, button) {
  const write = written(form);
  const label = [button?.textContent.trim() || button?.ariaLabel, write.name].filter(Boolean).join(": ");
  if (button) button.disabled = true;
  const { id, settled } = await send(write, { label });
  const { state, answer, why } = await Promise.race([settled, wait(SOON_MS)]);
  if (button) button.disabled = false;
  if (state === "delivered") return then(form, answer);
  if (state === "waiting") return void toast(word("Waiting for the network. It goes out by itself."), { action: word("Outbox"), href: "/outbox" });
  await discard(id); // the form still has every word of it
  form.elements.namedItem("id").value = newId();
  return say(form, reasonOf(why));
}

function then(form, answer) {
  const place = answer?.ok?.place ?? form.elements.namedItem("place").value;
  location.assign(form.dataset.then.replace("{place}", place));
}

function say(form, reason) {
  toast(reason);
  form.querySelector("input:not([type=hidden]), textarea")?.focus();
}
