"""Who gets in: an administrator or a head, at a desk. A phone's whole page would show itself without a finger."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from curator_app.auth.access import own_today, reader
from curator_app.auth.models import ADMINISTRATOR, HEAD
from curator_app.errors import NotVisible


def looks_after(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only those through who look after people; others find no such page."""
    return _at_a_desk(view, {HEAD, ADMINISTRATOR})


def administers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only administrators through."""
    return _at_a_desk(view, {ADMINISTRATOR})


def heads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only heads through."""
    return _at_a_desk(view, {HEAD})


def _at_a_desk(view: Callable[..., Any], roles: set[str]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        person, on = reader().person, own_today()
        if reader().enrolment.is_field or not any(person.has_role(role, on) for role in roles):
            raise NotVisible
        return view(*args, **kwargs)

    return guarded
