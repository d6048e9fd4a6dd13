"""«Люди» of a whole region: ten organisations a page, each once, and nobody beyond one's own."""

from __future__ import annotations

import re
from datetime import date

from flask import Flask

from curator_app.auth.models import Organisation, Person, Role
from curator_app.extensions import db
from curator_app.people.service import PEOPLE_SHOWN
from tests.support.people import ORIGIN, settle, sign_in

MANY = 25


def test_an_administrator_goes_on_from_page_to_page_and_back_to_the_beginning(app: Flask) -> None:
    people = settle(app)
    with app.app_context():
        territory = db.session.get_one(Person, people.vera.id).roles[0].organisation.territory_id
        for n in range(MANY):
            place = Organisation(name=f"Центр № {n:02}", kind="social_service", territory_id=territory)
            person = Person(name=f"Работникова-{n:02} Анна Ивановна")
            db.session.add_all([place, person])
            db.session.flush()
            since = date(2020, 1, 1)
            db.session.add(Role(person_id=person.id, organisation_id=place.id, role="case_curator", since_on=since))
        db.session.commit()
    desk = sign_in(app, people.anna)

    path, seen, pages = "/people", [], 0
    while path:
        page = desk.get(path, base_url=ORIGIN).text
        assert ("В начало" in page) == (pages > 0)
        seen += re.findall(r"Работникова-(\d\d)", page)
        further = re.search(r'href="(/people\?after=[0-9a-f-]{36})"', page)
        path = further[1] if further else ""
        pages += 1

    assert seen == [f"{n:02}" for n in range(MANY)]
    assert pages > 2


def test_a_head_sees_her_own_whatever_place_is_named(app: Flask) -> None:
    people = settle(app)
    with app.app_context():
        foreign = db.session.get_one(Person, people.igor.id).roles[0].organisation_id

    page = sign_in(app, people.darya).get(f"/people?after={foreign}", base_url=ORIGIN).text

    assert "Туманова" in page
    assert "Полевой" not in page


def test_a_page_ends_with_the_organisation_that_fills_it(app: Flask) -> None:
    people = settle(app)
    with app.app_context():
        territory = db.session.get_one(Person, people.vera.id).roles[0].organisation.territory_id
        for n in range(3):
            place = Organisation(name=f"Ателье № {n}", kind="social_service", territory_id=territory)
            workers = [Person(name=f"Ателье-{n}-{m:02} Анна Ивановна") for m in range(PEOPLE_SHOWN)]
            db.session.add_all([place, *workers])
            db.session.flush()
            of_place = {"organisation_id": place.id, "role": "case_curator", "since_on": date(2020, 1, 1)}
            db.session.add_all([Role(person_id=one.id, **of_place) for one in workers])
        db.session.commit()

    page = sign_in(app, people.anna).get("/people", base_url=ORIGIN).text

    assert page.count("Ателье-0-") == PEOPLE_SHOWN
    assert "Ателье-1-" not in page
