"""Names of bundled files: «app.js» → «/static/dist/app-5F3K….js»."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

DIST = Path(__file__).parent.parent / "static" / "dist"


class NotBuilt(Exception):
    """The client bundle is missing; `make run` makes it."""


@lru_cache
def manifest() -> dict[str, Any]:
    """Return the bundle's table of names, read once."""
    try:
        table: dict[str, Any] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = "Клиент не собран: выполните make run (или node build.mjs)."
        raise NotBuilt(message) from error
    return table


def asset(name: str) -> str:
    """Return the URL of a bundled file; KeyError for a name the build does not know."""
    return str(manifest()[name])
