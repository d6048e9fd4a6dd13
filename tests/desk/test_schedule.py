"""A month is sent to the head, agreed to or returned with a word, sent again when it changed; the journal is paper."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from curator_app.auth.models import FIELD
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from curator_app.visits.models import ChildWords, Contact, Visit
from curator_app.visits.planning_models import MonthSchedule, PlannedVisit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

HTMX = {"HX-Request": "true"}
NEXT = (demo_day().replace(day=1) + timedelta(days=32)).replace(day=1)


@pytest.fixture
def database_kind() -> str:
    """On one database: nothing here is a question of SQL."""
    return "sqlite"


@pytest.fixture
def people(app: Flask) -> People:
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def vera(app: Flask, people: People) -> FlaskClient:
    return sign_in(app, people.vera)


@pytest.fixture
def darya(app: Flask, people: People) -> FlaskClient:
    return sign_in(app, people.darya)


def plan(app: Flask, people: People, on: date) -> None:
    """Let Vera's visit to the Ryabinkins stand on that day."""
    with app.app_context():
        standing = update(PlannedVisit).where(PlannedVisit.family_id == people.ryabinkiny.id)
        db.session.execute(standing.values(ended_as="moved", ended_at=people.ryabinkiny.created_at))
        said = {"family_id": people.ryabinkiny.id, "person_id": people.vera.id}
        db.session.add(PlannedVisit(id=uuid7(), on=on, **said))
        db.session.commit()


def send(client: FlaskClient) -> int:
    return client.post("/schedule", data={"month": f"{NEXT:%Y-%m}"}, base_url=ORIGIN).status_code


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTMX, base_url=ORIGIN)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def own(client: FlaskClient) -> str:
    return read(client, f"/schedule?month={NEXT:%Y-%m}")


def sendings(app: Flask) -> list[MonthSchedule]:
    with app.app_context():
        return list(db.session.scalars(select(MonthSchedule).order_by(MonthSchedule.number)))


def decide(client: FlaskClient, row: MonthSchedule, decision: str, word: str = "") -> Any:
    return client.post(f"/schedules/{row.id}", data={"decision": decision, "word": word}, headers=HTMX, base_url=ORIGIN)


def test_a_month_is_sent_and_the_head_agrees(app: Flask, people: People, vera: Any, darya: Any) -> None:
    plan(app, people, NEXT + timedelta(days=5))
    assert "Ещё не отправлен руководителю" in own(vera)

    assert send(vera) == 303
    assert "Отправлен, ждёт согласования" in own(vera)
    assert "Туманова В. О." in read(darya, "/schedules")
    (row,) = sendings(app)
    assert "Рябинкины" in read(darya, f"/schedules/{row.id}")

    assert decide(darya, row, "approve").status_code in {200, 303}
    assert "Согласован" in own(vera)
    assert "Туманова" not in read(darya, "/schedules")


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "soon", "2026-13"])
def test_a_month_that_cannot_be_is_this_one(vera: Any, month: str) -> None:
    for page in ("schedule", "journal"):
        assert read(vera, f"/{page}?month={month}") == read(vera, f"/{page}")


def test_a_family_that_was_handed_over_is_on_nobody_elses_month(app: Flask, people: People, vera: Any) -> None:
    plan(app, people, NEXT + timedelta(days=5))
    assert "Рябинкины" in own(vera)
    with app.app_context():
        mine = select(Assignment).join(Subject).where(Assignment.person_id == people.vera.id)
        for row in db.session.scalars(mine.where(Subject.family_id == people.ryabinkiny.id)):
            row.until_on = demo_day() - timedelta(days=1)
        db.session.commit()

    assert "Рябинкины" not in own(vera)


def test_what_changed_after_the_heads_word_is_sent_again(app: Flask, people: People, vera: Any, darya: Any) -> None:
    plan(app, people, NEXT + timedelta(days=5))
    send(vera)
    decide(darya, sendings(app)[0], "approve")
    assert send(vera) == 422  # nothing new

    plan(app, people, NEXT + timedelta(days=9))
    assert "Изменён после отправки" in own(vera)
    assert send(vera) == 303
    assert [(row.number, row.state) for row in sendings(app)] == [(1, "approved"), (2, "sent")]


def test_a_month_comes_back_with_a_word_and_never_without(app: Flask, people: People, vera: Any, darya: Any) -> None:
    plan(app, people, NEXT + timedelta(days=5))
    send(vera)
    (row,) = sendings(app)

    refused = decide(darya, row, "return")
    assert refused.status_code == 422
    assert "Напишите, что поправить" in refused.text
    assert decide(darya, row, "return", "Добавьте Чижовых").status_code in {200, 303}
    assert "Добавьте Чижовых" in own(vera)
    assert decide(darya, row, "approve").status_code == 404  # it waits no more
    assert send(vera) == 303


@pytest.mark.parametrize("who", ["vera", "igor", "anna"])
def test_nobody_but_the_head_decides(app: Flask, people: People, vera: Any, who: str) -> None:
    plan(app, people, NEXT + timedelta(days=5))
    send(vera)
    (row,) = sendings(app)
    client = sign_in(app, getattr(people, who))

    assert decide(client, row, "approve").status_code == 404
    seen = client.get(f"/schedules/{row.id}", headers=HTMX, base_url=ORIGIN).status_code
    assert seen == (200 if who == "vera" else 404)
    assert "Графиков на согласование нет" in read(client, "/schedules")


def test_the_journal_names_the_case_by_number_and_no_family_and_no_childs_word(
    app: Flask, people: People, vera: Any, darya: Any
) -> None:
    with app.app_context():
        family = db.session.get_one(Family, people.ryabinkiny.id)
        number, surname = family.case_no, family.surname
        visit = db.session.scalars(
            select(Visit).where(Visit.author_id == people.vera.id, Visit.family_id == family.id)
        ).first()
        assert visit is not None
        visit.on = demo_day()
        words = ChildWords(visit_id=visit.id, member_id=family.children[0].id, verbatim="Хочу к бабушке Вере")
        db.session.add(words)
        db.session.commit()

    for said in (read(vera, "/journal"), read(darya, f"/journal?curator={people.vera.id}")):
        assert re.search(rf"\b{number}\b", said)
        assert surname not in said
        assert "Хочу к бабушке" not in said
    for stranger in (people.igor, people.anna):
        client = sign_in(app, stranger)
        assert client.get(f"/journal?curator={people.vera.id}", headers=HTMX, base_url=ORIGIN).status_code == 404


def test_ways_that_led_elsewhere_stand_in_the_journal_apart_from_visits_and_a_call_is_none(
    app: Flask, people: People, vera: Any
) -> None:
    before = re.search(r"Посещений: (\d+)\. Не состоялось: (\d+)\. Других выездов: 0\.", read(vera, "/journal"))
    with app.app_context():
        case = db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)).first()
        assert case is not None
        said = {"subject_id": case.id, "family_id": people.ryabinkiny.id, "author_id": people.vera.id}
        said |= {"on": demo_day(), "form_version": "contact@1", "received_at": case.created_at}
        for kind in ("contact_accompany", "contact_call"):
            row = Contact(id=uuid7(), kind=kind, with_whom="бабушка Вера", applied_at=case.created_at, **said)
            db.session.add(row)
        db.session.commit()

    page = read(vera, "/journal")

    assert "Сопровождали" in page
    assert "Звонок" not in page
    assert "бабушка Вера" not in page
    after = re.search(r"Посещений: (\d+)\. Не состоялось: (\d+)\. Других выездов: 1\.", page)
    assert after is not None
    assert before is None or after.groups() == before.groups()


def test_a_phone_has_no_pages_of_months(app: Flask, people: People) -> None:
    client = sign_in(app, people.vera, FIELD)

    for path in ("/schedule", "/schedules", "/journal"):
        assert client.get(path, headers=HTMX, base_url=ORIGIN).status_code == 404


def test_the_heads_day_says_that_a_month_waits(app: Flask, people: People, vera: Any, darya: Any) -> None:
    plan(app, people, NEXT + timedelta(days=5))
    send(vera)

    assert "Ждут согласования: 1" in read(darya, "/today")
    assert "Ждут согласования" not in read(vera, "/today")
