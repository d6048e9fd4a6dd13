"""A commission's resolution opens a case without a signal where the document lets it; elsewhere the page says so."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.auth.models import FIELD, OFFICE, Person, Territory
from curator_app.cases import aftercare
from curator_app.cases.models import CaseChild, CaseFile
from curator_app.cases.noting import By
from curator_app.cases.opening import Opening, Resolution, open_case, open_early_help
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Assignment, Event, Subject
from tests.support.cases import HTMX, read, take
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.support.story_world import World, settle_world

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
BEGAN = timedelta(days=90)


def world_of(app: Flask, procedure: str) -> tuple[World, uuid.UUID]:
    """A district under a document, and a family of it with two children who are not of age."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = settle_world(db.session(), procedure, "Asia/Novosibirsk")
        family = Family(surname="Выдумкины", territory=db.session.get_one(Territory, made.territory_id))
        family.members = [FamilyMember(kind="child", name=name, born_on=date(2018, 1, 1)) for name in ("Миша", "Соня")]
        db.session.add(family)
        db.session.commit()
        return made, family.id


def early_help(world: World, family_id: uuid.UUID) -> uuid.UUID:
    """Early help for the family in its owner's hands."""
    owner = db.session.get_one(Person, world.people["Помощников"])
    opening = Opening(on=demo_day() - BEGAN, by=owner)
    family = db.session.get_one(Family, family_id)
    made = open_early_help(db.session(), family, opening, owner, owner.roles[0].organisation)
    db.session.commit()
    return made.id


def help_afterwards(world: World, family_id: uuid.UUID) -> uuid.UUID:
    """Help after a case that is closed, in the curator's hands."""
    curator = db.session.get_one(Person, world.people["Кураторова"])
    opening = Opening(on=demo_day() - 2 * BEGAN, resolution=Resolution("1-п", demo_day() - 2 * BEGAN))
    case = open_case(db.session(), db.session.get_one(Family, family_id), opening)
    case.closed_on = demo_day() - BEGAN
    owner = aftercare.Owner(curator, curator.roles[0].organisation)
    plan = aftercare.Plan(case.closed_on, "Кружок", 30, demo_day() + BEGAN)
    made = aftercare.begin(db.session(), case, owner, plan, By(curator, None))
    db.session.commit()
    return made.id


def desk(app: Flask, world: World, surname: str, kind: str = OFFICE) -> FlaskClient:
    """Sign somebody in."""
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        db.session.expunge(person)
    return sign_in(app, person, kind)


def children_of(app: Flask, family_id: uuid.UUID) -> dict[str, str]:
    """The children of a family by name, as a form posts them."""
    with app.app_context():
        return {one.name: str(one.id) for one in db.session.get_one(Family, family_id).children}


def post(client: FlaskClient, subject: uuid.UUID, **answers: object) -> TestResponse:
    """Post the form as htmx does."""
    said: dict[str, object] = {
        "number": "47-п",
        "on": str(demo_day() - timedelta(days=2)),
        "wording": "Поставить на учёт",
        "curator": "",
    }
    said |= answers
    return client.post(f"/subjects/{subject}/opening", data=said, headers=HTMX, base_url=ORIGIN)


def test_the_secretary_opens_a_case_about_the_children_of_the_paper_and_names_its_curator(app: Flask) -> None:
    world, family = world_of(app, "kochki_2020")
    with app.app_context():
        before = help_afterwards(world, family)
        role = db.session.get_one(Person, world.people["Сменщиков"]).roles[0]
        seat = f"{role.person_id}@{role.organisation_id}"
    secretary, children = desk(app, world, "Секретарёва"), children_of(app, family)
    assert f"/subjects/{before}/opening" in read(secretary, f"/cases/{before}").text

    answer = post(secretary, before, children=[children["Соня"]], curator=seat)

    assert answer.status_code == 303
    with app.app_context():
        case = db.session.scalars(select(Subject).where(Subject.kind == "case", Subject.closed_on.is_(None))).one()
        assert answer.headers["Location"] == f"/cases/{case.id}"
        cover = db.session.scalars(select(CaseFile).where(CaseFile.subject_id == case.id)).one()
        about = db.session.scalars(select(CaseChild).where(CaseChild.subject_id == case.id)).all()
        events = db.session.scalars(select(Event).where(Event.subject_id == case.id).order_by(Event.no)).all()
        held = db.session.scalars(select(Assignment).where(Assignment.subject_id == case.id)).one()
        assert (cover.resolution_no, cover.resolution_text, cover.signal_id) == ("47-п", "Поставить на учёт", None)
        assert [row.member.name for row in about] == ["Соня"]
        assert [one.type for one in events] == ["resolution_adopted", "registered", "curator_assigned"]
        assert {one.on for one in events} == {demo_day() - timedelta(days=2)}
        assert (held.person_id, held.role) == (world.people["Сменщиков"], "case_curator")
        assert db.session.get_one(Subject, before).closed_on == demo_day(), "what helped until then is over"


def test_the_commission_of_the_district_that_a_family_left_opens_nothing_in_the_new_one(app: Flask) -> None:
    """What was closed before the move stays in the old district's hands; the family does not."""
    world, family = world_of(app, "kochki_2020")
    with app.app_context():
        before = help_afterwards(world, family)
        elsewhere = Territory(name="Дальний район", zone="Asia/Novosibirsk", procedure="kochki_2020")
        db.session.get_one(Family, family).territory = elsewhere
        db.session.get_one(Subject, before).closed_on = demo_day() - timedelta(days=1)
        db.session.commit()
    secretary, children = desk(app, world, "Секретарёва"), list(children_of(app, family).values())

    assert "/opening" not in read(secretary, f"/cases/{before}").text
    assert secretary.get(f"/subjects/{before}/opening", base_url=ORIGIN).status_code == 404
    assert post(secretary, before, children=children).status_code == 404
    with app.app_context():
        open_ones = select(Subject).where(Subject.kind == "case", Subject.closed_on.is_(None))
        assert db.session.scalars(open_ones).all() == []


def test_a_case_that_is_open_is_said_and_no_second_one_made(app: Flask) -> None:
    world, family = world_of(app, "kochki_2020")
    with app.app_context():
        before = help_afterwards(world, family)
    secretary, children = desk(app, world, "Секретарёва"), list(children_of(app, family).values())
    assert post(secretary, before, children=children).status_code == 303

    again = post(secretary, before, children=children)

    assert again.status_code == 422
    assert "случай уже открыт. Ничего не записано" in again.text
    assert "/opening" not in read(secretary, f"/cases/{before}").text
    with app.app_context():
        assert len(db.session.scalars(select(Subject).where(Subject.kind == "case")).all()) == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": ""}, "Заполните это поле"),
        ({"on": str(date(2100, 1, 1))}, "ещё не наступил"),
        ({"on": "0202-11-20"}, "похож на описку"),
        ({"children": []}, "Отметьте хотя бы одного ребёнка"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(app: Flask, wrong: dict[str, object], words: str) -> None:
    world, family = world_of(app, "kochki_2020")
    with app.app_context():
        before = help_afterwards(world, family)

    answer = post(desk(app, world, "Секретарёва"), before, **{"children": [*children_of(app, family).values()]} | wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Поставить на учёт" in answer.text


def test_where_a_level_opens_a_case_the_page_says_so_with_the_rule(app: Flask) -> None:
    world, family = world_of(app, "novosibirsk_2022")
    with app.app_context():
        before = early_help(world, family)
    intake = desk(app, world, "Окошкин")

    page, answer = read(intake, f"/subjects/{before}/opening"), post(intake, before, children=[])

    assert "открывает не постановление, а решение об уровне" in page.text
    assert "Правило: " in page.text
    assert answer.status_code == 422
    assert "/opening" not in read(intake, f"/cases/{before}").text


def test_early_help_becomes_a_case_by_the_paper_that_its_intake_has_and_by_no_level_alone(app: Flask) -> None:
    world, family = world_of(app, "kdn_stage_table")
    with app.app_context():
        before = early_help(world, family)
        subject = db.session.get_one(Subject, before)
        db.session.expunge(subject)
    intake, today = desk(app, world, "Окошкин"), demo_day()
    assert take(intake, subject, "early_help_opened", on=today).status_code == 303

    level = take(intake, subject, "risk_decided", on=today, level="sop", reason="Голодают")
    assert level.status_code == 422
    assert "не решение об уровне, а постановление комиссии. Ничего не записано" in level.text
    with app.app_context():
        assert db.session.get_one(Subject, before).closed_on is None

    assert post(intake, before, children=[*children_of(app, family).values()]).status_code == 303
    with app.app_context():
        ended = db.session.scalars(select(Event).where(Event.type == "early_help_closed")).one()
        assert (ended.subject_id, ended.data) == (before, {"outcome": "raised"})
    assert "Выдумкины" not in read(desk(app, world, "Помощников"), "/families").text


def test_the_commission_finds_nothing_of_early_help(app: Flask) -> None:
    world, family = world_of(app, "kdn_stage_table")
    with app.app_context():
        before = early_help(world, family)

    for surname in ("Секретарёва", "Главная", "Директорова", "Кураторова", "Учителева"):
        client = desk(app, world, surname)
        assert read(client, f"/subjects/{before}/opening").status_code == 404, surname
        assert post(client, before, children=[*children_of(app, family).values()]).status_code == 404, surname


def test_who_reads_of_the_family_and_may_not_open_is_told_who_may(app: Flask) -> None:
    world, family = world_of(app, "kochki_2020")
    with app.app_context():
        before = help_afterwards(world, family)

    for surname in ("Кураторова", "Главная"):
        client = desk(app, world, surname)
        assert "открывает секретарь или председатель комиссии" in read(client, f"/subjects/{before}/opening").text
        assert post(client, before, children=[*children_of(app, family).values()]).status_code == 422
        assert "/opening" not in read(client, f"/cases/{before}").text
    assert read(desk(app, world, "Секретарёва", FIELD), f"/subjects/{before}/opening").status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(Subject).where(Subject.kind == "case")).all()) == 1
