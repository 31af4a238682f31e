// The page as paper.

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-act=print]")) print();
});
