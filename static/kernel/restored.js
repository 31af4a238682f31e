// After the server was restored from a backup its places carry another epoch. What this device had acknowledged and the
// server no longer knows is offered for sending again; nothing is sent again by itself.

import { offerAgain, sentRows } from "./outbox.js";

const AT_ONCE = 100;

async function knownOf(ids) {
  const answer = await fetch("/receipts", {
    method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ ids }),
  });
  if (!answer.ok) throw new Error(`receipts: ${answer.status}`);
  return new Set((await answer.json()).known);
}

// Returns how many acknowledged writes are missing on the server.
export async function compare() {
  const rows = await sentRows();
  let gone = 0;
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE);
    const known = await knownOf(some.map((row) => row.id));
    for (const row of some) if (!known.has(row.id)) { await offerAgain(row); gone++; }
  }
  return gone;
}
