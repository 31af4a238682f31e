// Writing a post: the plain form, taken over. A draft saves itself, what is published goes through the outbox; nothing
// leaves the form before the server has it, or this device where there is no network.

import { ready as wordsReady, word } from "../kernel/words.js";
import { discard, list as waiting, newId, send, watch } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { reasonOf } from "../kernel/reasons.js";
import { timeText } from "../kernel/times.js";
import { Draft } from "./draft.js";
import { Pieces } from "./pieces.js";
import { startPreview } from "./preview.js";
import { Texts } from "./texts.js";
import { startTimes } from "./when.js";

const form = document.getElementById("post");
const { elements } = form;
const brought = JSON.parse(form.querySelector("[data-content]").textContent);
const texts = new Texts(form, brought);
const pieces = new Pieces(form, brought.held);
const times = startTimes(form, brought);
const picker = form.querySelector("audience-picker");
const PATIENCE_MS = 5000; // a line that does not answer counts as none
const LABEL = 80;

const kind = () => form.querySelector("[name=kind]:checked").value;
const ticked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map(({ value }) => Number(value));
const isOn = (name) => Boolean(form.querySelector(`[name="${name}"]:checked`));
const fits = (element) => !element?.closest(`[data-for]:not([data-for~="${kind()}"])`);

// One of the choosers: the one chosen, or what was only typed.
function chosen(name) {
  const id = Number(elements[name].value), said = elements[`${name}_said`].value.trim();
  return id ? { [name]: id } : said ? { [`${name}_said`]: said } : {};
}

function setOf(name, value) { return value && (!Array.isArray(value) || value.length) ? { [name]: value } : {}; }

// What the form says, as a write takes it; what belongs to another kind stays behind.
function content() {
  const what = kind();
  const news = what === "news" ? {
    ...setOf("ack", isOn("ack")), ...(isOn("ack") && setOf("ack_until", times.at("ack_until_local"))),
    ...(isOn("ack") && isOn("pin_ack") ? { pin_ack: true } : setOf("pin_days", Number(form.querySelector("[name=pin_days]:checked")?.value ?? 0))),
  } : {};
  return {
    kind: what, ...texts.values(what), ...setOf("lines", picker.value ?? []), ...news,
    ...(what === "feedback" ? { ...chosen("customer"), ...chosen("product"), ...setOf("urgency", ticked("urgency")[0]) } : {}),
    ...(what === "praise" ? { ...setOf("people", ticked("people")), ...setOf("teams", ticked("teams")) } : {}),
    ...setOf("authors", ticked("authors")), ...setOf("comments_closed", isOn("comments_closed")), ...setOf("expires", times.at("expires_local")),
  };
}

const isEmpty = () => texts.isEmpty && pieces.count === 0;
const draft = new Draft(form, { content, isEmpty, pieces, show: (other) => { texts.put(other); settle(); } });

// ---- what the form shows ------------------------------------------------------------------------------------------

function settle() {
  const { text } = elements;
  text.placeholder = text.dataset[`ask${kind()[0].toUpperCase()}${kind().slice(1)}`] ?? text.dataset.ask;
  const at = fits(form.querySelector("[data-times]")) ? times.chosen() : 0;
  document.querySelector("[data-publish] [data-said]").textContent = at ? word("Plan for {time}", { time: timeText(at, "short") === timeText(at, "clock") ? timeText(at, "clock") : timeText(at, "full") }) : word("Publish");
}

function say(text) {
  const box = form.querySelector("[data-problem]");
  box.querySelector("span").textContent = text;
  box.hidden = !text;
  if (text) box.scrollIntoView({ block: "nearest" });
}

for (const group of form.querySelectorAll("[data-quick]")) {
  group.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-id]");
    if (!button) return;
    const { quick: name } = group.dataset, on = button.getAttribute("aria-pressed") !== "true";
    for (const one of group.children) one.setAttribute("aria-pressed", String(on && one === button));
    elements[name].value = on ? button.dataset.id : "0";
    elements[`${name}_said`].value = on ? button.dataset.said : "";
    draft.typed();
  });
}

// Several people by one field: each becomes a chip.
for (const box of form.querySelectorAll("[data-several]")) {
  const field = box.querySelector(".input"), id = box.querySelector("input[type=hidden]"), { several: name } = box.dataset;
  id.addEventListener("change", () => {
    if (!box.querySelector(`[name="${name}"][value="${id.value}"]`)) box.querySelector("[data-chosen]").append(chip(name, id.value, field.value));
    id.value = "0";
    field.value = "";
    draft.typed();
  });
}

function chip(name, value, text) {
  const label = document.createElement("label");
  label.className = "chip soft";
  label.append(Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: true }), text);
  return label;
}

// ---- publishing --------------------------------------------------------------------------------------------------

let going = false;

async function publish() {
  if (going) return;
  const at = fits(form.querySelector("[data-times]")) ? times.chosen() : 0;
  if (isEmpty()) { say(word("Write something first, or add a photo.")); elements.text.focus(); return; }
  going = true;
  say("");
  try { await go(at); } finally { going = false; }
}

async function go(at) {
  const files = await pieces.forPost(Boolean(at));
  if (!files) { say(word("To plan a post with files the network is needed once.")); return; }
  draft.stop();
  const write = { do: "feed.publish", id: newId(), ...content(), ...setOf("files", files), ...setOf("at", at), ...(draft.isSaved && { draft: draft.key }) };
  let sent;
  try {
    sent = await send(write, { label: write.title || write.text.slice(0, LABEL) || word("Post"), echo: { audience: picker.words } });
  } catch {
    say(word("This device has no room to keep the message. The text is still here."));
    return;
  }
  await pieces.sent(write.id);
  const outcome = await Promise.race([sent.settled, noLine()]);
  if (outcome?.state === "refused") { await takeBack(write.id, outcome.why); return; }
  const post = outcome?.answer?.ok?.post;
  location.assign(at ? "/feed/drafts" : post ? `/posts/${post}` : "/feed");
}

// Settles with nothing when an attempt has failed, or none can be made: then the post goes by itself, later.
function noLine() {
  return new Promise((resolve) => {
    const stop = watch(({ state, row }) => { if (state === "waiting" && !row) done(); });
    const done = () => { stop(); resolve(null); };
    setTimeout(done, navigator.onLine ? PATIENCE_MS : 0);
  });
}

// Refused: it is in this form, so it need not lie in the outbox as well.
async function takeBack(id, why) {
  await pieces.back(id);
  await discard(id);
  draft.goOn();
  say(reasonOf(why));
}

// ---- beginning ---------------------------------------------------------------------------------------------------

const ACTS = {
  photo: () => form.querySelector("#photo-input").click(), file: () => form.querySelector("#file-input").click(),
  voice: () => pieces.speak(), bold: () => texts.bold(), list: () => texts.lines("- "), quote: () => texts.lines("> "), address: () => texts.address(),
  "take-other": () => draft.takeOther(), "keep-own": () => draft.keepOwn(),
};

form.addEventListener("click", ({ target }) => ACTS[target.closest("[data-act]")?.dataset.act]?.());
form.addEventListener("submit", (event) => { event.preventDefault(); publish(); });
for (const name of ["input", "change", "binnen:audience", "binnen:pieces"]) form.addEventListener(name, () => { settle(); draft.typed(); });
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) publish();
  else if (event.target.matches(".title")) elements.text.focus();
  else if (!event.target.matches("input")) return;
  event.preventDefault();
});

startPreview(form, { kind, pieces, texts, times });
await wordsReady;
settle();
await ready;
await pieces.restore();
await draft.start(await waiting());
