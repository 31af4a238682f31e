// Sending later: a few times that are often meant, or any; in direct channels with the receiver's own clock beside it.

import { send } from "../kernel/outbox.js";
import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";

const lang = document.documentElement.lang;
const HOUR = 3_600_000;

function at(days, hour, now = new Date()) {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour).getTime();
}

const untilMonday = (now = new Date()) => ((8 - now.getDay()) % 7) || 7;

export function suggestions(now = Date.now()) {
  const choices = [now + HOUR, at(0, 15), at(0, 17), at(1, 8), at(1, 13), at(untilMonday(), 8)];
  return [...new Set(choices)].filter((time) => time >= now + HOUR / 2).sort((a, b) => a - b).slice(0, 5);
}

const named = (time, zone) => new Intl.DateTimeFormat(lang, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone }).format(time);
const local = (time) => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

let begin = null;

export function askTime(dialog, composer) { (begin ??= prepare(dialog, composer))(); }

async function plan(composer, at) {
  const taken = composer.takeForLater();
  if (!taken) return;
  await send({ do: "chat.schedule", ...taken.write, at }, { label: taken.label });
  await composer.draft.done();
  toast(word("Goes out {time}.", { time: named(at) }), { action: word("Planned"), href: "/later" });
}

function prepare(dialog, composer) {
  const form = dialog.querySelector("form");
  const field = form.elements.at;
  const theirs = dialog.querySelector("[data-their-time]");
  const { zone } = theirs?.dataset ?? {};
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const show = () => {
    const time = Date.parse(field.value);
    if (theirs) theirs.textContent = zone && zone !== own && time ? word("There it is {time}.", { time: named(time, zone) }) : "";
  };
  const choose = (time) => { field.value = local(time); show(); };

  field.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    const time = Date.parse(field.value);
    if (time > Date.now()) { plan(composer, time); return; }
    event.preventDefault();
    field.setCustomValidity(word("Choose a time from now on."));
    field.reportValidity();
    field.setCustomValidity("");
  });
  return () => {
    field.min = local(Date.now());
    const times = suggestions();
    choose(times[0]);
    dialog.querySelector("[data-times]").replaceChildren(...times.map((time, n) => chip(time, n === 0, choose)));
  };
}

function chip(time, chosen, choose) {
  const label = document.createElement("label");
  label.className = "chip soft";
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "when", checked: chosen });
  input.addEventListener("change", () => choose(time));
  label.append(input, named(time));
  return label;
}
