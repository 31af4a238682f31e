// A poll on a page, in a message, a post or on its own: voting, also without network, the own vote, and the result that
// one sees after it. Loaded with the first poll that comes onto a page.

import * as mine from "../kernel/mine.js";
import * as outbox from "../kernel/outbox.js";
import { me, ready, seal } from "../kernel/page.js";
import { reasonOf } from "../kernel/reasons.js";
import { parse } from "../kernel/rule.js";
import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import * as codes from "./codes.js";
import { canSeal, closeBox, newCode } from "./sealing.js";

const SPREAD_MS = 2000; // whoever has voted asks for the new sums, not all at once and not at every vote
const EVERY_MS = 3000;

const pollOf = (element) => element.closest(".poll");
const idOf = (poll) => Number(poll.id.split("-")[1]);
const isSecret = (poll) => poll.dataset.key !== undefined;
const waiting = new Map(); // poll -> {state, why}: what this device has sent and not heard of
const polls = (id) => document.querySelectorAll(`.poll[id="poll-${id}"]`);

// ---- the own vote ----------------------------------------------------------------------------------------------------

// From the server for polls with names; what a vote without name was only this device knows, if it was cast here.
async function ownVote(poll) {
  const vote = mine.get(`vote/${idOf(poll)}`);
  if (!vote) return null;
  if (vote.startsWith("{")) return { ...JSON.parse(vote), known: true };
  const kept = await codes.get(me, seal, idOf(poll), poll.dataset.print);
  return kept ? { ...kept, known: true } : { yes: [], maybe: [], known: false };
}

async function paint(poll) {
  if (isSecret(poll) && !canSeal()) document.documentElement.dataset.noSeal = ""; // then the server closes the box
  const vote = await ownVote(poll);
  poll.toggleAttribute("data-voted", vote !== null);
  for (const row of poll.querySelectorAll("[data-result] [data-option]")) {
    row.classList.toggle("mine", Boolean(vote?.yes?.includes(Number(row.dataset.option))));
  }
  const form = poll.querySelector(".ballot");
  if (form) {
    const button = form.querySelector("[data-cast]");
    button.parentElement.disabled = false;
    button.textContent = vote ? button.dataset.recast : button.dataset.cast;
    if (!form.hasAttribute("data-touched")) put(form, poll.dataset.kind, vote);
  }
  say(poll, vote);
  if (vote) openHole(poll);
}

function put(form, kind, vote) {
  const yes = vote?.yes ?? [], maybe = vote?.maybe ?? [];
  if (kind === "ranking") {
    const list = form.querySelector(".ranks");
    for (const option of yes) list.append(list.querySelector(`[data-option="${option}"]`) ?? "");
    for (const rest of [...list.children].filter(({ dataset }) => yes.length && !yes.includes(Number(dataset.option)))) list.append(rest);
    return;
  }
  for (const input of form.querySelectorAll("input[data-option]")) {
    const option = Number(input.dataset.option);
    input.checked = input.value === (yes.includes(option) ? "yes" : maybe.includes(option) ? "maybe" : "no");
  }
  for (const input of form.querySelectorAll('input[name="picks"]')) input.checked = yes.includes(Number(input.value));
  const sentence = form.querySelector('[name="sentence"]');
  if (sentence) sentence.value = vote?.text ?? "";
}

function say(poll, vote) {
  const line = poll.querySelector("[data-own]");
  const sent = waiting.get(idOf(poll));
  line.className = `poll-own${sent?.state === "waiting" ? " waits" : sent?.state === "refused" ? " bad" : ""}`;
  const told = sent?.state === "waiting" ? ["clock", word("Own vote waits for the network"), word("It goes out by itself.")]
    : sent?.state === "refused" ? ["circle-alert", word("Vote not counted"), reasonOf(sent.why)]
    : vote && isSecret(poll) && poll.dataset.state === "open" ? ["mail-check", word("Own vote lies sealed"), word("It can be changed until the end. Until then no number is shown to anybody.")] : null;
  line.hidden = !told;
  line.replaceChildren();
  if (!told) return;
  const box = document.createElement("span");
  const head = document.createElement("b");
  head.textContent = told[1];
  box.append(head, told[2]);
  if (vote?.code && !sent) box.append(document.createElement("br"), `${word("Own code:")} `, codes.shown(vote.code), `. ${word("Only this device knows it. After the end it stands in the list.")}`);
  line.append(icon(told[0]), box);
}

function icon(name) {
  const svg = parse('<svg class="icon" aria-hidden="true"><use/></svg>').firstElementChild;
  svg.firstElementChild.setAttribute("href", `#i-${name}`);
  return svg;
}

// ---- the result after the own vote -------------------------------------------------------------------------------------

function openHole(poll) {
  const hole = poll.querySelector("[data-hole]");
  if (!hole || hole.dataset.asked || waiting.has(idOf(poll))) return;
  hole.dataset.asked = "";
  const old = shownBefore.get(idOf(poll));
  if (old) hole.before(old);
  const pause = Math.max(Math.random() * SPREAD_MS, (asked.get(idOf(poll)) ?? 0) + EVERY_MS - Date.now());
  setTimeout(() => { if (hole.isConnected) fetchResult(poll, hole, old); }, old ? pause : 0);
}

const asked = new Map(); // poll -> when its result was fetched last

const shownBefore = new Map(); // poll -> the bars as they stood, so that a new version of the poll does not flicker

async function fetchResult(poll, hole, old) {
  asked.set(idOf(poll), Date.now());
  const answer = await fetch(`/polls/${idOf(poll)}/result`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) { delete hole.dataset.asked; return; }
  const result = document.createElement("div");
  result.append(parse(await answer.text()));
  shownBefore.set(idOf(poll), result);
  old?.remove();
  hole.replaceWith(result);
  paint(poll);
}

// ---- voting ------------------------------------------------------------------------------------------------------------

function chosen(form, kind) {
  if (kind === "ranking") return { yes: [...form.querySelectorAll(".rank")].map(({ dataset }) => Number(dataset.option)), maybe: [] };
  const of = (value) => [...form.querySelectorAll(`input[data-option][value="${value}"]:checked`)].map(({ dataset }) => Number(dataset.option));
  if (kind === "dates") return { yes: of("yes"), maybe: of("maybe") };
  return { yes: [...form.querySelectorAll('input[name="picks"]:checked')].map(({ value }) => Number(value)), maybe: [] };
}

async function cast(form) {
  const poll = pollOf(form);
  const choice = chosen(form, poll.dataset.kind);
  if (poll.dataset.kind !== "dates" && choice.yes.length === 0) { toast(word("Nothing chosen yet.")); return; }
  const sentence = form.querySelector('[name="sentence"]')?.value.trim() ?? "";
  form.removeAttribute("data-touched");
  form.removeAttribute("data-changing");
  if (isSecret(poll)) await castSealed(poll, { ...choice, ...(sentence && { text: sentence }) });
  else await send(poll, choice, JSON.stringify(choice));
}

// The outbox holds the box only; code and choice stay on this device, sealed.
async function castSealed(poll, choice) {
  if (!canSeal()) { location.href = `/polls/${idOf(poll)}`; return; }
  const { key, print, size } = poll.dataset;
  const kept = await codes.get(me, seal, idOf(poll), print);
  const content = { code: kept?.code ?? newCode(), ...choice };
  const box = await closeBox(key, content, Number(size), `poll ${idOf(poll)}`);
  await codes.put(me, seal, idOf(poll), print, content);
  await send(poll, { box, print }, "sealed");
}

async function send(poll, fields, value) {
  const id = idOf(poll), key = `vote/${id}`;
  const write = { do: "polls.vote", place: Number(poll.dataset.place), poll: id, ...fields };
  waiting.set(id, { state: "waiting" });
  if (!before.has(id)) before.set(id, mine.get(key) ?? null);
  mine.apply({ [key]: value });
  try {
    await outbox.send(write, { last: key, label: poll.querySelector(".poll-q").textContent });
  } catch {
    waiting.set(id, { state: "refused", why: { code: "not_stored" } });
    for (const one of polls(id)) paint(one);
  }
}

const before = new Map(); // poll -> the own vote as the server has it, while another is on its way

async function withdraw(poll) {
  if (isSecret(poll)) await codes.drop(me, idOf(poll));
  await send(poll, { withdraw: true }, null);
}

function heard({ id, state, row, why, again }) {
  const write = row?.write ?? sentNow.get(id);
  if (write?.do !== "polls.vote") return;
  const key = `vote/${write.poll}`;
  if (state === "waiting" || state === "sending") {
    sentNow.set(id, write);
    waiting.set(write.poll, { state: "waiting" });
    if (again) mine.apply({ [key]: valueOf(write) });
  } else {
    if (state === "refused") {
      waiting.set(write.poll, { state, why: why ?? row?.why });
      if (before.has(write.poll)) mine.apply({ [key]: before.get(write.poll) });
    } else {
      waiting.delete(write.poll);
    }
    sentNow.delete(id);
    before.delete(write.poll);
  }
  for (const poll of polls(write.poll)) paint(poll);
}
const valueOf = ({ withdraw: gone, box, yes, maybe }) => (gone ? null : box ? "sealed" : JSON.stringify({ yes, maybe }));
const sentNow = new Map(); // write id -> write

// ---- beginning -----------------------------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".poll .ballot")) { event.preventDefault(); cast(form); }
  else if (form.matches(".poll [data-add]")) { event.preventDefault(); add(form); }
});

async function add(form) {
  const poll = pollOf(form), { option } = form.elements;
  const moment = option.type === "datetime-local" ? new Date(option.value).toISOString() : option.value;
  option.value = "";
  await outbox.send({ do: "polls.add_option", place: Number(poll.dataset.place), poll: idOf(poll), option: moment }, { label: moment });
}

document.addEventListener("change", ({ target }) => target.closest?.(".poll .ballot")?.setAttribute("data-touched", ""));

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".poll [data-act]");
  if (!button) return;
  const poll = pollOf(button), form = poll.querySelector(".ballot");
  const { act } = button.dataset;
  if (act === "change") { form.setAttribute("data-changing", ""); form.querySelector("input, button").focus(); }
  else if (act === "withdraw") withdraw(poll);
  else if (act === "up" || act === "down") move(button, form, act);
});

function move(button, form, act) {
  const row = button.closest(".rank");
  if (act === "up") row.previousElementSibling?.before(row); else row.nextElementSibling?.after(row);
  form.setAttribute("data-touched", "");
  button.focus();
}

await ready;
outbox.watch(heard);
for (const row of await outbox.list()) heard({ ...row, row, again: true }); // after a reload
mine.paint("vote", (poll) => { if (poll.matches(".poll")) paint(poll); });
