"""Who is asking, and what of theirs may be loaded."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from flask import Response, after_this_request
from flask_login import current_user
from sqlalchemy import Select

from curator_app.auth.models import Person, SignIn
from curator_app.clock import today
from curator_app.database import begin_reading
from curator_app.errors import NotVisible, SignInNeeded
from curator_app.extensions import db


class Scoped(Protocol):
    """A model whose rows have one door."""

    id: Any

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Any]:
        """Select the rows the person may open."""


class Layered(Scoped, Protocol):
    """A model with a raw layer that not everybody who may open it reads."""

    @classmethod
    def raw_visible_to(cls, person: Person, on: date) -> Select[Any]:
        """Select the rows whose raw layer the person may read."""


T = TypeVar("T", bound=Scoped)
R = TypeVar("R", bound=Layered)


def reader() -> SignIn:
    """Return the live session of this request; raise SignInNeeded."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    return cast("SignIn", current_user._get_current_object())  # noqa: SLF001


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only signed-in people through to a route, and tell the browser whose session answered.

    A browser may hold several enrolments but one session cookie: a phone keeps a page only when it was
    rendered for the enrolment whose vault is open.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        enrolment = reader().enrolment.short

        @after_this_request
        def name_enrolment(response: Response) -> Response:
            response.headers["Curator-Page"] = enrolment
            return response

        return view(*args, **kwargs)

    return guarded


def reads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a POST that only asks begin as a reader: what is asked stays out of the address, and nobody queues for it."""

    @wraps(view)
    def reading(*args: Any, **kwargs: Any) -> Any:
        begin_reading(db.session())
        return view(*args, **kwargs)

    return reading


def at_any_desk(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only desks through: a phone's whole page would show itself without a finger."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if reader().enrolment.is_field:
            raise NotVisible
        return view(*args, **kwargs)

    return guarded


def at_a_desk(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only those through who hold one of the roles, at a desk; others find no such page.

    A phone's whole page would show itself without a finger.
    """

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person, on = reader().person, own_today()
            if reader().enrolment.is_field or not any(person.has_role(role, on) for role in roles):
                raise NotVisible
            return view(*args, **kwargs)

        return guarded

    return guard


def own_zone() -> str:
    """Return the zone of the reader's first organisation (Moscow where there is none)."""
    roles = reader().person.roles
    return roles[0].organisation.territory.zone if roles else "Europe/Moscow"


def own_today() -> date:
    """Return today in the reader's own zone."""
    return today(own_zone())


def get_visible(model: type[T], key: uuid.UUID) -> T:
    """Load one row through the model's own door; a stranger's row and no row raise the same NotVisible."""
    return cast("T", _first(model.visible_to(reader().person, own_today()).where(model.id == key)))


def get_raw(model: type[R], key: uuid.UUID) -> R:
    """Load one row whose raw layer the reader may see; a member of the working group finds nothing there."""
    return cast("R", _first(model.raw_visible_to(reader().person, own_today()).where(model.id == key)))


def _first(query: Select[Any]) -> Any:
    row = db.session.scalars(query).first()
    if row is None:
        raise NotVisible
    return row
