// Posts that this device has not delivered yet, above the list: as they will stand, waiting or refused, with their files.

import { list, watch } from "../kernel/outbox.js";
import { ready } from "../kernel/page.js";
import { refuse } from "./waits.js";

const box = document.querySelector("[data-unsent]");
const find = (id) => box.querySelector(`[data-echo="${CSS.escape(id)}"]`);

function tiles(seat, files) {
  for (const { id, name } of files) {
    const one = document.getElementById("echo-file").content.cloneNode(true).firstElementChild;
    one.dataset.tile = id;
    one.querySelector("b").textContent = name;
    seat.append(one);
  }
}

function draw({ id, write, echo: said }) {
  const echo = document.getElementById("post-echo").content.cloneNode(true).firstElementChild;
  echo.dataset.echo = id;
  echo.querySelector("[data-audience]").textContent = said?.audience ?? "";
  const kind = document.getElementById("kind-words").content.querySelector(`[data-kind="${write.kind}"]`);
  if (kind) echo.querySelector("[data-kind]").replaceChildren(...kind.cloneNode(true).childNodes);
  const title = echo.querySelector("h2");
  Object.assign(title, { textContent: write.title ?? "", hidden: !write.title });
  echo.querySelector(".text").textContent = write.text ?? "";
  tiles(echo.querySelector(".files"), write.files ?? []);
  box.prepend(echo);
  echo.dispatchEvent(new CustomEvent("binnen:echo", { bubbles: true }));
  return echo;
}

function changed({ id, state, row, why }) {
  if (state === "delivered" || state === "gone") { find(id)?.remove(); return; } // newer.js brings the post itself
  if (row?.write?.do !== "feed.publish") return;
  const echo = find(id) ?? draw(row);
  if (state === "refused") refuse(echo, id, why ?? row.why);
}

export async function startUnsent() {
  if (!box) return;
  watch(changed);
  await ready;
  for (const row of await list()) changed({ ...row, row });
}
