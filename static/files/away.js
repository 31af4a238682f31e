// Pictures that are not on this device and cannot be fetched now: a quiet tile says so, and they come with the network.

import * as socket from "../kernel/socket.js";
import { word } from "../kernel/words.js";

const PICTURE = ".photo img";

function miss(image) {
  const link = image.parentElement;
  if (link.classList.contains("away")) return;
  link.classList.add("away");
  link.dataset.away = word("The picture comes with the network.");
}

function again() {
  for (const image of document.querySelectorAll(".away > img")) image.src = image.getAttribute("src");
}

document.addEventListener("error", ({ target }) => { if (target.matches?.(PICTURE)) miss(target); }, true);
document.addEventListener("load", ({ target }) => { if (target.matches?.(PICTURE)) target.parentElement.classList.remove("away"); }, true);
socket.on("open", again);
for (const image of document.querySelectorAll(PICTURE)) if (image.currentSrc && image.complete && !image.naturalWidth) miss(image);
