"""By which clock, calendar, rhythm and ways people are reminded: read once for a run of the sweep."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import ACTIVE, Enrolment, Organisation, Person, Role, Territory
from curator_app.clock import now
from curator_app.procedures.calendar import COUNTRY, Calendar
from curator_app.procedures.profiles_loader import profile_of
from curator_app.procedures.toml_files import FileError
from curator_app.reminders.models import MAIL, PUSH, Subscription
from curator_app.reminders.rhythm import Rhythm
from curator_app.workdays.service import current_calendar

CAPITAL = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is due, or somebody works."""

    rhythm: Rhythm
    zone: ZoneInfo
    calendar: Calendar


class Places:
    """The places that a run meets; a change of settings holds from the next run on."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._of_territory: dict[uuid.UUID, Place] = {}
        self._of_person: dict[uuid.UUID, Place] = {}
        self._ways: dict[uuid.UUID, list[tuple[str, str]]] = {}

    def of(self, territory: Territory) -> Place:
        """Return the place of a territory."""
        if territory.id not in self._of_territory:
            rhythm, zone = Rhythm.of(territory.reminding), ZoneInfo(territory.zone)
            calendar = self._calendar(_layers(territory))
            self._of_territory[territory.id] = Place(rhythm, zone, calendar)
        return self._of_territory[territory.id]

    def of_person(self, person_id: uuid.UUID) -> Place:
        """Return the place where a person works: of the role that began first and is still held."""
        if person_id not in self._of_person:
            query = select(Territory).join(Organisation).join(Role, Role.organisation_id == Organisation.id)
            query = query.where(Role.person_id == person_id)
            held = query.where(Role.held_on(now().date())).order_by(Role.since_on, Role.id).limit(1)
            territory = self._session.scalars(held).first() or self._session.scalars(query.limit(1)).first()
            self._of_person[person_id] = self.of(territory) if territory else self._elsewhere()
        return self._of_person[person_id]

    def ways_to(self, person_id: uuid.UUID) -> list[tuple[str, str]]:
        """Return channel and target of everything that reaches a person outside the app."""
        if person_id not in self._ways:
            subscribed = select(Subscription.id).join(Enrolment, Enrolment.id == Subscription.enrolment_id)
            subscribed = subscribed.where(Subscription.person_id == person_id, Enrolment.state == ACTIVE)
            found = [(PUSH, str(key)) for key in self._session.scalars(subscribed)]
            if self._session.scalar(select(Person.email).where(Person.id == person_id)):
                found.append((MAIL, ""))
            self._ways[person_id] = found
        return self._ways[person_id]

    def _calendar(self, layers: tuple[str, ...]) -> Calendar:
        try:
            return current_calendar(self._session, layers)
        except FileError:
            # A region's file that cannot be read must not silence an alarm.
            return current_calendar(self._session, (COUNTRY,))

    def _elsewhere(self) -> Place:
        """Return the place of who works nowhere: the capital's clock, so that nobody else's reminders wait for it."""
        return Place(Rhythm(), ZoneInfo(CAPITAL), current_calendar(self._session, (COUNTRY,)))


def _layers(territory: Territory) -> tuple[str, ...]:
    try:
        return profile_of(territory.procedure).calendar
    except FileError:
        # A region's file that cannot be read must not silence the reminders.
        return (COUNTRY,)
