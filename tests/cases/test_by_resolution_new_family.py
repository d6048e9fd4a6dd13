"""A commission's resolution opens a case for a family that the app does not know and of which nobody told."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from curator_app.auth.models import FIELD, Organisation, Person, Role, Territory
from curator_app.cases.models import CaseChild, CaseFile
from curator_app.extensions import db
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Event, Subject
from tests.cases.test_by_resolution import desk, early_help, help_afterwards, world_of
from tests.support.at_once import at_once
from tests.support.cases import HTMX, read
from tests.support.days import demo_day
from tests.support.people import ORIGIN
from tests.support.story_world import SINCE

pytestmark = pytest.mark.pages
PAGE = "/cases/new"


def said(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = {"key": str(uuid.uuid4()), "surname": "Незнакомовы", "adults": "Незнакомова Анна"}
    fields |= {"children-0-name": "Лёва", "children-0-born_on": "2017-04-05", "children-1-name": "Ада"}
    fields |= {"children-1-born_on": "", "address": "д. Выдуманная, 7", "phone": "", "number": "51-п"}
    fields |= {"on": str(demo_day() - timedelta(days=3)), "wording": "Поставить на учёт", "curator": ""}
    return fields | changes


def post(client: FlaskClient, **changes: object) -> TestResponse:
    return client.post(PAGE, data=said(**changes), headers=HTMX, base_url=ORIGIN)


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def findable(family_id: uuid.UUID) -> None:
    """Let the search know the family that the tests wrote by hand."""
    keep_findable(db.session(), db.session.get_one(Family, family_id))
    db.session.commit()


@pytest.mark.on_both
def test_the_secretary_names_family_and_paper_on_one_page_and_the_curator_has_the_case(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")
    with app.app_context():
        role = db.session.get_one(Person, world.people["Сменщиков"]).roles[0]
        seat = f"{role.person_id}@{role.organisation_id}"
    secretary = desk(app, world, "Секретарёва")
    assert f'"{PAGE}"' in read(secretary, "/cases").text
    assert "Сменщиков" in read(secretary, PAGE).text

    answer = post(secretary, curator=seat)

    assert answer.status_code == 303
    with app.app_context():
        case = db.session.scalars(select(Subject).where(Subject.kind == "case")).one()
        assert answer.headers["Location"] == f"/cases/{case.id}"
        family = db.session.get_one(Family, case.family_id)
        cover = db.session.scalars(select(CaseFile).where(CaseFile.subject_id == case.id)).one()
        about = db.session.scalars(select(CaseChild).where(CaseChild.subject_id == case.id)).all()
        events = db.session.scalars(select(Event).where(Event.subject_id == case.id).order_by(Event.no)).all()
        held = db.session.scalars(select(Assignment).where(Assignment.subject_id == case.id)).one()
        assert (family.surname, family.address, family.territory_id) == (
            "Незнакомовы",
            "д. Выдуманная, 7",
            world.territory_id,
        )
        assert [(one.name, one.born_on) for one in family.children] == [("Лёва", date(2017, 4, 5)), ("Ада", None)]
        assert [one.name for one in family.adults] == ["Незнакомова Анна"]
        assert {row.member.name for row in about} == {"Лёва", "Ада"}
        assert (cover.resolution_no, cover.resolution_text, cover.signal_id) == ("51-п", "Поставить на учёт", None)
        assert [one.type for one in events] == ["resolution_adopted", "registered", "curator_assigned"]
        assert {one.on for one in events} == {demo_day() - timedelta(days=3)}
        assert held.person_id == world.people["Сменщиков"]
    assert "Незнакомовы" in read(desk(app, world, "Сменщиков"), "/families").text


def test_a_button_pressed_twice_opens_one_case(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")
    secretary, key = desk(app, world, "Секретарёва"), str(uuid.uuid4())

    first, second = post(secretary, key=key), post(secretary, key=key)

    assert first.headers["Location"] == second.headers["Location"]
    assert count(app, Family) == 2, "the one that was there and the new one"
    assert count(app, CaseFile) == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_of_two_presses_at_the_same_moment_one_opens_the_case_and_of_two_people_one_is_asked(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")
    one, other, key = desk(app, world, "Секретарёва"), desk(app, world, "Председателев"), str(uuid.uuid4())
    district = select(Territory.id).where(Territory.id == world.territory_id)

    pressed = at_once(app, district, [lambda: post(one, key=key), lambda: post(one, key=key)])
    typed = {
        "surname": "Двойниковы",
        "children-0-name": "Тая",
        "address": "с. Иное, 3",
        "children-1-name": "",
        "adults": "",
    }
    asked = at_once(app, district, [lambda client=client: post(client, **typed) for client in (one, other)])

    assert [answer.status_code for answer in pressed] == [303, 303]
    assert len({answer.headers["Location"] for answer in pressed}) == 1
    assert sorted(answer.status_code for answer in asked) == [200, 303]
    assert "Похоже, это уже известно" in next(answer.text for answer in asked if answer.status_code == 200)
    assert count(app, CaseFile) == 2


def test_a_family_that_is_known_is_offered_first_and_a_deliberate_press_goes_on(app: Flask) -> None:
    world, family = world_of(app, "kochki_2020")
    with app.app_context():
        before = help_afterwards(world, family)
        findable(family)
    secretary = desk(app, world, "Секретарёва")
    like = {"surname": "Выдумкина", "children-0-name": "Миша"}

    warned = post(secretary, **like)

    assert warned.status_code == 200
    assert "Похоже, это уже известно" in warned.text
    assert f"/cases/{before}" in warned.text
    assert "Поставить на учёт" in warned.text, "what was typed stays"
    assert "Незнакомова Анна" in warned.text
    assert count(app, Family) == 1
    assert post(secretary, **like, sure="yes").status_code == 303
    assert count(app, Family) == 2


def test_the_commission_learns_nothing_of_early_help_by_typing_a_name_and_intake_does(app: Flask) -> None:
    world, family = world_of(app, "kdn_stage_table")
    with app.app_context():
        helped = early_help(world, family)
        findable(family)
    like = {"surname": "Выдумкина", "children-0-name": "Миша"}

    intake, secretary = desk(app, world, "Окошкин"), desk(app, world, "Секретарёва")
    told, untold = post(intake, **like), read(secretary, PAGE)

    assert (told.status_code, f"/cases/{helped}" in told.text) == (200, True)
    assert "Семьи с ранней помощью видит только приём" in untold.text
    assert post(secretary, **like).status_code == 303, "as of a family that nobody knows"


def test_a_signal_about_the_child_is_shown_to_the_commission_before_it_goes_on(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")
    told = {"facts": "Одни дома", "known_on": str(demo_day()), "source": "school", "safe_now": "yes"}
    told |= {"children-0-name": "Незнакомов Лёва", "address": "д. Выдуманная, 7"}
    intake = desk(app, world, "Окошкин")
    answer = intake.post("/signals", data=told, headers=HTMX, base_url=ORIGIN)
    assert answer.status_code == 303

    warned = post(desk(app, world, "Председателев"))

    assert answer.headers["Location"] in warned.text
    assert count(app, CaseFile) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"surname": " "}, "Заполните это поле"),
        ({"number": ""}, "Заполните это поле"),
        ({"on": str(date(2100, 1, 1))}, "ещё не наступил"),
        ({"on": "0202-11-20"}, "похож на описку"),
        ({"children-0-name": "", "children-0-born_on": "", "children-1-name": ""}, "Назовите хотя бы одного ребёнка"),
        ({"children-1-name": "", "children-0-born_on": "1990-01-01"}, "младше 18 лет"),
        ({"children-1-name": "", "children-1-born_on": "2019-01-01"}, "дата есть, имени нет"),
        ({"children-0-born_on": "2100-01-01"}, "ещё не наступил"),
        ({"curator": f"{uuid.uuid4()}@{uuid.uuid4()}"}, "работает в другой территории"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(app: Flask, wrong: dict[str, object], words: str) -> None:
    world, _ = world_of(app, "kochki_2020")

    answer = post(desk(app, world, "Секретарёва"), **wrong)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Поставить на учёт" in answer.text
    assert count(app, Family) == 1


def test_one_child_more_is_one_row_more(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")

    page = post(desk(app, world, "Секретарёва"), more="1")

    assert page.status_code == 200
    assert 'name="children-2-name"' in page.text
    assert 'value="Лёва"' in page.text
    assert count(app, CaseFile) == 0


def test_where_a_level_opens_a_case_the_page_says_so_with_the_rule_and_nothing_leads_to_it(app: Flask) -> None:
    world, _ = world_of(app, "novosibirsk_2022")
    secretary = desk(app, world, "Секретарёва")

    assert "открывает не постановление, а решение об уровне" in read(secretary, PAGE).text
    answer = post(secretary)

    assert answer.status_code == 422
    assert "Правило: " in answer.text
    assert f'"{PAGE}"' not in read(secretary, "/cases").text
    assert count(app, Family) == 1


def test_of_two_districts_the_chosen_one_decides_by_its_own_document(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")
    with app.app_context():
        other = Territory(name="Район уровней", zone="Asia/Novosibirsk", procedure="novosibirsk_2022")
        place = Organisation(name="Вторая комиссия", kind="commission", territory=other)
        db.session.add(place)
        db.session.flush()
        held = {"person_id": world.people["Секретарёва"], "organisation_id": place.id, "since_on": SINCE}
        db.session.add(Role(role="commission_secretary", **held))
        db.session.commit()
        other_id = other.id
    secretary = desk(app, world, "Секретарёва")

    assert "Заполните" not in (page := read(secretary, PAGE).text)
    assert "Район уровней" in page
    assert post(secretary).status_code == 422, "no district was chosen"
    refused = post(secretary, territory=str(other_id))
    assert (refused.status_code, "решение об уровне" in refused.text) == (422, True)
    assert 'value="Незнакомовы"' in refused.text
    assert post(secretary, territory=str(world.territory_id)).status_code == 303


@pytest.mark.parametrize("surname", ["Кураторова", "Главная", "Учителева", "Помощников", "Группин", "Админов"])
def test_nobody_else_finds_the_page(app: Flask, surname: str) -> None:
    world, _ = world_of(app, "kochki_2020")
    client = desk(app, world, surname)

    assert read(client, PAGE).status_code == 404
    assert post(client).status_code == 404
    assert count(app, Family) == 1


def test_a_phone_has_no_such_page(app: Flask) -> None:
    world, _ = world_of(app, "kochki_2020")

    assert read(desk(app, world, "Секретарёва", FIELD), PAGE).status_code == 404


@pytest.mark.parametrize(
    ("procedure", "opens"),
    [
        ("bashkortostan_2017", True),
        ("kdn_stage_table", True),
        ("kochki_2020", True),
        ("krasnoyarsk_2011", True),
        ("novosibirsk_2022", False),
    ],
)
def test_each_document_opens_it_or_says_why_not(app: Flask, procedure: str, opens: bool) -> None:
    world, _ = world_of(app, procedure)

    with app.app_context():
        role = db.session.get_one(Person, world.people["Кураторова"]).roles[0]
        seat = f"{role.person_id}@{role.organisation_id}"
    secretary = desk(app, world, "Секретарёва")
    answer = post(secretary, curator=seat)

    assert answer.status_code == (303 if opens else 422)
    if opens:
        assert "Кураторова" in read(secretary, answer.headers["Location"]).text
        assert "Незнакомовы" in read(desk(app, world, "Кураторова"), "/families").text
    else:
        assert count(app, Family) == 1
