"""Wider views: halls, roads, pump rooms, the ramp."""

from __future__ import annotations

import math

from .canvas import Canvas


def dairy(c: Canvas) -> None:
    """Tanks and a dosing pump, a puddle below."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.74), "#dfe9e6", "#b7cbc7")
    for n in range(9):
        c.line([(n * w / 8, 0), (n * w / 8, h * 0.74)], "#8aa5a055", 3)
    for n in range(5):
        c.line([(0, n * h * 0.16), (w, n * h * 0.16)], "#8aa5a055", 3)
    c.fade((0, h * 0.74, w, h), "#72847f", "#566661")
    for left, right in ((0.04, 0.28), (0.74, 0.97)):
        for leg in (left + 0.04, right - 0.06):
            c.rect((w * leg, h * 0.66, w * (leg + 0.02), h * 0.82), "#51605d")
        c.steel((w * left, h * 0.05, w * right, h * 0.7), 50)
        for band in (0.18, 0.55):
            c.rect((w * left, h * band, w * right, h * band + 10), "#6f8582")
    c.disc(w * 0.16, h * 0.33, w * 0.03, "#f5f6f1", "#51605d", 8)
    c.line([(w * 0.16, h * 0.33), (w * 0.173, h * 0.305)], "#9b2f18", 6)
    c.fade((w * 0.28, h * 0.6, w * 0.74, h * 0.645), "#eef2ef", "#7f918e")
    c.soft_shadow((w * 0.32, h * 0.78, w * 0.72, h * 0.94), 120)
    c.rect((w * 0.39, h * 0.53, w * 0.6, h * 0.8), "#0d5c4a", 16)
    c.rect((w * 0.41, h * 0.565, w * 0.5, h * 0.67), "#10201e", 8)
    c.line([(w * 0.42, h * 0.645), (w * 0.44, h * 0.61), (w * 0.455, h * 0.625), (w * 0.485, h * 0.585)], "#7fd6b6", 6)
    c.disc(w * 0.55, h * 0.615, w * 0.026, "#0d5c4a", "#7fd6b6", 6)
    c.rect((w * 0.425, h * 0.72, w * 0.49, h * 0.74), "#f2b53c", 6)
    c.rect((w * 0.37, h * 0.79, w * 0.62, h * 0.83), "#2b3634", 6)
    c.oval((w * 0.4, h * 0.855, w * 0.6, h * 0.91), "#cfe0ded0")
    c.oval((w * 0.45, h * 0.865, w * 0.56, h * 0.885), "#eef6f5c0")


def hall(c: Canvas) -> None:
    """The new hall in the morning."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.8), "#2f4d6a", "#eac489")
    c.glow(w * 0.8, h * 0.6, h * 0.3, "#ffe3a8", 200)
    c.poly([(0, h * 0.7), (w * 0.3, h * 0.6), (w * 0.6, h * 0.68), (w, h * 0.58), (w, h), (0, h)], "#3e5a55")
    c.rect((w * 0.08, h * 0.45, w * 0.78, h * 0.8), "#1d3936")
    for n in range(7):
        x, step = w * (0.08 + n * 0.1), w * 0.1
        c.poly([(x, h * 0.45), (x + step, h * 0.32), (x + step, h * 0.45)], "#1d3936")
        c.poly([(x + step * 0.3, h * 0.44), (x + step * 0.93, h * 0.355), (x + step * 0.93, h * 0.43)], "#f2c464")
    for n in range(8):
        x = w * (0.11 + n * 0.083)
        if n not in (3, 4):
            c.rect((x, h * 0.52, x + w * 0.055, h * 0.6), "#f6d68b", 3)
            c.line([(x + w * 0.0275, h * 0.52), (x + w * 0.0275, h * 0.6)], "#1d3936", 5)
    c.rect((w * 0.355, h * 0.54, w * 0.5, h * 0.8), "#0f2522", 4)
    c.fade((w * 0.365, h * 0.56, w * 0.49, h * 0.8), "#fff0c9", "#f2b53c")
    c.text((w * 0.61, h * 0.68), "4", "#e9ebe4", h * 0.13, "mm")
    c.fade((0, h * 0.8, w, h), "#2b3f40", "#17292a")
    c.poly([(w * 0.36, h * 0.8), (w * 0.5, h * 0.8), (w * 0.68, h), (w * 0.2, h)], "#f2b53c50")
    _van(c, w * 0.7, h * 0.8, w * 0.2)
    for x in (0.03, 0.9, 0.96):
        _fir(c, w * x, h * 0.82, h * 0.3)


def shelf(c: Canvas) -> None:
    """A rack in the store, its third board bending."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#c9cfc9", "#848f8a")
    c.fade((0, h * 0.88, w, h), "#6d7671", "#565f5a")
    for row in range(4):
        y, sag = h * (0.2 + row * 0.21), 34 if row == 2 else 2
        points = [(w * (0.06 + n * 0.88 / 12), y + sag * math.sin(math.pi * n / 12)) for n in range(13)]
        x = w * 0.09
        while x < w * 0.86:
            wide, tall = w * c.dice.uniform(0.07, 0.12), h * c.dice.uniform(0.08, 0.145)
            base = y + sag * math.sin(math.pi * (x / w - 0.06) / 0.88)
            if row == 2:
                c.fade((x, base - tall, x + wide, base), "#8b9694", "#4a5653", radius=14)
                c.disc(x + wide / 2, base - tall / 2, min(wide, tall) * 0.28, "#29322f", "#a9b3b0", 5)
            else:
                colour = c.dice.choice(("#c79b68", "#b98c58", "#d2ab7c", "#0d5c4a", "#a9794a"))
                c.rect((x, base - tall, x + wide, base), colour, 3)
                c.rect((x + wide * 0.3, base - tall * 0.62, x + wide * 0.7, base - tall * 0.34), "#f4f2e9", 2)
            x += wide + w * c.dice.uniform(0.004, 0.05)
        c.line(points, "#d8862b", 17)
    for x in (0.05, 0.93):
        c.fade((w * x, h * 0.03, w * (x + 0.03), h * 0.94), "#2f5b8a", "#1d3c5e", across=True)
        for n in range(24):
            c.rect((w * (x + 0.011), h * (0.05 + n * 0.037), w * (x + 0.019), h * (0.05 + n * 0.037) + 10), "#12263c")


def ramp(c: Canvas) -> None:
    """A van at the ramp, something just unloaded."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.72), c.dice.choice(("#a9c2cc", "#b9c7c4", "#9db4c9")), "#e6ebe5")
    c.rect((0, h * 0.2, w * 0.34, h * 0.72), "#7d8b86")
    for n in range(9):
        c.line([(0, h * (0.24 + n * 0.055)), (w * 0.34, h * (0.24 + n * 0.055))], "#6c7974", 4)
    c.rect((w * 0.05, h * 0.36, w * 0.24, h * 0.72), "#39474a", 3)
    c.fade((0, h * 0.72, w, h), "#6a7370", "#4a5351")
    _van(c, w * 0.42, h * 0.82, w * 0.5)
    x, y = w * 0.14, h * 0.86
    c.soft_shadow((x - 30, y - 10, x + w * 0.24, y + 70), 120)
    for n in range(4):
        c.rect((x + n * w * 0.05, y, x + n * w * 0.05 + w * 0.035, y + 26), "#7d5a34")
    c.rect((x - 6, y - 14, x + w * 0.195, y + 4), "#b98c58", 3)
    c.fade((x + w * 0.02, y - h * 0.17, x + w * 0.11, y - 14), "#17715c", "#0b3d33", radius=20)
    c.disc(x + w * 0.065, y - h * 0.085, h * 0.045, "#0b3d33", "#cfd7d3", 6)
    c.fade((x + w * 0.11, y - h * 0.13, x + w * 0.18, y - 14), "#59686a", "#39484a", radius=10)
    for n in range(4):
        c.line([(x + w * (0.12 + n * 0.015), y - h * 0.12), (x + w * (0.12 + n * 0.015), y - 20)], "#2b3634", 4)


def pump_room(c: Canvas) -> None:
    """Two pumps on a foundation, pipes along the wall."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.66), "#5b6f70", "#3a4a4b")
    c.fade((0, h * 0.66, w, h), "#49544f", "#333d39")
    c.glow(w * 0.3, h * 0.02, h * 0.55, "#fff0c9", 150)
    c.rect((w * 0.2, 0, w * 0.4, h * 0.03), "#fdf2d9", 4)
    for y, ink in ((0.16, "#2f6f8f"), (0.27, "#2f6f8f"), (0.38, "#8b9694")):
        c.fade((0, h * y, w, h * (y + 0.065)), "#d7e0de", ink)
        for n in range(4):
            c.rect((w * (0.11 + n * 0.27), h * (y - 0.012), w * (0.135 + n * 0.27), h * (y + 0.077)), "#2b3634", 4)
    for x in (0.1, 0.55):
        c.rect((w * x, h * 0.8, w * (x + 0.36), h * 0.88), "#808b86", 3)
        c.fade((w * (x + 0.035), h * 0.4, w * (x + 0.075), h * 0.72), "#d7e0de", "#2f6f8f", across=True)
        c.fade((w * (x + 0.01), h * 0.6, w * (x + 0.12), h * 0.8), "#1b7a64", "#0b3d33", shape="oval")
        c.disc(w * (x + 0.065), h * 0.7, h * 0.055, "#0b3d33", "#cfd7d3", 6)
        c.rect((w * (x + 0.12), h * 0.675, w * (x + 0.16), h * 0.725), "#f2b53c", 4)
        c.fade((w * (x + 0.16), h * 0.61, w * (x + 0.33), h * 0.79), "#5f8fae", "#27506b", radius=18)
        for n in range(7):
            c.line(
                [(w * (x + 0.175), h * (0.635 + n * 0.021)), (w * (x + 0.315), h * (0.635 + n * 0.021))], "#1d3c5080", 4
            )
    c.oval((w * 0.38, h * 0.9, w * 0.62, h * 0.95), "#6e8a8690")


def road(c: Canvas) -> None:
    """The way home at dusk."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.68), "#1d3c4c", "#e9b36b")
    c.glow(w * 0.62, h * 0.6, h * 0.26, "#ffd98c", 210)
    _hills(c, 0.62, "#5b6f63", "#33514a", "#1d3936")
    _lane(c, "#2b3233", "#e8d9a8")
    for x, y in ((0.53, 0.665), (0.545, 0.66)):
        c.glow(w * x, h * y, 26, "#a33b1f", 255)
    c.fade((0, h * 0.9, w, h), "#141d1e", "#0b1213")
    c.arc((w * 0.05, h * 0.86, w * 0.55, h * 1.4), 180, 360, "#1f2a2b", 26)


def snow(c: Canvas) -> None:
    """Everything stands, and it snows."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.7), "#5d6f7c", "#b7c3c8")
    _hills(c, 0.6, "#93a4aa", "#b9c6ca", "#dde5e7")
    _lane(c, "#8d999d", "#c6d0d3")
    for n in range(7):
        x, y, size = w * (0.5 + n * n * 0.004 - n * 0.012), h * (0.63 + n * n * 0.0075), 5 + n * 3.4
        c.glow(x, y, size * 4, "#c0311a", 220)
        c.disc(x, y, size, "#ff6a4a")
    for x in (0.06, 0.27, 0.87):
        _fir(c, w * x, h * 0.78, h * 0.32, "#4b5f62", "#e6ecee")
    for _ in range(420):
        x, y, size = c.dice.uniform(0, w), c.dice.uniform(0, h), c.dice.choice((2, 3, 3, 5, 8))
        c.disc(x, y, size, "#ffffffc8" if size < 8 else "#ffffff70")


def table(c: Canvas) -> None:
    """Twenty plates and a pot."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h), "#d2ab7c", "#9a6f42")
    for n in range(7):
        c.line([(0, h * (n + 0.5) / 7), (w, h * (n + 0.5) / 7)], "#7d5a3440", 4)
    soup = ("#c4702b", "#d98a3a", "#b8611f")
    for n in range(14):
        turn = 2 * math.pi * n / 14
        x, y = w * (0.5 + 0.4 * math.cos(turn)), h * (0.5 + 0.39 * math.sin(turn))
        r = h * 0.088
        c.soft_shadow((x - r * 1.2, y - r, x + r * 1.4, y + r * 1.4), 110)
        c.disc(x, y, r, "#fbfaf4", "#d8d5ca", 3)
        c.disc(x, y, r * 0.7, c.dice.choice(soup) if n % 4 else "#efece2")
        c.line([(x + r * 1.15, y - r * 0.7), (x + r * 1.15, y + r * 0.7)], "#aeb8b5", 6)
    r = h * 0.21
    c.soft_shadow((w * 0.5 - r * 1.3, h * 0.5 - r, w * 0.5 + r * 1.5, h * 0.5 + r * 1.5), 130)
    c.rect((w * 0.5 - r * 1.25, h * 0.5 - 26, w * 0.5 + r * 1.25, h * 0.5 + 26), "#3d4846", 16)
    c.disc(w * 0.5, h * 0.5, r, "#59656a", "#c8d0cc", 14)
    c.disc(w * 0.5, h * 0.5, r * 0.84, "#2b3634")
    c.oval((w * 0.5 - r * 0.6, h * 0.5 - r * 0.3, w * 0.5 + r * 0.5, h * 0.5 + r * 0.5), "#b8611f")
    c.line([(w * 0.5 - r * 0.1, h * 0.5 + r * 0.1), (w * 0.5 + r * 0.95, h * 0.5 - r * 0.95)], "#d7dedb", 16)


def polder(c: Canvas) -> None:
    """A pumping station on flat land, a boat on the water."""
    w, h = c.width, c.height
    c.fade((0, 0, w, h * 0.55), "#7fa3b8", "#e9e4cf")
    for _ in range(6):
        x, y = w * c.dice.random(), h * c.dice.uniform(0.06, 0.36)
        for part in range(5):
            c.oval((x + part * 60 - 90, y - 22 + (part % 2) * 14, x + part * 60 + 60, y + 34), "#ffffff78")
    c.fade((0, h * 0.52, w, h * 0.7), "#7f9a5b", "#587a48")
    c.fade((0, h * 0.68, w, h), "#6f9aa8", "#35606e")
    for n in range(16):
        y = h * (0.71 + n * 0.018)
        x = w * c.dice.random()
        c.line([(x, y), (x + w * c.dice.uniform(0.06, 0.2), y)], "#dfeceb58", 4)
    c.rect((w * 0.55, h * 0.36, w * 0.84, h * 0.62), "#a4573a", 2)
    c.poly([(w * 0.53, h * 0.37), (w * 0.6, h * 0.25), (w * 0.79, h * 0.25), (w * 0.86, h * 0.37)], "#4b3a36")
    for n in range(3):
        c.rect((w * (0.58 + n * 0.085), h * 0.43, w * (0.62 + n * 0.085), h * 0.53), "#e7efe9", 3)
    for n in range(3):
        c.rect((w * (0.6 + n * 0.075), h * 0.62, w * (0.64 + n * 0.075), h * 0.7), "#25393a", 6)
    c.poly([(w * 0.12, h * 0.8), (w * 0.42, h * 0.8), (w * 0.38, h * 0.87), (w * 0.17, h * 0.87)], "#14513f")
    c.rect((w * 0.12, h * 0.79, w * 0.42, h * 0.808), "#e9ebe4", 4)
    c.line([(w * 0.26, h * 0.8), (w * 0.26, h * 0.38)], "#4b3a26", 9)
    c.poly([(w * 0.268, h * 0.4), (w * 0.268, h * 0.76), (w * 0.39, h * 0.76)], "#f6f2e6")
    c.poly([(w * 0.252, h * 0.44), (w * 0.252, h * 0.76), (w * 0.16, h * 0.76)], "#ddd6c2")


def _hills(c: Canvas, at: float, *colours: str) -> None:
    w, h = c.width, c.height
    for number, colour in enumerate(colours):
        y, phase = h * (at + number * 0.035), c.dice.uniform(0, 6)
        crest = [(w * n / 40, y + h * 0.03 * math.sin(phase + n / (5 + number * 2))) for n in range(41)]
        c.poly([*crest, (w, h), (0, h)], colour)


def _lane(c: Canvas, tar: str, paint: str) -> None:
    w, h = c.width, c.height
    c.poly([(w * 0.515, h * 0.655), (w * 0.56, h * 0.655), (w * 1.0, h), (w * 0.08, h)], tar)
    for n in range(7):
        near, far = 0.665 + 0.335 * (n / 7) ** 1.6, 0.665 + 0.335 * ((n + 0.5) / 7) ** 1.6
        c.poly(
            [
                (w * 0.537 - 2 - n, h * near),
                (w * 0.537 + 2 + n, h * near),
                (w * 0.537 + 3 + n * 1.5, h * far),
                (w * 0.537 - 3 - n * 1.5, h * far),
            ],
            paint,
        )


def _van(c: Canvas, x: float, ground: float, length: float) -> None:
    """Seen from the side, its nose to the right; stands on `ground`."""
    u = length / 100
    c.soft_shadow((x - 4 * u, ground - 4 * u, x + 106 * u, ground + 8 * u), 150)
    c.fade((x, ground - 46 * u, x + 70 * u, ground - 8 * u), "#fbfbf6", "#cdd5d0", radius=3 * u)
    c.poly(
        [
            (x + 66 * u, ground - 46 * u),
            (x + 80 * u, ground - 43 * u),
            (x + 91 * u, ground - 27 * u),
            (x + 100 * u, ground - 23 * u),
            (x + 100 * u, ground - 8 * u),
            (x + 66 * u, ground - 8 * u),
        ],
        "#e3e8e3",
    )
    c.poly(
        [
            (x + 71 * u, ground - 42 * u),
            (x + 79 * u, ground - 40 * u),
            (x + 87 * u, ground - 27 * u),
            (x + 71 * u, ground - 27 * u),
        ],
        "#39474a",
    )
    c.rect((x, ground - 22 * u, x + 66 * u, ground - 17 * u), "#0d5c4a")
    c.text((x + 8 * u, ground - 32 * u), "Quellmoor", "#0d5c4a", 9 * u)
    c.rect((x + 95 * u, ground - 20 * u, x + 100 * u, ground - 15 * u), "#f2b53c", u)
    for wheel in (18, 80):
        c.disc(x + wheel * u, ground - 8 * u, 9 * u, "#141d1e")
        c.disc(x + wheel * u, ground - 8 * u, 4.5 * u, "#8b9694")


def _fir(c: Canvas, x: float, ground: float, height: float, green: str = "#12302c", snow: str = "") -> None:
    c.rect((x - height * 0.03, ground - height * 0.2, x + height * 0.03, ground), "#2a211a")
    for n in range(3):
        top, wide = ground - height * (1 - n * 0.25), height * (0.16 + n * 0.07)
        c.poly([(x, top), (x + wide, top + height * 0.4), (x - wide, top + height * 0.4)], green)
        if snow:
            c.poly(
                [
                    (x, top),
                    (x + wide * 0.5, top + height * 0.2),
                    (x, top + height * 0.15),
                    (x - wide * 0.5, top + height * 0.2),
                ],
                snow,
            )
