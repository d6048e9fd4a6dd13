"""That a family has early help, and who only looks alike, is told to intake; commission and group are told neither."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from curator_app.auth.models import Organisation, Person, Role
from curator_app.extensions import db
from curator_app.intake.models import Signal
from curator_app.intake.service import Child
from curator_app.subjects.models import Assignment
from tests.intake.checks import get, journal_line, signal
from tests.intake.conftest import LONG_AGO, Office
from tests.intake.test_decision import decide, owner_in, set_level
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

NONE_BEFORE = "Прежних записей нет"


@pytest.fixture
def helped(app: Flask, office: Office) -> uuid.UUID:
    """A signal that led to early help."""
    key, client = journal_line(app, office), sign_in(app, office.intake)
    set_level(client, key, level="low")
    assert decide(client, key, "early_help", owner=owner_in(app, office)).status_code == 303
    return key


def chair_of(app: Flask, office: Office, key: uuid.UUID) -> Person:
    """Let Igor chair the group that looks into a signal."""
    with app.app_context():
        igor = db.session.get_one(Person, office.people.igor.id)
        place = igor.roles[0].organisation_id
        db.session.add(
            Assignment(
                subject_id=key, person_id=igor.id, organisation_id=place, role="group_chair", since_on=demo_day()
            )
        )
        db.session.commit()
    return office.people.igor


def read(app: Flask, person: Person, path: str) -> str:
    answer = get(sign_in(app, person), path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_what_the_register_knew_before_names_early_help_to_intake_alone(
    app: Flask, office: Office, helped: uuid.UUID
) -> None:
    key = journal_line(app, office)
    with app.app_context():
        db.session.get_one(Signal, key).family_id = signal(app, helped).family_id
        db.session.commit()
    help_begun = f"/cases/{signal(app, helped).leads_to_id}"
    page = f"/signals/{key}/check"

    assert help_begun in read(app, office.intake, page)
    secretary, chair = read(app, office.secretary, page), read(app, chair_of(app, office, key), page)
    assert help_begun not in secretary + chair
    assert f"/signals/{helped}" in secretary, "the signal itself is the commission's to read"
    assert "Открытых вам прежних записей нет" in chair
    assert NONE_BEFORE not in chair


def test_a_decision_that_led_to_early_help_says_what_and_why_to_intake_alone(
    app: Flask, office: Office, helped: uuid.UUID
) -> None:
    path = f"/subjects/{helped}/decision"
    intake, secretary = read(app, office.intake, path), read(app, office.secretary, path)
    chair = read(app, chair_of(app, office, helped), path)

    assert "Третий день без тёплой одежды" in intake
    for page in (secretary, chair):
        assert "Решение принято" in page
        assert "Третий день без тёплой одежды" not in page
        assert "ранн" not in page.lower()


def test_a_commission_that_decides_on_early_help_is_not_led_where_it_may_not_go(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.secretary)
    set_level(client, key, level="low")

    ended = decide(client, key, "early_help", owner=owner_in(app, office))

    assert (ended.status_code, ended.headers["Location"]) == (303, f"/signals/{key}")
    assert get(client, f"/signals/{key}").status_code == 200


def test_intake_of_one_district_reads_another_s_journal_as_its_commission_does(
    app: Flask, office: Office, helped: uuid.UUID
) -> None:
    with app.app_context():
        here = db.session.get_one(Person, office.intake.id).roles[0].organisation_id
        both = db.session.get_one(Person, office.foreign_intake.id)
        both.roles.append(
            Role(organisation=db.session.get_one(Organisation, here), role="commission_secretary", since_on=LONG_AGO)
        )
        db.session.commit()
    pages = {path: read(app, office.foreign_intake, path) for path in ("/signals", "/signals/journal.csv")}
    own = {path: read(app, office.intake, path) for path in pages}

    for path, page in pages.items():
        assert "Лопухов Егор" in page, path
        assert "ранн" not in page.lower(), path
        assert "ранн" in own[path].lower(), path
    assert helped


def test_families_that_look_alike_are_named_to_intake_alone(app: Flask, office: Office) -> None:
    key = journal_line(app, office, children=(Child("Рябинкин К."), Child("Рябинкина К.")), adults="Рябинкина")
    family, chair = str(office.people.ryabinkiny.id), chair_of(app, office, key)
    path = f"/subjects/{key}/decision"

    assert family in read(app, office.intake, path)
    assert "Рябинкины" in read(app, office.intake, path)
    for person in (office.secretary, chair):
        page = read(app, person, path)
        assert family not in page
        assert "Рябинкины" not in page
        set_level(sign_in(app, person), key, level="medium")
        assert decide(sign_in(app, person), key, "case_opened", family=family).status_code == 422, "nor guessed"


def test_who_does_not_see_what_looks_alike_is_not_told_that_there_is_nothing(app: Flask, office: Office) -> None:
    key = journal_line(app, office, children=(Child("Рябинкин К."), Child("Рябинкина К.")), adults="Рябинкина")
    path = f"/signals/{key}/check"

    assert "Рябинкины" in read(app, office.intake, path)
    page = read(app, office.secretary, path)
    assert "Похожее ищет приём" in page
    assert "Рябинкины" not in page
    assert NONE_BEFORE not in page
