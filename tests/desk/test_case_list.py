"""«Случаи»: alarms first, then by the first day of what is owed; narrowed by the address; only what one answers for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.desk import case_list
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event
from curator_app.urgent.models import Alarm
from tests.support.cases import office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import FIELD, settle, sign_in


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


def surnames(text):
    """Return the families of the table, in its order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', text)


def line_of(app, family):
    """Return the line of a family's case."""
    with app.app_context():
        line = db.session.scalars(
            select(CaseLine).where(CaseLine.family_id == family.id, CaseLine.kind == "case")
        ).first()
        db.session.expunge_all()
        return line


def test_who_answers_for_cases_finds_them_those_first_whose_day_came_first(app, people):
    answer = read(sign_in(app, people.darya), "/cases")

    with app.app_context():
        days = dict(db.session.execute(select(Family.surname, CaseLine.next_on).join(CaseLine.family)).all())
    found = surnames(answer.text)
    assert answer.status_code == 200
    assert "Рябинкины" in found
    assert [days[name] for name in found] == sorted(days[name] for name in found)


@pytest.mark.parametrize(("who", "finds"), [("vera", True), ("darya", True), ("igor", False)])
def test_a_stranger_s_case_is_not_among_them(app, people, who, finds):
    answer = read(sign_in(app, getattr(people, who)), "/cases")

    assert ("Рябинкины" in answer.text) == finds


@pytest.mark.parametrize("role", ["commission_secretary", "intake_officer"])
def test_an_office_of_the_territory_finds_its_cases_and_no_others(app, people, role):
    answer = read(sign_in(app, office_worker(app, "Приёмова Ольга Ильинична", role, people.ryabinkiny)), "/cases")

    assert "Рябинкины" in answer.text
    assert "Подорожниковы" not in answer.text


def test_who_looks_after_accounts_and_a_phone_find_no_such_page(app, people):
    assert read(sign_in(app, people.anna), "/cases").status_code == 404
    assert read(sign_in(app, people.vera, FIELD), "/cases").status_code == 404


def test_a_case_with_an_emergency_stands_before_all_others(app, people):
    case = subject_of(app, people.ryabinkiny)
    with app.app_context():
        db.session.scalars(select(CaseLine).where(CaseLine.subject_id == case.id)).one().next_on = (
            demo_day() + timedelta(days=900)
        )
        place = db.session.get_one(Person, people.vera.id).roles[0].organisation_id
        of_case = {"family_id": people.ryabinkiny.id, "subject_id": case.id, "organisation_id": place}
        db.session.add(
            Alarm(**of_case, author_id=people.vera.id, enrolment_id=None, raised_at=now(), received_at=now())
        )
        db.session.commit()

    answer = read(sign_in(app, people.darya), "/cases")

    assert surnames(answer.text)[0] == "Рябинкины"
    assert surnames(answer.text).count("Рябинкины") == 1
    assert "Срочно: помощь идёт" in answer.text


def test_the_address_narrows_the_list(app, people):
    client, line = sign_in(app, people.darya), line_of(app, people.ryabinkiny)
    with app.app_context():
        late = set(db.session.scalars(select(Family.surname).join(CaseLine).where(CaseLine.next_on < demo_day())))
        of_stage = set(db.session.scalars(select(Family.surname).join(CaseLine).where(CaseLine.stage == line.stage)))

    assert line.stage
    assert set(surnames(read(client, "/cases?late=1").text)) <= late
    assert "Рябинкины" in surnames(read(client, f"/cases?stage={line.stage}").text)
    assert set(surnames(read(client, f"/cases?stage={line.stage}").text)) <= of_stage
    assert surnames(read(client, f"/cases?curator={people.igor.id}").text) == []
    assert "Рябинкины" in surnames(read(client, f"/cases?curator={people.vera.id}&kind=case").text)


def test_one_goes_on_from_page_to_page_and_meets_each_case_once(app, people, monkeypatch):
    monkeypatch.setattr(case_list, "PAGE", 3)
    client = sign_in(app, people.darya)
    path, found = "/cases", []
    while path:
        text = read(client, path).text
        found += re.findall(r'<th scope="row"><a href="([^"]+)"', text)
        further = re.search(r'href="(/cases\?after=[0-9a-f-]{36})"', text)
        path = further[1] if further else ""

    assert len(found) == len(set(found)) > 3


def test_early_help_is_on_the_list_of_its_owner_and_of_intake_and_on_no_head_s(app, people):
    with app.app_context():
        family = Family(surname="Незабудкины", territory_id=people.ryabinkiny.territory_id)
        db.session.add(family)
        db.session.flush()
        of_family = {"family_id": family.id, "territory_id": family.territory_id}
        help_ = Subject(kind="early_help", **of_family, procedure="novosibirsk_2022@1")
        place = db.session.get_one(Person, people.vera.id).roles[0].organisation_id
        db.session.add(help_)
        db.session.flush()
        owner = {"subject_id": help_.id, "person_id": people.vera.id, "organisation_id": place}
        db.session.add(Assignment(**owner, role="early_help_owner", since_on=demo_day() - timedelta(days=3)))
        record_event(help_, "consent_given", on=demo_day() - timedelta(days=2))
        db.session.commit()
    intake = office_worker(app, "Приёмова Ольга Ильинична", "intake_officer", people.ryabinkiny)
    secretary = office_worker(app, "Секретарёва Ольга Ильинична", "commission_secretary", people.ryabinkiny)

    assert "Незабудкины" in read(sign_in(app, people.vera), "/cases").text
    assert "Незабудкины" in read(sign_in(app, intake), "/cases").text
    assert "Незабудкины" not in read(sign_in(app, people.darya), "/cases").text
    assert "Незабудкины" not in read(sign_in(app, secretary), "/cases").text


def test_a_closed_case_leaves_the_list_and_comes_back_when_it_is_opened_again(app, people):
    case = subject_of(app, people.ryabinkiny)
    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        subject.closed_on = demo_day()
        record_event(subject, "closing_decided", on=demo_day(), data={"result": "improved"})
        db.session.commit()
    assert line_of(app, people.ryabinkiny) is None

    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        subject.closed_on = None
        record_event(subject, "reopened", on=demo_day())
        db.session.commit()
    assert line_of(app, people.ryabinkiny) is not None
