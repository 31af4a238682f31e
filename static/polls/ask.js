// Asking something: templates fill the form, answers come and go, and it goes out through the outbox like a message.

import { newId, send } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { toast } from "../kernel/shell.js";
import { timeText } from "../kernel/times.js";
import { word } from "../kernel/words.js";

const form = document.getElementById("ask");
const { elements } = form;
const list = form.querySelector("[data-options]");
const picker = form.querySelector("audience-picker");
const MOST = 30;
const LEVELS = [1, 5];
const ENDS = [[0, 17], [1, 12], [3, 17], [7, 17]]; // days from today, and the hour

// ---- answers ---------------------------------------------------------------------------------------------------------

const kind = () => elements.kind.value;
const typeOf = () => (kind() !== "dates" ? "text" : form.querySelector("[data-clock]").checked ? "datetime-local" : "date");
const inputs = () => [...list.querySelectorAll("input")];

function field(value = "") {
  const row = document.createElement("div");
  row.className = "opt";
  const input = Object.assign(document.createElement("input"), { className: "input", name: "options", maxLength: 120, autocomplete: "off" });
  input.type = typeOf();
  input.value = value;
  const drop = form.querySelector("[data-drop-answer]").content.firstElementChild.cloneNode(true);
  row.append(input, drop);
  return row;
}

function label() {
  const all = inputs(), levels = kind() === "rating";
  all.forEach((input, at) => {
    const n = levels ? LEVELS[at] ?? at + 1 : at + 1;
    input.setAttribute("aria-label", levels ? word("Word for {n}", { n }) : word("Answer {n}", { n }));
    input.nextElementSibling.hidden = levels || !input.value;
    input.placeholder = levels ? word("Word for {n}", { n }) : at === all.length - 1 ? word("Another answer") : "";
  });
}

// One empty field stands at the end, until there are enough; a rating has two.
function keepOne() {
  const all = inputs();
  const spare = kind() === "rating" ? [] : all.slice(0, -1).filter((one) => !one.value && one !== document.activeElement);
  for (const empty of spare) if (inputs().length > 2) empty.closest(".opt").remove();
  if (kind() !== "rating" && inputs().at(-1)?.value && inputs().length < MOST) list.append(field());
  label();
}

function fill(answers) {
  list.replaceChildren(...answers.map(field));
  while (list.children.length < 2) list.append(field());
  keepOne();
}

// ---- what belongs to which kind --------------------------------------------------------------------------------------

function settle() {
  const secret = elements.anonymous.checked;
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== kind();
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "secret") !== secret;
  form.querySelector("[data-never]").hidden = secret;
  if (secret && !elements.until.value && !chosenMoment()) elements.until.value = elements.until.querySelector("option[value]:not([value=''])").value;
  form.querySelector("legend").textContent = kind() === "rating" ? word("Words for 1 and 5") : word("Answers");
  const { selectedOptions: [place] } = elements.place;
  const inFeed = place?.value === "0";
  if (picker) picker.closest("[data-post]").hidden = !inFeed;
  const where = inFeed ? word("News: {audience}", { audience: picker.words ?? "" }) : place ? word("in {title}, {n} people", { title: place.textContent, n: place.dataset.size }) : "";
  document.querySelector("[data-where]").textContent = where;
  document.querySelector("[data-back]").href = inFeed ? "/feed" : place ? `/c/${place.value}` : "/chats";
}

function template(button) {
  for (const one of form.querySelectorAll("[data-template]")) one.setAttribute("aria-pressed", String(one === button));
  const { kind: chosen, question, answers } = button.dataset;
  elements.kind.value = chosen;
  if (question && !elements.question.value.trim()) elements.question.value = question;
  fill(JSON.parse(answers));
  settle();
  (elements.question.value ? inputs().find(({ value }) => !value) ?? elements.question : elements.question).focus();
}

// ---- until when: the server has drawn this page perhaps days ago --------------------------------------------------------

const local = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function offerEnds() {
  const stale = [...elements.until.options].filter((one) => one.value && one.dataset.other === undefined);
  const fresh = ENDS.map(([days, hour]) => {
    const at = new Date();
    at.setDate(at.getDate() + days);
    at.setHours(hour, 0, 0, 0);
    return at;
  }).filter((at) => at > Date.now() + 30 * 60_000);
  for (const option of stale) option.remove();
  const other = form.querySelector("[data-other]");
  other.hidden = false;
  other.value = "other";
  for (const at of fresh) other.before(new Option(timeText(at.getTime(), "full"), local(at)));
  elements.until.value = local(fresh.at(-1));
}

const chosenMoment = () => (elements.until.value === "other" ? form.querySelector("[data-moment]").value : "");

// ---- sending ------------------------------------------------------------------------------------------------------------

function written() {
  const until = elements.until.value === "other" ? chosenMoment() : elements.until.value;
  const answers = inputs().map(({ value }) => value.trim()).filter(Boolean);
  const secret = elements.anonymous.checked;
  return {
    do: "polls.open", id: newId(), place: Number(elements.place.value), question: elements.question.value.trim(), kind: kind(),
    options: kind() === "dates" && typeOf() === "datetime-local" ? answers.map((one) => new Date(one).toISOString()) : answers,
    ...(kind() === "several" && { most: Number(elements.most.value) || 0 }),
    ...(until && { deadline: new Date(until).getTime() }),
    ...(secret ? { anonymous: true, minimum: Number(elements.minimum.value), sentences: elements.sentences.checked }
      : { additions: elements.additions.checked, results: elements.results.value }),
    ...(topic && place === elements.place.value && { topic }),
    ...(elements.place.value === "0" && { lines: picker.value }),
  };
}

// What the server would refuse is said here, while the form is still there to be put right.
function lacks({ options, anonymous, minimum, kind: chosen }) {
  const least = chosen === "rating" ? 0 : chosen === "dates" || elements.additions.checked ? 1 : 2;
  if (options.length < least) return word("Two answers are needed at least, one date to find a day.");
  if (chosen === "rating" && options.length === 1) return word("A rating has words for 1 and 5, or for all five.");
  if (new Set(options.map((one) => one.toLocaleLowerCase())).size < options.length) return word("An answer is there twice.");
  const size = elements.place.value === "0" ? picker.reach?.total : Number(elements.place.selectedOptions[0]?.dataset.size);
  if (anonymous && size < minimum) return word("Too few people are asked here: without names it takes at least {least}.", { least: minimum });
  return "";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const write = written();
  const problem = lacks(write);
  if (problem) { toast(problem); inputs().find(({ value }) => !value)?.focus(); return; }
  try {
    await send(write, { label: write.question });
  } catch {
    toast(word("This device has no room to keep it. The text is still here."));
    return;
  }
  if (write.place === 0) { location.assign("/feed"); return; }
  location.assign(write.topic ? `/c/${write.place}/t/${topic}` : `/c/${write.place}?at=end`);
});

form.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-template]");
  if (chosen) template(chosen);
  const row = target.closest("[data-drop]")?.closest(".opt");
  if (!row) return;
  (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("input").focus();
  row.remove();
  if (inputs().length < 2) list.append(field());
  keepOne();
});
form.addEventListener("binnen:audience", settle);
list.addEventListener("input", keepOne);
form.addEventListener("change", ({ target }) => {
  if (target === elements.kind || target.matches("[data-clock]")) fill(kind() === "dates" ? [] : inputs().map(({ value }) => value).filter(Boolean));
  if (target === elements.until) form.querySelector("[data-moment]").hidden = elements.until.value !== "other";
  settle();
});

// ---- beginning ------------------------------------------------------------------------------------------------------------

const [place, topicText, ...rest] = decodeURIComponent(location.hash.slice(1)).split("/"); // where it was asked for
const topic = Number(topicText) || 0;
if ([...elements.place.options].some(({ value }) => value === place)) elements.place.value = place;
if (rest.length) elements.question.value = rest.join("/");
offerEnds();
fill([]);
settle();
await ready; // now the words are there
label();
settle();
