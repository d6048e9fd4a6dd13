"""The people of one district, for a story that is played from the first signal to the last follow-up.

One of each office that a procedure knows; everybody's surname says what they are.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from curator_app.auth.models import Organisation, Person, Role, Territory

SINCE = date(2020, 1, 1)
PLACES = {
    "commission": "Комиссия района",
    "social_service": "Центр помощи семье",
    "school": "Школа района",
    "shelter": "Приют района",
    "guardianship": "Опека района",
    "resource_centre": "Ресурсный центр района",
}
PEOPLE = (
    ("Секретарёва", "commission", ("commission_secretary",)),
    ("Председателев", "commission", ("commission_chair",)),
    ("Окошкин", "commission", ("intake_officer",)),
    ("Группин", "guardianship", ("group_chair", "group_member")),
    ("Членова", "shelter", ("group_member", "specialist")),
    ("Кураторова", "social_service", ("case_curator",)),
    ("Сменщиков", "social_service", ("case_curator",)),
    ("Главная", "social_service", ("head",)),
    ("Учителева", "school", ("specialist",)),
    ("Помощников", "school", ("early_help_owner",)),
    ("Директорова", "school", ("head",)),
    ("Ресурсова", "resource_centre", ("resource_centre",)),
    ("Дежурнов", "social_service", ("duty",)),
    ("Методистова", "resource_centre", ("methodologist",)),
    ("Админов", "social_service", ("administrator",)),
)
"""Surname, where they work, which offices they hold."""


@dataclass(frozen=True)
class World:
    """A district with its zone, and who works there."""

    territory_id: uuid.UUID
    procedure: str
    zone: str
    people: dict[str, uuid.UUID]
    """Surname → id."""


def settle_world(session: Session, procedure: str, zone: str, name: str = "Район рассказа") -> World:
    """Put the district and its people into a database; the caller commits."""
    territory = Territory(name=name, zone=zone, procedure=procedure)
    places = {kind: Organisation(name=name, kind=kind, territory=territory) for kind, name in PLACES.items()}
    session.add_all([territory, *places.values()])
    session.flush()
    people = {}
    for surname, place, offices in PEOPLE:
        person = Person(name=f"{surname} Имя Отчество", post=PLACES[place])
        session.add(person)
        session.flush()
        for office in offices:
            given = {"organisation_id": places[place].id, "role": office, "since_on": SINCE}
            session.add(Role(person_id=person.id, **given))
        people[surname] = person.id
    session.flush()
    return World(territory.id, procedure, zone, people)
