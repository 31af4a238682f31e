// What can be done with a post: which lines its sheet shows to whom, and what each does. The server decides again.

import * as mine from "../kernel/mine.js";
import { send } from "../kernel/outbox.js";
import { openSheet, toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { isMine, numberOf, react, turn } from "./own.js";

const { role } = document.body.dataset;
const isEditor = ["editor", "administrator", "owner"].includes(role);
const sheet = (name) => document.getElementById(`${name}-sheet`);

let picked = null;

export const excerpt = (post) => (shownIn(post, "h2")?.textContent || shownIn(post, ".text")?.textContent || "").trim().slice(0, 120);
const shownIn = (post, part) => [...post.querySelectorAll(`.version ${part}`)].find((one) => one.offsetParent);
const isClosed = (post) => post.dataset.closed !== undefined;

function rights(post, menu) {
  const edits = isMine(post) || (isEditor && post.dataset.kind === "news");
  return {
    decides: decides(post), own: isMine(post), other: !isMine(post), edits, news: menu.dataset.mayNews !== "", state: post.querySelector(".steps") !== null,
    acks: isMine(post) && post.querySelector(".confirm") !== null,
    earlier: (edits || isEditor) && post.querySelector('.by a[href$="/earlier"]') !== null,
  };
}

// Who says what becomes of it: the editors, who takes care of it, the teams that it is addressed to.
function decides({ dataset }) {
  const { me, teams } = document.body.dataset, mine = [`p${me}`, ...teams.split(" ").map((team) => `t${team}`)];
  return dataset.decides !== undefined && (isEditor || dataset.decides.split(" ").some((one) => mine.includes(one)));
}

export function saying(box, post) {
  const name = document.createElement("b");
  name.textContent = post.querySelector(".by b").textContent;
  box.replaceChildren(name, ` ${excerpt(post)}`);
}

export function fill(menu, opener) {
  picked = opener?.closest(".post") ?? picked;
  if (!picked) return;
  picked.classList.add("picked");
  const may = rights(picked, menu), id = numberOf(picked);
  saying(menu.querySelector("[data-picked]"), picked);
  for (const line of menu.querySelectorAll("[data-needs]")) line.hidden = !line.dataset.needs.split(" ").some((need) => may[need]);
  for (const link of menu.querySelectorAll("[data-href]")) link.href = link.dataset.href.replace("{id}", id);
  const on = { save: mine.get(`saved/${picked.id}`), follow: mine.get(`follow/${picked.id}`), close: isClosed(picked) };
  for (const [act, value] of Object.entries(on)) {
    const text = menu.querySelector(`[data-do="${act}"] .grow`);
    text.textContent = value ? text.dataset.on : text.dataset.off;
  }
  const reacted = mine.get(`like/${picked.id}`) ?? [];
  for (const button of menu.querySelectorAll("[data-emoji]")) button.setAttribute("aria-pressed", String(reacted.includes(button.dataset.emoji)));
}

// ---- what the lines do -------------------------------------------------------------------------------------------

const about = (post) => ({ place: Number(post.dataset.place), post: numberOf(post) });

async function copyLink(post) {
  await navigator.clipboard?.writeText(new URL(`/posts/${numberOf(post)}`, location.href).href).catch(() => {});
  toast(word("Link copied."));
}

function ask(name, post, done) {
  const dialog = sheet(name);
  const text = dialog.querySelector("[data-picked]");
  if (text) saying(text, post);
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue) done(dialog.returnValue, dialog.querySelector("form")); }, { once: true });
  openSheet(dialog);
}

function pin(post) {
  for (const choice of sheet("pin").querySelectorAll("[data-when-asked]")) choice.hidden = !post.querySelector(".confirm");
  ask("pin", post, (how, form) => {
    const days = new FormData(form).get("days");
    const until = how === "none" ? { days: 0 } : days === "ack" ? { ack: true } : { days: Number(days) };
    send({ do: "feed.pin", ...about(post), ...until }, { label: word("Keep on top") });
    toast(how === "none" ? word("Not on top any more.") : word("On top from now on."));
  });
}

const ACTS = {
  save: (post) => turn("save", post), follow: (post) => turn("follow", post), link: copyLink, pin,
  share: async (post) => (await import("./share.js")).share(post),
  close: (post) => send({ do: "feed.comments_close", ...about(post), closed: !isClosed(post) }, { label: word("Close comments") }),
  remove: (post) => ask("remove", post, () => send({ do: "feed.remove", ...about(post) }, { label: word("Take back") })),
};

sheet("post").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do], [data-emoji]");
  if (!button || !picked) return;
  const post = document.getElementById(picked.id) ?? picked;
  sheet("post").close();
  if (button.dataset.emoji) react(post, button.dataset.emoji); else ACTS[button.dataset.do](post);
});

sheet("post").addEventListener("close", () => {
  const post = picked && document.getElementById(picked.id);
  for (const old of document.querySelectorAll(".post.picked")) old.classList.remove("picked");
  if (document.activeElement === document.body || document.activeElement?.id === "main") post?.querySelector(".more-btn")?.focus({ preventScroll: true });
});
