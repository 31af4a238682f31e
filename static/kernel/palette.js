// Jump: everything one can go to, by a few letters. From /jump.json; without network from the navigation.

import { avatar } from "./avatar.js";

const ICONS = { channel: "hash", private: "lock", person: "user-round", customer: "building", topic: "message-square-text", group: "users", page: "arrow-right" };
const MOST = 40, PAUSE_MS = 150;

let places = null;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The dialog is open already and may have been typed into.
export async function fill(dialog) {
  const input = dialog.querySelector("input");
  places ??= fromNavigation();
  draw(dialog, input.value);
  const answer = await fetch("/jump.json", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  places = await answer.json();
  draw(dialog, input.value);
}

function fromNavigation() {
  return [...document.querySelectorAll(".nav-item")].map((link) => ({
    kind: link.dataset.place ? "channel" : "page", name: link.querySelector(".name").textContent, sub: "", href: link.href,
    n: Number.parseInt(link.querySelector("[data-unread]")?.textContent || "0", 10),
  }));
}

// Whole words first, then beginnings, then anything inside; unread before read.
function fits(place, wanted) {
  const name = plain(place.name), at = name.indexOf(wanted);
  if (at < 0) return plain(place.sub ?? "").includes(wanted) ? 1 : 0;
  return at === 0 ? 4 : /\W/.test(name[at - 1]) ? 3 : 2;
}

function draw(dialog, typed) {
  const wanted = plain(typed.trim());
  const found = places.map((place) => ({ place, score: fits(place, wanted) })).filter(({ score }) => score > 0);
  found.sort((a, b) => b.score - a.score);
  const shown = found.slice(0, MOST).map(({ place }) => place);
  const words = dialog.querySelector("[data-words]").dataset;
  const groups = [[words.unreadTitle, shown.filter(({ n }) => n > 0)], [words.allTitle, shown.filter(({ n }) => !(n > 0))]];
  const list = dialog.querySelector("#jump-list");
  list.replaceChildren(...groups.filter(([, some]) => some.length).map(([title, some]) => group(dialog, title, some, wanted)));
  if (!shown.length) list.replaceChildren(nothing(words.none));
  if (wanted) list.append(everywhere(dialog, typed.trim()));
  list.querySelectorAll("[role=option]").forEach((option, n) => { option.id = `jump-${n}`; });
  choose(dialog, list.querySelector("[role=option]"));
}

function everywhere(dialog, typed) {
  const row = dialog.querySelector("#jump-everywhere").content.firstElementChild.cloneNode(true);
  row.dataset.href = `/search?q=${encodeURIComponent(typed)}`;
  row.querySelector("[data-name]").textContent = typed;
  return row;
}

function nothing(sentence) {
  const line = document.createElement("p");
  line.className = "hint pad";
  line.textContent = sentence;
  return line;
}

function group(dialog, title, some, wanted) {
  const box = dialog.querySelector("#jump-group").content.firstElementChild.cloneNode(true);
  const head = box.querySelector("h2");
  head.textContent = title;
  box.setAttribute("aria-label", title);
  box.append(...some.map((place) => option(dialog, place, wanted)));
  return box;
}

function option(dialog, place, wanted) {
  const row = dialog.querySelector("#jump-option").content.firstElementChild.cloneNode(true);
  row.dataset.href = place.href;
  row.querySelector("use").setAttribute("href", `#i-${ICONS[place.kind] ?? ICONS.page}`);
  if (place.person) row.querySelector("svg").replaceWith(avatar(place.person));
  row.querySelector("[data-name]").append(...marked(place.name, wanted));
  row.querySelector("small").textContent = place.sub ?? "";
  const count = row.querySelector(".unreadn");
  if (place.n > 0) count.append(String(place.n), hidden(` ${dialog.querySelector("[data-words]").dataset.new}`));
  return row;
}

function marked(name, wanted) {
  const at = wanted ? plain(name).indexOf(wanted) : -1;
  if (at < 0 || plain(name).length !== name.length) return [name];
  const mark = document.createElement("mark");
  mark.textContent = name.slice(at, at + wanted.length);
  return [name.slice(0, at), mark, name.slice(at + wanted.length)];
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "sr";
  span.textContent = text;
  return span;
}

function choose(dialog, row) {
  dialog.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
  row?.setAttribute("aria-selected", "true");
  row?.scrollIntoView({ block: "nearest" });
  const input = dialog.querySelector("input");
  if (row) input.setAttribute("aria-activedescendant", row.id);
  else input.removeAttribute("aria-activedescendant");
}

const dialog = document.getElementById("jump");

// What there is too much of to bring along is asked for while one types.
let timer = 0;

async function lookFor(text) {
  const answer = await fetch(`/jump.json?${new URLSearchParams({ q: text })}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const known = new Set(places.map(({ href }) => href)), found = (await answer.json()).filter(({ href }) => !known.has(href));
  if (!found.length) return;
  places.push(...found);
  draw(dialog, dialog.querySelector("input").value);
}

dialog?.addEventListener("input", (event) => {
  const typed = event.target.value;
  draw(dialog, typed);
  clearTimeout(timer);
  if (typed.trim().length > 1) timer = setTimeout(lookFor, PAUSE_MS, typed.trim());
});

dialog?.addEventListener("keydown", (event) => {
  const rows = [...dialog.querySelectorAll("[role=option]")];
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const to = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    choose(dialog, rows.at(to % rows.length));
  } else if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    if (rows[here]) location.assign(rows[here].dataset.href);
  }
});

dialog?.addEventListener("click", (event) => {
  const row = event.target.closest("[role=option]");
  if (row) location.assign(row.dataset.href);
});
