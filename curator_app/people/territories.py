"""Territories: what an administrator sets up for one, and what a change of it does to those who work there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Organisation, SignIn, Territory
from curator_app.errors import Refused
from curator_app.procedures.profiles_loader import ProfileError, names, profile_of
from curator_app.subjects.models import Subject

ASKED_FIRST = ("zone", "procedure", "photos_on")
"""What changes the work of those who are out there now; a wrong name is simply corrected again."""

SIGNALS = ("public_signals", "unconfirmed_months", "kept_years")
"""Whether anybody may tell of a child without an account, and how long words are kept: not confirmed, of ended work."""


@dataclass(frozen=True)
class Wanted:
    """How a territory shall be; `numbers` is whom «Срочно» calls: {role: {"name", "number"}}."""

    name: str
    zone: str
    procedure: str
    photos_on: bool
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)
    public_signals: bool = False
    unconfirmed_months: int = 6
    kept_years: int = 5


@dataclass(frozen=True)
class Harm:
    """A change that people out there will feel, from what to what."""

    what: str
    """zone | procedure | photos_on."""
    before: Any
    after: Any


def procedures() -> tuple[str, ...]:
    """Return the procedures that may be chosen: those of the release, and a region's own."""
    return names()


def title_of(procedure: str) -> str:
    """Return what a procedure calls itself; its id where there is no file of it."""
    try:
        return profile_of(procedure).short_title
    except ProfileError:
        return procedure


def harms(territory: Territory, wanted: Wanted) -> list[Harm]:
    """Return what has to be said before it is done. To allow photos again harms nobody."""
    changed = [Harm(what, getattr(territory, what), getattr(wanted, what)) for what in ASKED_FIRST]
    return [one for one in changed if one.before != one.after and (one.what, one.after) != ("photos_on", True)]


def begun_cases(session: Session, territory: Territory) -> int:
    """Return how many cases are under way there: they stay under the procedure they began with."""
    begun = (Subject.territory_id == territory.id) & (Subject.kind == "case") & Subject.closed_on.is_(None)
    return session.scalar(select(func.count()).where(begun)) or 0


def organisations_in(session: Session, territory: Territory) -> list[Organisation]:
    """Return the organisations of a territory by name."""
    query = select(Organisation).where(Organisation.territory_id == territory.id)
    return list(session.scalars(query.order_by(Organisation.name)))


def save(session: Session, territory: Territory, wanted: Wanted, by: SignIn) -> None:
    """Keep a territory that was made or changed; the trail has both values. Raises Refused for a name that is taken."""
    others = session.execute(select(Territory.id, Territory.name)).all()
    if any(name.casefold() == wanted.name.casefold() and key != territory.id for key, name in others):
        raise Refused(fields={"name": "territory_taken"})
    new = territory.id is None
    changed = {}
    for name in ("name", *ASKED_FIRST, *SIGNALS):
        before, after = getattr(territory, name), getattr(wanted, name)
        if before != after:
            changed[name] = [before, after]
        setattr(territory, name, after)
    # The places of the settlements stay as they are.
    kept = territory.directory or {}
    if kept.get("roles", {}) != wanted.numbers:
        changed["numbers"] = []
        territory.directory = {**kept, "roles": wanted.numbers}
    session.add(territory)
    session.flush()
    if new or changed:
        act = "territory:made" if new else "territory:changed"
        said = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "object_id": territory.id}
        record(session, act, **said, data={} if new else changed)
