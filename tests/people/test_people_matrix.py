"""Every page about people, phones, organisations and territories × every kind of person × own and foreign objects."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from curator_app.auth.models import FIELD, OFFICE, Enrolment, EnrolmentLink, Person
from curator_app.clock import now
from curator_app.extensions import db
from tests.auth.route_table import PEOPLE_PAGES
from tests.support.people import ORIGIN, People, enrol, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

OWN_BROWSER = {"auth.enrol_ask", "auth.passkey_start", "auth.passkey_finish", "phones.hand_in"}
"""One's own browser and nobody else's: tests/auth/test_asking.py, tests/e2e/test_ways_in.py and test_leaving.py."""
TERRITORIES = {name for name in PEOPLE_PAGES if name.startswith("territories.")}
ORGANISATIONS = {f"organisations.{name}" for name in ("index", "create", "show", "change")}
STAND_INS = {f"organisations.{name}" for name in ("stand_in", "put_in", "end")}
LOOKED_AFTER = PEOPLE_PAGES - OWN_BROWSER - TERRITORIES - ORGANISATIONS - STAND_INS
# What a route wants to hear before it says anything else than «no such page».
SAID = {
    "people.link": {"kind": "field"},
    "phones.switch_off": {"way": "lost"},
    "phones.decide": {"answer": "no"},
}
NEEDS_A_STAND_IN = {"organisations.end"}
"""Without one there is nothing to end, for anybody: tests/people/test_substitutes.py."""


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def objects_of(app: Flask, person: Person) -> dict[str, str]:
    """Return the ids that belong to a person's place of work; makes a phone, and one that asks to be prepared."""
    phone = enrol(app, person, FIELD)
    with app.app_context():
        role = db.session.get_one(Person, person.id).roles[0]
        asks = EnrolmentLink(person_id=person.id, kind=FIELD, token_hash=secrets.token_bytes(32), approval="waiting")
        asks.expires_at = now() + timedelta(days=1)
        db.session.add(asks)
        db.session.commit()
        return {
            "person_id": str(person.id),
            "role_id": str(role.id),
            "organisation_id": str(role.organisation_id),
            "territory_id": str(role.organisation.territory_id),
            "enrolment_id": str(phone.id),
            "link_id": str(asks.id),
        }


def ask(client: FlaskClient, rule: Rule, objects: dict[str, str]) -> int:
    """Ask for a route with these objects; GET before everything else, so that nothing has changed yet."""
    path = str(rule.rule).replace("<uuid:", "<").translate(str.maketrans("<>", "{}")).format(**objects)
    if rule.endpoint == "phones.before_off":
        path += "?way=lost"
    method = "GET" if "GET" in rule.methods else "POST"
    headers = {"HX-Request": "true"}
    data = SAID.get(rule.endpoint)
    return client.open(path, method=method, data=data, headers=headers, base_url=ORIGIN).status_code


def open_to(app: Flask, client: FlaskClient, objects: dict[str, str]) -> set[str]:
    """Return the routes that say anything but «no such page»."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in PEOPLE_PAGES - OWN_BROWSER]
    rules.sort(key=lambda rule: "GET" not in rule.methods)
    return {rule.endpoint for rule in rules if ask(client, rule, objects) != 404}


def without_objects(app: Flask, endpoints: set[str]) -> set[str]:
    """Return those whose address names nobody: they show one's own."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint in endpoints and not rule.arguments}


def test_a_head_looks_after_her_own_people(app: Flask, people: People) -> None:
    found = open_to(app, sign_in(app, people.darya), objects_of(app, people.vera))

    assert found == LOOKED_AFTER | STAND_INS - NEEDS_A_STAND_IN


def test_a_head_finds_nobody_of_another_organisation(app: Flask, people: People) -> None:
    found = open_to(app, sign_in(app, people.darya), objects_of(app, people.igor))

    assert found == without_objects(app, LOOKED_AFTER)


@pytest.mark.parametrize("whose", ["vera", "igor"])
def test_the_administrator_looks_after_everybody_and_puts_nobody_in_a_curators_place(
    app: Flask, people: People, whose: str
) -> None:
    found = open_to(app, sign_in(app, people.anna), objects_of(app, getattr(people, whose)))

    assert found == LOOKED_AFTER | ORGANISATIONS | TERRITORIES


@pytest.mark.parametrize("who", ["vera", "igor"])
@pytest.mark.parametrize("whose", ["vera", "igor"])
def test_a_curator_finds_none_of_it_not_even_about_oneself(app: Flask, people: People, who: str, whose: str) -> None:
    assert open_to(app, sign_in(app, getattr(people, who)), objects_of(app, getattr(people, whose))) == set()


@pytest.mark.parametrize("who", ["darya", "anna"])
def test_none_of_it_is_for_a_phone(app: Flask, people: People, who: str) -> None:
    person = getattr(people, who)
    pocket = sign_in(app, person, enrolment=enrol(app, person, FIELD))

    assert open_to(app, pocket, objects_of(app, people.vera)) == set()


def test_what_there_is_not_looks_like_what_is_not_ones_own(app: Flask, people: People) -> None:
    nothing = {name: str(uuid.uuid4()) for name in objects_of(app, people.vera)}

    assert open_to(app, sign_in(app, people.darya), nothing) == without_objects(app, LOOKED_AFTER)


def test_who_looks_stays_where_they_are(app: Flask, people: People) -> None:
    own = enrol(app, people.darya, OFFICE)
    open_to(app, sign_in(app, people.darya, enrolment=own), objects_of(app, people.igor))

    with app.app_context():
        states = db.session.scalars(select(Enrolment.state)).all()
        assert set(states) == {"active"}
