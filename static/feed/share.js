// Passing a post on: into a conversation, as a message that carries it; only who may read the post sees more than a link.

import { avatar } from "../kernel/avatar.js";
import { newId, send } from "../kernel/outbox.js";
import { openSheet, toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { excerpt, saying } from "./menu.js";
import { numberOf } from "./own.js";

const dialog = document.getElementById("share-sheet");
const form = dialog.querySelector("form");
const list = dialog.querySelector("[data-targets]");
const go = dialog.querySelector('[value="share"]');
const ICONS = { channel: "hash", private: "lock", group: "users", person: "user-round" };

let post = null;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const placeOf = (href) => Number(/^\/c\/(\d+)/.exec(href)?.[1] ?? 0);

// Every conversation there is; without a network those of the navigation.
async function targets() {
  const answer = await fetch("/jump.json", { headers: { Accept: "application/json" } }).catch(() => null);
  const found = answer?.ok ? await answer.json() : [...document.querySelectorAll(".nav-item[data-place]")].map((link) => ({ kind: "channel", name: link.querySelector(".name").textContent, href: new URL(link.href).pathname }));
  return found.filter(({ kind, href }) => ICONS[kind] && placeOf(href));
}

function choice({ kind, name, href, person }) {
  const label = document.createElement("label");
  label.className = "choice";
  label.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${ICONS[kind]}"/></svg><span class="grow"></span><input class="sr" type="radio" name="to">`;
  if (person) label.firstElementChild.replaceWith(avatar(person));
  label.querySelector("span.grow").textContent = name;
  Object.assign(label.querySelector("input"), { value: String(placeOf(href)) }).dataset.name = name;
  return label;
}

form.addEventListener("change", () => { go.disabled = !form.elements.to?.value; });
dialog.querySelector("[data-find]").addEventListener("input", ({ target }) => {
  for (const label of list.children) label.hidden = !plain(label.textContent).includes(plain(target.value.trim()));
});
dialog.querySelector("[data-link]").addEventListener("click", async () => {
  await navigator.clipboard?.writeText(new URL(`/posts/${numberOf(post)}`, location.href).href).catch(() => {});
  dialog.close();
  toast(word("Link copied."));
});
dialog.addEventListener("close", () => { if (dialog.returnValue === "share") pass(); });

async function pass() {
  const chosen = form.querySelector("input[name=to]:checked");
  const text = form.elements.with.value.trim();
  await send({ do: "chat.post", id: newId(), place: Number(chosen.value), topic: 0, text, card: `post-${numberOf(post)}` }, { label: text || excerpt(post) });
  toast(word("Passed on to {name}.", { name: chosen.dataset.name }), { action: word("Show"), href: `/c/${chosen.value}?at=end` });
}

export async function share(given, opener = null) {
  post = given;
  form.reset();
  dialog.returnValue = "";
  go.disabled = true;
  saying(dialog.querySelector("[data-picked]"), post);
  list.replaceChildren(...(await targets()).map(choice));
  openSheet(dialog, opener);
}
