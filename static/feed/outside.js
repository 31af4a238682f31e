// Posts that one reads from outside their audience: the own place says that one has changed, and its card is fetched.

import * as frames from "../kernel/frames.js";
import * as mine from "../kernel/mine.js";
import { place, parse, revOf } from "../kernel/rule.js";

async function changed(key, rev) {
  const post = document.getElementById(`post-${key.split("/")[1]}`);
  if (!post || !rev || revOf(post) >= rev || frames.cursor(post.dataset.place)) return; // inside it comes by itself
  const answer = await fetch(`/posts/${post.id.split("-")[1]}/card`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.status === 404) { (post.closest(".entry") ?? post).remove(); return; }
  const card = answer?.ok && parse(await answer.text()).firstElementChild;
  if (card) place(card);
}

export const startOutside = () => mine.subscribe("post", changed);
