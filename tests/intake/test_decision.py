"""A named person decides what follows from a signal: each document's outcomes, and no step against its rules."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import Person, Role
from curator_app.cases.models import CaseFile
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.intake.check_models import Decision
from curator_app.intake.models import NOT_CONFIRMED, PASSED
from curator_app.intake.service import Child
from curator_app.subjects.models import Assignment, Event, Subject
from tests.intake.checks import get, journal_line, post, signal, signal_events
from tests.intake.conftest import LONG_AGO, Office
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.pages

REASON = "Третий день без тёплой одежды; школа и фельдшер говорят одно и то же."


def set_level(client: FlaskClient, key: uuid.UUID, child: str = "", **values: str) -> Any:
    said = {"on": demo_day(), "decided_by": "Приёмова М. О.", "reason": REASON, "child": child, **values}
    return post(client, f"/subjects/{key}/level", **said)


def decide(client: FlaskClient, key: uuid.UUID, outcome: str, **more: Any) -> Any:
    card = {"surname": "Лопуховы", "address": "ул. Заречная, 14", "child-0": "Лопухов Егор Ильич"}
    said = {"on": demo_day(), "outcome": outcome, "decided_by": "Приёмова М. О.", "reason": REASON, **card, **more}
    return post(client, f"/subjects/{key}/outcome", **said)


def owner_in(app: Flask, office: Office) -> str:
    """Give a school somebody who carries early help."""
    with app.app_context():
        place = db.session.get_one(Person, office.intake.id).roles[0].organisation
        person = Person(name="Классная Анна Юрьевна")
        person.roles.append(Role(organisation=place, role="early_help_owner", since_on=LONG_AGO))
        db.session.add(person)
        db.session.commit()
        return str(person.id)


def family_of(app: Flask, key: uuid.UUID) -> tuple[str, list[tuple[str, str]]]:
    """Return the surname and people of the family that a signal turned out to be about."""
    family_id = signal(app, key).family_id
    with app.app_context():
        rows = db.session.scalars(select(FamilyMember).where(FamilyMember.family_id == family_id))
        people = [(one.kind, one.name) for one in rows.all()]
        return db.session.get_one(Family, family_id).surname, people


@pytest.mark.on_both
def test_a_medium_level_opens_a_case_with_the_family_its_child_and_the_reason(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)

    assert set_level(client, key, level="medium").status_code == 303
    ended = decide(client, key, "case_opened", adults="Лопухова Наталья Игоревна")

    assert ended.status_code == 303
    case_id = uuid.UUID(ended.headers["Location"].rpartition("/")[2])
    told = signal(app, key)
    assert (told.state, told.outcome, told.leads_to_id) == (PASSED, "case_opened", case_id)
    assert family_of(app, key) == (
        "Лопуховы",
        [("adult", "Лопухова Наталья Игоревна"), ("child", "Лопухов Егор Ильич")],
    )
    first = dict(signal_events(app, case_id))
    assert first["risk_decided"]["level"] == "medium"
    assert "case_opened" in first
    with app.app_context():
        assert db.session.scalars(select(CaseFile).where(CaseFile.subject_id == case_id)).one().reason == REASON
        assert db.session.get_one(Subject, key).closed_on == demo_day()


def test_a_level_of_one_child_goes_with_the_child_into_the_case(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    set_level(client, key, level="medium")
    set_level(client, key, child="0", level="high")

    case_id = uuid.UUID(decide(client, key, "case_opened").headers["Location"].rpartition("/")[2])

    with app.app_context():
        child = db.session.scalars(select(FamilyMember).where(FamilyMember.name == "Лопухов Егор Ильич")).one()
        rows = db.session.scalars(select(Event).where(Event.subject_id == case_id, Event.type == "risk_decided"))
        assert {(row.data.get("child"), row.data["level"]) for row in rows} == {
            (None, "medium"),
            (str(child.id), "high"),
        }


def test_a_low_level_begins_early_help_in_the_hands_of_its_owner(app: Flask, office: Office) -> None:
    key, client, owner = journal_line(app, office), sign_in(app, office.intake), owner_in(app, office)
    set_level(client, key, level="low")

    nobody = decide(client, key, "early_help")
    ended = decide(client, key, "early_help", owner=owner)

    assert nobody.status_code == 422
    assert "Не сказано, кто ведёт раннюю помощь" in nobody.get_data(as_text=True)
    assert ended.status_code == 303
    with app.app_context():
        subject = db.session.get_one(Subject, signal(app, key).leads_to_id)
        held = db.session.scalars(select(Assignment).where(Assignment.subject_id == subject.id)).one()
        assert (subject.kind, held.role, str(held.person_id)) == ("early_help", "early_help_owner", owner)


def test_a_low_level_opens_no_case_and_the_refusal_says_what_the_document_says(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    set_level(client, key, level="low")

    page = decide(client, key, "case_opened")

    assert page.status_code == 422
    assert "осуществляется в образовательной организации" in page.get_data(as_text=True)
    assert signal(app, key).is_open
    with app.app_context():
        assert db.session.scalars(select(Family).where(Family.surname == "Лопуховы")).all() == []


def test_no_case_is_opened_before_a_level_where_the_document_wants_one(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)

    page = decide(client, key, "case_opened")

    assert page.status_code == 422
    assert "Сначала запишите уровень" in page.get_data(as_text=True)


def test_what_was_not_confirmed_follows_no_family(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)

    ended = decide(client, key, NOT_CONFIRMED)

    assert ended.headers["Location"] == f"/signals/{key}"
    told = signal(app, key)
    assert (told.outcome, told.family_id) == (NOT_CONFIRMED, None)
    assert ("signal_checked", NOT_CONFIRMED) in [(name, data.get("outcome")) for name, data in signal_events(app, key)]


def test_a_signal_is_decided_once(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    decide(client, key, NOT_CONFIRMED)

    page = decide(client, key, NOT_CONFIRMED)

    assert page.status_code == 422
    assert "уже есть" in page.get_data(as_text=True)
    with app.app_context():
        assert len(db.session.scalars(select(Decision)).all()) == 1


def test_the_commissions_resolution_opens_a_case_where_the_document_asks_for_one(app: Flask, office: Office) -> None:
    key = journal_line(app, office, "kochki_2020")
    intake, secretary = sign_in(app, office.intake), sign_in(app, office.secretary)
    post(
        intake,
        f"/subjects/{key}/survey",
        surveyed_on=demo_day(),
        surveyed_by="Опекина И. И.",
        child_name="Лопухов Егор",
        place_actual="ул. Заречная, 14",
        without_care="no",
        threat="no",
        conclusion="Нужна помощь с одеждой",
    )
    assert set_level(secretary, key, level="sop").status_code == 303

    ended = decide(
        secretary, key, "registered", resolution_no="17-К", resolution_on=demo_day(), wording="Поставить на учёт"
    )

    assert ended.status_code == 303
    case_id = uuid.UUID(ended.headers["Location"].rpartition("/")[2])
    assert ("resolution_adopted", "17-К") in [(name, data.get("number")) for name, data in signal_events(app, case_id)]
    with app.app_context():
        assert db.session.scalars(select(CaseFile).where(CaseFile.subject_id == case_id)).one().resolution_no == "17-К"


@pytest.mark.on_both
def test_a_family_that_has_a_case_gets_no_second_one(app: Flask, office: Office) -> None:
    key = journal_line(app, office, children=(Child("Рябинкин Матвей"),))
    client = sign_in(app, office.intake)
    set_level(client, key, level="medium")

    page = decide(client, key, "case_opened", family=str(office.people.ryabinkiny.id))

    assert page.status_code == 422
    assert "случай уже открыт" in page.get_data(as_text=True)
    assert signal(app, key).is_open


def test_a_family_of_another_name_or_place_is_not_to_be_chosen(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    set_level(client, key, level="medium")

    for family in (office.people.ryabinkiny, office.people.podorozhnikovy):
        page = decide(client, key, "case_opened", family=str(family.id))
        assert page.status_code == 422
        assert "Ничего не выбрано" in page.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Decision)).all() == []


@pytest.mark.parametrize(
    "procedure", ["kdn_stage_table", "krasnoyarsk_2011", "kochki_2020", "bashkortostan_2017", "novosibirsk_2022"]
)
def test_every_document_shows_its_own_outcomes_and_criteria(app: Flask, office: Office, procedure: str) -> None:
    key, client = journal_line(app, office, procedure), sign_in(app, office.intake)

    page = get(client, f"/subjects/{key}/decision").get_data(as_text=True)

    assert "Программа семью не оценивает" in page
    assert ("Случай открывается, если" in page) == (procedure == "novosibirsk_2022")
    assert ("На учёт не ставить" in page) == (procedure == "kochki_2020")


def test_a_step_alone_opens_no_case_on_a_signal(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    set_level(client, key, level="medium")

    led = get(client, f"/subjects/{key}/steps/case_opened")
    alone = post(client, f"/subjects/{key}/steps/case_opened", on=demo_day())

    assert led.headers.get("Location") == f"/subjects/{key}/decision"
    assert alone.status_code == 422
    assert "на своей странице" in alone.get_data(as_text=True)
    assert "case_opened" not in [name for name, _data in signal_events(app, key)]
