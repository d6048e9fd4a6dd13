"""The commission orders, the term stays in sight, and the act comes back once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from curator_app.extensions import db
from curator_app.intake.check_models import Order
from tests.intake.checks import get, journal_line, post, signal_events
from tests.intake.conftest import Office
from tests.support.cases import subject_of
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

WHAT = "Обследовать условия жизни по адресу"


def order(app: Flask, office: Office, key: uuid.UUID, days: int = 5) -> int:
    """Order a survey by the page; return how the server answered."""
    client, due = sign_in(app, office.secretary), demo_day() + timedelta(days=days)
    fields = {"addressee": "Опека", "kind": "survey", "what": WHAT, "number": "7-п", "due_on": due}
    return post(client, f"/subjects/{key}/orders", **fields).status_code


def only(app: Flask) -> Order:
    """Return the one order there is."""
    with app.app_context():
        row = db.session.scalars(select(Order)).one()
        db.session.expunge(row)
        return row


def let_the_day_pass(app: Flask) -> None:
    """Move the order into the past: given ten days ago, owed for three."""
    with app.app_context():
        past = {"given_on": demo_day() - timedelta(days=10), "due_on": demo_day() - timedelta(days=3)}
        db.session.execute(update(Order).values(**past))
        db.session.commit()


def test_an_order_stands_with_its_term_and_begins_what_the_document_waits_for(app: Flask, office: Office) -> None:
    key = journal_line(app, office)

    assert order(app, office, key) == 303

    page = get(sign_in(app, office.intake), f"/subjects/{key}/orders").get_data(as_text=True)
    assert WHAT in page
    assert "исполнить до" in page
    assert "№ 7-п" in page
    given = dict(signal_events(app, key))["order_given"]
    assert given == {"body": "Опека", "what": "survey", "wording": WHAT}


def test_a_term_that_has_passed_is_refused_and_nothing_is_ordered(app: Flask, office: Office) -> None:
    key = journal_line(app, office)

    assert order(app, office, key, days=-1) == 422

    with app.app_context():
        assert db.session.scalars(select(Order)).all() == []
    assert "order_given" not in dict(signal_events(app, key))


def test_an_order_that_is_late_says_by_how_many_days(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.secretary)
    order(app, office, key)
    let_the_day_pass(app)

    orders = get(client, f"/subjects/{key}/orders").get_data(as_text=True)
    check = get(client, f"/signals/{key}/check").get_data(as_text=True)

    assert "3 дня" in orders
    assert "3 дня" in check


def test_an_act_comes_back_once_and_never_before_the_order(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.secretary)
    order(app, office, key)
    where, today = f"/orders/{only(app).id}/returned", demo_day()
    act = {"act": "Условия пригодны, акт приложен", "act_number": "12-а"}

    too_early = post(client, where, **act, returned_on=today - timedelta(days=1))
    assert only(app).returned_on is None
    returned = post(client, where, **act, returned_on=today)
    twice = post(client, where, act="Другой акт", returned_on=today)

    assert (too_early.status_code, returned.status_code, twice.status_code) == (422, 303, 422)
    page = get(client, f"/subjects/{key}/orders").get_data(as_text=True)
    assert "Условия пригодны, акт приложен" in page
    assert "№ 12-а" in page
    assert "Другой акт" not in page
    assert [name for name, _data in signal_events(app, key)].count("order_returned") == 1


def test_a_case_shows_what_bodies_owe_it(app: Flask, office: Office) -> None:
    case = subject_of(app, office.people.ryabinkiny)
    assert order(app, office, case.id) == 303
    let_the_day_pass(app)

    page = get(sign_in(app, office.people.vera), f"/cases/{case.id}").get_data(as_text=True)

    assert "Запросы и поручения" in page
    assert f"/subjects/{case.id}/orders" in page
    assert f"/subjects/{case.id}/inquiries" in page
    assert "3 дня" in page
