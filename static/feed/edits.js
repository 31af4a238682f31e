// Changes to posts and comments that this device has not delivered yet: said under the thing, with the way on.

import { list, watch } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { word } from "../kernel/words.js";
import { refuse } from "./waits.js";

const PATIENCE_MS = 400; // what is delivered sooner needs no word
const ABOUT = { "feed.edit": ({ post }) => `post-${post}`, "feed.comment_edit": ({ comment }) => `comment-${comment}` };
const due = new Map(); // write -> the timer that will say so
const before = new Map(); // write -> the text of a comment as it was

const find = (id) => document.querySelector(`[data-edit="${CSS.escape(id)}"]`);

function draw(thing, id) {
  due.delete(id);
  const note = document.getElementById("edit-echo").content.cloneNode(true).firstElementChild;
  note.dataset.edit = id;
  thing.after(note);
  return note;
}

// A comment says its new text at once.
function show(thing, { id, echo }) {
  const text = thing.querySelector(".text");
  if (!echo?.said || !text || before.has(id)) return;
  before.set(id, text.innerHTML);
  text.textContent = echo.said;
  text.classList.add("as-typed");
}

function settle(id, state) {
  clearTimeout(due.get(id));
  due.delete(id);
  const note = find(id), text = note?.previousElementSibling?.querySelector(".text.as-typed");
  if (state === "gone" && text) { text.innerHTML = before.get(id); text.classList.remove("as-typed"); }
  before.delete(id);
  note?.remove();
}

function changed({ id, state, row, why }, patience = PATIENCE_MS) {
  if (state === "delivered" || state === "gone") { settle(id, state); return; }
  const thing = document.getElementById(ABOUT[row?.write?.do]?.(row.write));
  if (!thing) return;
  show(thing, row);
  if (state !== "refused") { if (!find(id)) due.set(id, setTimeout(draw, patience, thing, id)); return; }
  clearTimeout(due.get(id));
  refuse(find(id) ?? draw(thing, id), id, why ?? row.why, ...(row.write.post ? [back(row.write.post)] : []));
}

const back = (post) => Object.assign(document.createElement("a"), { className: "btn main-act compact", href: `/posts/${post}/edit`, textContent: word("Put together") });

export async function startEdits() {
  if (!document.getElementById("edit-echo")) return;
  watch((change) => changed(change));
  await ready;
  for (const row of await list()) changed({ ...row, row }, 0);
}
