"""The picture of a one-time link: read back module by module as a camera's software does, and whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curator_app.people.qr import CORRECTION, MASKS, Code, TooLong, encode, path

FORMAT_NEAR = [(8, i) for i in range(6)] + [(8, 7), (8, 8), (7, 8)] + [(14 - i, 8) for i in range(9, 15)]
LINK = "https://kurator.example.ru/enrol#" + "Ab9_-xyz" * 4


def times(a: int, b: int) -> int:
    """Multiply in the field of 256 elements."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def mask_of(code: Code) -> int:
    """Read from the code itself which mask lies over it; the level must be M."""
    bits = sum(code.dark[y][x] << i for i, (x, y) in enumerate(FORMAT_NEAR)) ^ 0x5412
    assert bits >> 13 == 0, "error correction M"
    return bits >> 10 & 7


def codewords(code: Code) -> list[int]:
    """Read the bytes in the order in which they lie."""
    mask = MASKS[mask_of(code)]
    bits = [code.dark[y][x] ^ mask(x, y) for x, y in code.data_places()]
    return [sum(bit << (7 - n) for n, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits) // 8 * 8, 8)]


def blocks_of(code: Code) -> list[list[int]]:
    """Put the blocks together again, data and correction."""
    correction, count = CORRECTION[code.version - 1]
    words = codewords(code)
    room = len(words) - correction * count
    sizes = [room // count + (n >= count - room % count) for n in range(count)]
    blocks: list[list[int]] = [[] for _ in range(count)]
    at = 0
    for i in range(max(sizes)):
        for n in range(count):
            if i < sizes[n]:
                blocks[n].append(words[at])
                at += 1
    for _ in range(correction):
        for block in blocks:
            block.append(words[at])
            at += 1
    return blocks


def is_whole(block: list[int], correction: int) -> bool:
    """Tell whether a block is a codeword: it is zero at each root of the generator."""
    root = 1
    for _ in range(correction):
        value = 0
        for byte in block:
            value = times(value, root) ^ byte
        if value:
            return False
        root = times(root, 2)
    return True


def read(code: Code) -> str:
    """Return the text."""
    correction = CORRECTION[code.version - 1][0]
    data = [byte for block in blocks_of(code) for byte in block[:-correction]]
    number = int.from_bytes(bytes(data))
    whole = len(data) * 8
    count = 8 if code.version < 10 else 16
    assert number >> whole - 4 == 0b0100, "byte mode"
    length = number >> whole - 4 - count & (1 << count) - 1
    start = whole - 4 - count - 8 * length
    return (number >> start & (1 << 8 * length) - 1).to_bytes(length).decode()


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=100))
def test_what_was_written_is_read_back(text: str) -> None:
    try:
        code = encode(text)
    except TooLong:
        assert len(text.encode()) > 213
        return
    assert read(code) == text


@pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213])
def test_every_version_holds_what_it_should_with_whole_blocks(length: int) -> None:
    code = encode("x" * length)

    assert read(code) == "x" * length
    assert all(is_whole(block, CORRECTION[code.version - 1][0]) for block in blocks_of(code))


def test_a_link_fits_and_a_longer_text_is_refused() -> None:
    assert read(encode(LINK)) == LINK
    with pytest.raises(TooLong):
        encode("x" * 214)


def test_the_picture_has_a_quiet_edge() -> None:
    side, drawn = path(LINK)

    assert side == encode(LINK).size + 8
    assert drawn.startswith("M4,4h1v1h-1z")
