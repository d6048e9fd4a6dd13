"""Photographs, purely: bytes from outside go in, two clean pictures come out.

Nothing of the original survives but the pixels: no EXIF, no place, no colour profile, nothing behind
the picture's end.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
"""The parsers that may look at a stranger's bytes; Pillow has forty more."""
PIXELS_LIMIT = 50_000_000
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
BYTES_LIMIT = 8 * 1024 * 1024
FULL_PIXELS = 1600
THUMB_PIXELS = 320
FULL_QUALITY = 82
THUMB_QUALITIES = (72, 55, 40, 25)
THUMB_BYTES = 10 * 1024
"""A kit carries three of each family over EDGE: a busy picture gives up quality, not its place."""

Image.MAX_IMAGE_PIXELS = PIXELS_LIMIT

SENTENCES = {
    "too_big": "Снимок слишком большой.",
    "too_many": "Снимков бумаги больше шести.",
    "not_picture": "Этот файл не похож на снимок. Подходят JPEG, PNG и WebP.",
    "heic": "Этот снимок в формате HEIC. В настройках камеры выберите «Наиболее совместимый» (JPEG) и снимите ещё раз.",
    "damaged": "Снимок повреждён: дошёл не целиком.",
}


class PhotoRefused(Exception):
    """These bytes do not become a photo; `reason` is a code, `sentence` is for people."""

    def __init__(self, reason: str) -> None:
        """Take one of the codes of SENTENCES."""
        super().__init__(reason)
        self.reason = reason
        self.sentence = SENTENCES[reason]


@dataclass(frozen=True, slots=True)
class MadePhoto:
    """`full`: JPEG, its longer side at most 1600 px; `thumb`: WebP, at most 320 px; size of `full` in px."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def make_photo(content: bytes) -> MadePhoto:
    """Decode, turn upright, take to sRGB, shrink and encode anew; raise PhotoRefused."""
    if len(content) > BYTES_LIMIT:
        raise PhotoRefused("too_big")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _verify(content)
            picture = _decode(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused("too_big") from error
    except UnidentifiedImageError as error:
        raise PhotoRefused("heic" if _is_heic(content) else "not_picture") from error
    # Pillow's parsers answer damage with whatever they stumble over.
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, EOFError, MemoryError) as error:
        raise PhotoRefused("damaged") from error
    thumb = picture.copy()
    thumb.thumbnail((THUMB_PIXELS, THUMB_PIXELS), Image.Resampling.LANCZOS, reducing_gap=2)
    return MadePhoto(
        full=_encode(picture, "JPEG", quality=FULL_QUALITY, progressive=True, optimize=True),
        thumb=_small(thumb),
        width=picture.width,
        height=picture.height,
    )


def _open(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    # Image.open only warns between one and two times the limit; threads share the warning filters.
    if picture.width * picture.height > PIXELS_LIMIT:
        raise PhotoRefused("too_big")
    return picture


def _is_heic(content: bytes) -> bool:
    """Tell an iPhone's own format by its first box (ISO/IEC 23008-12, «ftyp»): we have no decoder for it."""
    return content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS


def _verify(content: bytes) -> None:
    with _open(content) as picture:
        picture.verify()


def _decode(content: bytes) -> Image.Image:
    """Return the upright sRGB picture, at most 1600 px; verify() leaves a picture unusable, hence anew."""
    picture = _open(content)
    longer = max(picture.size)
    if longer > FULL_PIXELS:
        # draft() lets the JPEG decoder skip work, but only for a size of the same proportions.
        scale = FULL_PIXELS / longer
        picture.draft("RGB", (round(picture.width * scale), round(picture.height * scale)))
    picture.thumbnail((FULL_PIXELS, FULL_PIXELS), Image.Resampling.LANCZOS, reducing_gap=2)
    picture = ImageOps.exif_transpose(picture)
    return _flatten(_to_srgb(picture))


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Convert by the embedded profile (an iPhone's Display P3), else its colours would shift."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return picture
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    flat = picture.convert("RGB") if alpha else picture
    try:
        converted = ImageCms.profileToProfile(
            flat, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken profile is no reason to lose the picture.
        return picture
    result = cast("Image.Image", converted)
    if alpha:
        result.putalpha(alpha)
    return result


def _flatten(picture: Image.Image) -> Image.Image:
    """Return plain RGB: transparent parts on white, and a canvas of its own without any metadata."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        return white
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _small(thumb: Image.Image) -> bytes:
    for quality in THUMB_QUALITIES:
        content = _encode(thumb, "WEBP", quality=quality, method=4)
        if len(content) <= THUMB_BYTES:
            break
    return content


def _encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
