"""What a person is shown to owe is exactly what would be said to them: one table of roles, read from both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from curator_app.auth.models import HEAD, Organisation, Person, Role
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.reminders.owed import owed_by, owed_page
from curator_app.reminders.owing import people_owing
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject
from tests.support.days import demo_day
from tests.support.people import People, join_case, settle

FOREVER = date(9999, 12, 31)
GIVEN = ("working_group", "kdn_commission", HEAD)


@pytest.fixture
def people(app: Flask) -> People:
    people = settle(app)
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    with app.app_context():
        seat(people.anna, "commission_secretary")
        seat(people.darya, "commission_chair")
        seat(people.darya, "intake_officer")
        give_to(people, *GIVEN)
        db.session.commit()
    return people


def seat(person: Person, role: str) -> None:
    """Give somebody an office where the others work."""
    place = db.session.scalars(select(Organisation).join(Role).where(Role.role == "head")).first()
    assert place is not None
    since = demo_day() - timedelta(days=500)
    db.session.add(Role(person_id=person.id, organisation_id=place.id, role=role, since_on=since))


def give_to(people: People, *owners: str) -> None:
    """Let each of these owe one thing of Vera's cases, of which she owed it herself; the first is the Ryabinkins'."""
    query = select(DutyRow).join(Subject).where(DutyRow.met_on.is_(None), DutyRow.owner == "case_curator")
    query = query.where(Subject.territory_id == people.ryabinkiny.territory_id, DutyRow.due_on.is_not(None))
    rows = sorted(db.session.scalars(query), key=lambda row: row.subject.family_id != people.ryabinkiny.id)
    for row, owner in zip(rows, owners, strict=False):
        row.owner = owner


def test_both_sides_name_the_same_people(app: Flask, people: People) -> None:
    on = demo_day()
    with app.app_context():
        rows = db.session.scalars(select(DutyRow).options(joinedload(DutyRow.subject))).all()
        open_rows = [row for row in rows if not row.met_on and not row.paused_since and not row.subject.closed_on]
        counts = {}
        for person in db.session.scalars(select(Person)).all():
            sees = set(db.session.scalars(select(Subject.id).where(subject_is_visible_to(person, on))))
            meant = {
                row.id
                for row in open_rows
                if person.id in people_owing(db.session(), row.subject, row.owner, on)
                and (row.due_on or row.at_once)
                and (row.subject_id in sees or row.subject.person_id == person.id)
            }
            shown = {row.id for row in owed_by(db.session(), person, on, until=FOREVER, most=10_000)}
            assert shown == meant, person.name
            counts[person.id] = len(meant)

    # A curator, a secretary, a head and a member of a group: it would prove little of people who owe nothing.
    assert min(counts[people.vera.id], counts[people.anna.id], counts[people.darya.id], counts[people.igor.id]) > 0


def test_pages_follow_one_another_by_the_day_and_leave_nothing_out(app: Flask, people: People) -> None:
    with app.app_context():
        vera = db.session.get_one(Person, people.vera.id)
        db.session.execute(update(DutyRow).where(DutyRow.owner.in_(GIVEN)).values(owner="case_curator"))
        every = owed_page(db.session(), vera, demo_day(), 10_000).rows
        found, after = [], None
        while True:
            page = owed_page(db.session(), vera, demo_day(), 2, after)
            found += page.rows
            after = page.after
            if after is None:
                break

        assert [row.id for row in found] == [row.id for row in every]
        assert [row.due_on for row in found] == sorted(row.due_on for row in found)
        assert len(every) > 2


def test_somebody_elses_duty_is_no_place_to_go_on_from(app: Flask, people: People) -> None:
    with app.app_context():
        vera = db.session.get_one(Person, people.vera.id)
        hidden = db.session.scalars(
            select(DutyRow.id).join(Subject).where(Subject.family_id == people.podorozhnikovy.id)
        )
        with pytest.raises(NotVisible):
            owed_page(db.session(), vera, demo_day(), 3, hidden.first())
