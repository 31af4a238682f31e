// Files on a page: everything larger is loaded when it is first needed.

import { me, ready, seal } from "../kernel/page.js";
import { decorate } from "../kernel/rule.js";
import { storeOf } from "../kernel/store.js";

const ACTS = new Set(["photo", "file", "voice"]);
const form = document.querySelector("form#composer");

function look(root) {
  if (root.querySelector("voice-note")) import("./voice.js");
}

const holdsFiles = (data) => [...(data?.types ?? [])].includes("Files");
const pick = (fn) => import("./pick.js").then((picked) => fn(picked.attachments(form)));

decorate(look);
look(document);

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-look]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import("./gallery.js").then(({ open }) => open(link));
});

if (form) {
  form.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (ACTS.has(act)) pick((attachments) => attachments.act(act));
  });
  for (const input of form.querySelectorAll('input[type="file"]')) {
    input.addEventListener("change", () => pick((attachments) => attachments.take(input)));
  }
  form.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])]; // gone once this returns
    if (pasted.length === 0) return;
    event.preventDefault();
    pick((attachments) => attachments.add(pasted));
  });
  const main = document.getElementById("main");
  main.addEventListener("dragenter", (event) => { if (holdsFiles(event.dataTransfer)) pick((attachments) => attachments.invite()); });
  main.addEventListener("dragover", (event) => { if (holdsFiles(event.dataTransfer)) event.preventDefault(); });
  main.addEventListener("drop", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    const dropped = [...event.dataTransfer.files];
    pick((attachments) => attachments.add(dropped));
  });
}

await ready;
import("./away.js").catch(() => {}); // the next page has it
if (seal && await storeOf(me).count("uploads")) {
  import("./tiles.js");
  if (form) pick((attachments) => attachments.restore());
}
