// The post as it will stand, beside the form or in a sheet: the server draws the text, the rest is what the form says.

import { timeText } from "../kernel/times.js";
import { word } from "../kernel/words.js";

const PAUSE_MS = 350;

export function startPreview(form, { kind, pieces, texts, times }) {
  const picker = document.querySelector("audience-picker");
  const panes = [...document.querySelectorAll("[data-preview=text]")].map((text) => text.closest(".entry"));
  let timer = 0, drawn = "";

  const put = (name, fn) => { for (const pane of panes) fn(pane.querySelector(`[data-preview="${name}"]`)); };

  function draw() {
    const { title, text } = texts.values(kind());
    for (const pane of panes) pane.querySelector(".post").dataset.kind = kind();
    put("title", (seat) => { seat.textContent = title; seat.hidden = !title; });
    put("audience", (seat) => { seat.textContent = [times.chosen() ? timeText(times.chosen(), "full") : "", picker.words ?? ""].filter(Boolean).join(" · "); });
    put("pictures", (seat) => seat.replaceChildren(...pieces.pictures.map(({ address, note }) => Object.assign(document.createElement("img"), { src: address, alt: note }))));
    const asks = kind() === "news" && form.elements.ack?.checked, until = times.at("ack_until_local");
    put("ack", (seat) => { seat.hidden = !asks; });
    put("until", (seat) => { seat.textContent = until ? word("until {time}", { time: timeText(until, "full") }) : ""; });
    clearTimeout(timer);
    if (text !== drawn) timer = setTimeout(() => fetchText(text), PAUSE_MS);
  }

  async function fetchText(text) {
    const answer = text && await fetch("/feed/preview", { method: "POST", body: new URLSearchParams({ text }), headers: { Accept: "text/html" } }).catch(() => null);
    if (text && !answer?.ok) { put("text", (seat) => { seat.textContent = text; }); return; }
    drawn = text;
    const html = text ? await answer.text() : "";
    put("text", (seat) => { seat.innerHTML = html; });
  }

  for (const name of ["input", "change", "binnen:audience", "binnen:pieces"]) form.addEventListener(name, draw);
  draw();
}
