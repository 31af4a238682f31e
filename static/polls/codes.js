// The code of an own vote without name, and what it was: kept on this device alone, sealed, so that after the end one
// finds it in the list. Nobody else has it, the server neither.

import { parse } from "../kernel/rule.js";
import { storeOf } from "../kernel/store.js";

const rowOf = (poll) => `ballot/${poll}`;
const memory = new Map(); // where nothing may be kept on the device

// `print`: of the poll's key; without it, whatever key it was for.
export async function get(person, seal, poll, print = "") {
  const row = seal ? await storeOf(person).get("drafts", rowOf(poll)) : memory.get(poll);
  if (!row || (print && row.print !== print)) return null;
  return seal ? seal.open(row.sealed, rowOf(poll)).catch(() => null) : row.content;
}

export async function put(person, seal, poll, print, content) {
  if (!seal) { memory.set(poll, { print, content }); return; }
  await storeOf(person).put("drafts", { id: rowOf(poll), print, sealed: await seal.close(content, rowOf(poll)) });
}

export async function drop(person, poll) {
  memory.delete(poll);
  await storeOf(person).remove("drafts", rowOf(poll));
}

export function shown(code) {
  const element = parse('<span class="code"></span>').firstElementChild;
  element.textContent = code;
  return element;
}
