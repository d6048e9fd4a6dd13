"""Look at the duties whose moment has come: claim, say, and set the next moment, in one transaction for each."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.models import HEAD
from curator_app.cases.hats import OWED_BY
from curator_app.database import claim
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.reminders.models import DEADLINE, NEW_WORK, PASSED, TOLD
from curator_app.reminders.owing import COMMISSION_OWNER, people_owing
from curator_app.reminders.places import Place, Places
from curator_app.reminders.rhythm import DAY, OWNER, VISITS, Climb, Moment, moments
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.doors import COMMISSION_KINDS
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject


def due_duties(session: Session, at: datetime, most: int) -> Sequence[uuid.UUID]:
    """Return duties of which something is to be said; the cost grows with these, not with all there are."""
    query = select(DutyRow.id).where(DutyRow.remind_at <= at).order_by(DutyRow.remind_at).limit(most)
    return session.scalars(query).all()


def load(session: Session, keys: Collection[uuid.UUID]) -> Sequence[DutyRow]:
    """Return duties as they stand now, with who is assigned to their subjects: in two queries, however many."""
    subject = joinedload(DutyRow.subject)
    query = select(DutyRow).where(DutyRow.id.in_(keys)).order_by(DutyRow.id)
    query = query.options(subject.joinedload(Subject.territory), subject.selectinload(Subject.assignments))
    return session.scalars(query.execution_options(populate_existing=True)).all()


def look(session: Session, places: Places, duty: DutyRow, at: datetime) -> int:
    """Say what is to be said of one duty; return how many were told. The caller commits, or nothing happened.

    Of several moments that passed while nobody looked only the last is said.
    """
    if duty.remind_at is None or duty.remind_at > at:
        return 0
    place = places.of(duty.subject.territory)
    all_of_it = list(_all_moments(duty, place))
    ahead = next((one.at for one in all_of_it if one.at > at), None)
    if not claim(session, DutyRow, duty.id, when={"remind_at": duty.remind_at}, then={"remind_at": ahead}):
        return 0
    here = _Look(session, places, at)
    told = [_say(here, duty, moment) for moment in _to_be_said([one for one in all_of_it if one.at <= at])]
    if None in told:
        # Nobody is named yet who owes it: asked again tomorrow, so that it is not spent unheard.
        again = min(ahead or at + DAY, at + DAY)
        session.execute(update(DutyRow).where(DutyRow.id == duty.id).values(remind_at=again))
    return sum(one or 0 for one in told)


def _all_moments(duty: DutyRow, place: Place) -> Iterator[Moment]:
    closed = duty.subject.closed_on is not None
    if duty.met_on is not None or duty.paused_since is not None or closed:
        return
    profile = _profile_of(duty)
    rule = next((one for one in profile.duties if one.id == duty.rule), None) if profile else None
    visit = bool(rule and VISITS.intersection(rule.done_by))
    # What has no day is told to those alone whom the document names for it.
    named_alone = duty.due_on is None and not duty.at_once
    climbs = list(_climbs(profile, duty.rule, named_alone=named_alone)) + ([] if named_alone else list(_to_head(place)))
    yield from moments(duty, place.rhythm, place.zone, place.calendar, visit=visit, climbs=climbs)


def _profile_of(duty: DutyRow) -> Profile | None:
    try:
        return load_profile(duty.procedure)
    except FileError:
        return None


def _climbs(profile: Profile | None, rule: str, *, named_alone: bool) -> Iterator[Climb]:
    for one in profile.escalations if profile else ():
        if rule in one.duties or not (one.duties or named_alone):
            yield Climb(one.after_days, one.to)


def _to_head(place: Place) -> Iterator[Climb]:
    if place.rhythm.late_to_head_days:
        yield Climb(place.rhythm.late_to_head_days, HEAD)


def _to_be_said(come: Sequence[Moment]) -> list[Moment]:
    """Return the last moment for each of those who are told."""
    return list({one.to: one for one in come}.values())


@dataclass(slots=True)
class _Look:
    """One look at a duty; whoever it has `reached` hears of that duty once."""

    session: Session
    places: Places
    at: datetime
    reached: set[uuid.UUID] = field(default_factory=set)


def _say(one: _Look, duty: DutyRow, moment: Moment) -> int | None:
    """Say one moment of a duty; return how many were told, None where somebody of the app will be named to owe it."""
    session, subject = one.session, duty.subject
    on = one.at.astimezone(one.places.of(subject.territory).zone).date()
    role = duty.owner if moment.to == OWNER else moment.to
    people = people_owing(session, subject, role, on)
    kind = TOLD if moment.to != OWNER else PASSED if moment.is_late else DEADLINE
    if kind == TOLD and duty.due_on is None and not duty.at_once:
        kind = NEW_WORK
    if not people and moment.to == OWNER and duty.owner in OWED_BY and not moment.is_late:
        return None
    if not people and moment.to == OWNER and moment.is_late and subject.kind in COMMISSION_KINDS:
        # A body outside the app owes it: its silence is the commission's to see.
        people, kind = people_owing(session, subject, COMMISSION_OWNER, on), TOLD
    owners = set(people_owing(session, subject, duty.owner, on)) if kind == TOLD else set()
    said = Said(
        kind=kind,
        about_id=duty.id,
        step=f"{moment.step}@{duty.due_on}",
        path=f"/duties/{duty.id}/delay" if kind == PASSED else path_of(subject),
        duty_id=duty.id,
        subject_id=subject.id,
        due_on=duty.due_on,
        at_once=duty.at_once or duty.due_at is not None,
    )
    # Who owes it knows that it is late; nobody is told of oneself.
    wanted = [person for person in people if person not in owners | one.reached]
    one.reached.update(wanted)
    return sum(remind(session, one.places, person, said, one.at) for person in wanted)


def path_of(subject: Subject) -> str:
    """Return the page of a subject, where what is owed is recorded."""
    if subject.kind == "signal":
        return f"/signals/{subject.id}"
    if subject.kind == "body":
        return f"/bodies/{subject.id}"
    if subject.family_id is not None:
        return f"/cases/{subject.id}"
    return "/today"
