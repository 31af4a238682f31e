// Choosing people while typing: the server is asked for the same page, and its list takes the place of this one.

const PAUSE_MS = 150;

for (const picker of document.querySelectorAll("[data-picker]")) {
  const field = picker.querySelector("input[type=search]");
  const results = picker.querySelector("[data-results]");
  const form = picker.closest("form");
  let timer = 0, asked = 0;

  const ask = async () => {
    const mine = ++asked;
    const wanted = new URLSearchParams({ _find: field.value });
    for (const box of results.querySelectorAll(":checked")) wanted.append("people", box.value);
    const answer = await fetch(`${location.pathname}?${wanted}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("[data-picker] [data-results]");
    if (!found) return;
    const chosen = new Set([...results.querySelectorAll(":checked")].map((box) => box.value)); // ticked meanwhile
    for (const box of found.querySelectorAll("input")) box.checked = chosen.has(box.value);
    results.replaceChildren(...found.childNodes);
  };

  picker.querySelector("[data-find]").hidden = true;
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter looks, and does not send the form
    const one = results.querySelectorAll("input:not(:checked)");
    if (field.value && one.length === 1) one[0].checked = true;
  });
  form.addEventListener("submit", () => { asked += 1; });
}
