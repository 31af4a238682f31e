"""The child process that makes a picture a portrait: `python -I portrait.py` reads bytes and writes WebP.

It is started as a file, alone, knows nothing of the house, and gives up its power before it looks at what a stranger
sent. Nothing of the original's metadata is in the result: the pixels are drawn anew.
"""

import io
import os
import resource
import sys
import warnings

import pi_heif
from PIL import Image, ImageOps

SIDE = 512
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF")
MEMORY = 1_500_000_000
SECONDS = 20


def main() -> None:
    """Exit 3 for what is no picture, 4 for one that is too large."""
    _give_up_power()
    try:
        done = portrait(sys.stdin.buffer.read())
    except Huge:
        sys.exit(4)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):
        sys.exit(3)
    sys.stdout.buffer.write(done)


class Huge(Exception):
    """More pixels than anybody's face needs."""


def portrait(data: bytes) -> bytes:
    """The middle of the picture, upright, as a square; a little above the middle, where faces are."""
    pi_heif.register_heif_opener()
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own limit speaks first
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise Huge
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    paper.alpha_composite(upright)
    square = ImageOps.fit(paper.convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    square.info = {}
    out = io.BytesIO()
    square.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _give_up_power() -> None:
    os.nice(10)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
