"""A family is seen more often than the document asks: decided by a person with a reason, never less often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.subjects.duty_models import DutyRow
from tests.support.cases import HTMX, events_of, read, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def set_frequency(client, case, **answers):
    """Post the form."""
    said = {"n": "1", "unit": "week", "reason": "Мама в больнице"} | answers
    return client.post(f"/subjects/{case.id}/frequency", data=said, headers=HTMX, base_url=ORIGIN)


def next_visit(app, case):
    """Return the nearest day until which somebody must be seen at home."""
    with app.app_context():
        query = select(DutyRow.due_on).where(DutyRow.subject_id == case.id, DutyRow.rule == "home_visit")
        return min(day for day in db.session.scalars(query.where(DutyRow.met_on.is_(None))) if day)


def test_once_a_week_for_six_weeks_moves_the_next_visit_nearer(app, people):
    case, today = subject_of(app, people.podorozhnikovy), demo_day()
    client = sign_in(app, people.igor)

    answer = set_frequency(client, case, until=str(today + timedelta(weeks=6)))

    assert answer.status_code == 303
    assert next_visit(app, case) <= today + timedelta(days=7)
    (event,) = events_of(app, case, "frequency_set")
    assert event.data == {
        "every": {"n": 1, "unit": "week"},
        "until": str(today + timedelta(weeks=6)),
        "reason": "Мама в больнице",
    }
    assert "1 недель" not in read(client, f"/cases/{case.id}").text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"n": "0"}, "Напишите число от 1 до 999"),
        ({"n": "часто"}, "Напишите число от 1 до 999"),
        ({"unit": "century"}, "Такого ответа нет в списке"),
        ({"reason": ""}, "Заполните это поле"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_rest_kept(app, people, answers, words):
    case = subject_of(app, people.podorozhnikovy)

    answer = set_frequency(sign_in(app, people.igor), case, **answers)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert events_of(app, case, "frequency_set") == []


def test_where_the_document_asks_for_no_visits_there_is_nothing_to_shorten(app, people):
    case = subject_of(app, people.ryabinkiny)

    assert "менять нечего" in read(sign_in(app, people.vera), f"/subjects/{case.id}/frequency").text


@pytest.mark.parametrize(("who", "status"), [("igor", 200), ("vera", 404), ("anna", 404)])
def test_it_is_there_for_those_who_have_to_do_with_the_case(app, people, who, status):
    case = subject_of(app, people.podorozhnikovy)

    assert read(sign_in(app, getattr(people, who)), f"/subjects/{case.id}/frequency").status_code == status
