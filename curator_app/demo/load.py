"""Put the invented families into an empty database, so that a first start has something to show."""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import FIELD, OFFICE, Organisation, Person, Role, Territory
from curator_app.auth.service import invite
from curator_app.clock import today
from curator_app.demo.chapters import Chapter, chapters
from curator_app.demo.office import put_office
from curator_app.demo.records import Story, put_cautions, put_contact, put_cover, put_visit
from curator_app.demo.safety import put_plans
from curator_app.demo.signals import put_signals, signal_of
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family, FamilyMember
from curator_app.procedures.profiles_loader import newest_key
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event

CONTENT = Path(__file__).with_name("families.toml")
ZONES = {
    "t_nebyvaly": "Asia/Novosibirsk",
    "t_pridumanny": "Asia/Novosibirsk",
    "t_primersk": "Asia/Krasnoyarsk",
    "t_vydumsk": "Asia/Yekaterinburg",
    "t_skazovsky": "Europe/Moscow",
}
INVITED = {
    "p_tumanova": FIELD,
    "p_polevoy": FIELD,
    "p_osokina": OFFICE,
    "p_oporova": OFFICE,
    "p_mostova": FIELD,
    "p_rodnikova": FIELD,
    "p_dorogin": FIELD,
    "p_bukvin": OFFICE,
    "p_stepnaya": OFFICE,
    "p_gorina": OFFICE,
    "p_zvonareva": OFFICE,
    "p_klyuchnikov": OFFICE,
}
"""Who finds something to look at behind a link of the first start; for the others `flask enrolment-link` makes one."""
SMALL = {"territories": ("t_nebyvaly", "t_pridumanny"), "people": ("p_tumanova", "p_polevoy", "p_osokina")}
"""What is enough for a test: two territories, two curators and a head."""
SAID = ("text", "level", "with", "outcome", "number", "risk_degree")
"""What an event of the story may say of itself."""
GROUP_CHAIR = "group_chair"
CALLEES = {
    "role_duty_head": "дежурный по учреждению",
    "role_head": "Осокина Д. А.",
    "role_guardianship_duty": "дежурный специалист",
    "role_juvenile_police": "дежурная часть",
    "role_feldsher": "ФАП",
    "role_village_head": "глава поселения",
    "role_crisis_psychologist": "дежурный психолог",
}
"""Whom «Срочно» of the demonstration calls; the crisis centre is left empty, as it is in many a district."""


@dataclass(frozen=True)
class Invitation:
    """A person of the demonstration and the token of their one-time link."""

    name: str
    post: str
    kind: str
    token: str


def is_empty(session: Session) -> bool:
    """Tell whether nobody works here yet."""
    return session.scalars(select(Person.id).limit(1)).first() is None


def install(session: Session, *, small: bool = False) -> list[Invitation]:
    """Make the demonstration's people, families, events and visits; return an invitation for each of INVITED.

    `small` makes a part of it, without what lies on the offices' desks: the whole one takes seconds.
    """
    content = _part(_content()) if small else _content()
    territories = _territories(session, content)
    organisations = _organisations(session, content, territories)
    people = _people(session, content, organisations)
    for entry in content["families"]:
        _family(session, entry, territories[entry["territory"]], people.get(_carer(entry)), _group(entry, people))
    put_signals(session, territories, people)
    session.flush()
    if not small:
        put_office(session)
    return [
        Invitation(people[key].name, people[key].post, kind, invite(session, people[key], kind))
        for key, kind in INVITED.items()
        if key in people
    ]


def _part(content: dict[str, Any]) -> dict[str, Any]:
    """Return what SMALL names, with the organisations of its territories and the families of its people."""
    shown = SMALL["territories"]
    return {
        "meta": content["meta"],
        "territories": [entry for entry in content["territories"] if entry["id"] in shown],
        "orgs": [entry for entry in content["orgs"] if entry["territory"] in shown],
        "people": [entry for entry in content["people"] if entry["id"] in SMALL["people"]],
        "families": [entry for entry in content["families"] if _carer(entry) in SMALL["people"]],
    }


def _carer(entry: dict[str, Any]) -> str:
    """Return who works with a family: its curator, or who answers for early help; "" where nobody was named yet."""
    return str(entry.get("curator") or entry.get("owner") or "")


@lru_cache
def _content() -> dict[str, Any]:
    return tomllib.loads(CONTENT.read_text(encoding="utf-8"))


def _territories(session: Session, content: dict[str, Any]) -> dict[str, Territory]:
    made = {
        entry["id"]: Territory(
            name=entry["name"],
            zone=ZONES[entry["id"]],
            procedure=entry["procedure"],
            directory=_directory(content, entry),
        )
        for entry in content["territories"]
    }
    session.add_all(made.values())
    session.flush()
    return made


def _directory(content: dict[str, Any], territory: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers and places of «Срочно», invented like everything here: +7 000 000-00-NN."""
    number = content["meta"]["phones"].format
    roles = {
        role: {"name": name, "number": number(nn=f"{nn:02}")}
        for nn, (role, name) in enumerate(CALLEES.items(), start=1)
    }
    near = {
        "nearest_phone": "магазин «Сказка», телефон у продавца",
        "village_head_place": "дом 1, зелёные ворота; дома с утра и вечером",
        "public_place": "ФАП и школа, до 16:00",
        "signal_place": "у развилки, 2 км к трассе",
    }
    return {"roles": roles, "settlements": dict.fromkeys(territory["settlements"], near)}


def _organisations(
    session: Session, content: dict[str, Any], territories: dict[str, Territory]
) -> dict[str, Organisation]:
    made = {
        entry["id"]: Organisation(name=entry["name"], kind=entry["kind"], territory=territories[entry["territory"]])
        for entry in content["orgs"]
    }
    session.add_all(made.values())
    session.flush()
    return made


def _people(session: Session, content: dict[str, Any], organisations: dict[str, Organisation]) -> dict[str, Person]:
    made: dict[str, Person] = {}
    for entry in content["people"]:
        number = content["meta"]["phones"].format(nn=f"{50 + len(made):02}")
        person = Person(name=entry["name"], post=entry["post"], phone=number)
        session.add(person)
        session.flush()
        for role in entry["roles"]:
            session.add(
                Role(
                    person_id=person.id,
                    organisation_id=organisations[entry["org"]].id,
                    role=role,
                    since_on=date(2020, 1, 1),
                )
            )
        made[entry["id"]] = person
    session.flush()
    return made


def _family(
    session: Session,
    entry: dict[str, Any],
    territory: Territory,
    carer: Person | None,
    group: list[tuple[str, Person]],
) -> Family:
    on = today(territory.zone)
    family = Family(
        surname=entry["surname"],
        address=entry["address"],
        settlement=next((name for name in territory.directory["settlements"] if name in entry["address"]), ""),
        place=entry["place"],
        territory=territory,
        case_no=entry.get("case_no"),
        level=entry["level"],
        stage=entry["stage"],
        story=entry["story"],
        door=entry.get("door", {}),
        address_hidden=entry.get("hidden_address", False),
    )
    _members(family, entry, on)
    session.add(family)
    session.flush()
    keep_findable(session, family)
    story = Story(session, family, carer, on)
    subjects = [(_subject(story, chapter, group, entry.get("placed")), chapter) for chapter in chapters(entry)]
    _history(story, subjects, entry)
    return family


def _subject(story: Story, chapter: Chapter, group: list[tuple[str, Person]], placed: dict[str, Any] | None) -> Subject:
    """Make a subject of the story, with those who work with it."""
    family = story.family
    subject = Subject(kind=chapter.kind, territory=family.territory, procedure=newest_key(family.territory.procedure))
    subject.family_id = family.id
    subject.closed_on = None if chapter.until_ago is None else story.day({"ago": chapter.until_ago})
    story.session.add(subject)
    workers = [(chapter.role, story.carer)] if story.carer else []
    for role, person in [*workers, *(group if chapter.kind == "case" else [])]:
        given = {"role": role, "since_on": story.day({"ago": chapter.since_ago}), "until_on": subject.closed_on}
        story.session.add(Assignment(subject=subject, person=person, organisation_id=_workplace(person), **given))
    story.session.flush()
    put_cover(story, subject, chapter, placed)
    if chapter.kind == "signal":
        signal_of(story.session, subject, family, chapter.events)
    return subject


def _workplace(person: Person) -> uuid.UUID:
    return person.roles[0].organisation_id


def _group(entry: dict[str, Any], people: dict[str, Person]) -> list[tuple[str, Person]]:
    """Return the working group of a family's case: its chair by office, the others as members."""
    sitting = [people[key] for key in entry.get("group", []) if key in people]
    return [
        (GROUP_CHAIR if any(role.role == GROUP_CHAIR for role in one.roles) else "group_member", one) for one in sitting
    ]


def _history(story: Story, subjects: list[tuple[Subject, Chapter]], entry: dict[str, Any]) -> None:
    """Write the family's story in the order of its days; promises were made at the last visit that took place."""
    visits = entry.get("visits", [])
    last = next((visit for visit in reversed(visits) if visit["result"] == "visit"), None)
    happened = [(what, subject) for subject, chapter in subjects for what in chapter.events]
    lines = [(what["ago"], 0, what, subject) for what, subject in happened]
    lines += [(what["ago"], 1, what, subjects[0][0]) for what in [*visits, *entry.get("contacts", [])]]
    for _ago, _order, what, subject in sorted(lines, key=lambda line: (-line[0], line[1])):
        if "result" in what:
            put_visit(story, what, entry.get("promises", []) if what is last else [])
        elif "kind" in what:
            put_contact(story, what)
        else:
            said = {name: what[name] for name in SAID if name in what}
            record_event(subject, what["type"], on=story.day(what), data=said, author=story.carer)
            put_plans(story, subject, what)
    put_cautions(story, entry.get("cautions", []))


def _members(family: Family, entry: dict[str, Any], on: date) -> None:
    for adult in entry["adults"]:
        family.members.append(
            FamilyMember(
                kind="adult",
                name=adult["name"],
                relation=adult["relation"],
                born_on=_years_before(on, adult["age"], "01-01"),
                position=len(family.members),
            )
        )
    for child in entry["children"]:
        family.members.append(
            FamilyMember(
                kind="child",
                name=child["name"],
                born_on=_years_before(on, child["age"], child["born"]),
                position=len(family.members),
            )
        )


def _years_before(on: date, age: int, month_day: str) -> date:
    """Return the birthday of somebody who is `age` full years old on that day."""
    month, day = (int(part) for part in month_day.split("-"))
    had_birthday = (on.month, on.day) >= (month, day)
    return date(on.year - age - (0 if had_birthday else 1), month, day)
