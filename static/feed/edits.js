// Changes to posts that this device has not delivered yet: said under the post, with the way back into the form.

import { list, watch } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { word } from "../kernel/words.js";
import { refuse } from "./waits.js";

const find = (id) => document.querySelector(`[data-edit="${CSS.escape(id)}"]`);

function draw(post, id) {
  const note = document.getElementById("edit-echo").content.cloneNode(true).firstElementChild;
  note.dataset.edit = id;
  post.after(note);
  return note;
}

function changed({ id, state, row, why }) {
  if (state === "delivered" || state === "gone") { find(id)?.remove(); return; }
  const post = row?.write?.do === "feed.edit" && document.getElementById(`post-${row.write.post}`);
  if (!post) return;
  const note = find(id) ?? draw(post, id);
  if (state !== "refused") return;
  const back = Object.assign(document.createElement("a"), { className: "btn main-act compact", href: `/posts/${row.write.post}/edit`, textContent: word("Put together") });
  refuse(note, id, why ?? row.why, back);
}

export async function startEdits() {
  if (!document.getElementById("edit-echo")) return;
  watch(changed);
  await ready;
  for (const row of await list()) changed({ ...row, row });
}
