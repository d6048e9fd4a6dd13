"""What is not a photograph is refused with a sentence, and nothing dangerous survives in what is."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from curator_app.visits import photos
from curator_app.visits.photos import MadePhoto, PhotoRefused, make_photo
from tests.visits import pictures


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def refusal(content: bytes) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as caught:
        make_photo(content)
    return caught.value


def test_a_bomb_of_twenty_thousand_pixels_a_side_is_too_big():
    bomb = pictures.bomb_png()

    assert len(bomb) < 100_000
    assert refusal(bomb).reason == "too_big"


def test_a_little_over_the_limit_is_too_big_too():
    # Pillow itself only warns between one and two times the limit.
    assert refusal(pictures.bomb_png(7100)).reason == "too_big"


def test_a_jpeg_that_claims_a_huge_frame_is_too_big():
    assert refusal(pictures.claimed_size(pictures.jpeg(), 60000, 60000)).reason == "too_big"


def test_more_bytes_than_a_photo_needs_are_refused_before_they_are_looked_at(monkeypatch):
    monkeypatch.setattr(photos.Image, "open", lambda *_: pytest.fail("it was opened"))

    assert refusal(pictures.jpeg() + b"\0" * photos.BYTES_LIMIT).reason == "too_big"


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_an_iphones_own_format_is_told_how_to_be_another(brand):
    answer = refusal(b"\0\0\0\x18ftyp" + brand + b"\0" * 64)

    assert answer.reason == "heic"
    assert "«Наиболее совместимый»" in answer.sentence


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95])
def test_a_truncated_jpeg_is_damaged(kept):
    content = pictures.jpeg((1600, 1200))

    assert refusal(content[: int(len(content) * kept)]).reason == "damaged"


def test_a_truncated_png_is_damaged():
    content = pictures.png((600, 400))

    assert refusal(content[: len(content) // 2]).reason == "damaged"


def test_a_png_with_a_flipped_bit_is_damaged():
    content = bytearray(pictures.png((600, 400)))
    content[len(content) // 2] ^= 1

    assert refusal(bytes(content)).reason == "damaged"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + b"\0" * 60,
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    ],
    ids=["nothing", "html", "svg", "eps", "pdf", "zip", "gif"],
)
def test_what_is_only_named_a_photo_is_not_a_picture(content):
    assert refusal(content).reason == "not_picture"


def test_a_tiff_is_not_opened_at_all():
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "TIFF")

    assert refusal(out.getvalue()).reason == "not_picture"


def test_every_refusal_has_a_russian_sentence():
    for reason in photos.SENTENCES:
        assert PhotoRefused(reason).sentence.endswith(".")


@pytest.mark.parametrize("tail", [b"<html><script>alert('canary')</script>", b"PK\x03\x04canary" + b"\0" * 40])
def test_what_hides_behind_the_picture_is_left_behind(tail):
    made = make_photo(pictures.jpeg() + tail)

    assert b"canary" not in made.full + made.thumb
    assert opened(made.full).format == "JPEG"


def test_what_hides_in_a_comment_is_left_behind():
    made = make_photo(pictures.jpeg(comment=b"<script>canary</script>"))

    assert b"canary" not in made.full + made.thumb


def test_a_png_under_a_jpeg_name_becomes_an_honest_jpeg():
    made: MadePhoto = make_photo(pictures.png())

    assert opened(made.full).format == "JPEG"
    assert opened(made.thumb).format == "WEBP"
