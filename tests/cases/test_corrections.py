"""What was written down wrongly is put right by who may: the former words stay in the event, the terms follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.subjects.duty_models import DutyRow
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of, take
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def put_right(client, subject, event, **answers):
    """Post the form of a correction."""
    path = f"/subjects/{subject.id}/events/{event.id}/correct"
    data = {name: str(value) for name, value in answers.items()}
    return client.post(path, data=data, headers=HTMX, base_url=ORIGIN)


def monitored(app, case):
    """Return the day on which the last monitoring was met."""
    with app.app_context():
        query = select(DutyRow.met_on).where(DutyRow.subject_id == case.id, DutyRow.rule == "case_monitoring")
        return max(day for day in db.session.scalars(query) if day)


def test_another_day_moves_the_terms_and_both_days_can_be_read(app, people):
    case, today = subject_of(app, people.ryabinkiny), demo_day()
    client = sign_in(app, people.vera)
    take(client, case, "monitoring_done", on=today, result="positive")
    event = events_of(app, case, "monitoring_done")[-1]

    answer = put_right(client, case, event, on=today - timedelta(days=2), reason="Ошиблась днём")

    assert answer.status_code == 303
    assert monitored(app, case) == today - timedelta(days=2)
    assert events_of(app, case, "monitoring_done")[-1].on == today
    assert "исправлено: Ошиблась днём" in read(client, f"/cases/{case.id}").text


def test_what_never_was_counts_no_more(app, people):
    case, today = subject_of(app, people.ryabinkiny), demo_day()
    client = sign_in(app, people.vera)
    before = monitored(app, case)
    take(client, case, "monitoring_done", on=today, result="positive")

    answer = put_right(client, case, events_of(app, case, "monitoring_done")[-1], void="1", reason="Другая семья")

    assert answer.status_code == 303
    assert monitored(app, case) == before


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"reason": ""}, "Заполните это поле"),
        ({"reason": "Так", "on": ""}, "Укажите верный день или отметьте, что этого не было"),
        ({"reason": "Так", "on": "2100-01-01"}, "Этот день ещё не наступил"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(app, people, answers, words):
    case = subject_of(app, people.ryabinkiny)
    client = sign_in(app, people.vera)
    take(client, case, "monitoring_done", on=demo_day(), result="positive")

    answer = put_right(client, case, events_of(app, case, "monitoring_done")[-1], **answers)

    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("who", "status"), [("vera", 200), ("darya", 200), ("commission_secretary", 200), ("member", 404), ("igor", 404)]
)
def test_its_author_and_who_answers_for_the_work_put_it_right(app, people, who, status):
    case = subject_of(app, people.ryabinkiny)
    take(sign_in(app, people.vera), case, "monitoring_done", on=demo_day(), result="positive")
    event = events_of(app, case, "monitoring_done")[-1]
    if who == "member":
        join_case(app, people.ryabinkiny, people.igor, "group_member")
    by_name = {"member": people.igor}
    person = (
        by_name.get(who) or getattr(people, who, None) or office_worker(app, "Приёмова Анна", who, people.ryabinkiny)
    )

    answer = read(sign_in(app, person), f"/subjects/{case.id}/events/{event.id}/correct")

    assert answer.status_code == status


def test_a_visit_is_corrected_where_it_was_written(app, people):
    case = subject_of(app, people.ryabinkiny)
    visit = events_of(app, case, "visit_made")[0]

    assert read(sign_in(app, people.vera), f"/subjects/{case.id}/events/{visit.id}/correct").status_code == 404
