"""Куратор: a phone-first field tool for family case curators."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from curator_app.config import Config


def create_app(config: Config | None = None) -> Flask:
    """Make the application from `config` (the environment's when none is given)."""
    # All of it takes two seconds to import; the launcher and gunicorn's master need the settings only.
    from curator_app import application  # noqa: PLC0415

    return application.create_app(config)
