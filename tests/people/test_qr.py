"""The picture of a one-time link is read back by a reader of QR codes."""

from __future__ import annotations

import re

import zxingcpp
from PIL import Image

from curator_app.qr import path

LINK = "https://kurator.example.ru/enrol#" + "Ab9_-xyz" * 4
PIXELS = 4


def picture_of(side: int, drawn: str) -> Image.Image:
    """Paint the path as a browser does: each module a square."""
    image = Image.new("L", (side, side), 255)
    for x, y in re.findall(r"M(\d+),(\d+)h1v1h-1z", drawn):
        image.putpixel((int(x), int(y)), 0)
    return image.resize((side * PIXELS, side * PIXELS), Image.Resampling.NEAREST)


def test_a_camera_reads_the_link() -> None:
    [found] = zxingcpp.read_barcodes(picture_of(*path(LINK)))

    assert found.text == LINK


def test_a_quiet_edge_of_four_modules_stands_around_it() -> None:
    side, drawn = path(LINK)
    places = [(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)", drawn)]

    assert {min(axis) for axis in zip(*places, strict=True)} == {4}
    assert {max(axis) for axis in zip(*places, strict=True)} == {side - 5}
