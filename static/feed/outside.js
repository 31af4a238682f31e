// Posts that one reads from outside their audience: the own place says that one has changed, and its card is fetched.

import * as frames from "../kernel/frames.js";
import * as mine from "../kernel/mine.js";
import { place, parse, revOf } from "../kernel/rule.js";

const gone = (post) => (post.closest(".entry") ?? post).remove();

async function changed(key, rev) {
  const post = document.getElementById(`post-${key.split("/")[1]}`);
  if (!post || frames.cursor(post.dataset.place)) return; // inside it comes by itself
  if (!rev) gone(post); // not theirs to read any more
  if (!rev || revOf(post) >= rev) return;
  const answer = await fetch(`/posts/${post.id.split("-")[1]}/card`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.status === 404) { gone(post); return; }
  const card = answer?.ok && parse(await answer.text()).firstElementChild;
  if (card) place(card);
}

export const startOutside = () => mine.subscribe("post", changed);
