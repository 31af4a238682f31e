// The head of a topic's page: its name, whether it is done and what came of it. When the topic changes, by anybody, the
// server draws the head anew; where the topic was merged away, the page follows it.

import * as frames from "../kernel/frames.js";
import { parse } from "../kernel/rule.js";

const head = () => document.querySelector("[data-topic-head]");

frames.on("frame", (frame) => {
  const here = head();
  const thing = frame.things?.find(({ id }) => id === here?.dataset.topicHead);
  if (thing && Number(thing.rev) > Number(here.dataset.rev)) draw();
});

async function draw() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return; // the next change, or the next visit, shows it
  if (answer.redirected) { location.replace(answer.url); return; }
  const page = parse(await answer.text());
  for (const id of ["topic-head", "topic-act"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
}
