"""A head hands several cases of one curator to another at once: all of them or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Person, Role
from curator_app.cases.models import Handover
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Event, Subject
from tests.support.cases import HTMX, read, subject_of
from tests.support.days import demo_day
from tests.support.people import FIELD, ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def alla(app, people):
    """A second curator of Darya's organisation, and what a form posts for her."""
    with app.app_context():
        place = db.session.get_one(Person, people.darya.id).roles[0].organisation_id
        made = Person(name="Берёзкина Алла Юрьевна")
        made.roles.append(Role(organisation_id=place, role="case_curator", since_on=date(2020, 1, 1)))
        db.session.add(made)
        db.session.commit()
        return f"{made.id}@{place}"


def cases_of(app, person):
    """Return the ids of the cases that a person carries today, by the family's surname."""
    with app.app_context():
        query = select(Family.surname, Subject.id).join(Subject, Subject.family_id == Family.id).join(Assignment)
        query = query.where(Assignment.person_id == person.id, Assignment.role == "case_curator")
        current = Assignment.until_on.is_(None) | (Assignment.until_on >= demo_day())
        rows = db.session.execute(query.where(current, Subject.kind == "case", Subject.closed_on.is_(None)))
        return {surname: str(key) for surname, key in rows}


def hand_over(app, people, cases, alla, **more):
    """Post the form at Darya's desk."""
    said = {"on": str(demo_day()), "person": alla, "ground": "curator_left", "cases": cases} | more
    path = f"/people/{people.vera.id}/cases"
    return sign_in(app, people.darya).post(path, data=said, headers=HTMX, base_url=ORIGIN)


def test_the_chosen_cases_go_and_the_others_stay(app, people, alla):
    mine = cases_of(app, people.vera)
    chosen = [mine["Рябинкины"], mine["Чижовы"]]

    assert hand_over(app, people, chosen, alla).status_code == 303

    assert cases_of(app, people.vera).keys() == mine.keys() - {"Рябинкины", "Чижовы"}
    with app.app_context():
        written = db.session.scalars(select(Event.subject_id).where(Event.type == "curator_replaced")).all()
        briefs = db.session.scalars(select(Handover.subject_id)).all()
    assert {str(key) for key in written} == {str(key) for key in briefs} == set(chosen)


def test_one_that_cannot_go_keeps_all_of_them(app, people, alla):
    mine = cases_of(app, people.vera)
    with app.app_context():
        refused = db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)).one()
        refused.procedure = "kochki_2020@1"
        db.session.commit()

    answer = hand_over(app, people, list(mine.values()), alla)

    assert answer.status_code == 422
    assert "Рябинкины: Такого основания нет в порядке" in answer.text
    assert cases_of(app, people.vera) == mine


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"cases": []}, "Отметьте хотя бы один случай"), ({"person": ""}, "Заполните это поле")],
)
def test_what_is_missing_is_said(app, people, alla, more, sentence):
    said = {"cases": [cases_of(app, people.vera)["Рябинкины"]]} | more

    answer = hand_over(app, people, alla=alla, **said)

    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_a_case_that_is_not_the_heads_is_not_touched(app, people, alla):
    stranger = str(subject_of(app, people.podorozhnikovy).id)

    assert hand_over(app, people, [stranger], alla).status_code == 422

    assert "Подорожниковы" in cases_of(app, people.igor)


def test_what_somebody_left_behind_who_works_here_no_more_goes_too(app, people, alla):
    mine = cases_of(app, people.vera)
    with app.app_context():
        for role in db.session.get_one(Person, people.vera.id).roles:
            role.until_on = demo_day() - timedelta(days=1)
        db.session.commit()

    assert hand_over(app, people, list(mine.values()), alla).status_code == 303

    assert cases_of(app, people.vera) == {}


def test_the_page_says_how_much_each_carries(app, people, alla):
    page = read(sign_in(app, people.darya), f"/people/{people.vera.id}/cases").text

    assert "Берёзкина А. Ю., Центр «Тёплый дом», Небывалый район: ведёт 0 случаев" in page
    assert alla in page


def test_only_a_head_at_a_desk_finds_the_page(app, people):
    path = f"/people/{people.vera.id}/cases"

    assert "Рябинкины" in read(sign_in(app, people.darya), path).text
    for person in (people.vera, people.igor, people.anna):
        assert read(sign_in(app, person), path).status_code == 404
    assert read(sign_in(app, people.darya, FIELD), path).status_code == 404


def test_a_brief_closes_with_its_case_and_for_who_carries_it_no_more(app, people, alla):
    case = subject_of(app, people.ryabinkiny)
    hand_over(app, people, [str(case.id)], alla)
    with app.app_context():
        brief = db.session.scalars(select(Handover).where(Handover.subject_id == case.id)).one()
        path, new = f"/handovers/{brief.id}", brief.to_person
        own = select(Assignment).where(Assignment.subject_id == case.id, Assignment.person_id == new.id)
        row = db.session.scalars(own).one()
        db.session.expunge(new)
    assert read(sign_in(app, new), path).status_code == 200

    with app.app_context():
        row = db.session.get_one(Assignment, row.id)
        row.since_on, row.until_on = demo_day() - timedelta(days=9), demo_day() - timedelta(days=1)
        db.session.commit()
    assert read(sign_in(app, new), path).status_code == 404
    assert read(sign_in(app, people.darya), path).status_code == 404
    assert read(sign_in(app, people.vera), path).status_code == 200, "nobody has read it yet"

    with app.app_context():
        db.session.get_one(Subject, case.id).closed_on = demo_day()
        db.session.commit()
    assert read(sign_in(app, people.vera), path).status_code == 404
