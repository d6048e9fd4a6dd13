"""A family agrees to early help, refuses or takes its word back; then it is told where help is, and asked."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from curator_app.extensions import db
from curator_app.subjects.models import Subject
from tests.intake.checks import get, journal_line, post, signal
from tests.intake.conftest import Office
from tests.intake.test_decision import decide, owner_in, set_level
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.pages


@pytest.fixture
def help_id(app: Flask, office: Office) -> uuid.UUID:
    """Early help that a decision has begun."""
    key, client = journal_line(app, office), sign_in(app, office.intake)
    set_level(client, key, level="low")
    assert decide(client, key, "early_help", owner=owner_in(app, office)).status_code == 303
    found = signal(app, key).leads_to_id
    assert found is not None
    return found


@pytest.fixture
def client(app: Flask, office: Office) -> FlaskClient:
    """The intake officer at a desk."""
    return sign_in(app, office.intake)


def page(client: FlaskClient, help_id: uuid.UUID) -> str:
    return get(client, f"/cases/{help_id}").get_data(as_text=True)


def step(client: FlaskClient, help_id: uuid.UUID, event: str, **answers: object) -> int:
    return post(client, f"/subjects/{help_id}/steps/{event}", on=demo_day(), **answers).status_code


def test_until_somebody_asks_the_page_says_so(client: FlaskClient, help_id: uuid.UUID) -> None:
    assert "Семью ещё не спросили" in page(client, help_id)


def test_a_refusal_keeps_what_the_family_was_told_and_the_day_to_ask_again(
    client: FlaskClient, help_id: uuid.UUID
) -> None:
    again = demo_day() + timedelta(days=14)

    taken = step(client, help_id, "consent_refused", information="Адрес центра, телефон доверия", recheck_on=again)

    shown = page(client, help_id)
    assert taken == 303
    assert "Семья отказалась" in shown
    assert "Спросить снова" in shown
    assert "Отказ не вина" in shown


def test_a_day_to_ask_again_that_has_passed_is_said_in_days(client: FlaskClient, help_id: uuid.UUID) -> None:
    past = demo_day() - timedelta(days=2)

    step(client, help_id, "consent_refused", information="Телефон доверия", recheck_on=past)

    assert "спросить снова нужно было 2 дня назад" in page(client, help_id)


@pytest.mark.on_both
def test_a_family_that_refuses_again_is_asked_again_on_the_new_day(client: FlaskClient, help_id: uuid.UUID) -> None:
    first, second = demo_day() - timedelta(days=2), demo_day() + timedelta(days=30)
    step(client, help_id, "consent_refused", information="Телефон доверия", recheck_on=first)

    taken = step(client, help_id, "consent_refused", information="Телефон доверия", recheck_on=second)

    assert taken == 303
    assert "спросить снова нужно было" not in page(client, help_id)
    assert "Спросить снова" in page(client, help_id)


def test_a_family_that_comes_back_gets_its_help_and_a_plan(client: FlaskClient, help_id: uuid.UUID) -> None:
    plan = {"since": demo_day(), "until": demo_day() + timedelta(days=90), "measures": "Логопед по вторникам"}
    step(client, help_id, "consent_given", who="мама", how="in_writing")
    assert step(client, help_id, "early_help_opened") == 303
    step(client, help_id, "consent_withdrawn", information="Можно вернуться")
    assert step(client, help_id, "early_help_plan_made", **plan) == 422, "nobody plans without consent"
    assert step(client, help_id, "early_help_opened") == 422, "nor begins"

    step(client, help_id, "consent_given", who="мама", how="in_writing")

    assert step(client, help_id, "early_help_opened") == 303
    assert step(client, help_id, "early_help_plan_made", **plan) == 303


def test_consent_is_given_once_and_taken_back_only_after_it(client: FlaskClient, help_id: uuid.UUID) -> None:
    assert step(client, help_id, "consent_withdrawn") == 422, "nothing to take back yet"
    assert step(client, help_id, "consent_given", who="мама", how="in_writing") == 303
    assert "Семья согласна" in page(client, help_id)
    assert step(client, help_id, "consent_given", who="мама", how="in_writing") == 422
    assert step(client, help_id, "consent_withdrawn", information="Можно вернуться в любой день") == 303
    assert "Семья отозвала согласие" in page(client, help_id)


def test_early_help_is_for_its_owner_and_intake_alone(app: Flask, office: Office, help_id: uuid.UUID) -> None:
    with app.app_context():
        assert db.session.get_one(Subject, help_id).kind == "early_help"
    for person in (office.secretary, office.specialist, office.people.vera, office.people.darya, office.foreign_intake):
        assert get(sign_in(app, person), f"/cases/{help_id}").status_code == 404
