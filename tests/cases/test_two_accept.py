"""Two of a district answer one hand-over at the same time: one answer stands, the other is told so in words."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from curator_app.auth.models import Role
from curator_app.cases.course_models import Transfer
from curator_app.extensions import db
from curator_app.subjects.models import Assignment, Event, Subject
from tests.support.at_once import at_once
from tests.support.cases import HTMX, office_worker, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def handed_over(app, people):
    """Vera's case, offered to Igor's district: its subject, the hand-over, and Igor as the form names him."""
    case = subject_of(app, people.ryabinkiny)
    said = {"territory": str(people.podorozhnikovy.territory_id), "reason": "Переехали к бабушке"}
    sent = post(sign_in(app, people.darya), f"/subjects/{case.id}/transfer", **said)
    assert sent.status_code == 303
    with app.app_context():
        own = select(Role).where(Role.person_id == people.igor.id, Role.role == "case_curator")
        role = db.session.scalars(own).first()
        key = db.session.scalars(select(Transfer.id).where(Transfer.decided_on.is_(None))).one()
        return case.id, key, f"{role.person_id}.{role.organisation_id}"


def post(client, path, **answers):
    """Post a form as htmx does."""
    return client.post(path, data=answers, headers=HTMX, base_url=ORIGIN)


def count(what, *where):
    """Count rows."""
    return db.session.scalar(select(func.count(what.id)).where(*where))


@pytest.mark.parametrize("other", ["accept", "decline"])
def test_one_answer_stands_and_the_other_is_refused_in_words(app, people, handed_over, other):
    case, key, receiver = handed_over
    clients = [
        sign_in(app, office_worker(app, name, "intake_officer", people.podorozhnikovy))
        for name in ("Принимаева Ольга", "Встречаева Анна")
    ]
    forms = {"accept": {"receiver": receiver, "own_rules": "1"}, "decline": {"why": "Живут не у нас"}}

    answers = at_once(
        app,
        select(Transfer.id).where(Transfer.id == key),
        [
            lambda client=client, act=act: post(client, f"/transfers/{key}/{act}", **forms[act])
            for client, act in zip(clients, ("accept", other), strict=True)
        ],
    )

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "На эту передачу уже ответили. Ваш ответ не записан" in refused.text
    with app.app_context():
        row, subject = db.session.get_one(Transfer, key), db.session.get_one(Subject, case)
        answered = count(Event, Event.subject_id == case, Event.type.in_(("district_accepted", "district_declined")))
        now = (Assignment.role == "case_curator") & Assignment.until_on.is_(None)
        held = db.session.scalars(select(Assignment).where(Assignment.subject_id == case, now)).all()
        assert answered == 1
        assert len(held) == 1, "nothing is doubled: one person carries it"
        assert row.decided_on == demo_day()
        assert (subject.territory_id == row.to_id) is bool(row.is_accepted)
        assert (held[0].person_id == people.igor.id) is bool(row.is_accepted)
