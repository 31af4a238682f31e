"""The sample company's photos and portraits, drawn with Pillow: the same bytes for the same name and seed."""

from .portrait import portrait
from .scenes import SCENES, photo

__all__ = ["SCENES", "photo", "portrait"]
