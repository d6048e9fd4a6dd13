"""A substitute stands in from one day to another, and the families go back by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Person, Role
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Event
from curator_app.subjects.service import is_assigned
from tests.support.people import ORIGIN, People, settle, sign_in

FRAGMENT = {"HX-Request": "true"}
ON = today("Asia/Novosibirsk")
DAY = timedelta(days=1)


@pytest.fixture
def people(app: Flask) -> People:
    """The demonstration's people; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def alla(app: Flask, people: People) -> Person:
    """A second curator of Darya's organisation."""
    with app.app_context():
        head = db.session.scalars(select(Role).where(Role.role == "head", Role.person_id == people.darya.id)).one()
        person = Person(name="Берёзкина Алла Юрьевна")
        role = Role(organisation_id=head.organisation_id, role="case_curator", since_on=date(2020, 1, 1))
        person.roles.append(role)
        db.session.add(person)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def put_in(app: Flask, people: People, person: Person, since: date, until: date) -> tuple[int, str]:
    """Put somebody in Vera's place at Darya's desk."""
    form = {"person": str(person.id), "since": str(since), "until": str(until)}
    path = f"/people/{people.vera.id}/stand-in"
    answer = sign_in(app, people.darya).post(path, data=form, headers=FRAGMENT, base_url=ORIGIN)
    return answer.status_code, answer.text


def sees(app: Flask, person: Person, family: Family, on: date) -> bool:
    """Tell whether a person may read the raw layer of a family on that day."""
    with app.app_context():
        return any(one.id == family.id for one in db.session.scalars(Family.raw_visible_to(person, on)))


def test_it_begins_on_its_first_day_and_ends_after_its_last_by_itself(app: Flask, people: People, alla: Person) -> None:
    assert not sees(app, alla, people.ryabinkiny, ON)

    assert put_in(app, people, alla, ON + DAY, ON + 3 * DAY)[0] == 303

    days = {n: sees(app, alla, people.ryabinkiny, ON + n * DAY) for n in range(5)}
    assert days == {0: False, 1: True, 2: True, 3: True, 4: False}
    assert all(sees(app, people.vera, people.ryabinkiny, ON + n * DAY) for n in range(5))


def test_who_it_was_on_a_day_stays_known_after_it(app: Flask, people: People, alla: Person) -> None:
    put_in(app, people, alla, ON, ON + DAY)

    with app.app_context():
        carried = [is_assigned(db.session(), people.ryabinkiny.id, alla, ON + n * DAY) for n in range(3)]
    assert carried == [True, True, False]


def test_the_substitute_opens_the_families_and_writes(app: Flask, people: People, alla: Person) -> None:
    put_in(app, people, alla, ON, ON + DAY)
    client = sign_in(app, alla)

    assert "Рябинкины" in client.get("/families", headers=FRAGMENT, base_url=ORIGIN).text
    path = f"/families/{people.ryabinkiny.id}/visit"
    assert client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code == 200


def test_it_is_ended_early_and_the_days_before_stay(app: Flask, people: People, alla: Person) -> None:
    put_in(app, people, alla, ON, ON + 5 * DAY)
    form = {"person": str(alla.id), "since": str(ON), "until": str(ON + 5 * DAY)}
    head = sign_in(app, people.darya)
    shown = head.get(f"/people/{people.vera.id}", headers=FRAGMENT, base_url=ORIGIN).text
    assert "Берёзкина Алла Юрьевна" in shown
    assert "После последнего дня семьи сами вернутся" in shown

    path = f"/people/{people.vera.id}/stand-in/end"
    assert head.post(path, data=form, headers=FRAGMENT, base_url=ORIGIN).status_code == 303

    assert not sees(app, alla, people.ryabinkiny, ON)
    assert head.post(path, data=form, headers=FRAGMENT, base_url=ORIGIN).status_code == 404


def test_it_is_written_in_each_familys_history(app: Flask, people: People, alla: Person) -> None:
    put_in(app, people, alla, ON, ON)

    with app.app_context():
        events = db.session.scalars(select(Event).where(Event.type == "substitute_named")).all()
    assert len(events) > 1
    assert {event.author_id for event in events} == {people.darya.id}
    text = sign_in(app, people.darya).get(f"/families/{people.ryabinkiny.id}", headers=FRAGMENT, base_url=ORIGIN).text
    assert "Временная замена куратора" in text


def test_what_cannot_be_is_said_in_a_sentence(app: Flask, people: People, alla: Person) -> None:
    assert "Этот день уже прошёл" in put_in(app, people, alla, ON - DAY, ON)[1]
    assert "Последний день раньше первого" in put_in(app, people, alla, ON + DAY, ON)[1]
    assert "Такого человека в списке нет" in put_in(app, people, people.igor, ON, ON)[1]
    put_in(app, people, alla, ON, ON + DAY)
    assert "Этот человек уже замещает" in put_in(app, people, alla, ON, ON + DAY)[1]


def test_nobody_but_the_head_puts_anybody_in(app: Flask, people: People, alla: Person) -> None:
    form = {"person": str(alla.id), "since": str(ON), "until": str(ON)}

    for who in (people.vera, people.anna, people.igor, alla):
        path = f"/people/{people.vera.id}/stand-in"
        assert sign_in(app, who).post(path, data=form, headers=FRAGMENT, base_url=ORIGIN).status_code == 404
    assert not sees(app, alla, people.ryabinkiny, ON)
