"""A browser without a vault asks to become a phone: one yes at the office, and not from oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, Enrolment, EnrolmentLink, Person
from curator_app.clock import now
from curator_app.extensions import db
from tests.support.people import ORIGIN, People, enrol, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    """The demonstration's people; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def ask(app: Flask, person: Person, **state: object) -> str:
    """Ask on a browser where the passkey of a phone with that state signed in; return the token."""
    phone = enrol(app, person, FIELD)
    with app.app_context():
        db.session.get_one(Enrolment, phone.id).phone_state = state
        db.session.commit()
    client = sign_in(app, person, enrolment=phone)
    answer = client.post("/enrol/ask", json={"label": "Android · Chrome"}, base_url=ORIGIN)
    assert answer.status_code == 201
    return str(answer.json["token"])


def start(app: Flask, token: str) -> tuple[int, dict[str, object]]:
    """Open the link as the waiting phone does."""
    answer = app.test_client().post("/enrol/start", json={"token": token}, base_url=ORIGIN)
    return answer.status_code, answer.json


def answer(client: FlaskClient, app: Flask, said: str) -> int:
    """Answer the one request there is."""
    with app.app_context():
        link = db.session.scalars(select(EnrolmentLink).where(EnrolmentLink.label != "")).all()[-1]
    path = f"/phones/requests/{link.id}"
    return client.post(path, data={"answer": said}, headers=FRAGMENT, base_url=ORIGIN).status_code


def test_it_waits_and_both_hear_what_the_phone_before_had_not_sent(app: Flask, people: People) -> None:
    oldest = (now() - timedelta(days=5)).isoformat()
    token = ask(app, people.vera, unsent=2, oldest=oldest)

    status, said = start(app, token)

    assert status == 202
    assert said == {"waits": True, "announced": {"unsent": 2, "oldest": oldest}}
    text = sign_in(app, people.darya).get("/phones", headers=FRAGMENT, base_url=ORIGIN).text
    assert "Просят подключить телефон" in text
    assert "На прежнем телефоне остались неотправленные записи: 2" in text
    assert "Android · Chrome" in text


@pytest.mark.on_both
@pytest.mark.parametrize("who", ["darya", "anna"])
def test_one_yes_opens_the_link(app: Flask, people: People, who: str) -> None:
    token = ask(app, people.vera)

    assert answer(sign_in(app, getattr(people, who)), app, "yes") == 303

    status, invitation = start(app, token)
    assert (status, invitation["kind"]) == (200, "field")
    with app.app_context():
        trail = db.session.scalars(select(AuditRow).where(AuditRow.act == "enrolment:approved")).one()
        assert trail.person_id == getattr(people, who).id


def test_a_no_closes_it_with_a_sentence(app: Flask, people: People) -> None:
    token = ask(app, people.vera)
    answer(sign_in(app, people.darya), app, "no")

    status, said = start(app, token)

    assert status == 410
    assert said["refusal"]["what"] == "Подключить этот телефон не разрешили."


def test_who_answers_second_hears_that_it_is_done(app: Flask, people: People) -> None:
    ask(app, people.vera)
    assert answer(sign_in(app, people.darya), app, "no") == 303

    assert answer(sign_in(app, people.anna), app, "yes") == 404


@pytest.mark.parametrize("who", ["vera", "igor"])
def test_a_colleague_answers_nothing(app: Flask, people: People, who: str) -> None:
    token = ask(app, people.vera)

    assert answer(sign_in(app, getattr(people, who)), app, "yes") == 404
    assert start(app, token)[0] == 202


def test_nobody_approves_a_phone_of_ones_own(app: Flask, people: People) -> None:
    token = ask(app, people.darya)

    assert answer(sign_in(app, people.darya), app, "yes") == 404
    assert start(app, token)[0] == 202


def test_a_newer_request_takes_the_olders_place(app: Flask, people: People) -> None:
    phone = enrol(app, people.vera, FIELD)
    client = sign_in(app, people.vera, enrolment=phone)
    first, second = (client.post("/enrol/ask", json={}, base_url=ORIGIN).json["token"] for _ in range(2))

    assert start(app, first)[0] == 410
    assert start(app, second)[0] == 202


def test_a_desk_asks_for_nothing(app: Flask, people: People) -> None:
    assert sign_in(app, people.vera).post("/enrol/ask", json={}, base_url=ORIGIN).status_code == 404
