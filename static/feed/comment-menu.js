// What can be done with an own comment, in place: say it better, take it back. Without this its page does the same.

import { newId, send } from "../kernel/outbox.js";
import { openSheet, toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { readable, stored } from "../people/mentions.js";
import { offer } from "./naming.js";

const LABEL = 80;
const sheet = document.getElementById("comment-sheet");
let picked = "";

const numberOf = (comment) => Number(comment.id.split("-")[1]);
const current = () => document.getElementById(picked);
const placeOf = (comment) => Number(comment.closest("[data-place]:not([data-place='0'])")?.dataset.place ?? comment.closest(".entry").querySelector(".post").dataset.place);

export function open(comment, opener) {
  picked = comment.id;
  sheet.querySelector("[data-picked]").textContent = comment.querySelector(".text").textContent.trim().slice(0, 120);
  for (const link of sheet.querySelectorAll("[data-href]")) link.href = link.dataset.href.replace("{id}", numberOf(comment));
  const closed = comment.closest(".entry")?.querySelector(".post")?.dataset.closed !== undefined;
  sheet.querySelector("[data-do=edit]").hidden = closed;
  openSheet(sheet, opener);
}

sheet.addEventListener("click", ({ target }) => {
  const { do: act } = target.closest("[data-do]")?.dataset ?? {};
  if (!act) return;
  sheet.close();
  if (act === "edit") edit(current()); else takeBack(current());
});

function takeBack(comment) {
  send({ do: "feed.comment_remove", id: newId(), place: placeOf(comment), comment: numberOf(comment) }, { label: word("Take comment back") });
}

// ---- say it better -----------------------------------------------------------------------------------------------

async function edit(comment) {
  if (comment.nextElementSibling?.matches("[data-better]")) return;
  const answer = await fetch(`/comments/${numberOf(comment)}/source`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) { toast(word("For that the network is needed once.")); return; }
  const { text } = await answer.json();
  const form = document.getElementById("comment-better").content.cloneNode(true).firstElementChild;
  const field = form.querySelector("textarea");
  field.value = readable(text);
  comment.after(form);
  offer(field, `/posts/${comment.dataset.post}/people.json`);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(form, comment.id, text); });
  form.querySelector("[data-cancel]").addEventListener("click", () => close(form, comment.id));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); close(form, comment.id); }
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function close(form, id) {
  form.remove();
  document.getElementById(id)?.querySelector("[data-act=more]")?.focus({ preventScroll: true });
}

async function save(form, id, before) {
  const said = form.querySelector("textarea").value.trim(), text = stored(said), comment = document.getElementById(id);
  if (!text) { form.querySelector("textarea").focus(); return; }
  if (text !== before && comment) {
    try {
      await send({ do: "feed.comment_edit", id: newId(), place: placeOf(comment), comment: numberOf(comment), text }, { label: said.slice(0, LABEL), echo: { said } });
    } catch {
      toast(word("This device has no room to keep the message. The text is still here."));
      return;
    }
  }
  close(form, id);
}
