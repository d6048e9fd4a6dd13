"""A camera's photo becomes two pictures: upright, small, with nothing said about where and by whom."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from curator_app.visits.photos import THUMB_BYTES, make_photo
from tests.visits import pictures


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    red, green, blue = picture.convert("RGB").getpixel((int(x * picture.width), int(y * picture.height)))
    return red > 150 and green < 80 and blue < 80


def test_a_twelve_megapixel_photo_is_1600_px_at_its_longer_side():
    made = make_photo(pictures.camera_jpeg(orientation=1))

    assert (made.width, made.height) == (1600, 1200) == opened(made.full).size
    assert max(opened(made.thumb).size) == 320


def test_a_small_photo_keeps_its_size():
    assert opened(make_photo(pictures.jpeg((640, 480))).full).size == (640, 480)


@pytest.mark.parametrize(
    ("orientation", "red_corner"),
    [(1, (0.2, 0.2)), (2, (0.8, 0.2)), (3, (0.8, 0.8)), (4, (0.2, 0.8)), (6, (0.8, 0.2)), (8, (0.2, 0.8))],
)
def test_a_turned_photo_stands_upright(orientation, red_corner):
    made = make_photo(pictures.camera_jpeg((1200, 800), orientation))

    for picture in (opened(made.full), opened(made.thumb)):
        assert is_red(picture, *red_corner)
        assert (picture.width > picture.height) == (orientation < 5)


def test_nothing_of_camera_time_and_place_is_left():
    content = pictures.camera_jpeg((1200, 800))
    assert b"Canary Camera" in content
    assert opened(content).getexif().get_ifd(0x8825)

    made = make_photo(content)

    for picture in (opened(made.full), opened(made.thumb)):
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(picture.info)
    assert b"Canary" not in made.full + made.thumb
    assert b"2026:11:22" not in made.full + made.thumb


def test_a_transparent_picture_lies_on_white():
    made = make_photo(pictures.png())

    assert opened(made.full).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGB"])
def test_every_way_to_hold_pixels_becomes_plain_colour(mode):
    assert opened(make_photo(pictures.png(mode=mode)).full).mode == "RGB"


def test_a_cmyk_jpeg_becomes_plain_colour():
    out = io.BytesIO()
    Image.new("CMYK", (50, 50)).save(out, "JPEG")

    assert opened(make_photo(out.getvalue()).full).mode == "RGB"


def test_a_broken_colour_profile_does_not_cost_the_picture():
    made = make_photo(pictures.jpeg(icc_profile=b"not a profile"))

    assert "icc_profile" not in opened(made.full).info


def test_a_busy_thumbnail_gives_up_quality_to_stay_small():
    noise = Image.effect_noise((1600, 1200), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)

    assert len(make_photo(out.getvalue()).thumb) <= THUMB_BYTES


def test_the_same_bytes_make_the_same_pictures():
    content = pictures.camera_jpeg((1200, 800))

    assert make_photo(content) == make_photo(content)
