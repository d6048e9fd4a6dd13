"""A case's page says whose turn it is not, and that its timeline leaves older lines out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from curator_app.desk import case_history
from curator_app.extensions import db
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import record_event
from tests.support.cases import office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


def test_who_is_not_waited_for_reads_so_and_finds_the_steps_folded(app, people):
    case = subject_of(app, people.ryabinkiny)
    with app.app_context():
        db.session.execute(delete(DutyRow).where(DutyRow.subject_id == case.id))
        db.session.commit()
    intake = sign_in(app, office_worker(app, "Приёмова Вера", "intake_officer", people.ryabinkiny))

    page = read(intake, f"/cases/{case.id}").text

    assert "Сейчас ход не за вами" in page
    folded = re.search(r"<details[^>]*><summary[^>]*>Ещё можно записать</summary>(.*?)</details>", page, re.DOTALL)
    assert folded is not None
    steps = f"/subjects/{case.id}/steps/"
    assert steps in folded[1]
    assert steps not in page.replace(folded[1], ""), "no step stands outside the fold"


def test_who_is_waited_for_finds_the_step_in_the_open(app, people):
    case = subject_of(app, people.ryabinkiny)

    page = read(sign_in(app, people.vera), f"/cases/{case.id}").text

    assert "Сейчас ход не за вами" not in page


@pytest.mark.parametrize(("events", "is_said"), [(case_history.LENGTH, False), (case_history.LENGTH + 1, True)])
def test_a_timeline_that_was_cut_says_so(app, people, events, is_said):
    case = subject_of(app, people.ryabinkiny)
    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        kept = len(db.session.scalars(select(Event.id).where(Event.subject_id == case.id)).all())
        for n in range(events - kept):
            record_event(subject, "contact_made", on=demo_day() - timedelta(days=n))
        db.session.commit()

    page = read(sign_in(app, people.vera), f"/cases/{case.id}").text

    assert ("последние 200 записей" in page) == is_said


def test_where_no_measures_can_be_written_the_page_says_whom_to_call(app, people):
    case = subject_of(app, people.ryabinkiny)
    with app.app_context():
        after = Subject(kind="aftercare", territory_id=case.territory_id, procedure=case.procedure)
        after.family_id = case.family_id
        db.session.add(after)
        db.session.commit()
        key = after.id
    vera = sign_in(app, people.vera)

    assert "запишите первоочередные меры" in read(vera, f"/cases/{case.id}").text
    later = read(vera, f"/cases/{key}").text
    assert "запишите первоочередные меры" not in later
    assert "сразу звоните дежурному и сообщите сигнал" in later
