"""The office's plain post of a visit: one effect, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Assignment, Subject
from curator_app.visits.models import Visit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

TYPED = "Квитанция за октябрь: долг 2 900 ₽"
SECTION = "housing_employment_income"

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


@pytest.fixture
def vera(app: Flask, people: People) -> FlaskClient:
    return sign_in(app, people.vera)


def test_a_visit_posted_from_the_office_stands_in_the_dossier(app: Flask, people: People, vera: FlaskClient) -> None:
    answer = post(vera, people.ryabinkiny, **{f"{SECTION}-strengths": "home_warm"})

    assert (answer.status_code, answer.location) == (303, f"/families/{people.ryabinkiny.id}")
    dossier = read(vera, f"/families/{people.ryabinkiny.id}")
    assert TYPED in dossier
    assert "Дома тепло" in dossier
    assert count(app) == 1


def test_the_same_form_posted_twice_is_one_visit(app: Flask, people: People, vera: FlaskClient) -> None:
    fields = form_of(vera, people.ryabinkiny)

    answers = [post(vera, people.ryabinkiny, fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert count(app) == 1


def test_two_forms_are_two_visits(app: Flask, people: People, vera: FlaskClient) -> None:
    post(vera, people.ryabinkiny)
    post(vera, people.ryabinkiny)

    assert count(app) == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("outcome", "", "чем закончилось"),
        ("on", "", "дата"),
        ("ended", "09:00", "раньше начала"),
        (f"{SECTION}-strengths", "is_rich", "Такого ответа"),
        (f"{SECTION}-worries_own", "а" * 5000, "4000 знаков"),
    ],
)
def test_a_refused_form_comes_back_with_its_sentence_and_all_that_was_typed(
    app: Flask, people: People, vera: FlaskClient, field: str, value: str, words: str
) -> None:
    tapped = {"outcome": "visit", "started": "10:00", f"{SECTION}-change": "better", "good_today": "Поиграли"}

    answer = post(vera, people.ryabinkiny, **(tapped | {field: value}))

    assert answer.status_code == 422
    assert words in wrong(answer, field)
    assert TYPED in answer.text
    assert "Поиграли" in answer.text
    assert re.search(rf'name="{SECTION}-change" value="better" checked', answer.text)
    assert count(app) == 0


def test_a_day_before_the_family_was_hers_is_said_at_the_date(app: Flask, people: People, vera: FlaskClient) -> None:
    with app.app_context():
        query = select(func.min(Assignment.since_on)).join(Subject).where(Subject.family_id == people.ryabinkiny.id)
        since = db.session.scalars(query).one()

    answer = post(vera, people.ryabinkiny, on=(since - timedelta(days=1)).isoformat())

    assert answer.status_code == 422
    assert "не были назначены" in wrong(answer, "on")
    assert TYPED in answer.text


def test_a_stranger_and_the_head_write_nothing(app: Flask, people: People) -> None:
    for person in (people.igor, people.darya):
        client = sign_in(app, person)

        answer = post(client, people.ryabinkiny, {"csrf_token": token_of(client)})

        assert answer.status_code == 404
    assert count(app) == 0


def test_a_post_without_its_token_writes_nothing(app: Flask, people: People, vera: FlaskClient) -> None:
    answer = post(vera, people.ryabinkiny, {**form_of(vera, people.ryabinkiny), "csrf_token": "other"})

    assert answer.status_code == 400
    assert count(app) == 0


def test_a_person_of_another_family_is_refused_and_nothing_is_lost(
    app: Flask, people: People, vera: FlaskClient
) -> None:
    with app.app_context():
        query = select(FamilyMember.id).where(FamilyMember.family_id == people.podorozhnikovy.id)
        foreign = db.session.scalars(query).first()

    answer = post(vera, people.ryabinkiny, who_home=str(foreign))

    assert answer.status_code == 422
    assert "нет в этой семье" in wrong(answer, "who_home")
    assert TYPED in answer.text


def wrong(answer: TestResponse, field: str) -> str:
    """Return the sentence at a field, which the list on top leads to."""
    assert f'<a href="#{field}-wrong">' in answer.text
    return re.findall(rf'<p class="wrong" id="{field}-wrong">([^<]*)</p>', answer.text)[0]


def post(client: FlaskClient, family: Family, fields: dict[str, str] | None = None, **changed: str) -> TestResponse:
    """Post the family's form as a browser without scripts would, a little filled in."""
    filled = {"on": demo_day().isoformat(), "outcome": "visit", f"{SECTION}-fact": TYPED}
    hidden = fields if fields is not None else form_of(client, family)
    return client.post(f"/families/{family.id}/visits", data={**hidden, **filled, **changed}, base_url=ORIGIN)


def form_of(client: FlaskClient, family: Family) -> dict[str, str]:
    """Open the form and return its hidden fields."""
    page = read(client, f"/families/{family.id}/visit")
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def token_of(client: FlaskClient) -> str:
    """Return the session's token, for somebody who gets no form."""
    state = client.get("/session", base_url=ORIGIN).get_json()
    return str(state["csrf"])


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path, base_url=ORIGIN)
    assert answer.status_code == 200
    return answer.text


def count(app: Flask) -> int:
    """Return how many visits were recorded here, the demonstration's own left out."""
    with app.app_context():
        return db.session.scalars(select(func.count()).where(Visit.enrolment_id.is_not(None))).one()
