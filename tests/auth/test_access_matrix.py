"""Every route × every kind of person × own and foreign objects.

A route that this table does not know fails the test: whoever adds a page says here who may open it.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Caution
from curator_app.visits.agreements import Promise
from curator_app.visits.models import Photo, Visit
from tests.auth.route_table import (
    ALARM,
    CEREMONIES,
    CLOSED,
    DUTY,
    DUTY_OBJECTS,
    FAMILY,
    FAMILY_WRITES,
    HELD_BY,
    KNOWN,
    OPEN_BY_ADDRESS,
    PHOTO,
    RAW_ROWS,
    SHARED_CARD,
)
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, enrol, join_case, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator, with a finished photo in the first family."""
    people = settle(app)
    with app.app_context():
        visit = db.session.scalars(select(Visit).where(Visit.family_id == people.ryabinkiny.id)).first()
        assert visit is not None
        db.session.add(Photo(visit_id=visit.id, position=0, sha256="0" * 64, state="ready", created_at=now()))
        db.session.commit()
    return people


def path_of(rule: Rule, family_id: uuid.UUID, photo_id: uuid.UUID) -> str:
    """Fill a rule's arguments with the object in question."""
    values = {"family_id": str(family_id), "photo_id": str(photo_id), "kind": "thumb"}
    values |= {name: str(uuid.uuid4()) for name in rule.arguments - values.keys()}
    return str(rule.rule).replace("<uuid:", "<").translate(str.maketrans("<>", "{}")).format(**values)


def rules(app: Flask, endpoints: set[str]) -> list[Rule]:
    """Return the rules of the named endpoints; each must exist."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint in endpoints]
    assert {rule.endpoint for rule in found} == endpoints
    return found


def photo_of(app: Flask) -> uuid.UUID:
    """Return the one photo there is."""
    with app.app_context():
        return db.session.scalars(select(Photo.id)).one()


def raw_rows(app: Flask, people: People) -> dict[str, str]:
    """Make a promise and a caution of the Ryabinkins; return the address of each by its route."""
    today = demo_day()
    said = {"family_id": people.ryabinkiny.id, "author_id": people.vera.id}
    with app.app_context():
        promise = Promise(**said, side="ours", what="Список кружков", made_on=today)
        caution = Caution(**said, kind="caution_dog", source="мама", noted_on=today, until_on=today)
        db.session.add_all([promise, caution])
        db.session.commit()
        return {
            "telling.promise": f"/promises/{promise.id}",
            "telling.caution_over": f"/cautions/{caution.id}/end",
            "visits.withdraw_photo": f"/photos/{db.session.scalars(select(Photo.id)).one()}/withdraw",
        }


def get(client: FlaskClient, path: str) -> int:
    """Ask for a fragment, as htmx does."""
    return client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code


def test_every_route_is_in_this_table(app: Flask) -> None:
    unknown = {rule.endpoint for rule in app.url_map.iter_rules()} - KNOWN

    assert unknown == set()


@pytest.mark.parametrize("name", [*HELD_BY, *OPEN_BY_ADDRESS])
def test_what_holds_a_route_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


def test_nobody_gets_anything_without_signing_in(app: Flask, people: People) -> None:
    client = app.test_client()
    closed = rules(app, CLOSED)

    answers = {
        rule.endpoint: client.open(
            path_of(rule, people.ryabinkiny.id, photo_of(app)),
            method="GET" if "GET" in rule.methods else "POST",
            headers=FRAGMENT,
            base_url=ORIGIN,
        )
        for rule in closed
    }

    # What is posted stumbles over the missing CSRF token first.
    assert {name: answer.status_code for name, answer in answers.items()} == {
        rule.endpoint: 401 if "GET" in rule.methods else 400 for rule in closed
    }
    assert all("Рябинкины" not in answer.text for answer in answers.values())


@pytest.mark.on_both
@pytest.mark.parametrize("who", ["vera", "darya"])
def test_a_curator_and_her_head_open_their_own_family(app: Flask, people: People, who: str) -> None:
    client = sign_in(app, getattr(people, who))

    for rule in rules(app, FAMILY):
        assert get(client, path_of(rule, people.ryabinkiny.id, photo_of(app))) == 200, rule.endpoint


@pytest.mark.on_both
@pytest.mark.parametrize("who", ["igor", "anna"])
def test_a_stranger_and_the_administrator_find_no_family_there(app: Flask, people: People, who: str) -> None:
    client = sign_in(app, getattr(people, who))

    for rule in rules(app, FAMILY | PHOTO):
        answer = client.get(path_of(rule, people.ryabinkiny.id, photo_of(app)), headers=FRAGMENT, base_url=ORIGIN)
        assert answer.status_code == 404, rule.endpoint
        assert "Рябинкины" not in answer.text


def test_a_member_of_the_working_group_opens_the_shared_card_and_nothing_else(app: Flask, people: People) -> None:
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    client = sign_in(app, people.igor)

    for rule in rules(app, FAMILY | PHOTO):
        expected = 200 if rule.endpoint in SHARED_CARD else 404
        assert get(client, path_of(rule, people.ryabinkiny.id, photo_of(app))) == expected, rule.endpoint


def test_a_member_of_the_working_group_writes_nothing(app: Flask, people: People) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    client = sign_in(app, people.igor)

    for rule in rules(app, FAMILY_WRITES):
        answer = client.post(path_of(rule, people.ryabinkiny.id, photo_of(app)), base_url=ORIGIN)
        assert answer.status_code == 404, rule.endpoint


@pytest.mark.parametrize(
    ("who", "status"), [("vera", 200), ("darya", 200), ("igor", 404), ("anna", 404), ("member", 404)]
)
def test_promises_and_cautions_are_told_of_by_those_who_read_the_raw_layer(
    app: Flask, people: People, who: str, status: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    if who == "member":  # of the working group
        join_case(app, people.ryabinkiny, people.igor, "group_member")
    rows = raw_rows(app, people)
    client = sign_in(app, getattr(people, "igor" if who == "member" else who))

    answers = {
        endpoint: client.post(path, data={"state": "kept"}, headers=FRAGMENT, base_url=ORIGIN).status_code
        for endpoint, path in rows.items()
    }

    assert {key: 200 if code == 303 else code for key, code in answers.items()} == dict.fromkeys(RAW_ROWS, status)


@pytest.mark.parametrize("who", ["vera", "darya"])
def test_the_head_and_the_curator_do_not_open_another_territory(app: Flask, people: People, who: str) -> None:
    client = sign_in(app, getattr(people, who))

    for rule in rules(app, FAMILY):
        assert get(client, path_of(rule, people.podorozhnikovy.id, photo_of(app))) == 404, rule.endpoint


@pytest.mark.parametrize(("who", "status"), [("darya", 200), ("vera", 404), ("igor", 404), ("anna", 404)])
def test_only_who_keeps_duty_opens_its_pages(app: Flask, people: People, who: str, status: int) -> None:
    client = sign_in(app, getattr(people, who))

    for rule in rules(app, DUTY):
        assert get(client, rule.rule) == status, rule.endpoint


@pytest.mark.parametrize("who", ["darya", "vera", "igor", "anna"])
def test_an_alarm_that_is_not_ones_own_is_not_there(app: Flask, people: People, who: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in(app, getattr(people, who))

    for rule in rules(app, DUTY_OBJECTS | ALARM):
        method = "GET" if "GET" in rule.methods else "POST"
        path = path_of(rule, people.ryabinkiny.id, uuid.uuid4())
        answer = client.open(path, method=method, headers=FRAGMENT, base_url=ORIGIN)
        assert answer.status_code == 404, rule.endpoint


def test_a_foreign_object_and_a_missing_one_look_the_same(app: Flask, people: People) -> None:
    client = sign_in(app, people.igor)

    foreign = client.get(f"/families/{people.ryabinkiny.id}", headers=FRAGMENT, base_url=ORIGIN)
    missing = client.get(f"/families/{uuid.uuid4()}", headers=FRAGMENT, base_url=ORIGIN)

    assert (foreign.status_code, foreign.text) == (missing.status_code, missing.text)


@pytest.mark.parametrize("who", ["igor", "anna", "darya"])
def test_nobody_but_the_curator_writes_a_visit(app: Flask, people: People, who: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in(app, getattr(people, who))
    form = {"on": "2026-01-10", "outcome": "visit", "form_version": "visit@1", "id": str(uuid.uuid4())}

    answer = client.post(f"/families/{people.ryabinkiny.id}/visits", data=form, base_url=ORIGIN)

    assert answer.status_code == 404


@pytest.mark.on_both
def test_lists_hold_only_ones_own_families(app: Flask, people: People) -> None:
    vera, igor, anna = (sign_in(app, person) for person in (people.vera, people.igor, people.anna))

    for path in ("/today", "/families"):
        assert "Рябинкины" in vera.get(path, headers=FRAGMENT, base_url=ORIGIN).text
        assert "Рябинкины" not in igor.get(path, headers=FRAGMENT, base_url=ORIGIN).text
        assert "Подорожниковы" in igor.get(path, headers=FRAGMENT, base_url=ORIGIN).text
        text = anna.get(path, headers=FRAGMENT, base_url=ORIGIN).text
        assert "Рябинкины" not in text
        assert "Подорожниковы" not in text


def test_a_phone_gets_the_locked_shell_instead_of_a_whole_page(app: Flask, people: People) -> None:
    phone = sign_in(app, people.vera, enrolment=enrol(app, people.vera))

    answer = phone.get(f"/families/{people.ryabinkiny.id}", base_url=ORIGIN)

    assert answer.status_code == 200
    assert "Рябинкины" not in answer.text


def test_every_writing_route_refuses_another_site(app: Flask, people: People) -> None:
    client = sign_in(app, people.vera)

    for rule in app.url_map.iter_rules():
        if rule.methods & {"POST", "PATCH", "PUT", "DELETE"} and "envelope" not in rule.rule:
            answer = client.open(
                path_of(rule, people.ryabinkiny.id, uuid.uuid4()),
                method="POST",
                headers={"Sec-Fetch-Site": "cross-site"},
                base_url=ORIGIN,
            )
            assert answer.status_code in {400, 403}, rule.endpoint


def test_ceremonies_refuse_what_is_not_theirs(app: Flask) -> None:
    client = app.test_client()

    for endpoint, status in CEREMONIES.items():
        (rule,) = rules(app, {endpoint})
        answer = client.post(rule.rule, json={"token": "no such", "credential": {}}, base_url=ORIGIN)
        assert answer.status_code == status, endpoint
