"""Close-ups: what technicians photograph."""

from __future__ import annotations

import math

from .canvas import Canvas

WOOD = ("#c79b68", "#8a6137")


def ring(c: Canvas) -> None:
    """A seal ring on the bench, cracked at the groove."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), *WOOD)
    _grain(c)
    x, y, r = w * 0.47, h * 0.52, min(w, h) * 0.40
    c.soft_shadow((x - r * 1.1, y - r * 0.9, x + r * 1.35, y + r * 1.3), 130)
    c.fade((x - r, y - r, x + r, y + r), "#f4f5f1", "#77827f", shape="oval")
    c.oval((x - r * 0.9, y - r * 0.9, x + r * 0.9, y + r * 0.9), "", "#6f7b7a", 4)
    c.fade((x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8), "#5a6664", "#2b3534", shape="oval")
    c.fade((x - r * 0.66, y - r * 0.66, x + r * 0.66, y + r * 0.66), "#e3e6e2", "#75807e", shape="oval")
    c.disc(x, y, r * 0.5, "#17211f", "#8b9694", 6)
    c.arc((x - r * 0.44, y - r * 0.44, x + r * 0.44, y + r * 0.44), 190, 280, "#4d5957", 12)
    crack = [(0.36, -0.5), (0.42, -0.57), (0.44, -0.54), (0.52, -0.66), (0.56, -0.65), (0.63, -0.78)]
    points = [(x + r * a, y + r * b) for a, b in crack]
    c.line(points, "#140c0a", 8)
    c.line([points[3], (points[3][0] + r * 0.09, points[3][1] + r * 0.03)], "#140c0a", 4)
    _ruler(c, x + r * 0.35, y + r * 0.72, r * 0.9)


def flange(c: Canvas) -> None:
    """A flange under pressure, wet below."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#55686a", "#26383a")
    for n in range(9):
        c.line([(n * w / 8, 0), (n * w / 8, h * 0.62)], "#ffffff10", 3)
    c.fade((0, h * 0.72, w, h), "#3a4746", "#2a3534")
    y, r = h * 0.44, h * 0.13
    c.fade((0, y - r, w, y + r), "#dfe5e1", "#59686a")
    c.fade((0, y - r * 0.72, w, y - r * 0.35), "#f4f7f3", "#c8d0cc")
    for x in (w * 0.42, w * 0.52):
        c.fade((x, y - r * 2.0, x + w * 0.085, y + r * 2.0), "#cfd7d3", "#505e5f", radius=12)
        for step in (-1.62, -0.75, 0.75, 1.62):
            c.rect((x - 16, y + r * step - 17, x + w * 0.085 + 16, y + r * step + 17), "#39484a", 6)
            c.rect((x - 16, y + r * step - 17, x - 2, y + r * step + 17), "#82908f", 5)
    c.rect((w * 0.505, y - r * 2.0, w * 0.52, y + r * 2.0), "#9c3f22")
    for n in range(7):
        x, drop = w * (0.508 + c.dice.uniform(-0.012, 0.018)), y + r * (2.1 + n * 0.42)
        c.oval((x - 5, drop, x + 5, drop + 24), "#cfe7eae0")
    c.oval((w * 0.36, h * 0.86, w * 0.68, h * 0.95), "#9fc4c8b0")
    c.oval((w * 0.44, h * 0.88, w * 0.62, h * 0.915), "#e4f3f2b0")


def gauge(c: Canvas) -> None:
    """A manometer; its needle stands where the dice say."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#8fa39d", "#4d635f")
    for n in range(6):
        c.line([(0, h * n / 5), (w, h * n / 5)], "#ffffff18", 3)
    x, y, r = w * 0.5, h * 0.42, min(w, h) * 0.36
    c.steel((x - r * 0.18, y + r, x + r * 0.18, h), dark="#5e4a26", light="#e3c27a")
    c.rect((x - r * 0.3, y + r * 0.98, x + r * 0.3, y + r * 1.22), "#a5803d", 8)
    c.soft_shadow((x - r * 1.1, y - r * 0.8, x + r * 1.4, y + r * 1.4), 110)
    c.fade((x - r, y - r, x + r, y + r), "#e8ecea", "#5a6766", shape="oval")
    c.disc(x, y, r * 0.88, "#fbfbf7", "#2b3634", 4)
    for n in range(51):
        turn = math.radians(135 + n * 270 / 50)
        long = 0.68 if n % 5 == 0 else 0.75
        c.line(
            [(x + math.cos(turn) * r * q, y + math.sin(turn) * r * q) for q in (long, 0.81)],
            "#1d2624",
            5 if n % 5 == 0 else 2,
        )
        if n % 5 == 0:
            c.text(
                (x + math.cos(turn) * r * 0.55, y + math.sin(turn) * r * 0.55), str(n // 5), "#1d2624", r * 0.13, "mm"
            )
    c.arc((x - r * 0.84, y - r * 0.84, x + r * 0.84, y + r * 0.84), 324, 405, "#a33b1f", 10)
    c.text((x, y + r * 0.34), "bar", "#1d2624", r * 0.12, "mm")
    turn = math.radians(135 + c.dice.uniform(15, 24) * 270 / 50)
    c.line(
        [
            (x - math.cos(turn) * r * 0.18, y - math.sin(turn) * r * 0.18),
            (x + math.cos(turn) * r * 0.7, y + math.sin(turn) * r * 0.7),
        ],
        "#101715",
        10,
    )
    c.disc(x, y, r * 0.08, "#101715", "#8b9694", 4)
    c.poly(
        [
            (x - r * 0.62, y - r * 0.62),
            (x - r * 0.2, y - r * 0.84),
            (x + r * 0.02, y - r * 0.84),
            (x - r * 0.74, y - r * 0.42),
        ],
        "#ffffff38",
    )


def label(c: Canvas) -> None:
    """The rating plate of a pump."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#146453", "#0b3d33")
    for n in range(5):
        c.rect((0, h * (0.08 + n * 0.22), w, h * (0.08 + n * 0.22) + 10), "#00000028")
    left, top, right, bottom = w * 0.12, h * 0.16, w * 0.88, h * 0.84
    c.soft_shadow((left - 40, top - 10, right + 60, bottom + 70), 110)
    c.fade((left, top, right, bottom), "#f3f4ef", "#aeb8b5", radius=22)
    for x in (left + 30, right - 30):
        for y in (top + 30, bottom - 30):
            c.disc(x, y, 13, "#6f7b7a", "#3d4846", 3)
    size = (bottom - top) / 9
    c.text((left + 70, top + size * 1.2), "QUELLMOOR", "#0b3d33", size * 0.95)
    rows = (
        "Q-40   7,5 kW   2900 1/min",
        "Q = 62 m3/h    H = 48 m",
        f"Nr. 26-{c.dice.randint(1000, 9999)}    IP 55",
        "Baujahr 2021",
    )
    for number, words in enumerate(rows):
        y = top + size * (2.9 + number * 1.4)
        c.line([(left + 60, y + size * 0.66), (right - 60, y + size * 0.66)], "#3d484660", 2)
        c.text((left + 70, y), words, "#1c2625", size * 0.68)
    for _ in range(26):
        x, y = c.dice.uniform(left, right), c.dice.uniform(top, bottom)
        c.line([(x, y), (x + c.dice.uniform(-60, 60), y + c.dice.uniform(-14, 14))], "#59656330", 2)


def board(c: Canvas) -> None:
    """A whiteboard: what the radius should be and what it is."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#d9dcd5", "#b9c0ba")
    c.rect((w * 0.05, h * 0.06, w * 0.95, h * 0.9), "#8b9694", 10)
    c.fade((w * 0.06, h * 0.075, w * 0.94, h * 0.885), "#fdfdfa", "#eef0ec")
    c.rect((w * 0.3, h * 0.9, w * 0.7, h * 0.925), "#6f7b7a", 6)
    c.rect((w * 0.36, h * 0.885, w * 0.46, h * 0.905), "#a33b1f", 5)
    c.rect((w * 0.5, h * 0.885, w * 0.6, h * 0.905), "#14513f", 5)
    for x, word, ink, curve in ((w * 0.28, "Soll 0,4", "#14513f", 74), (w * 0.72, "Ist 0,15", "#a33b1f", 14)):
        y = h * 0.42
        c.line(
            [(x - w * 0.15, y - h * 0.16), (x - w * 0.02, y - h * 0.16), (x - w * 0.02, y + h * 0.1 - curve)], ink, 8
        )
        c.line([(x - w * 0.02 + curve, y + h * 0.1), (x + w * 0.14, y + h * 0.1), (x + w * 0.14, y + h * 0.18)], ink, 8)
        c.arc((x - w * 0.02, y + h * 0.1 - 2 * curve, x - w * 0.02 + 2 * curve, y + h * 0.1), 90, 180, ink, 8)
        c.line([(x + w * 0.1, y - h * 0.12), (x + w * 0.03 + curve * 0.4, y + h * 0.06)], ink, 4)
        c.text((x, h * 0.71), word, ink, h * 0.075, "mm")
    c.line([(w * 0.5, h * 0.16), (w * 0.5, h * 0.8)], "#8b9694", 4)
    c.text((w * 0.5, h * 0.135), "Nut, Charge 26-09", "#1c2625", h * 0.05, "mm")


def impellers(c: Canvas) -> None:
    """Two impellers on a cloth: the left one eaten away, the right one new."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#3d5a73", "#24394c")
    for n in range(14):
        c.line([(w * n / 13 - 60, 0), (w * n / 13 + 60, h)], "#ffffff0c", 5)
    for x, worn in ((w * 0.27, True), (w * 0.73, False)):
        y, r = h * 0.5, h * 0.29
        c.soft_shadow((x - r * 1.1, y - r * 0.9, x + r * 1.4, y + r * 1.4), 130)
        light, dark, vane = ("#a08668", "#4d3d2c", "#6d5a44") if worn else ("#f0f2ee", "#7f8b89", "#59656a")
        c.fade((x - r, y - r, x + r, y + r), light, dark, shape="oval")
        for n in range(6):
            turn = math.radians(60 * n + (9 if worn else 0))
            reach = r * (c.dice.uniform(0.62, 0.86) if worn else 0.95)
            curve = [(turn + 0.16 * k, r * 0.3 + (reach - r * 0.3) * k / 6) for k in range(7)]
            points = [(x + math.cos(a) * q, y + math.sin(a) * q) for a, q in curve]
            c.line(points, vane, 22)
            c.line([(px - 5, py - 5) for px, py in points], light, 6)
        if worn:
            for _ in range(46):
                a, q = c.dice.uniform(0, 6.28), r * c.dice.uniform(0.3, 1.0)
                c.disc(x + math.cos(a) * q, y + math.sin(a) * q, c.dice.uniform(4, 17), "#2f456090")
            for _ in range(9):
                a = c.dice.uniform(0, 6.28)
                c.disc(x + math.cos(a) * r, y + math.sin(a) * r, c.dice.uniform(10, 26), "#2f4a61")
        c.disc(x, y, r * 0.3, "#cfd7d3" if not worn else "#7d6a52", "#39484a", 6)
        c.disc(x, y, r * 0.15, "#10201e")
        c.rect((x - 9, y - r * 0.2, x + 9, y - r * 0.1), "#10201e")


def _grain(c: Canvas) -> None:
    for _ in range(18):
        y, bend = c.dice.uniform(0, c.height), c.dice.uniform(-24, 24)
        points = [(c.width * n / 6, y + bend * math.sin(n)) for n in range(7)]
        c.line(points, "#6f4b2838", c.dice.choice((2, 3, 4)))


def _ruler(c: Canvas, x: float, y: float, length: float) -> None:
    lean = 0.32
    across, down = (math.cos(lean), math.sin(lean)), (-math.sin(lean), math.cos(lean))

    def at(a: float, b: float) -> tuple[float, float]:
        return x + across[0] * a + down[0] * b, y + across[1] * a + down[1] * b

    c.poly([at(0, 0), at(length, 0), at(length, 46), at(0, 46)], "#f0f1ea")
    for n in range(int(length // 14)):
        c.line([at(8 + n * 14, 2), at(8 + n * 14, 24 if n % 5 == 0 else 13)], "#47524e", 2)
