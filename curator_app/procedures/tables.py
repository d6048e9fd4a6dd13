"""A table of plain text: columns of a width, words wrapped inside them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import zip_longest

GAP = "  "


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    """Return the rows under their head, a line between the head and them."""
    rule = GAP.join("─" * width for width in widths)
    return "\n".join([*_lines(head, widths), rule, *(line for row in rows for line in [*_lines(row, widths), ""])])


def _lines(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
    return [
        GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()
        for parts in zip_longest(*cells, fillvalue="")
    ]
