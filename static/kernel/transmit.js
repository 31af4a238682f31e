// Carries the outbox to the server: in order within a place, places side by side, one request in flight per place.
// Knows no document, so the page and the service worker run the same lines.

import { device } from "./store.js";

const PATIENCE_MS = 30_000;
const KEEPALIVE_BYTES = 16_384; // browsers allow 64 KB of these in all; they survive closing the tab

const problem = (answer) => (answer.headers.get("content-type") ?? "").startsWith("application/problem+json");
const json = (answer) => (answer.headers.get("content-type") ?? "").includes("json");

function retryAfter(answer) {
  const given = answer.headers.get("retry-after");
  if (!given) return 0;
  const seconds = Number(given);
  return Number.isFinite(seconds) ? seconds * 1000 : Math.max(0, Date.parse(given) - Date.now()) || 0;
}

// What became of one write: delivered, refused (for a reason), signin, or wait. A hotel's sign-on page that answers
// 200 in HTML, or a proxy's own error page, is no answer of ours: such writes wait.
export async function post(write, person) {
  const body = JSON.stringify(write);
  let answer, content;
  try {
    answer = await fetch("/do", {
      method: "POST", body, redirect: "manual", cache: "no-store", keepalive: body.length < KEEPALIVE_BYTES,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Person": String(person) },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    content = json(answer) ? await answer.json() : null;
  } catch {
    return { kind: "wait", everywhere: true, after: 0 };
  }
  const { status } = answer;
  if (answer.ok && content?.id === write.id) return { kind: "delivered", answer: content };
  if (status === 401 && problem(answer)) return { kind: "signin" };
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    return { kind: "wait", everywhere: status !== 500, after: retryAfter(answer) };
  }
  if (status >= 400 && problem(answer)) return { kind: "refused", why: { status, code: content.code, reason: content.title } };
  if (status === 413) return { kind: "refused", why: { status, code: "too_large" } };
  return { kind: "wait", everywhere: true, after: 0 };
}

// The ids of other writes this one names: the place, topic or message they are going to make.
function names(write, ids) {
  return Object.entries(write).flatMap(([field, value]) => (field !== "id" && typeof value === "string" && ids.has(value) ? [value] : []));
}

function laneOf(row, byId) {
  const maker = typeof row.place === "string" ? byId.get(row.place) : null;
  return maker && maker !== row ? laneOf(maker, byId) : row.place;
}

// The first waiting row of every free lane, as far as what it names has arrived; and those whose ground is gone.
export function sort(rows, taken) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lanes = new Set(taken);
  const ready = [], orphans = [];
  for (const row of rows) {
    if (row.state !== "waiting") continue;
    const needs = names(row.write, byId).map((id) => byId.get(id));
    if (needs.some((one) => one.state === "refused")) { orphans.push(row); continue; }
    const lane = laneOf(row, byId);
    if (!lanes.has(lane) && needs.length === 0) ready.push({ lane, row });
    lanes.add(lane);
  }
  return { ready, orphans };
}

// Another person may have signed in on this device in another tab: then nothing of this one's may leave.
async function stillSignedIn(rows) {
  return !rows.seal || (await device.get("meta", "session"))?.person === rows.person;
}

// Sends what can be sent, telling of every change. Ends when nothing more can go now.
export async function drain(rows, { tell, epochOf = () => null }) {
  const outcome = { signin: false, again: false, after: 0 };
  const busy = new Map();
  const stuck = new Set();
  let halted = false;

  async function settle(lane, row) {
    if (!await stillSignedIn(rows)) { halted = outcome.signin = true; return; }
    tell({ id: row.id, state: "sending" });
    const reply = await post(row.write, rows.person);
    if (reply.kind === "delivered") {
      const ok = reply.answer.ok ?? {};
      await rows.acknowledge(row, { place: ok.place, seq: ok.seq, epoch: ok.epoch ?? epochOf(ok.place) });
      tell({ id: row.id, state: "delivered", row, answer: reply.answer });
    } else if (reply.kind === "refused") {
      await giveUp(row, reply.why);
    } else {
      stuck.add(lane);
      halted ||= reply.kind === "signin" || reply.everywhere;
      outcome.signin ||= reply.kind === "signin";
      outcome.again ||= reply.kind === "wait";
      outcome.after = Math.max(outcome.after, reply.after ?? 0);
      tell({ id: row.id, state: "waiting" });
    }
  }

  async function giveUp(row, why) {
    const gone = why.status === 410; // what it was for is deleted
    if (gone || row.last) await rows.remove(row.id); // a marker or draft nobody wants is no one's loss; who sent it is told
    else await rows.refuse(row, why);
    tell({ id: row.id, state: gone ? "gone" : "refused", row, why });
  }

  for (;;) {
    const { ready, orphans } = sort(await rows.list(), [...busy.keys(), ...stuck]);
    for (const row of orphans) await giveUp(row, { code: "depends" });
    if (orphans.length) continue;
    if (!halted) for (const { lane, row } of ready) busy.set(lane, settle(lane, row).finally(() => busy.delete(lane)));
    if (busy.size === 0) return outcome;
    await Promise.race(busy.values());
  }
}
