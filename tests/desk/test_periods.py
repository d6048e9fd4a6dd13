"""Visits and attempts against the period of the territory's document: calm words about time, none about people."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from curator_app import texts
from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.desk import periods
from curator_app.desk.periods import months_of, overview, standing_of
from curator_app.extensions import db
from curator_app.families import scope
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.subjects.service import assignments_of, record_event
from curator_app.visits.answers import VisitAnswers
from curator_app.visits.models import Visit
from curator_app.visits.service import Arrival, next_number, record_visit
from tests.desk.conftest import TODAY
from tests.support.people import join_case

ON = date(2026, 11, 22)


@pytest.fixture
def came(app, people):
    """Write down who came on which day, and nothing before: `came("2026-10-20", not_opened="2026-11-02")`."""

    def write(*days, procedure="krasnoyarsk_2011@1", **attempts):
        with app.app_context():
            subject = db.session.query(Subject).filter_by(family_id=people.ryabinkiny.id).one()
            subject.procedure = procedure
            for visit in db.session.query(Visit).filter_by(family_id=people.ryabinkiny.id):
                visit.superseded_at = now()
                taken_back = {"corrects": str(visit.event_id), "void": True}
                record_event(subject, "event_corrected", on=visit.on, data=taken_back)
            record_event(subject, "registered", on=date(2026, 1, 1))
            for outcome, day in [*(("visit", day) for day in days), *attempts.items()]:
                answers = VisitAnswers(
                    id=uuid7(),
                    family_id=people.ryabinkiny.id,
                    form_version="visit@2",
                    on=date.fromisoformat(day),
                    outcome=outcome,
                )
                number = (1999, next_number(db.session(), 1999))
                arrival = Arrival(people.vera, None, now(), None, number)
                for one in assignments_of(db.session(), people.ryabinkiny.id, people.vera):
                    one.since_on = date(2020, 1, 1)
                record_visit(db.session(), answers, arrival)
            db.session.commit()

    return write


@pytest.fixture
def standing(app, people):
    """Ask where the family stands on a day."""

    def ask(on=ON):
        with app.app_context():
            return standing_of(db.session(), db.session.get_one(Family, people.ryabinkiny.id), on)

    return ask


@pytest.mark.parametrize(("last", "left"), [("2026-10-20", -2), ("2026-10-22", 0), ("2026-10-25", 3)])
def test_the_ceiling_is_a_month_after_the_last_visit(came, standing, last, left):
    came(last)

    assert standing().days_left == left


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_attempt_is_counted_apart_and_moves_no_date(came, standing):
    came("2026-10-20", not_opened="2026-11-02", nobody_home="2026-11-10")

    assert (standing().days_left, [day.day for day in standing().attempts]) == (-2, [2, 10])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_document_without_a_period_sets_no_date(came, standing):
    came("2026-01-20", procedure="novosibirsk_2022@1")

    assert (standing().ceiling, standing().days_left) == (None, None)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_months_go_back_to_the_first_record_and_say_where_nobody_came(app, people, came):
    came("2026-08-03", "2026-08-25", "2026-11-01", not_opened="2026-10-14")

    with app.app_context():
        months = months_of(db.session(), db.session.get_one(Family, people.ryabinkiny.id), ON)

    assert [(m.first.month, [d.day for d in m.visits], [d.day for d in m.attempts]) for m in months] == [
        (11, [1], []),
        (10, [], [14]),
        (9, [], []),
        (8, [3, 25], []),
    ]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("ago", "said"), [(33, "срок прошёл"), (1, "ещё"), (None, "ещё не были")], ids=["passed", "ahead", "never"]
)
def test_it_is_said_calmly(came, desk, people, family, ago, said):
    came(*([(TODAY - timedelta(days=ago)).isoformat()] if ago else []))

    page = desk(people.darya).get(f"/families/{family}/visits").text

    assert said in page
    assert "просроч" not in page.lower()


def test_the_overview_begins_with_whom_nobody_has_seen_for_longest(app, people, came):
    came("2026-11-20")
    with app.app_context():
        head = db.session.get_one(Person, people.darya.id)
        rows = overview(db.session(), head, ON).rows

    days = [row.standing.last_on or date.min for row in rows]
    assert days == sorted(days)
    assert rows[-1].family.id == people.ryabinkiny.id


def test_its_pages_follow_each_other_without_a_gap(app, people, monkeypatch):
    with app.app_context():
        head = db.session.get_one(Person, people.darya.id)
        everybody = [row.family.id for row in overview(db.session(), head, ON).rows]
        monkeypatch.setattr(periods, "PAGE", 2)
        found, after = [], None
        while True:
            page = overview(db.session(), head, ON, after=after)
            found += [row.family.id for row in page.rows]
            after = page.after
            if after is None:
                break

    assert found == everybody
    assert len(everybody) > 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_families_are_sorted_and_nobody_is_counted(desk, people):
    page = desk(people.darya).get("/visits").text

    assert people.vera.short_name in page
    assert not re.search(r"рейтинг|балл|процент|%", page)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_one_colleagues_families_can_be_looked_at_alone(desk, people):
    page = desk(people.darya).get(f"/visits?curator={people.vera.id}").text
    none = desk(people.darya).get(f"/visits?curator={people.igor.id}").text

    assert "Рябинкины" in page
    assert "Рябинкины" not in none
    assert "Подорожниковы" not in none


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_reads_thousands_is_asked_whose_families(desk, people, monkeypatch):
    monkeypatch.setattr(scope, "FEW", 1)

    everybodys = desk(people.darya).get("/visits").text
    hers = desk(people.darya).get(f"/visits?curator={people.vera.id}").text

    assert texts.text("periods.whose.title") in everybodys
    assert "Рябинкины" not in everybodys
    assert "Рябинкины" in hers


@pytest.mark.parametrize("few", [1, scope.FEW], ids=["thousands", "a few"])
def test_only_those_are_offered_whose_records_one_reads(app, people, monkeypatch, few):
    monkeypatch.setattr(scope, "FEW", few)
    join_case(app, people.podorozhnikovy, people.vera, "group_member")

    with app.app_context():
        offered = [
            {one.id for one in periods.curators_seen_by(db.session(), db.session.get_one(Person, reader.id), TODAY)}
            for reader in (people.vera, people.darya, people.anna)
        ]

    assert people.igor.id not in set().union(*offered), "the shared card is not the record"
    assert people.vera.id in offered[1]
    assert offered[2] == set()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_administrator_sees_no_family_there(desk, people):
    assert "Рябинкины" not in desk(people.anna).get("/visits").text
