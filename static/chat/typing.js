// Who is writing just now, and who is here: whispers, never stored, gone after a moment. A page can do without.

import * as socket from "../kernel/socket.js";
import { me } from "../kernel/page.js";
import { word, words } from "../kernel/words.js";

const SHOWN_MS = 5000;
const EVERY_MS = 3000;

let said = 0;

export function whisperTyping(place, topic) {
  const now = Date.now();
  if (now - said < EVERY_MS) return;
  said = now;
  socket.say({ t: "typing", place, topic });
}

export function startTyping({ place, list }) {
  const line = document.querySelector("[data-typing]");
  const here = document.querySelector("[data-here]");
  const writing = new Map(); // person -> timer
  const draw = () => { if (line) line.textContent = sentence([...writing.keys()].map((person) => nameOf(list, person))); };
  const stop = (person) => { clearTimeout(writing.get(person)); writing.delete(person); draw(); };
  socket.on("whisper", ({ kind, place: where, person }) => {
    if (kind !== "typing" || where !== place || person === me) return;
    clearTimeout(writing.get(person));
    writing.set(person, setTimeout(() => stop(person), SHOWN_MS));
    draw();
  });
  socket.on("here", ({ people, place: where = place }) => {
    const others = people.filter((person) => person !== me).length;
    if (here && where === place) here.textContent = others ? ` · ${words("{n} here now", "{n} here now", others)}` : "";
  });
  socket.say({ t: "here" }); // what was said before this was loaded
  socket.on("down", () => { if (here) here.textContent = ""; });
  return stop;
}

const nameOf = (list, person) => list.querySelector(`[data-by="${person}"] .from > :is(a, b)`)?.textContent;

function sentence(names) {
  const known = names.filter(Boolean);
  if (names.length === 0) return "";
  if (known.length === 1 && names.length === 1) return word("{name} is writing", { name: known[0] });
  if (known.length === 2 && names.length === 2) return word("{name} and {other} are writing", { name: known[0], other: known[1] });
  return names.length === 1 ? word("Somebody is writing") : word("Several are writing");
}
