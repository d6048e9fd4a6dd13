"""A measured number, the limit it is held against, the budget it must keep, and how they are shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

HEAD = ("what", "value", "limit", "budget", "unit", "")


@dataclass(frozen=True)
class Figure:
    """One line of bench.json.

    `limit` is what plain HTML, the bare link or a server without checks reached in the same run;
    None where there is no such thing. `budget` is the number of docs/benchmarks.md; None for a figure
    that only explains another.
    """

    name: str
    value: float
    unit: str
    limit: float | None = None
    budget: float | None = None
    better: Literal["low", "high"] = "low"

    @property
    def verdict(self) -> str:
        """OK or MISSED; empty without a budget."""
        if self.budget is None:
            return ""
        kept = self.value <= self.budget if self.better == "low" else self.value >= self.budget
        return "OK" if kept else "MISSED"


def table(figures: Iterable[Figure]) -> str:
    """Lay figures out in columns, a line each."""
    rows = [HEAD]
    for one in figures:
        sign = "≤ " if one.better == "low" else "≥ "
        budget = "–" if one.budget is None else sign + number(one.budget)
        rows.append((one.name, number(one.value), number(one.limit), budget, one.unit, one.verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [row[column].rjust(widths[column]) for column in (1, 2, 3)]
        lines.append("  ".join([*cells, row[4].ljust(widths[4]), row[5]]).rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)


def markdown(figures: Iterable[Figure]) -> str:
    """Lay figures out as a table for docs/benchmarks.md."""
    lines = ["| what | value | limit | budget | unit | |", "|---|---:|---:|---:|---|---|"]
    for one in figures:
        sign = "≤ " if one.better == "low" else "≥ "
        budget = "–" if one.budget is None else sign + number(one.budget)
        verdict = "**missed**" if one.verdict == "MISSED" else one.verdict.lower()
        lines.append(f"| {one.name} | {number(one.value)} | {number(one.limit)} | {budget} | {one.unit} | {verdict} |")
    return "\n".join(lines)


def number(value: float | None) -> str:
    """Write a number with three figures that say something; a dash for none."""
    if value is None:
        return "–"
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write bench.json: a list of {name, value, unit, limit, budget, better}."""
    rows = [{**asdict(one), "value": round(one.value, 4)} for one in figures]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def median(values: Iterable[float]) -> float:
    """Return the middle value; the lower one of two. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        message = "no measurement"
        raise ValueError(message)
    return ordered[(len(ordered) - 1) // 2]


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
