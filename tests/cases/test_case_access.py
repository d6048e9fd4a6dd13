"""Who opens a case's page and records its steps: own → 200, a stranger's → 404, and what each may read there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from tests.support.cases import office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import FIELD, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


def reader(app, people, who):
    """Return the person who reads."""
    if who in {"commission_secretary", "intake_officer"}:
        return office_worker(app, "Приёмова Ольга Ильинична", who, people.ryabinkiny)
    if who == "member":
        join_case(app, people.ryabinkiny, people.igor, "group_member")
        return people.igor
    return getattr(people, who)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("vera", 200),
        ("darya", 200),
        ("member", 200),
        ("commission_secretary", 200),
        ("intake_officer", 200),
        ("igor", 404),
        ("anna", 404),
    ],
)
def test_a_case_is_there_for_those_who_have_to_do_with_it(app, people, who, status):
    case = subject_of(app, people.ryabinkiny)
    client = sign_in(app, reader(app, people, who))

    assert read(client, f"/cases/{case.id}").status_code == status
    assert read(client, f"/subjects/{case.id}/steps/family_acquainted").status_code == (303 if status == 200 else 404)
    assert read(client, f"/subjects/{case.id}/steps/plan_discussed").status_code == status


def test_an_office_in_another_territory_opens_nothing(app, people):
    case = subject_of(app, people.podorozhnikovy)
    client = sign_in(app, office_worker(app, "Приёмова Ольга Ильинична", "commission_chair", people.ryabinkiny))

    assert read(client, f"/cases/{case.id}").status_code == 404


def test_a_phone_finds_no_such_page(app, people):
    case = subject_of(app, people.ryabinkiny)

    assert read(sign_in(app, people.vera, FIELD), f"/cases/{case.id}").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("early_help_owner", 200), ("intake_officer", 200), ("head", 404), ("commission_secretary", 404), ("member", 404)],
)
def test_early_help_is_there_for_its_owner_and_intake_only(app, people, who, status):
    with app.app_context():
        family = Family(surname="Незабудкины", territory_id=people.ryabinkiny.territory_id)
        help_ = Subject(kind="early_help", territory_id=family.territory_id, procedure="novosibirsk_2022@1")
        db.session.add_all([family, help_])
        db.session.flush()
        help_.family_id = family.id
        db.session.commit()
        db.session.refresh(family)
        db.session.refresh(help_)
        db.session.expunge_all()
    assign(app, help_, people.vera)
    client = sign_in(app, person_of(app, people, who, family))

    answer = read(client, f"/cases/{help_.id}")

    assert answer.status_code == status
    assert ("Незабудкины" in answer.text) == (status == 200)


def assign(app, subject, person):
    """Give early help to a person."""
    with app.app_context():
        place = db.session.get_one(Person, person.id).roles[0].organisation_id
        row = {"subject_id": subject.id, "person_id": person.id, "organisation_id": place, "role": "early_help_owner"}
        db.session.add(Assignment(**row, since_on=demo_day() - timedelta(days=3)))
        db.session.commit()


def person_of(app, people, who, family):
    """Return the owner, her head, somebody of an office, or somebody who has nothing to do with it."""
    by_name = {"early_help_owner": people.vera, "head": people.darya, "member": people.igor}
    return by_name.get(who) or office_worker(app, "Приёмова Ольга Ильинична", who, family)
