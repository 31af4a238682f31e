// Copies a secret that is shown once: <button data-copy="id">; what was done is said beside it.

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    if (said) said.textContent = said.dataset.copied;
  } catch { // not over plain http: mark it, then the keyboard copies
    getSelection().selectAllChildren(source);
  }
});
