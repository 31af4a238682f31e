// In the field a mention reads "@Mehmet Aydin"; what is sent names the person: "@[Mehmet Aydin](p:5)". Names typed by
// hand are resolved by the server; these are the ones that were chosen, or stood in a text that is being changed.

const STORED = /@\[((?:\\.|[^\\[\]\n]){1,120})\]\((p:\d+|t:\d+|all)\)/g;
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

const escaped = (name) => name.replace(/[\\[\]]/g, "\\$&");
const bare = (name) => name.replace(/\\(.)/g, "$1");

const targets = new Map(); // name -> target, for all fields of a page

export function keep(name, target) { targets.set(name, target); }

export function readable(text) {
  return text.replace(STORED, (_whole, name, target) => { keep(bare(name), target); return `@${bare(name)}`; });
}

// Longest names first, so that "@Anna" does not cut into "@Anna Maria"; code stays as it was typed.
export function stored(text) {
  const names = [...targets.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const any = new RegExp(`@(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}])`, "gu");
  const change = (part) => part.replace(any, (_whole, name) => `@[${escaped(name)}](${targets.get(name)})`);
  return text.split(CODE).map((part, n) => (n % 2 ? part : change(part))).join("");
}
