"""«Календарь»: a methodologist puts days right, each with a reason, a paper and an author, and takes them back."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import METHODOLOGIST, Person, Role
from curator_app.extensions import db
from curator_app.subjects.jobs import walk_on
from curator_app.workdays.models import CalendarChange
from curator_app.workdays.service import calendar_number, current_calendar
from tests.support.people import ORIGIN, People, settle, sign_in

FRAGMENT = {"HX-Request": "true"}
DAY = date(2026, 11, 13)
FORM = {"on": str(DAY), "kind": "off", "reason": "День посёлка", "source": "Закон от 01.10.2026 № 5", "layer": "ru"}
ROUTES = [
    ("GET", "/calendar"),
    ("GET", "/calendar/recount"),
    ("POST", "/calendar"),
    ("POST", f"/calendar/{'0' * 8}-{'0' * 4}-7000-8000-{'0' * 12}/undo"),
]


@pytest.fixture
def people(app: Flask) -> People:
    """The named people; forms without a token. Igor is a methodologist too."""
    app.config["WTF_CSRF_ENABLED"] = False
    people = settle(app)
    with app.app_context():
        organisation = db.session.get_one(Person, people.igor.id).roles[0].organisation_id
        given = {"person_id": people.igor.id, "organisation_id": organisation, "since_on": date(2020, 1, 1)}
        db.session.add(Role(role=METHODOLOGIST, **given))
        db.session.commit()
    return people


@pytest.fixture
def igor(app: Flask, people: People) -> FlaskClient:
    """The methodologist at a desk."""
    return sign_in(app, people.igor)


def page(client: FlaskClient, address: str = "/calendar?year=2026") -> str:
    """Return the page's text."""
    answer = client.get(address, headers=FRAGMENT, base_url=ORIGIN)
    assert answer.status_code == 200
    return answer.text


def put_right(client: FlaskClient, **values: str) -> tuple[int, str]:
    """Post the form; return the status and the page."""
    answer = client.post("/calendar", data={**FORM, "year": "2026", **values}, headers=FRAGMENT, base_url=ORIGIN)
    return answer.status_code, answer.text


def is_working(app: Flask, *layers: str, day: date = DAY) -> bool:
    """Tell what terms are counted by."""
    with app.app_context():
        return current_calendar(db.session(), layers).is_working(day)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_year_is_shown_with_its_holidays_transfers_and_a_working_saturday(igor: FlaskClient) -> None:
    assert "выходной, перенесён с 03.01.2026" in page(igor)
    assert "рабочая суббота" in page(igor, "/calendar?year=2025")
    assert "Предварительный год" not in page(igor)
    assert "Предварительный год" in page(igor, "/calendar?year=2027")


def test_a_day_put_right_counts_and_says_who_did_it_and_by_which_paper(app: Flask, igor: FlaskClient) -> None:
    assert put_right(igor)[0] == 303

    text = page(igor)
    assert "День посёлка" in text
    assert "Закон от 01.10.2026 № 5 · поправка: Полевой И." in text
    assert "Версия 1." in text
    assert not is_working(app, "ru")
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.act == "calendar:day_put_right")).one()
        assert row.data == {"layer": "ru", "on": str(DAY), "working": False, "number": 1}


def test_how_far_the_open_terms_are_worked_out_anew_is_said(app: Flask, igor: FlaskClient) -> None:
    put_right(igor)
    assert "Пересчитываем открытые сроки" in page(igor)
    assert 'hx-get="/calendar/recount"' in page(igor, "/calendar/recount")

    with app.app_context():
        walk_on()

    assert "Открытые сроки пересчитаны" in page(igor, "/calendar/recount")
    assert "hx-get" not in page(igor, "/calendar/recount")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_saturday_is_made_a_working_day(app: Flask, igor: FlaskClient) -> None:
    saturday = date(2026, 11, 14)

    assert put_right(igor, on=str(saturday), kind="working", reason="рабочая суббота")[0] == 303

    assert is_working(app, "ru", day=saturday)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_regions_day_is_the_regions_only(app: Flask, igor: FlaskClient) -> None:
    put_right(igor, layer="bashkortostan")

    assert is_working(app, "ru")
    assert not is_working(app, "ru", "bashkortostan")
    assert "День посёлка" not in page(igor)
    assert "День посёлка" in page(igor, "/calendar?year=2026&layer=bashkortostan")


def test_a_correction_is_taken_back_and_the_version_grows_with_each_change(app: Flask, igor: FlaskClient) -> None:
    put_right(igor)
    undo = re.search(r"/calendar/[0-9a-f-]+/undo", page(igor))
    assert undo is not None

    assert igor.post(undo[0], headers=FRAGMENT, base_url=ORIGIN).status_code == 303

    assert is_working(app, "ru")
    assert "День посёлка" not in page(igor)
    with app.app_context():
        assert calendar_number(db.session()) == 2
        assert [row.working for row in db.session.scalars(select(CalendarChange).order_by(CalendarChange.number))] == [
            False,
            None,
        ]
    again = igor.post(undo[0], headers=FRAGMENT, base_url=ORIGIN)
    assert again.status_code == 409
    assert "Этот день уже поправил кто-то ещё" in again.text


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": ""}, "Не указан день"),
        ({"on": "завтра"}, "Не указан день"),
        ({"on": "1926-11-13"}, "Не указан день"),
        ({"kind": "short"}, "Не сказано, рабочий день или нет"),
        ({"reason": "  "}, "Не сказано, почему день такой"),
        ({"source": ""}, "Не указано, чем это установлено"),
        ({"on": "2026-11-15"}, "Этот день и так нерабочий"),
        ({"kind": "working"}, "Этот день и так рабочий"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_changes(
    app: Flask, igor: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    status, text = put_right(igor, **wrong)

    assert status == 422
    assert sentence in text
    with app.app_context():
        assert db.session.scalars(select(CalendarChange)).all() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("address", ["/calendar?layer=mars", "/calendar?year=1", "/calendar?year=99999"])
def test_a_layer_or_a_year_that_is_not_there_is_no_page(igor: FlaskClient, address: str) -> None:
    assert igor.get(address, headers=FRAGMENT, base_url=ORIGIN).status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("who", ["vera", "darya", "anna"])
def test_nobody_but_a_methodologist_has_the_page(app: Flask, people: People, who: str) -> None:
    client = sign_in(app, getattr(people, who))

    for method, path in ROUTES:
        assert client.open(path, method=method, data=FORM, headers=FRAGMENT, base_url=ORIGIN).status_code == 404, path
    assert "/calendar" not in client.get("/today", headers=FRAGMENT, base_url=ORIGIN).text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_methodologists_phone_has_no_such_page(app: Flask, people: People) -> None:
    phone = sign_in(app, people.igor, kind="field")

    assert phone.get("/calendar", headers=FRAGMENT, base_url=ORIGIN).status_code == 404
