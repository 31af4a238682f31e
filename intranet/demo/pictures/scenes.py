"""Every picture by the name that the conversations use."""

from __future__ import annotations

import io
from collections.abc import Callable

from . import places, things
from .canvas import Canvas

WIDE, TALL, SQUARE = (1440, 1080), (1080, 1440), (1200, 1200)
Scene = tuple[Callable[[Canvas], None], tuple[int, int]]
SCENES: dict[str, Scene] = {
    "abendstrasse": (places.road, TALL),
    "dichtring": (things.ring, WIDE),
    "flansch": (things.flange, WIDE),
    "halle": (places.hall, (1600, 1000)),
    "lagerregal": (places.shelf, TALL),
    "laufrad": (things.impellers, WIDE),
    "lieferwagen": (places.ramp, WIDE),
    "manometer": (things.gauge, SQUARE),
    "mittagstisch": (places.table, WIDE),
    "molkerei": (places.dairy, WIDE),
    "polder": (places.polder, (1600, 1000)),
    "pumpenraum": (places.pump_room, WIDE),
    "schneestrasse": (places.snow, TALL),
    "tafel": (things.board, WIDE),
    "typenschild": (things.label, WIDE),
}


def photo(name: str, seed: str) -> bytes:
    """A JPEG of this scene; another seed makes another picture of it."""
    draw, (width, height) = SCENES[name]
    canvas = Canvas(width, height, seed)
    draw(canvas)
    out = io.BytesIO()
    canvas.done().save(out, "JPEG", quality=86)
    return out.getvalue()
