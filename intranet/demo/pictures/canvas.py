"""A sheet to draw on: flat shapes and gradients at twice the size, then light and grain as of a lens."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Box = tuple[float, float, float, float]
Points = Sequence[tuple[float, float]]
SCALE = 2


class Canvas:
    """Coordinates are final pixels. Colours are "#rrggbb" or "#rrggbbaa"."""

    def __init__(self, width: int, height: int, seed: str) -> None:
        self.width, self.height = width, height
        self.dice = random.Random(seed)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE))
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def rect(self, box: Box, colour: str, radius: float = 0) -> None:
        """A rectangle, perhaps with round corners."""
        self.draw.rounded_rectangle(_scaled(box), radius * SCALE, fill=colour)

    def oval(self, box: Box, colour: str, outline: str = "", width: float = 0) -> None:
        """A filled ellipse."""
        self.draw.ellipse(_scaled(box), fill=colour or None, outline=outline or None, width=round(width * SCALE))

    def disc(self, x: float, y: float, radius: float, colour: str, outline: str = "", width: float = 0) -> None:
        """A filled circle."""
        self.oval((x - radius, y - radius, x + radius, y + radius), colour, outline, width)

    def poly(self, points: Points, colour: str) -> None:
        """A filled polygon."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def line(self, points: Points, colour: str, width: float) -> None:
        """A stroke with round ends and corners."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            half = width * SCALE / 2 - 1
            self.draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def arc(self, box: Box, start: float, end: float, colour: str, width: float) -> None:
        """A piece of an ellipse's edge, degrees clockwise from three o'clock."""
        self.draw.arc(_scaled(box), start, end, fill=colour, width=round(width * SCALE))

    def text(self, at: tuple[float, float], words: str, colour: str, size: float, anchor: str = "lm") -> None:
        """Words in Pillow's own typeface."""
        font: Any = ImageFont.load_default(size * SCALE)
        self.draw.text((at[0] * SCALE, at[1] * SCALE), words, fill=colour, font=font, anchor=anchor)

    def fade(
        self, box: Box, first: str, last: str, *, across: bool = False, shape: str = "rect", radius: float = 0
    ) -> None:
        """A gradient in a rectangle or ellipse, from top to bottom or across."""
        left, top, right, bottom = (round(value) for value in _scaled(box))
        size = (right - left, bottom - top)
        ramp = Image.linear_gradient("L")
        ramp = (ramp.rotate(90) if across else ramp).resize(size)
        patch = Image.composite(Image.new("RGB", size, last), Image.new("RGB", size, first), ramp)
        mask = Image.new("L", size)
        pen = ImageDraw.Draw(mask)
        whole = (0, 0, size[0] - 1, size[1] - 1)
        if shape == "oval":
            pen.ellipse(whole, fill=255)
        else:
            pen.rounded_rectangle(whole, radius * SCALE, fill=255)
        self.image.paste(patch, (left, top), mask)

    def steel(self, box: Box, radius: float = 0, dark: str = "#6f7b7a", light: str = "#f0f2ee") -> None:
        """A cylinder standing upright, lit from the left."""
        left, top, right, bottom = box
        middle = left + (right - left) * 0.32
        self.fade((left, top, right, bottom), light, dark, across=True, radius=radius)
        self.fade((left, top + radius, middle, bottom - radius), "#9aa5a3", light, across=True)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: int = 120) -> None:
        """Light around a lamp."""
        size = round(radius * 2 * SCALE)
        halo = _spot().resize((size, size)).point(lambda v: v * strength // 255)
        corner = (round((x - radius) * SCALE), round((y - radius) * SCALE))
        self.image.paste(Image.new("RGB", (size, size), colour), corner, halo)

    def soft_shadow(self, box: Box, strength: int = 90) -> None:
        """A blurred dark patch under something."""
        left, top, right, bottom = (round(value) for value in _scaled(box))
        size = (right - left, bottom - top)
        mask = _spot().resize(size).point(lambda v: min(255, v * strength // 160))
        self.image.paste(Image.new("RGB", size, "#10201e"), (left, top), mask)

    def done(self) -> Image.Image:
        """The picture: smaller, with a darker edge and a little grain."""
        picture = self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        edge = Image.radial_gradient("L").resize(picture.size).point(lambda v: max(0, v - 120) * 80 // 135)
        picture.paste(Image.new("RGB", picture.size, "#0a1514"), (0, 0), edge)
        noise = Image.frombytes("L", (256, 256), self.dice.randbytes(256 * 256)).filter(ImageFilter.GaussianBlur(0.7))
        grain = Image.new("L", picture.size)
        for x in range(0, self.width, 256):
            for y in range(0, self.height, 256):
                grain.paste(noise, (x, y))
        layer = Image.merge("RGB", [grain.point(lambda v: 118 + v * 20 // 255)] * 3)
        return ImageChops.overlay(picture, layer)


def _scaled(box: Box) -> Box:
    left, top, right, bottom = box
    return left * SCALE, top * SCALE, right * SCALE, bottom * SCALE


def _spot() -> Image.Image:
    """White in the middle, black at the edge; Pillow's own is black only in the corners."""
    return Image.radial_gradient("L").point(lambda v: max(0, 180 - v) * 255 // 180)
