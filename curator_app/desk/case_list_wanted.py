"""What the list of cases can be narrowed to, what one reader is offered of it, and what leads to the lines."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from curator_app.auth.models import HEAD, Organisation, Person, Role, Territory, shortened
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile, versions_of
from curator_app.procedures.toml_files import FileError
from curator_app.subjects.doors import COMMISSION_ROLES, INTAKE_ROLE
from curator_app.subjects.line_models import LINED, CaseLine, Reach, Way, unsought

CHOICES = 200
"""So many colleagues and places a filter offers."""
FEW = 5
"""The curators of so many organisations are offered at once; of more, those of the one that was chosen."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    late: bool = False
    kind: str = ""
    stage: str = ""
    territory: uuid.UUID | None = None
    organisation: uuid.UUID | None = None
    curator: uuid.UUID | None = None

    @property
    def anything(self) -> bool:
        """Tell whether the list is narrowed at all."""
        return self != Wanted()

    def along(self, way: Way, on: date) -> ColumnElement[bool]:
        """Narrow a way to what is wanted: one column leads to the lines, all others are read of the lines found."""
        leads = self._leads(way)
        asks_place = self.curator or self.organisation or self.territory
        reason = way.asked if asks_place and way.asked is not None else way.found
        return and_(reason, *self._late(on), *(_is(column, one, leads) for column, one in self._named() if one))

    def holds(self, way: Way, on: date) -> ColumnElement[bool]:
        """Ask the same of a line that was found by something else."""
        reason = way.found if way.asked is None else way.asked
        return and_(reason, *self._late(on), *(unsought(column) == one for column, one in self._named() if one))

    def _leads(self, way: Way) -> Sequence[Any]:
        if way.asked is None:
            return ()
        if self.curator:
            return (CaseLine.curator_id,)
        if self.organisation:
            return CaseLine.organisation_id, CaseLine.stage
        if self.territory:
            return CaseLine.territory_id, CaseLine.stage
        return (CaseLine.stage,) if self.stage or not way.walked else (CaseLine.kind,)

    def _late(self, on: date) -> list[ColumnElement[bool]]:
        return [CaseLine.next_on < on] if self.late else []

    def _named(self) -> list[tuple[Any, Any]]:
        return [
            (CaseLine.kind, self.kind),
            (CaseLine.stage, self.stage),
            (CaseLine.territory_id, self.territory),
            (CaseLine.organisation_id, self.organisation),
            (CaseLine.curator_id, self.curator),
        ]


def _is(column: Any, value: Any, leads: Sequence[Any]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (column if any(column is one for one in leads) else unsought(column)) == value
    return found


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed to: (value, words) each."""

    stages: list[tuple[str, str]]
    territories: list[tuple[uuid.UUID, str]]
    organisations: list[tuple[uuid.UUID, str]]
    curators: list[tuple[uuid.UUID, str]]
    more_curators: bool
    """Whether there are others, who are offered once an organisation is chosen."""


def may_list(person: Person, on: date) -> bool:
    """Tell whether somebody has cases to look over: not who only looks after accounts or procedures."""
    roles = ("case_curator", "early_help_owner", HEAD, *COMMISSION_ROLES, INTAKE_ROLE, "group_member", "group_chair")
    return any(person.has_role(role, on) for role in roles)


def choices(session: Session, reach: Reach, on: date, wanted: Wanted) -> Choices:
    """Return what the reader's own part of the list can be narrowed to."""
    offices = {*reach.commission, *reach.intake}
    answers = or_(Organisation.id.in_(reach.led), Organisation.territory_id.in_(offices))
    places = _named(session, Territory, Territory.id.in_(select(Organisation.territory_id).where(answers)))
    here = answers & (Organisation.territory_id == wanted.territory) if wanted.territory else answers
    found = _named(session, Organisation, here & (Organisation.kind != "commission"))
    chosen = [key for key, _name in found if key == wanted.organisation]
    near = chosen or ([key for key, _name in found] if len(found) <= FEW else [])
    return Choices(
        _stages(session, [key for key, _name in places]),
        places,
        found,
        _with_chosen(session, _curators(session, near, on), wanted.curator, found),
        bool(found) and not near,
    )


def _named(
    session: Session, model: type[Organisation | Territory], which: ColumnElement[bool]
) -> list[tuple[uuid.UUID, str]]:
    query = select(model.id, model.name).where(which).order_by(model.name, model.id).limit(CHOICES)
    return [(key, name) for key, name in session.execute(query)]


def _stages(session: Session, territories: Sequence[uuid.UUID]) -> list[tuple[str, str]]:
    query = select(Territory.procedure).where(Territory.id.in_(territories)).distinct()
    # A case goes on under the version that it began with: its stage is a choice as long as that version is here.
    profiles = [profile_of(key) for name in sorted(session.scalars(query)) for key in reversed(versions_of(name))]
    return list(
        {
            stage.id: (stage.id, stage.title)
            for profile in profiles
            if profile
            for stage in profile.stages
            if stage.subject in LINED
        }.values()
    )


def _curators(session: Session, places: Sequence[uuid.UUID], on: date) -> list[tuple[uuid.UUID, str]]:
    if not places:
        return []
    held = select(Role.person_id).where(Role.organisation_id.in_(places), Role.held_on(on), Role.role == "case_curator")
    named = select(Person.id, Person.name).where(Person.id.in_(held)).order_by(Person.name).limit(CHOICES)
    return [(key, shortened(name)) for key, name in session.execute(named)]


def _with_chosen(
    session: Session,
    offered: list[tuple[uuid.UUID, str]],
    chosen: uuid.UUID | None,
    places: list[tuple[uuid.UUID, str]],
) -> list[tuple[uuid.UUID, str]]:
    """Name who the list is narrowed to also where others of that organisation are not offered: she is a colleague."""
    if chosen is None or chosen in {key for key, _name in offered}:
        return offered
    works = select(Role.id).where(Role.person_id == Person.id, Role.organisation_id.in_([key for key, _name in places]))
    name = session.scalars(select(Person.name).where(Person.id == chosen, works.exists())).first()
    return [(chosen, shortened(name)), *offered] if name else offered


def profile_of(key: str) -> Profile | None:
    """Return a procedure; None where its file does not read."""
    try:
        return load_profile(key)
    except FileError:
        return None
