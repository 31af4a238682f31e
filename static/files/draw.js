// Drawing into a photo with the finger: an arrow, a circle around the crack. Each stroke has a casing of the opposite
// brightness, so it is seen on any ground. Loaded when somebody wants it; who cannot draw sends the photo as it is.

import { openSheet } from "../kernel/shell.js";

const MOST_SIDE = 4096; // telephones give out beyond 16 million dots
const QUALITY = 0.9;
const PEN = 0.012; // of the longer side
const CASING = 1.7;

const slot = (sheet, name) => sheet.querySelector(`[data-slot="${name}"]`);

class Drawing {
  #strokes = []; // {pen, casing, points: [{x, y} from 0 to 1]}
  #current = null;

  constructor(sheet, picture, settle) {
    Object.assign(this, { sheet, picture, settle });
    this.canvas = slot(sheet, "over");
    this.ending = new AbortController();
    const { signal } = this.ending;
    for (const [name, act] of [["pointerdown", this.#begin], ["pointermove", this.#move], ["pointerup", this.#end], ["pointercancel", this.#end]]) {
      this.canvas.addEventListener(name, (event) => act.call(this, event), { signal });
    }
    sheet.addEventListener("click", ({ target }) => this.#act(target.closest("[data-act]")?.dataset.act), { signal });
    sheet.addEventListener("close", () => this.#close(null), { signal });
    const fitting = new ResizeObserver(() => this.#fit());
    fitting.observe(this.canvas);
    signal.addEventListener("abort", () => fitting.disconnect());
  }

  #act(name) {
    if (name === "undo") { this.#strokes.pop(); this.#draw(); }
    else if (name === "drawn") this.#finish();
  }

  #close(result) {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    this.sheet.close();
    this.settle(result);
  }

  // ---- the finger ------------------------------------------------------------------------------------------------

  #begin(event) {
    if (!event.isPrimary || event.button > 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    const { backgroundColor: pen, color: casing } = getComputedStyle(this.sheet.querySelector("[name=pen]:checked"));
    this.#current = { pen, casing, points: [this.#point(event)] };
    this.#strokes.push(this.#current);
    this.#draw();
  }

  #move(event) {
    if (!this.#current || !event.isPrimary) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) this.#current.points.push(this.#point(one));
    this.#draw();
  }

  #end({ isPrimary }) { if (isPrimary) this.#current = null; }

  #point({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
  }

  // ---- on the screen, and in the picture -------------------------------------------------------------------------

  #fit() {
    const { clientWidth, clientHeight } = this.canvas;
    Object.assign(this.canvas, { width: clientWidth * devicePixelRatio, height: clientHeight * devicePixelRatio });
    this.#draw();
  }

  #draw() {
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.#strokes) paint(context, stroke, this.canvas);
    for (const name of ["undo", "drawn"]) this.sheet.querySelector(`[data-act="${name}"]`).disabled = this.#strokes.length === 0;
  }

  async #finish() {
    const { width, height } = this.picture;
    const scale = Math.min(1, MOST_SIDE / Math.max(width, height));
    const paper = Object.assign(document.createElement("canvas"), { width: Math.round(width * scale), height: Math.round(height * scale) });
    const context = paper.getContext("2d");
    context.fillStyle = "white"; // where a picture is transparent
    context.fillRect(0, 0, paper.width, paper.height);
    context.drawImage(this.picture, 0, 0, paper.width, paper.height);
    for (const stroke of this.#strokes) paint(context, stroke, paper);
    this.#close(await new Promise((resolve) => paper.toBlob(resolve, "image/jpeg", QUALITY)));
  }
}

function paint(context, { pen, casing, points }, { width, height }) {
  const wide = Math.max(width, height) * PEN;
  context.lineCap = context.lineJoin = "round";
  for (const [colour, line] of [[casing, wide * CASING], [pen, wide]]) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.beginPath();
    context.moveTo(points[0].x * width, points[0].y * height);
    if (points.length === 1) context.lineTo(points[0].x * width, points[0].y * height); // a dot
    for (let n = 1; n < points.length; n++) {
      const [from, to] = [points[n - 1], points[n]];
      context.quadraticCurveTo(from.x * width, from.y * height, ((from.x + to.x) / 2) * width, ((from.y + to.y) / 2) * height);
    }
    const last = points.at(-1);
    context.lineTo(last.x * width, last.y * height);
    context.stroke();
  }
}

// The photo with what was drawn, as JPEG; null when it stays as it is. Throws where this browser cannot show it.
export async function drawInto(sheet, blob) {
  const picture = await createImageBitmap(blob);
  const under = slot(sheet, "under");
  const address = URL.createObjectURL(blob);
  under.src = address;
  await under.decode();
  const drawn = await new Promise((settle) => {
    new Drawing(sheet, picture, settle);
    openSheet(sheet);
  });
  picture.close();
  under.removeAttribute("src");
  URL.revokeObjectURL(address);
  return drawn;
}
