"""A one-time link as a QR code (ISO/IEC 18004): byte mode, error correction M, versions 1 to 10.

Drawn here because a picture of a credential must not be made by anybody's service, and 200 lines of a library would
do what these do. The page shows it as one SVG path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# By version, at error correction M: codewords of correction in a block, blocks.
CORRECTION = ((10, 1), (16, 1), (26, 1), (18, 2), (24, 2), (16, 4), (18, 4), (22, 4), (22, 5), (26, 5))
QUIET = 4
BYTE_MODE = 0b0100
PADS = (0xEC, 0x11)
POLYNOMIAL = 0x11D
LONG_COUNT_FROM = 10
VERSION_BITS_FROM = 7
LONG_RUN = 4
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda x, y: (x + y) % 2 == 0,
    lambda _x, y: y % 2 == 0,
    lambda x, _y: x % 3 == 0,
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (x // 3 + y // 2) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)


class TooLong(ValueError):
    """The text does not fit."""


@dataclass
class Code:
    """The square: what is dark, and which modules are patterns rather than data."""

    version: int
    dark: list[list[bool]] = field(init=False)
    fixed: list[list[bool]] = field(init=False)

    def __post_init__(self) -> None:
        """Draw the patterns that every code of the version has."""
        size = self.size
        self.dark = [[False] * size for _ in range(size)]
        self.fixed = [[False] * size for _ in range(size)]
        for at in range(size):
            self.set(6, at, dark=at % 2 == 0)
            self.set(at, 6, dark=at % 2 == 0)
        for x, y in ((3, 3), (size - 4, 3), (3, size - 4)):
            self._square(x, y, 4, lambda ring: ring not in {2, 4})
        places = self._alignments()
        last = len(places) - 1
        for i, x in enumerate(places):
            for j, y in enumerate(places):
                if (i, j) not in {(0, 0), (0, last), (last, 0)}:
                    self._square(x, y, 2, lambda ring: ring != 1)
        self.write_format(0)
        self._write_version()

    @property
    def size(self) -> int:
        """Modules along a side."""
        return self.version * 4 + 17

    def set(self, x: int, y: int, *, dark: bool) -> None:
        """Set a module that is no data."""
        self.dark[y][x] = dark
        self.fixed[y][x] = True

    def write_format(self, mask: int) -> None:
        """Write which mask is used, twice."""
        rest = mask
        for _ in range(10):
            rest = (rest << 1) ^ ((rest >> 9) * 0x537)
        bits = (mask << 10 | rest) ^ 0x5412
        size = self.size
        near = [(8, i) for i in range(6)] + [(8, 7), (8, 8), (7, 8)] + [(14 - i, 8) for i in range(9, 15)]
        far = [(size - 1 - i, 8) for i in range(8)] + [(8, size - 15 + i) for i in range(8, 15)]
        for places in (near, far):
            for i, (x, y) in enumerate(places):
                self.set(x, y, dark=bool(bits >> i & 1))
        self.set(8, size - 8, dark=True)

    def data_places(self) -> Iterator[tuple[int, int]]:
        """Yield the modules for data, in the order in which bits are laid."""
        size = self.size
        for step, right in enumerate([*range(size - 1, 6, -2), *range(5, 0, -2)]):
            rows = range(size) if step % 2 else range(size - 1, -1, -1)
            for y in rows:
                for x in (right, right - 1):
                    if not self.fixed[y][x]:
                        yield x, y

    def apply(self, mask: int) -> None:
        """Turn the data over where the mask says so; twice is nothing."""
        for x, y in self.data_places():
            self.dark[y][x] ^= MASKS[mask](x, y)

    def penalty(self) -> int:
        """Return how hard it is to read: long runs of one colour and blocks of it."""
        lines = [*self.dark, *map(list, zip(*self.dark, strict=True))]
        runs = sum(max(0, length - 2) for line in lines for length in _runs(line) if length > LONG_RUN)
        blocks = sum(
            len({self.dark[y][x], self.dark[y][x + 1], self.dark[y + 1][x], self.dark[y + 1][x + 1]}) == 1
            for y in range(self.size - 1)
            for x in range(self.size - 1)
        )
        return runs + 3 * blocks

    def _square(self, x: int, y: int, reach: int, is_dark: Callable[[int], bool]) -> None:
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                if 0 <= x + dx < self.size and 0 <= y + dy < self.size:
                    self.set(x + dx, y + dy, dark=is_dark(max(abs(dx), abs(dy))))

    def _alignments(self) -> list[int]:
        if self.version == 1:
            return []
        count = self.version // 7 + 2
        step = (self.version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
        return [6, *sorted(self.size - 7 - i * step for i in range(count - 1))]

    def _write_version(self) -> None:
        if self.version < VERSION_BITS_FROM:
            return
        rest = self.version
        for _ in range(12):
            rest = (rest << 1) ^ ((rest >> 11) * 0x1F25)
        bits = self.version << 12 | rest
        for i in range(18):
            a, b = self.size - 11 + i % 3, i // 3
            self.set(a, b, dark=bool(bits >> i & 1))
            self.set(b, a, dark=bool(bits >> i & 1))


def encode(text: str) -> Code:
    """Return the code of a text; raise TooLong when version 10 cannot hold it."""
    data = text.encode()
    version = next((one for one in range(1, len(CORRECTION) + 1) if len(data) + _overhead(one) <= _room(one)), None)
    if version is None:
        raise TooLong
    code = Code(version)
    bits = (byte >> shift & 1 for byte in _codewords(data, version) for shift in range(7, -1, -1))
    for (x, y), bit in zip(code.data_places(), bits, strict=False):
        code.dark[y][x] = bool(bit)
    best = min(range(len(MASKS)), key=lambda mask: _tried(code, mask))
    code.write_format(best)
    code.apply(best)
    return code


def path(text: str) -> tuple[int, str]:
    """Return the side of the picture in modules, its quiet edge included, and the path of an SVG that draws it."""
    code = encode(text)
    squares = [
        f"M{x + QUIET},{y + QUIET}h1v1h-1z" for y in range(code.size) for x in range(code.size) if code.dark[y][x]
    ]
    return code.size + 2 * QUIET, "".join(squares)


def _tried(code: Code, mask: int) -> int:
    code.write_format(mask)
    code.apply(mask)
    worth = code.penalty()
    code.apply(mask)
    return worth


def _overhead(version: int) -> int:
    return 2 if version < LONG_COUNT_FROM else 3


def _room(version: int) -> int:
    """Return how many codewords of data a version holds."""
    correction, blocks = CORRECTION[version - 1]
    return _whole(version) - correction * blocks


def _whole(version: int) -> int:
    modules = (16 * version + 128) * version + 64
    if version > 1:
        count = version // 7 + 2
        modules -= (25 * count - 10) * count - 55
        modules -= 36 if version >= VERSION_BITS_FROM else 0
    return modules // 8


def _codewords(data: bytes, version: int) -> list[int]:
    """Return data and correction in the order in which they are laid."""
    count_bits = 8 if version < LONG_COUNT_FROM else 16
    room = _room(version)
    number = (BYTE_MODE << count_bits | len(data)) << 8 * len(data) | int.from_bytes(data)
    length = 4 + count_bits + 8 * len(data)
    number <<= min(4, room * 8 - length)
    length += min(4, room * 8 - length)
    number <<= -length % 8
    words = list(number.to_bytes((length + 7) // 8))
    words += [PADS[i % 2] for i in range(room - len(words))]
    correction, blocks = CORRECTION[version - 1]
    short, long_ones = divmod(room, blocks)
    parts, at = [], 0
    for block in range(blocks):
        size = short + (block >= blocks - long_ones)
        parts.append(words[at : at + size])
        at += size
    checks = [_remainder(part, _generator(correction)) for part in parts]
    laid = [part[i] for i in range(short + 1) for part in parts if i < len(part)]
    return laid + [check[i] for i in range(correction) for check in checks]


def _generator(degree: int) -> list[int]:
    result = [*([0] * (degree - 1)), 1]
    root = 1
    for _ in range(degree):
        for i in range(degree):
            result[i] = _times(result[i], root) ^ (result[i + 1] if i + 1 < degree else 0)
        root = _times(root, 2)
    return result


def _remainder(data: list[int], generator: list[int]) -> list[int]:
    result = [0] * len(generator)
    for byte in data:
        factor = byte ^ result.pop(0)
        result.append(0)
        result = [value ^ _times(part, factor) for value, part in zip(result, generator, strict=True)]
    return result


def _times(a: int, b: int) -> int:
    product = 0
    for shift in range(7, -1, -1):
        product = (product << 1) ^ ((product >> 7) * POLYNOMIAL)
        product ^= (b >> shift & 1) * a
    return product


def _runs(line: list[bool]) -> Iterator[int]:
    length = 0
    for i, dark in enumerate(line):
        length = length + 1 if i and dark == line[i - 1] else 1
        if i + 1 == len(line) or line[i + 1] != dark:
            yield length
