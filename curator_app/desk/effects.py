"""What follows from each step beside its event: the one dictionary through which the desk reaches the features."""

from __future__ import annotations

from curator_app.cases.stepping import Effect

EFFECTS: dict[str, Effect] = {}
"""Type of event → what it does. A feature's module says its own: `{**openings.EFFECTS, **closing.EFFECTS, …}`."""
