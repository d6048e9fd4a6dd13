"""A region serves a second version of its document: what begins from then on begins under it."""

from __future__ import annotations

from importlib import resources

import pytest
from sqlalchemy import select

from curator_app.auth.models import Role, Territory
from curator_app.cases.course_models import Transfer
from curator_app.extensions import db
from curator_app.procedures.profiles_loader import newest_key, serve_region
from curator_app.subjects.models import Subject
from curator_app.subjects.service import subject_of_person
from tests.support.cases import HTMX, office_worker, read, subject_of
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
NAME = "kochki_2020"


@pytest.fixture
def newer(app, tmp_path):
    """A second version, with a stage of its own; served once the application is there, which serves its own files."""
    app.config["WTF_CSRF_ENABLED"] = False
    first = resources.files("curator_app.procedures") / "profiles" / f"{NAME}@1.toml"
    text = first.read_text(encoding="utf-8").replace("\nversion = 1\n", "\nversion = 2\n", 1)
    text = text.replace('"proposals"', '"proposals_anew"').replace(
        'title = "Предложения рабочей группы в программу"', 'title = "Предложения по-новому"', 1
    )
    (tmp_path / f"{NAME}@2.toml").write_text(text, encoding="utf-8")
    serve_region(tmp_path)
    yield f"{NAME}@2"
    serve_region(None)


@pytest.fixture
def people(app, newer):
    """The demonstration's people, put in under what is served; Igor's district works by the document."""
    assert newer
    found = settle(app)
    with app.app_context():
        db.session.get_one(Territory, found.podorozhnikovy.territory_id).procedure = NAME
        db.session.commit()
    return found


def test_the_demonstration_begins_under_it(app, newer, people):
    assert people
    with app.app_context():
        known = set(db.session.scalars(select(Subject.procedure).where(Subject.procedure.startswith(NAME))))
        kinds = set(db.session.scalars(select(Subject.kind).where(Subject.procedure == newer)))
    assert known <= {newer}
    assert kinds >= {"case"}


def test_the_working_life_of_a_person_begins_under_it(app, newer, people):
    with app.app_context():
        district = db.session.get_one(Territory, people.podorozhnikovy.territory_id)
        assert subject_of_person(db.session(), people.igor, district).procedure == newer


def test_a_case_that_a_district_takes_in_goes_on_under_it(app, newer, people):
    case = subject_of(app, people.ryabinkiny)
    sent = {"territory": str(people.podorozhnikovy.territory_id), "reason": "Переехали"}
    path = f"/subjects/{case.id}/transfer"
    assert sign_in(app, people.darya).post(path, data=sent, headers=HTMX, base_url=ORIGIN).status_code == 303
    there = sign_in(app, office_worker(app, "Принимаева Ольга", "intake_officer", people.podorozhnikovy))
    with app.app_context():
        row = db.session.scalars(select(Transfer.id)).one()
        own = select(Role).where(Role.person_id == people.igor.id, Role.role == "case_curator")
        seat = db.session.scalars(own).first()
        receiver = f"{seat.person_id}.{seat.organisation_id}"

    said = {"receiver": receiver, "own_rules": "1"}
    answer = there.post(f"/transfers/{row}/accept", data=said, headers=HTMX, base_url=ORIGIN)

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.get_one(Subject, case.id).procedure == newer


def test_the_list_offers_its_stages_and_those_of_the_version_before(app, people):
    secretary = office_worker(app, "Секретарёва Ольга", "commission_secretary", people.podorozhnikovy)

    page = read(sign_in(app, secretary), "/cases").text

    assert page.count(">Предложения по-новому</option>") == 1
    assert page.count(">Предложения рабочей группы в программу</option>") == 1
    assert page.count(">Проект программы</option>") == 1


def test_a_document_that_is_not_here_still_has_a_name_for_what_begins(app):
    assert app
    assert newest_key("nowhere_2030") == "nowhere_2030@1"
