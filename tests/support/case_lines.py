"""Open cases of two territories as lines of the office's list, and somebody who takes in both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.extensions import db
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Subject
from tests.support.days import demo_day

LINES = {
    # surname: (number, territory, organisation, curator, kind, stage, days until what is owed)
    "Тополёвы": (701, "Левый", "Левый центр", "Первая", "case", "consilium", -3),
    "Тополькины": (702, "Левый", "Левый центр", "Вторая", "case", "closing", 4),
    "Ивушкины": (703, "Левый", "Левая школа", "Третья", "case", "consilium", -9),
    "Ольховы": (704, "Правый", "Правый центр", "Четвёртая", "case", "consilium", 8),
    "Тополевские": (705, "Правый", "Правый центр", "Четвёртая", "aftercare", "", -1),
    "Липкины": (706, "Правый", "Правый центр", "Пятая", "early_help", "", 12),
}
IN_ORDER = ["Ивушкины", "Тополёвы", "Тополевские", "Тополькины", "Ольховы", "Липкины"]


@dataclass(frozen=True)
class Lined:
    """Who reads the list, and what stands in it by name."""

    reader: Person
    places: dict[str, UUID]
    people: dict[str, UUID]
    lines: dict[str, UUID]


def lined(app: Flask, role: str = "intake_officer") -> Lined:
    """Write the lines, and give the reader an office in both territories."""
    with app.app_context():
        reader = Person(name="Читающая Ольга Ильинична")
        places = {one: Territory(name=one, procedure="novosibirsk_2022") for one in ("Левый", "Правый")}
        db.session.add_all([reader, *places.values()])
        db.session.flush()
        kind = "commission" if role.startswith("commission") else "office"
        for one in list(places.values()):
            office = Organisation(name=f"Приём: {one.name}", kind=kind, territory_id=one.id)
            db.session.add(office)
            db.session.flush()
            _hold(reader, office, role)
        ids = {name: one.id for name, one in places.items()}
        people: dict[str, UUID] = {}
        lines = {surname: _line(surname, ids, people) for surname in LINES}
        db.session.commit()
        db.session.refresh(reader)
        db.session.expunge(reader)
        return Lined(reader, ids, people, lines)


def surnames(text: str) -> list[str]:
    """Return the families of the table, in its order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', text)


def _line(surname: str, ids: dict[str, UUID], people: dict[str, UUID]) -> UUID:
    number, territory, place, curator, kind, stage, days = LINES[surname]
    if place not in ids:
        organisation = Organisation(name=place, kind="social_service", territory_id=ids[territory])
        db.session.add(organisation)
        db.session.flush()
        ids[place] = organisation.id
    if curator not in people:
        person = Person(name=f"{curator} Анна Петровна")
        db.session.add(person)
        db.session.flush()
        people[curator] = person.id
        _hold(person, db.session.get_one(Organisation, ids[place]), "case_curator")
    family = Family(surname=surname, case_no=number, territory_id=ids[territory], address="ул. Тополёвая, 1")
    db.session.add(family)
    keep_findable(db.session(), family)
    of_case = {"family_id": family.id, "territory_id": ids[territory], "procedure": "novosibirsk_2022@1"}
    subject = Subject(kind=kind, **of_case)
    db.session.add(subject)
    db.session.flush()
    hands = {"organisation_id": ids[place], "curator_id": people[curator], "stage": stage}
    line = CaseLine(subject_id=subject.id, kind=kind, **of_case, **hands, next_on=demo_day() + timedelta(days=days))
    db.session.add(line)
    db.session.flush()
    return line.id


def _hold(person: Person, place: Organisation, role: str) -> None:
    db.session.add(Role(person_id=person.id, organisation_id=place.id, role=role, since_on=date(2020, 1, 1)))
