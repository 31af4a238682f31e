// Writing a post. A draft saves itself, what is published goes through the outbox; nothing leaves the form before the
// server has it, or this device where there is no network.

import { discard, list as waiting, newId } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { reasonOf } from "../kernel/reasons.js";
import { timeText } from "../kernel/times.js";
import { ready as wordsReady, word } from "../kernel/words.js";
import { Draft } from "./draft.js";
import { brought, setOf, Writing } from "./writing.js";

const form = document.getElementById("post");
const { elements } = form;
const writing = new Writing(form, brought(), { "take-other": () => draft.takeOther(), "keep-own": () => draft.keepOwn() });
const { texts, pieces, times } = writing;
const picker = form.querySelector("audience-picker");
const LABEL = 80;

// What the form says, as a write takes it; what belongs to another kind stays behind.
function content() {
  const what = writing.kind;
  const news = what === "news" ? {
    ...setOf("ack", writing.isOn("ack")), ...(writing.isOn("ack") && setOf("ack_until", times.at("ack_until_local"))),
    ...(writing.isOn("ack") && writing.isOn("pin_ack") ? { pin_ack: true } : setOf("pin_days", Number(form.querySelector("[name=pin_days]:checked")?.value ?? 0))),
  } : {};
  return {
    kind: what, ...texts.values(what), ...setOf("lines", picker.value ?? []), ...news,
    ...(what === "feedback" ? { ...writing.chosen("customer"), ...writing.chosen("product"), ...setOf("urgency", writing.ticked("urgency")[0]) } : {}),
    ...(what === "praise" ? { ...setOf("people", writing.ticked("people")), ...setOf("teams", writing.ticked("teams")) } : {}),
    ...setOf("authors", writing.ticked("authors")), ...setOf("comments_closed", writing.isOn("comments_closed")), ...setOf("expires", times.at("expires_local")),
  };
}

const draft = new Draft(form, {
  content, isEmpty: () => writing.isEmpty, pieces, differs: (other) => writing.conflict(other),
  show: (other) => { texts.put(other); form.dispatchEvent(new Event("change")); },
});
const planned = () => (writing.fits(form.querySelector("[data-times]")) ? times.chosen() : 0);

function settle() {
  const at = planned();
  document.querySelector("[data-publish] [data-said]").textContent = at ? word("Plan for {time}", { time: timeText(at, "short") === timeText(at, "clock") ? timeText(at, "clock") : timeText(at, "full") }) : word("Publish");
  draft.typed();
}

// ---- publishing --------------------------------------------------------------------------------------------------

let going = false;

async function publish() {
  if (going) return;
  if (writing.isEmpty) { writing.say(word("Write something first, or add a photo.")); elements.text.focus(); return; }
  going = true;
  writing.say("");
  try { await go(planned()); } finally { going = false; }
}

async function go(at) {
  const files = await pieces.forPost(Boolean(at));
  if (!files) { writing.say(word("To plan a post with files the network is needed once.")); return; }
  draft.stop();
  const write = { do: "feed.publish", id: newId(), ...content(), ...setOf("files", files), ...setOf("at", at), ...(draft.isSaved && { draft: draft.key }) };
  const outcome = await writing.deliver(write, { label: write.title || elements.text.value.slice(0, LABEL) || word("Post"), echo: { audience: picker.words } });
  if (outcome === undefined) return;
  if (outcome?.state === "refused") { await takeBack(write.id, outcome.why); return; }
  const post = outcome?.answer?.ok?.post;
  location.assign(at ? "/feed/drafts" : post ? `/posts/${post}` : "/feed");
}

// Refused: it is in this form, so it need not lie in the outbox as well.
async function takeBack(id, why) {
  await pieces.back(id);
  await discard(id);
  draft.goOn();
  writing.say(reasonOf(why));
}

await wordsReady;
writing.start({ changed: settle, go: publish, names: () => `/audience/people.json?${new URLSearchParams(picker.value.map((line) => ["line", line]))}` });
await ready;
await pieces.restore();
await draft.start(await waiting());
