// One file to the server: announced, then its bytes from wherever the server has got to. What it has once said that it
// has is never sent again, whatever happens to the line, the page or the server meanwhile.

import { newId } from "../kernel/outbox.js";
import { post } from "../kernel/transmit.js";

const LEAST = 32 * 1024;
const MOST = 128 * 1024; // what a dying line can cost to send again
const PATIENCE_MS = 60_000;

let span = MOST; // bytes per request: fewer on a slow line, so that progress shows and little is lost

// {kind: "here"}, "wait" (with after), "signin", "refused" (with why).
export async function transfer(row, files, tell) {
  const begun = await post({ do: "files.begin", id: row.upload, place: 0, name: row.name, size: row.size, sha256: row.sha256, kind: row.kind }, row.person);
  if (begun.kind !== "delivered") return begun;
  let spoiled = 0;
  for (let at = await offsetOf(row); ;) {
    if (at.kind) return at;
    if (at.gone) return again(row, files, tell);
    tell({ sent: at.offset });
    if (at.done || at.offset >= row.size) return { kind: "here" };
    const bytes = (await files.bytes(row, at.offset)).subarray(0, span);
    at = await put(row, at.offset, bytes);
    if (at.spoiled && ++spoiled > 1) return { kind: "refused", why: at.why };
  }
}

// The server has forgotten what was begun (too long ago, or restored from a backup): from the start, under a new id.
async function again(row, files, tell) {
  if (row.again) return { kind: "wait", after: 0 };
  const fresh = { ...row, upload: newId(), again: true };
  await files.put({ ...fresh, again: undefined });
  return transfer(fresh, files, tell);
}

async function ask(method, url, row, body) {
  try {
    return await fetch(url, {
      method, body, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { Accept: "application/json", "X-Person": String(row.person) },
    });
  } catch {
    return null;
  }
}

async function offsetOf(row) {
  const answer = await ask("HEAD", `/files/${row.upload}`, row);
  const offset = answer?.headers.get("upload-offset");
  if (answer?.ok && offset !== null) return { offset: Number(offset) };
  return answer?.status === 404 ? { gone: true } : stopped(answer);
}

async function put(row, offset, bytes) {
  const began = performance.now();
  const answer = await ask("PUT", `/files/${row.upload}?offset=${offset}`, row, bytes);
  const took = performance.now() - began;
  const said = answer && (answer.headers.get("content-type") ?? "").includes("json") ? await answer.json().catch(() => null) : null;
  if (!answer || !said) { span = LEAST; return stopped(answer); }
  if (answer.ok) {
    span = Math.min(MOST, Math.max(LEAST, took < 1000 ? span * 2 : took > 4000 ? span / 2 : span));
    return { offset: said.offset, done: said.done };
  }
  const why = { status: answer.status, code: said.code, reason: said.title };
  if (said.code === "wrong-offset") return { offset: said.offset };
  if (said.code === "other-bytes") return { offset: 0, spoiled: true, why };
  if (answer.status === 404) return { gone: true };
  if (answer.status < 500 && ![401, 408, 425, 429].includes(answer.status)) return { kind: "refused", why };
  return stopped(answer);
}

function stopped(answer) {
  if (answer?.status === 401) return { kind: "signin" };
  return { kind: "wait", after: 1000 * (Number(answer?.headers.get("retry-after")) || 0) };
}
