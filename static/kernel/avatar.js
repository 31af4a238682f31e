// As the macro `avatar` in templates/kernel/parts.html
export function avatar(person, size = "s") {
  const box = document.createElement("span");
  const side = person.side && person.side !== "office" ? ` side-${person.side}` : "";
  box.className = `avatar${side} ${size} c${(person.id % 8) + 1}`;
  box.setAttribute("aria-hidden", "true");
  const names = person.name.trim().split(/\s+/);
  const letter = (name) => [...name][0]?.toUpperCase() ?? "";
  box.textContent = letter(names[0]) + (names.length > 1 ? letter(names.at(-1)) : "");
  return box;
}
