// The list of codes: finds one's own, which this device has kept, and counts the list again here.

import { me, ready, seal } from "../kernel/page.js";
import { parse } from "../kernel/rule.js";
import { word } from "../kernel/words.js";
import * as codes from "./codes.js";

const found = document.querySelector("[data-found]");
const list = document.querySelector("[data-codes]");

async function listed(poll, code) {
  const here = [...list.children].find(({ dataset }) => dataset.code === code);
  if (here || !document.querySelector(`a[href="/polls/${poll}/codes"]`)) return here;
  const answer = await fetch(`/polls/${poll}/codes`, { headers: { Accept: "text/html" } }).catch(() => null);
  const row = answer?.ok ? parse(await answer.text()).querySelector(`[data-code="${CSS.escape(code)}"]`) : null;
  if (row) list.prepend(row);
  return row;
}

function tell(code, row) {
  const icon = parse('<svg class="icon" aria-hidden="true"><use/></svg>').firstElementChild;
  icon.firstElementChild.setAttribute("href", row ? "#i-check" : "#i-circle-alert");
  const head = document.createElement("b");
  head.append(row ? word("Own code found:") : word("Own code is not in the list:"), " ", codes.shown(code));
  const counted = row?.children[1]?.textContent;
  const said = row ? counted ? word("Counted as: {answer}", { answer: counted }) : word("The vote was counted.") : word("Was the vote replaced on another device? Then that one’s code is listed.");
  const box = document.createElement("span");
  box.append(head, said);
  found.replaceChildren(icon, box);
  found.hidden = false;
  row?.classList.add("mine");
}

// All sums from the list, as this device counts them.
function count() {
  const sums = document.querySelector("[data-sums]");
  if (!sums) return;
  const totals = new Map();
  for (const row of list.children) totals.set(row.children[1].textContent, (totals.get(row.children[1].textContent) ?? 0) + 1);
  const said = [...totals].map(([answer, n]) => `${answer}: ${n}`).sort().join(" · ");
  sums.textContent = word("Counted on this device: {sums}", { sums: said });
  sums.hidden = false;
}

await ready;
if (list) count();
const own = found && list ? await codes.get(me, seal, found.dataset.poll) : null;
if (own?.code) tell(own.code, await listed(found.dataset.poll, own.code));
