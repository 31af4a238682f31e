"""Voice notes: the length and the waveform that the recording browser measured, taken only in the shape we show."""

from itertools import pairwise

PEAKS = 64
LONGEST = 5 * 60 * 1000
_GRACE = 2_000


def clamp_length(duration: int) -> int:
    """A length in milliseconds between nothing and five minutes (and the moment a recorder needs to stop)."""
    return max(0, min(duration, LONGEST + _GRACE))


def clamp_peaks(peaks: list[int]) -> list[int]:
    """Exactly 64 peaks from 0 to 100: longer lists keep the highest of each stretch, shorter ones are stretched."""
    if not peaks:
        return []
    count = len(peaks)
    clamped = [max(0, min(peak, 100)) for peak in peaks]
    starts = [n * count // PEAKS for n in range(PEAKS + 1)]
    return [max(clamped[start : max(end, start + 1)]) for start, end in pairwise(starts)]


def wave(peaks: list[int], height: int = 32, step: int = 4) -> str:
    """The waveform as the path of an SVG whose view box is `64 * step` wide: one upright stroke for each peak."""
    strokes = []
    for n, peak in enumerate(peaks or [0] * PEAKS):
        length = max(2, round(peak * (height - 4) / 100))
        strokes.append(f"M{n * step + step // 2} {(height - length) / 2:g}v{length}")
    return "".join(strokes)
