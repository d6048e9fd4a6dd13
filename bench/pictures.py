"""Photographs for measurements: no two alike, and what a phone makes of them weighs the same every run."""

from __future__ import annotations

import io
import random

from PIL import Image

CAMERA = (4000, 3000)
SHRUNK = (1600, 1200)
SPECKLE = 40
CONTRAST = 6
"""Speckles of 40 pixels, a sixth of the full contrast: 1600x1200 at quality 82 is then about 80 KB, as a room is."""
_SOFTER = [128 + (value - 128) // CONTRAST for value in range(256)]


def jpeg(seed: int, size: tuple[int, int] = SHRUNK, quality: int = 82) -> bytes:
    """Return a JPEG of that size in pixels; another `seed` gives another picture."""
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    speckles = (SHRUNK[0] // SPECKLE, SHRUNK[1] // SPECKLE)
    layers = []
    for _ in range(3):
        noise = Image.frombytes("L", speckles, chance.randbytes(speckles[0] * speckles[1]))
        layers.append(noise.resize(size, Image.Resampling.BICUBIC).point(_SOFTER))
    out = io.BytesIO()
    Image.merge("YCbCr", layers).save(out, "JPEG", quality=quality)
    return out.getvalue()
