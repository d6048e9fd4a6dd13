"""Look for a name in everything a browser left on a disk, through the formats that hide plain text.

A plain grep misses what LevelDB packs with Snappy when it turns a log into a table, what Chromium packs the
same way inside large IndexedDB values, what lies in an HTTP cache as the server compressed it, and what is cut
by the 32 KB blocks of a LevelDB log. Formats: github.com/google/leveldb doc/table_format.md and
doc/log_format.md, github.com/google/snappy format_description.txt, Chromium's net/disk_cache/simple.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import brotli

LOG_BLOCK = 32 * 1024
LOG_HEADER = struct.Struct("<IHB")  # checksum, length, type
TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
TABLE_FOOTER = 48
SNAPPY_BLOCK = 1
PACKED_VALUE = b"\xff\x11\x02"  # IndexedDB: a value that needs processing, packed with Snappy
CACHE_HEADER = struct.Struct("<QIIII")  # magic, version, length of the key, its hash, padding
CACHE_MAGIC = 0xFCFB6D1BA7725C30
CACHE_END = struct.pack("<Q", 0xF4FA6F45970D41D8)


def spellings(name: str) -> dict[str, bytes]:
    """Return the bytes that a name may be written as, by what they are called."""
    return {
        "UTF-8": name.encode(),
        "UTF-16LE": name.encode("utf-16-le"),
        "UTF-16BE": name.encode("utf-16-be"),
        "percent": quote(name).encode(),
        "JSON": name.encode("ascii", "backslashreplace"),
    }


def search(content: bytes, names: Iterable[str]) -> set[str]:
    """Return the spellings of the names that occur in the bytes, in any of the ways they can be read."""
    readings = list(_readings(content))
    return {
        f"{name} in {spelling}"
        for name in names
        for spelling, written in spellings(name).items()
        if any(written in reading for reading in readings)
    }


def search_folder(folder: Path, names: Iterable[str], *, but: Iterable[str] = ()) -> list[str]:
    """Return «file: what was found» for all files below a folder, their own names included.

    `but` are beginnings of relative paths that are left out.
    """
    wanted, left_out = list(names), tuple(but)
    found = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        if place.startswith(left_out) and left_out:
            continue
        content = path.read_bytes() if path.is_file() else b""
        found += [f"{place}: {one}" for one in sorted(search(place.encode() + b"\n", wanted))]
        found += [f"{place}: {one}" for one in sorted(search(content, wanted))]
    return found


def _readings(content: bytes) -> Iterator[bytes]:
    """Yield the bytes as they lie, and what they are when unpacked."""
    plain = [content, b"".join(_log_records(content)), *_table_blocks(content)]
    for one in plain:
        yield one
        for part in one.split(PACKED_VALUE)[1:]:
            yield unsnappy(part)
    yield from _cached_bodies(content)


def _log_records(content: bytes) -> Iterator[bytes]:
    """Yield the payloads of a LevelDB log; of a file that is none, nothing of use."""
    for start in range(0, len(content), LOG_BLOCK):
        block, at = content[start : start + LOG_BLOCK], 0
        while at + LOG_HEADER.size <= len(block):
            _, length, kind = LOG_HEADER.unpack_from(block, at)
            if kind not in {1, 2, 3, 4}:
                break
            yield block[at + LOG_HEADER.size : at + LOG_HEADER.size + length]
            at += LOG_HEADER.size + length


def _table_blocks(content: bytes) -> Iterator[bytes]:
    """Yield the unpacked data blocks of a LevelDB table."""
    if content[-8:] != TABLE_MAGIC:
        return
    footer = content[-TABLE_FOOTER:]
    _, at = _varint(footer, 0)
    _, at = _varint(footer, at)
    index = _block(content, *_handle(footer, at)[:2])
    for handle in _index_values(index):
        yield _block(content, *_handle(handle, 0)[:2])


def _index_values(block: bytes) -> Iterator[bytes]:
    restarts = struct.unpack("<I", block[-4:])[0]
    end, at = len(block) - 4 * (restarts + 1), 0
    while at < end:
        _shared, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        yield block[at + own : at + own + size]
        at += own + size


def _block(content: bytes, offset: int, size: int) -> bytes:
    block = content[offset : offset + size]
    return unsnappy(block) if content[offset + size] == SNAPPY_BLOCK else block


def _handle(content: bytes, at: int) -> tuple[int, int, int]:
    offset, at = _varint(content, at)
    size, at = _varint(content, at)
    return offset, size, at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def unsnappy(packed: bytes) -> bytes:
    """Unpack Snappy; of damaged data return what could be read."""
    out = bytearray()
    try:
        length, at = _varint(packed, 0)
        while len(out) < length:
            at = _element(packed, at, out)
    except (IndexError, ValueError):
        pass
    return bytes(out)


def _element(packed: bytes, at: int, out: bytearray) -> int:
    """Add one literal or copy; return where the next one begins."""
    tag, kind = packed[at] >> 2, packed[at] & 3
    at += 1
    if kind == 0:
        extra = max(0, tag - 59)
        size = (int.from_bytes(packed[at : at + extra], "little") if extra else tag) + 1
        out += packed[at + extra : at + extra + size]
        return at + extra + size
    if kind == 1:
        size, distance, at = (tag & 7) + 4, (tag >> 3) << 8 | packed[at], at + 1
    else:
        width = 2 if kind == 2 else 4
        size, distance, at = tag + 1, int.from_bytes(packed[at : at + width], "little"), at + width
    if not 0 < distance <= len(out):
        raise ValueError(distance)
    start = len(out) - distance
    for offset in range(size):
        out.append(out[start + offset])
    return at


def _cached_bodies(content: bytes) -> Iterator[bytes]:
    """Yield the body of an entry of Chromium's HTTP cache as the page saw it."""
    if len(content) < CACHE_HEADER.size or CACHE_HEADER.unpack_from(content)[0] != CACHE_MAGIC:
        return
    start = CACHE_HEADER.size + CACHE_HEADER.unpack_from(content)[2]
    ends = [start]
    while (end := content.find(CACHE_END, ends[-1] + 1)) > 0:
        ends.append(end)
    for first, last in pairwise(ends):
        body = content[first:last]
        for unpack in (brotli.decompress, lambda packed: zlib.decompress(packed, 47)):
            try:
                yield unpack(body)
            except (brotli.error, zlib.error):
                continue
