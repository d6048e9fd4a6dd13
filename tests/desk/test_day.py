"""«Сегодня» is the day in order, and «Дни и дорога» the way to each door: on a phone, at a desk and in the kit."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from curator_app.auth.models import FIELD
from curator_app.database import uuid7
from curator_app.desk.day import working_before
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.check_models import Order
from curator_app.presentation import day
from curator_app.procedures.calendar import COUNTRY, calendar_of
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject
from curator_app.visits.models import Contact, Visit
from curator_app.visits.planning_models import PlannedVisit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in
from tests.sync.test_kit import Bag, of_kind

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def database_kind() -> str:
    """On one database: nothing here is a question of SQL."""
    return "sqlite"


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


def page(app: Flask, people: People, path: str = "/today", kind: str = FIELD, who: str = "vera") -> str:
    """Open a page as somebody; return its text without tags and doubled spaces."""
    answer = sign_in(app, getattr(people, who), kind).get(path, headers=HTMX, base_url=ORIGIN)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def with_days(app: Flask, people: People, *, visit_in: int) -> None:
    """Let the Ryabinkins' next visit be due in so many days, without a day agreed; nothing else is owed of them."""
    with app.app_context():
        subject = db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)).one()
        db.session.execute(update(DutyRow).where(DutyRow.met_on.is_(None)).values(due_on=None, due_at=None))
        visits = select(DutyRow).where(DutyRow.subject_id == subject.id, DutyRow.rule == "home_visit")
        row = db.session.scalars(visits.where(DutyRow.met_on.is_(None))).first()
        if row is None:
            anchor = db.session.scalars(select(DutyRow.anchor_id).where(DutyRow.subject_id == subject.id)).first()
            said: dict[str, Any] = {"procedure": "kochki_2020@1", "calendar": "ru", "opened_on": demo_day() - 20 * DAY}
            row = DutyRow(subject_id=subject.id, rule="home_visit", anchor_id=anchor, owner="case_curator", **said)
            db.session.add(row)
        row.due_on, row.procedure, row.paused_since = demo_day() + visit_in * DAY, "kochki_2020@1", None
        for model in (Visit, Contact):
            db.session.execute(update(model).where(model.family_id == people.ryabinkiny.id).values(next_on=None))
        db.session.commit()


def plan(app: Flask, people: People, on: date, time: str = "") -> None:
    with app.app_context():
        said = {"family_id": people.ryabinkiny.id, "person_id": people.vera.id}
        db.session.add(PlannedVisit(id=uuid7(), on=on, time=time, **said))
        db.session.commit()


def test_a_late_visit_is_asked_about_in_calm_words_before_everything_else(app: Flask, people: People) -> None:
    with_days(app, people, visit_in=-2)

    said = page(app, people)

    assert "Срок посещения прошёл 2 дня назад. Перенести или написать причину?" in said
    assert said.index("Срок посещения прошёл") < said.index("Кого навестить")


def test_a_visit_that_comes_near_names_the_last_working_day_before_its_limit(app: Flask, people: People) -> None:
    with_days(app, people, visit_in=9)

    said = page(app, people)

    assert "Срок посещения прошёл" not in said
    aim = working_before(calendar_of((COUNTRY,), (), 0), demo_day() + 9 * DAY)
    assert f"Лучше до {day(aim)}" in said


def test_the_working_day_before_a_limit_steps_over_the_new_year_holidays() -> None:
    calendar = calendar_of((COUNTRY,), (), 0)

    assert working_before(calendar, date(2026, 11, 30)) == date(2026, 11, 27)  # Monday → Friday
    assert working_before(calendar, date(2026, 11, 27)) == date(2026, 11, 26)
    assert working_before(calendar, date(2027, 1, 11)) == date(2026, 12, 30)


def test_a_planned_visit_of_today_stands_first_with_its_hour(app: Flask, people: People) -> None:
    with_days(app, people, visit_in=9)
    plan(app, people, demo_day(), "10:15")

    said = page(app, people)

    assert re.search(r"Встречи .*10:15 +Рябинкины", said)
    assert "Начать посещение Рябинкины, 10:15" in said


def test_a_plan_whose_day_passed_without_a_visit_asks_for_another_day(app: Flask, people: People) -> None:
    with_days(app, people, visit_in=9)
    plan(app, people, demo_day() - DAY)

    said = page(app, people)

    assert re.search(r"Собирались \w\w \d+ \w+, встречи не записано", said)
    assert "Перенести посещение" in said


def test_an_act_that_came_back_is_told_to_who_gave_the_order(app: Flask, people: People) -> None:
    with app.app_context():
        subject = db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)).one()
        said = {"kind": "other", "what": "Кружок", "given_on": demo_day() - 9 * DAY, "due_on": demo_day()}
        order = Order(subject_id=subject.id, addressee="Школа № 7", returned_on=demo_day(), act="Принят", **said)
        db.session.add(order)
        db.session.commit()

    assert "Пришёл акт по поручению: Школа № 7 Рябинкины" in page(app, people)
    assert "Пришёл акт" not in page(app, people, who="igor")


def test_the_way_to_a_door_names_the_house_and_never_the_flat(app: Flask, people: People) -> None:
    plan(app, people, demo_day() + DAY)
    client = sign_in(app, people.vera, FIELD)
    with app.app_context():
        db.session.get_one(Family, people.ryabinkiny.id).address = "ул. Придуманная, 14, кв. 3"
        db.session.commit()

    there = client.get("/plan", headers=HTMX, base_url=ORIGIN).text

    assert (
        'geo:0,0?q=%D1%83%D0%BB.%20%D0%9F%D1%80%D0%B8%D0%B4%D1%83%D0%BC%D0%B0%D0%BD%D0%BD%D0%B0%D1%8F%2C%2014"' in there
    )
    at_a_desk = sign_in(app, people.vera).get("/plan", headers=HTMX, base_url=ORIGIN).text
    assert "geo:" not in at_a_desk


def test_a_hidden_address_is_given_to_no_map(app: Flask, people: People) -> None:
    plan(app, people, demo_day() + DAY)
    with app.app_context():
        for family in db.session.scalars(select(Family)):
            family.address_hidden = True
        db.session.commit()

    client = sign_in(app, people.vera, FIELD)

    assert "geo:" not in client.get("/plan", headers=HTMX, base_url=ORIGIN).text
    assert "в карты не передаём" in page(app, people, "/plan")


def test_the_kit_carries_the_days_and_brings_them_again_when_a_plan_changes(app: Flask, people: People) -> None:
    bag = Bag(app, people.vera)
    assert "/plan" in [one["url"] for one in of_kind(bag.take(), "page")]
    assert of_kind(bag.take(), "page") == []

    plan(app, people, demo_day() + DAY)

    assert "/plan" in [one["url"] for one in of_kind(bag.take(), "page")]


def test_the_office_reads_all_that_it_owes_and_a_phone_has_no_such_page(app: Flask, people: People) -> None:
    with_days(app, people, visit_in=-2)

    assert "срок прошёл 2 дня назад" in page(app, people, "/owed", "office")
    assert "Что за вами" in page(app, people, "/today", "office")
    assert sign_in(app, people.vera, FIELD).get("/owed", headers=HTMX, base_url=ORIGIN).status_code == 404
