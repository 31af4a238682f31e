// When a post is published, ends, and until when it is to be acknowledged: times that are often meant, or any.

const HOUR = 7; // when a planned post goes out

const two = (n) => String(n).padStart(2, "0");
const local = (at) => { const d = new Date(at); return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`; };

function inDays(days) {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(HOUR, 0, 0, 0);
  return at.getTime();
}

const untilMonday = () => (8 - new Date().getDay()) % 7 || 7;

export function startTimes(form, { at: planned, ack_until: ackUntil, expires }) {
  const { elements } = form;
  const at = (name) => { const time = Date.parse(elements[name]?.value ?? ""); return time > 0 ? time : 0; };
  for (const [name, time] of [["ack_until_local", ackUntil], ["expires_local", expires], ["at_local", planned]]) {
    if (elements[name] && time) elements[name].value = local(time);
    if (elements[name]) elements[name].min = local(Date.now());
  }
  const put = (name, time) => { elements[name].value = time ? local(time) : ""; };
  const box = form.querySelector("[data-times]");
  if (!box) return { at, put, chosen: () => 0 }; // a post that is there already
  const other = box.querySelector("[data-other-time]");
  const named = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  for (const time of [...new Set([inDays(1), inDays(untilMonday())])]) other.before(choice(time, named.format(time)));
  if (planned) other.querySelector("input").checked = true;
  const show = () => { form.querySelector("[data-at]").hidden = form.querySelector("[name=_when]:checked").value !== "other"; };
  box.addEventListener("change", show);
  show();

  elements.ack?.addEventListener("change", () => { if (elements.ack.checked && !elements.ack_until_local.value) elements.ack_until_local.value = local(inDays(7)); });

  return {
    at, put,
    chosen() {
      const { value } = form.querySelector("[name=_when]:checked");
      return value === "other" ? at("at_local") : Number(value || 0);
    },
  };
}

function choice(time, text) {
  const label = document.createElement("label");
  label.className = "chip soft";
  label.append(Object.assign(document.createElement("input"), { type: "radio", name: "_when", value: String(time) }), text);
  return label;
}
