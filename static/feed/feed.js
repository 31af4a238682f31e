// The feed in the browser: the list, one post, what one has put aside. What few need is loaded when it is asked for.

import { decorate } from "../kernel/rule.js";
import { openSheet, use } from "../kernel/shell.js";
import { startEdits } from "./edits.js";
import { startNewer } from "./newer.js";
import { startOutside } from "./outside.js";
import { acknowledge, postOf, react, startOwn, turn } from "./own.js";
import { startTalk } from "./talk.js";
import { startUnsent } from "./unsent.js";

const list = document.querySelector('[data-list="feed"]');
const menu = document.getElementById("post-sheet");

function dress(root) {
  const seats = root.matches?.(".post") ? [root.querySelector(".more")] : root.querySelectorAll(".post .more");
  const more = document.getElementById("post-more")?.content.firstElementChild;
  if (more) for (const seat of seats) if (seat && !seat.firstElementChild) seat.append(more.cloneNode(true));
}

// ---- languages ---------------------------------------------------------------------------------------------------

const { lang } = document.documentElement;

function markLanguages(root) {
  const all = root.matches?.(".post") ? [root] : root.querySelectorAll(".post");
  for (const post of all) {
    const box = post.querySelector(".versions");
    const langs = box?.dataset.langs.split(" ") ?? [];
    const shown = box?.dataset.shown ?? (langs.includes(lang) ? lang : langs[0]);
    for (const button of post.querySelectorAll("[data-show-lang]")) button.setAttribute("aria-pressed", String(button.dataset.showLang === shown));
  }
}

function speak(button) {
  button.closest(".versions").dataset.shown = button.dataset.showLang;
  markLanguages(postOf(button));
}

// ---- presses -----------------------------------------------------------------------------------------------------

const ACTS = {
  like: (button) => react(button.closest(".comment") ?? postOf(button), button.dataset.emoji),
  react: (button) => react(button.closest(".comment") ?? postOf(button), button.dataset.emoji),
  save: (button) => turn("save", postOf(button)),
  acknowledge: (button) => acknowledge(postOf(button)),
  share: (button) => use(import("./share.js"), ({ share }) => share(postOf(button), button)),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".post [data-act], .comment [data-act], .post [data-show-lang]");
  if (!button) return;
  if (button.dataset.showLang) speak(button); else ACTS[button.dataset.act]?.(button);
});
menu?.addEventListener("binnen:sheet", ({ detail }) => detail.wait(use(import("./menu.js"), ({ fill }) => fill(menu, detail.opener))));

// j and k walk through the posts.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const post = document.activeElement?.closest?.(".post");
  if (event.key === "Enter" && post && event.target === post && menu) openSheet(menu, post.querySelector("[data-opens]"));
  else if (event.key === "l" && post) react(post);
});

// An address that leads to the form for the state finds it open.
if (location.hash === "#state") document.getElementById("state")?.setAttribute("open", "");

decorate(dress);
decorate(markLanguages);
dress(document);
markLanguages(document);
startOutside();
if (list) startNewer(list);
startOwn();
startTalk();
startUnsent();
startEdits();
