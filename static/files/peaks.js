// A waveform from levels that were measured while recording: 64 numbers from 0 to 100, the loudest stretch at the top.

export const PEAKS = 64;

export function peaksOf(levels) {
  if (levels.length === 0) return [];
  const loudest = Math.max(0.05, ...levels);
  return Array.from({ length: PEAKS }, (_, n) => {
    const from = Math.floor((n * levels.length) / PEAKS);
    const to = Math.max(from + 1, Math.floor(((n + 1) * levels.length) / PEAKS));
    return Math.round((100 * Math.max(...levels.slice(from, to))) / loudest);
  });
}

// One upright stroke for each value from 0 to 1, around the middle of a box of this height.
export function strokes(values, { height, step, from = 0, least = 2 }) {
  return values.map((value, n) => {
    const length = Math.max(least, Math.round(value * (height - 10)));
    return `M${(from + n) * step + step / 2} ${(height - length) / 2}v${length}`;
  }).join("");
}
