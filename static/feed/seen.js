// Who reads a post has seen what they were told about it: Home need not say it again, not even what comes while they
// look. What still wants something done, an acknowledgement or a task, stays.

import * as mine from "../kernel/mine.js";
import { send } from "../kernel/outbox.js";

const PREFIX = "notice/";
const { kinds, told } = JSON.parse(document.getElementById("seen").textContent);
const open = new Map(Object.entries(told).map(([key, value]) => [key, value.told]));

function tick() {
  if (document.hidden) return;
  for (const [key, count] of open) send({ do: "notices.done", key, told: count }, { last: PREFIX + key });
  open.clear();
}

// Of this post or of a comment that is on the page.
function concerns(key) {
  const at = key.indexOf("/");
  return kinds.includes(key.slice(at + 1)) && document.getElementById(key.slice(0, at)) !== null;
}

mine.subscribe("notice", (full, value) => {
  const key = full.slice(PREFIX.length);
  if (!value || value.done || !concerns(key)) return;
  open.set(key, value.told);
  tick();
});
document.addEventListener("visibilitychange", tick);
tick();
