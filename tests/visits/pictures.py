"""Photographs for tests, made on the spot: what a phone's camera gives, and what an attacker would."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms


def jpeg(size: tuple[int, int] = (800, 600), **options: object) -> bytes:
    """A gradient with a red left upper quarter, so that turning it shows."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((200, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    return _saved(picture, "JPEG", **options)


def camera_jpeg(size: tuple[int, int] = (4032, 3024), orientation: int = 6) -> bytes:
    """As a phone held upright writes it: turned by EXIF, with maker, time and place, and a wide-gamut profile."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Canary Camera"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 14:05:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 1.0, 49.0), 3: "E", 4: (82.0, 55.0, 2.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(size, exif=exif, icc_profile=profile, quality=90)


def png(size: tuple[int, int] = (300, 200), mode: str = "RGBA") -> bytes:
    return _saved(Image.new(mode, size), "PNG")


def bomb_png(side: int = 20000) -> bytes:
    """A few kilobytes that unpack to side × side pixels."""
    row = b"\0" + b"\0" * ((side + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def claimed_size(content: bytes, width: int, height: int) -> bytes:
    """Rewrite the size in a JPEG's frame header without changing its data."""
    at = next(i for i in range(2, len(content)) if content[i : i + 2] in {b"\xff\xc0", b"\xff\xc2"})
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
