"""Where procedure files lie: those of a release, and a region's own beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Kind = Literal["profiles", "calendars"]

_SHIPPED = Path(__file__).parent
_own: list[Path] = []


def also_serve(folder: Path | None) -> None:
    """Take profiles from this folder too, and layers of the calendar from its calendars/; None takes it back."""
    _own[:] = [folder] if folder else []


def own_folder() -> Path | None:
    """Return the folder that is served beside the release's files."""
    return _own[0] if _own else None


def folders(kind: Kind) -> tuple[Path, ...]:
    """Return where files of this kind are looked for, the release's own first."""
    own = (folder / "calendars" if kind == "calendars" else folder for folder in _own)
    return (_SHIPPED / kind, *own)


def files(kind: Kind) -> dict[str, Path]:
    """Return every file of this kind by its name without the ending; what a release brought cannot be replaced."""
    found: dict[str, Path] = {}
    for folder in folders(kind):
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, path)
    return found
