// What stands between and around messages and depends on the reader: own and following messages, the lines that say
// the day and the topic. The server lays out the first page the same way, in the organisation's time zone.

import { forMe } from "../kernel/nav.js";
import { me } from "../kernel/page.js";
import { localise } from "../kernel/times.js";

const TOGETHER_MS = 5 * 60_000;

const template = (id) => document.getElementById(id)?.content.firstElementChild ?? null;
const fresh = (id) => template(id)?.cloneNode(true) ?? null;
const topicNames = new Map(); // topic -> {name, href}

export const isMessage = (element) => element?.dataset.rev !== undefined;
export const messagesOf = (list) => list.querySelectorAll(":scope > [data-rev]");

function neighbour(element, step) {
  let one = element[step];
  while (one && !isMessage(one)) one = one[step];
  return one;
}
export const before = (element) => neighbour(element, "previousElementSibling");
export const after = (element) => neighbour(element, "nextElementSibling");

// The reader's own on a message, once, when it comes onto the page.
export function adorn(message) {
  const { by, mentions = "" } = message.dataset;
  const own = by === String(me);
  message.classList.toggle("own", own);
  if (mentions) for (const at of message.querySelectorAll(".mention")) at.classList.toggle("me-too", forMe.has(at.dataset.mention));
  if (message.querySelector("[data-card]")) import("./holes.js").then(({ openHoles }) => openHoles(message), () => {});
  if (!message.querySelector(":scope > .more-btn") && by !== "0" && !message.querySelector(".gone")) {
    const actions = fresh("message-actions");
    if (actions) message.append(actions);
  }
  if (own && !message.querySelector(".state")) {
    const state = fresh("message-state");
    if (state) message.querySelector(".from")?.append(state);
  }
}

const dayOf = ({ dataset }) => new Date(Number(dataset.at)).toDateString();

// Looks at a message and the one before it: which lines belong between them, and whether it goes on from there.
export function tidy(message) {
  const previous = before(message);
  let topicChanges = false, dayChanges = false, unreadStands = false;
  for (let line = message.previousElementSibling; line && line !== previous;) {
    const earlier = line.previousElementSibling;
    if (line.id === "unread") unreadStands = true; else { learn(line, message); line.remove(); }
    line = earlier;
  }
  dayChanges = !previous || dayOf(previous) !== dayOf(message);
  topicChanges = inChannel(message) && message.dataset.topic > "0" && (dayChanges || previous.dataset.topic !== message.dataset.topic);
  if (topicChanges) putTopic(message);
  if (dayChanges) putDay(message);
  const goesOn = previous && !dayChanges && !topicChanges && !unreadStands && previous.dataset.by === message.dataset.by
    && previous.dataset.topic === message.dataset.topic && message.dataset.at - previous.dataset.at < TOGETHER_MS;
  message.classList.toggle("more", Boolean(goesOn));
}

const inChannel = (message) => message.parentElement?.dataset.list?.startsWith("channel-");
const firstLine = (message) => {
  let first = message;
  while (first.previousElementSibling && !isMessage(first.previousElementSibling)) first = first.previousElementSibling;
  return first;
};

function putDay(message) {
  const line = fresh("day-line");
  if (!line) return;
  line.querySelector("time").dateTime = new Date(Number(message.dataset.at)).toISOString();
  localise(line); // at once: an empty line has another height than the one it becomes
  firstLine(message).before(line);
}

function putTopic(message) {
  const line = fresh("topic-line");
  const known = topicNamed(message);
  if (!line || !known) return;
  Object.assign(line.querySelector("a"), { textContent: known.name, href: known.href });
  message.before(line);
}

// Names come from the list of topics, and from the lines the server drew.
function topicNamed({ id, dataset: { topic } }) {
  const place = id.split("-")[1];
  const row = document.querySelector(`#t-${place}-${topic} a`);
  if (row) return { name: row.querySelector("b")?.textContent ?? row.textContent, href: row.getAttribute("href") };
  return topicNames.get(topic);
}

function learn(line, message) {
  const link = line.classList.contains("topic-line") && line.querySelector("a");
  if (link) topicNames.set(message.dataset.topic, { name: link.textContent, href: link.getAttribute("href") });
}

// Lines whose message is gone go as well.
export function sweep(list) {
  for (const line of list.querySelectorAll(":scope > [data-line]:not(#unread)")) {
    const next = line.nextElementSibling;
    if (!next || (line.classList.contains("day") && next.classList.contains("day"))) line.remove();
  }
}
