"""The case's page says where it stands on its way: paused, handed over, decided, helped on, kept until a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import record_event
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of, take
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def secretary(app, people):
    """The secretary of the district's commission."""
    return sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", people.podorozhnikovy))


def test_a_pause_is_said_and_ends(app, people, secretary):
    case = subject_of(app, people.podorozhnikovy)
    assert take(secretary, case, "paused", on=demo_day(), reason="hospital").status_code == 303

    page = read(secretary, f"/cases/{case.id}").text
    assert "Приостановлено с" in page
    assert "Больница" in page

    take(secretary, case, "resumed", on=demo_day())
    assert "Приостановлено с" not in read(secretary, f"/cases/{case.id}").text


def test_what_was_decided_leads_on_to_help_and_to_the_term_of_keeping(app, people, secretary):
    case = subject_of(app, people.podorozhnikovy)
    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        for event in ("plan_approved", "general_report_sent"):
            record_event(subject, event, on=demo_day() - timedelta(days=9))
        db.session.commit()
    said = {"on": demo_day().isoformat(), "outcome": "deregister_and_patronage", "goals": "partly"}
    said |= {"agrees": "yes", "why": "Решено вместе", "remains": "Долг за свет", "reached": "Дома тепло"}
    assert secretary.post(f"/subjects/{case.id}/closing", data=said, headers=HTMX, base_url=ORIGIN).status_code == 303

    page = read(secretary, f"/cases/{case.id}").text
    assert "Снять с учёта и передать на патронаж" in page
    assert "Начать сопровождение" in page
    assert "Согласна ли семья: согласна" in page
    words = ("Долг за свет", "Дома тепло", "Решено вместе")
    assert not [one for one in words if one in page], "the commission reads papers"
    card = read(sign_in(app, people.igor), f"/cases/{case.id}").text
    assert [one for one in words if one not in card] == []

    take(secretary, case, "deregistered", on=demo_day())
    assert "Хранить до" in read(secretary, f"/cases/{case.id}").text


def test_early_help_becomes_a_case_by_a_higher_level_and_ends_with_it(app, people):
    with app.app_context():
        subject = db.session.get_one(Subject, subject_of(app, people.ryabinkiny).id)
        subject.kind = "early_help"
        for row in db.session.scalars(select(Assignment).where(Assignment.subject_id == subject.id)):
            row.role = "early_help_owner"
        for event in db.session.scalars(select(Event).where(Event.subject_id == subject.id)):
            event.type = "contact_made"
        record_event(subject, "consent_given", on=demo_day() - timedelta(days=5))
        db.session.commit()
    early = subject_of(app, people.ryabinkiny, "early_help")
    intake = sign_in(app, office_worker(app, "Приёмова Вера", "intake_officer", people.ryabinkiny))

    answer = take(intake, early, "risk_decided", on=demo_day(), level="high", reason="Мама снова в больнице")

    assert answer.status_code == 303
    assert [event.data for event in events_of(app, early, "early_help_closed")] == [{"outcome": "raised"}]
    case = subject_of(app, people.ryabinkiny)
    (decided,) = events_of(app, case, "risk_decided")
    assert decided.data["level"] == "high"
    with app.app_context():
        assert db.session.get_one(Subject, early.id).closed_on == demo_day()
    assert read(sign_in(app, people.vera), f"/families/{people.ryabinkiny.id}").status_code == 404
