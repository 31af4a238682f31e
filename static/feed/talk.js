// What is said to a post: sent from here, shown where it will stand while it waits, answered by one who is named.

import { newId, list as waiting, send, watch } from "../kernel/outbox.js";
import { me, ready } from "../kernel/page.js";
import { arrivedAlready, decorate } from "../kernel/rule.js";
import { toast, use } from "../kernel/shell.js";
import { ready as worded, word, words } from "../kernel/words.js";
import { refuse } from "./waits.js";

let naming = null; // loaded when somebody is called by name

const LABEL = 80;
const listOf = (post) => document.querySelector(`[data-list="comments-${post}"]`);
const find = (id) => document.querySelector(`[data-echo="${CSS.escape(id)}"]`);
const formOf = (post) => document.querySelector(`form[data-say="${post}"]`);

// ---- saying ------------------------------------------------------------------------------------------------------

async function say(form) {
  const { text, reply_to: answered } = form.elements;
  const said = text.value.trim();
  if (!said) return;
  const post = Number(form.dataset.say);
  const reply = answered?.value && answered.value !== "0" ? { reply_to: Number(answered.value) } : {};
  text.value = "";
  try {
    const write = { do: "feed.comment", id: newId(), place: placeOf(form), post, text: naming?.stored(said) ?? said, ...reply };
    await send(write, { label: said.slice(0, LABEL), echo: { said } });
    noAnswer(form);
  } catch {
    text.value = said;
    toast(word("This device has no room to keep the message. The text is still here."));
  }
}

const placeOf = (form) => Number(form.elements.place?.value) || Number(form.closest(".entry")?.querySelector(".post")?.dataset.place || 0);

function answer(comment) {
  const form = formOf(comment.dataset.post);
  if (!form) return false;
  noAnswer(form);
  const name = comment.querySelector(".from a").textContent;
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "reply_to", value: comment.id.split("-")[1] });
  const line = Object.assign(document.createElement("p"), { className: "answering" });
  line.dataset.answering = "";
  const text = Object.assign(document.createElement("span"), { className: "grow", textContent: word("Reply to {name}", { name }) });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "icon-btn compact", ariaLabel: word("Not an answer"), onclick: () => { noAnswer(form); form.elements.text.focus(); } });
  close.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-x"/></svg>';
  line.append(text, close);
  form.prepend(field, line);
  form.elements.text.focus();
  return true;
}

// From the first @ or : on, names and emoji are offered. Without them the server knows a name written out.
async function offer(field) {
  naming ??= await import("./naming.js").catch(() => null);
  naming?.offer(field, `/posts/${field.form.dataset.say}/people.json`);
}

// The field under a post in a list that nobody has said anything to yet.
function open(entry) {
  const form = entry.querySelector("form[data-say]");
  if (!form || entry.querySelector(".post").dataset.closed !== undefined || entry.querySelector("[data-all]:not([hidden])")) return false;
  entry.classList.add("talks");
  form.elements.text.focus();
  return true;
}

function noAnswer(form) {
  for (const part of form.querySelectorAll('[name="reply_to"], [data-answering]')) part.remove();
}

// ---- while it waits ----------------------------------------------------------------------------------------------

function changed({ id, state, row, why }) {
  if (state === "delivered" || state === "gone") { settle(id, state); return; }
  if (row?.write?.do !== "feed.comment") return;
  const list = listOf(row.write.post);
  if (!list) return;
  if (!find(id) && !arrivedAlready(id)) draw(list, row);
  if (state === "refused") refuse(find(id), id, why ?? row.why);
}

function draw(list, { id, write, echo: shown }) {
  const echo = document.getElementById("comment-echo").content.cloneNode(true).firstElementChild;
  echo.dataset.echo = id;
  echo.classList.toggle("reply", Boolean(write.reply_to));
  echo.querySelector(".text").textContent = shown?.said ?? write.text;
  const thread = write.reply_to && document.getElementById(`comment-${write.reply_to}`)?.dataset.thread;
  const last = thread && [...list.querySelectorAll(`[data-thread="${thread}"]`)].at(-1);
  if (last) last.after(echo); else list.append(echo);
}

function settle(id, state) {
  const echo = find(id);
  if (!echo?.matches(".comment")) return;
  if (state === "gone" || arrivedAlready(id)) echo.remove();
  else echo.querySelector("[data-state]")?.replaceChildren(word("delivered"));
}

// ---- how many there are ------------------------------------------------------------------------------------------

// Under a post in a list stand the last ones; the way to all of them says how many that is.
function countAll(element) {
  const post = element.matches(".post") ? element : element.closest(".entry")?.querySelector(".post");
  const entry = post?.closest(".entry");
  const link = entry?.querySelector("[data-all]");
  if (!link) return;
  const n = Number.parseInt(post.querySelector('[data-act="comments"] .n')?.textContent || "0", 10);
  link.textContent = words("{n} comment", "All {n} comments", n);
  link.hidden = n <= entry.querySelectorAll(".comment:not(.gone)").length;
}

function grow(field) {
  if (field.scrollHeight > field.clientHeight) field.style.blockSize = `${Math.min(field.scrollHeight + 2, 240)}px`;
}

export async function startTalk() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-say]")) return;
    event.preventDefault();
    say(event.target);
  });
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("form[data-say] textarea")) return;
    grow(target);
    if (/[@:]/.test(target.value)) offer(target);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches("form[data-say] textarea") || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); say(event.target.form); }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.comment [data-act="reply"]');
    if (link && !event.ctrlKey && !event.metaKey && answer(link.closest(".comment"))) event.preventDefault();
    const more = event.target.closest('.comment [data-act="more"]');
    if (more?.closest(".comment").dataset.by === String(me) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      use(import("./comment-menu.js"), ({ open: openMenu }) => openMenu(more.closest(".comment"), more));
    }
    const all = event.target.closest('.entry > .post [data-act="comments"]');
    if (all && !event.ctrlKey && !event.metaKey && open(all.closest(".entry"))) event.preventDefault();
  });
  decorate(countAll);
  watch(changed);
  await worded;
  for (const post of document.querySelectorAll(".entry > .post")) countAll(post);
  await ready;
  for (const row of await waiting()) changed({ ...row, row });
}
