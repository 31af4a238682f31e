"""Faces for some of the people: calm, drawn in the product's own quiet tints, nobody in particular."""

from __future__ import annotations

import io

from .canvas import Canvas

SIZE = 400
GROUNDS = ("#d9e5e8", "#e8e0d2", "#e4dcea", "#dbe8dc", "#f0ddd6", "#dde0ee", "#ece7cf", "#d6e6e2")
SKINS = ("#f2cfb4", "#e8b997", "#d6a07a", "#b97f57", "#8d5b3d")
HAIRS = ("#2a211c", "#4b3626", "#7a5632", "#b98d4e", "#8b8f90", "#c9c6bd", "#8a3f24")
COATS = ("#0d5c4a", "#2f5b8a", "#47524e", "#7d4a3a", "#5b5f7d", "#a5803d")


def portrait(look: str, seed: str) -> bytes:
    """A WebP. `look` is hair (long, short, bun, bald, cap, scarf), its skin and hair by number, and what else."""
    style, skin, hair, *more = look.split()
    c = Canvas(SIZE, SIZE, seed)
    tone, lock, coat = SKINS[int(skin)], HAIRS[int(hair)], c.dice.choice(COATS)
    c.fade((0, 0, SIZE, SIZE), c.dice.choice(GROUNDS), c.dice.choice(GROUNDS))
    _behind(c, style, lock, coat)
    c.fade((62, 292, 338, 560), coat, "#1d2a28", radius=110)
    c.rect((168, 236, 232, 318), _darker(tone), 26)
    c.poly([(150, 300), (250, 300), (200, 352)], tone if "open" not in more else "#f4f2ea")
    c.oval((132, 96, 268, 272), tone)
    _front(c, style, lock, coat)
    _face(c, tone, more)
    out = io.BytesIO()
    c.done().resize((320, 320)).save(out, "WEBP", quality=82)
    return out.getvalue()


def _behind(c: Canvas, style: str, lock: str, coat: str) -> None:
    if style == "long":
        c.rect((112, 92, 288, 330), lock, 84)
    elif style == "bun":
        c.disc(200, 76, 40, lock)
    elif style == "scarf":
        c.rect((108, 74, 292, 340), coat, 90)


def _front(c: Canvas, style: str, lock: str, coat: str) -> None:
    if style == "cap":
        c.draw.pieslice((252, 148, 548, 420), 180, 360, fill=coat)
        c.rect((126, 138, 300, 156), coat, 9)
    elif style == "scarf":
        c.draw.arc((224, 150, 576, 580), 150, 390, fill=coat, width=58)
    elif style == "bald":
        c.draw.chord((264, 192, 536, 544), 150, 200, fill=lock)
        c.draw.chord((264, 192, 536, 544), 340, 390, fill=lock)
    else:
        c.draw.chord((252, 164, 548, 448), 196, 344, fill=lock)
        c.poly([(128, 160), (140, 118), (232, 104), (196, 142), (140, 168)], lock)
        c.poly([(272, 164), (262, 118), (212, 104), (234, 140), (262, 166)], lock)
        for x in (128, 260):
            c.rect((x, 132, x + 12, 178 if style != "long" else 250), lock, 6)


def _face(c: Canvas, tone: str, more: list[str]) -> None:
    ink, shade = "#2a211c", _darker(tone)
    if "beard" in more:
        c.draw.chord((264, 192, 536, 544), 30, 150, fill="#2a211ca0")
    for x in (172, 228):
        c.disc(x, 186, 6.5, ink)
        c.line([(x - 13, 168), (x, 164), (x + 13, 168)], "#2a211cb0", 4.5)
    c.line([(201, 190), (196, 212), (205, 214)], shade, 4)
    c.arc((174, 210, 226, 248), 28, 152, "#e3bfa8" if "beard" in more else "#7d3f32", 5)
    if "glasses" in more:
        for x in (172, 228):
            c.disc(x, 187, 21, "", "#39322c", 4)
        c.line([(193, 185), (207, 185)], "#39322c", 4)


def _darker(colour: str) -> str:
    parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return "#" + "".join(f"{int(part * 0.86):02x}" for part in parts)
