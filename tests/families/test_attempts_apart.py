"""Attempts are counted apart from visits: a closed door neither ends the wait nor is anybody's fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from curator_app.clock import now, today
from curator_app.database import uuid7
from curator_app.desk.lists import FamilyRow, families_of
from curator_app.extensions import db
from curator_app.visits.answers import VISIT, VisitAnswers
from curator_app.visits.service import Arrival, next_number, record_visit
from tests.support.people import People, settle

TODAY = today("Asia/Novosibirsk")


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


def row_after(app: Flask, people: People, *records: tuple[str, int]) -> FamilyRow:
    """Record visits and attempts so many days ago; return the Ryabinkins' line on Vera's list."""
    with app.app_context():
        for outcome, ago in records:
            answers = VisitAnswers(
                id=uuid7(),
                family_id=people.ryabinkiny.id,
                form_version="visit@2",
                on=TODAY - timedelta(days=ago),
                outcome=outcome,
            )
            number = (TODAY.year, next_number(db.session(), TODAY.year))
            record_visit(db.session(), answers, Arrival(people.vera, None, now(), None, number))
        db.session.commit()
        rows = families_of(db.session(), people.vera, TODAY)
        return next(row for row in rows if row.family.id == people.ryabinkiny.id)


def test_attempts_do_not_end_the_wait_for_a_visit(app: Flask, people: People) -> None:
    row = row_after(app, people, (VISIT, 15), ("not_opened", 6), ("nobody_home", 2))

    assert row.days_since == 15
    assert row.attempts == 2


def test_a_visit_begins_the_count_anew(app: Flask, people: People) -> None:
    row = row_after(app, people, ("not_opened", 6), (VISIT, 1))

    assert (row.days_since, row.attempts) == (1, 0)
