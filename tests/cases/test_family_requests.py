"""What families ask for by their cards: read and answered by the head and the commission, never by who works there."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.channel import Asked, card_of, ensure_card, take_request
from curator_app.cases.channel_models import FamilyRequest
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.subjects.models import Subject
from tests.support.people import ORIGIN, People, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
WORDS = "Просим другого куратора: с нынешним не можем говорить"


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def asked(app: Flask, people: People) -> str:
    """A request of the Ryabinkins; its address."""
    with app.app_context():
        ensure_card(app.config["CURATOR"].secret_key, people.ryabinkiny.id)
        card = card_of(db.session(), people.ryabinkiny.id)
        assert card is not None
        made = take_request(db.session(), card, Asked(uuid7(), "other_curator", WORDS, "вечером"))
        db.session.commit()
        return f"/requests/{made.id}"


def somebody(app: Flask, role: str, territory_of: Person | None) -> Person:
    """Make a person with an office: in the territory where somebody works, or in another one."""
    with app.app_context():
        near = db.session.get_one(Person, territory_of.id).roles[0].organisation if territory_of else None
        here = near.territory_id if near else None
        query = select(Organisation).where(Organisation.territory_id == here if here else Organisation.id.is_not(None))
        if near is None:
            head = db.session.scalars(select(Role).where(Role.role == "head")).first()
            assert head is not None
            query = query.where(Organisation.territory_id != head.organisation.territory_id)
        organisation = db.session.scalars(query.order_by(Organisation.id)).first()
        assert organisation is not None
        person = Person(name="Секретарёва Нина Павловна")
        person.roles.append(Role(organisation_id=organisation.id, role=role, since_on=date(2020, 1, 1)))
        db.session.add(person)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
        return person


def read(client: FlaskClient, path: str) -> tuple[int, bool]:
    """Ask for a page; return its status and whether the family's words stand on it."""
    answer = client.get(path, base_url=ORIGIN)
    return answer.status_code, WORDS in answer.text


def test_the_head_reads_it_and_the_family_reads_the_answer(app: Flask, people: People, asked: str) -> None:
    darya = sign_in(app, people.darya)
    assert "Просим другого куратора" in darya.get("/requests", base_url=ORIGIN).text
    assert read(darya, asked) == (200, True)

    done = darya.post(asked, data={"answer": "Встретимся в четверг, решим вместе"}, base_url=ORIGIN)

    assert done.status_code == 303
    with app.app_context():
        row = db.session.scalars(select(FamilyRequest)).one()
        assert (row.answer, row.answered_by_id) == ("Встретимся в четверг, решим вместе", people.darya.id)
    assert "Обращений без ответа нет" in darya.get("/requests", base_url=ORIGIN).text
    assert "Просим другого куратора" in darya.get("/requests?show=answered", base_url=ORIGIN).text


def test_an_empty_answer_is_refused_with_what_to_do(app: Flask, people: People, asked: str) -> None:
    refused = sign_in(app, people.darya).post(asked, data={"answer": "  "}, base_url=ORIGIN)

    assert refused.status_code == 422
    assert "Напишите, что решили" in refused.text


@pytest.mark.parametrize("role", ["commission_secretary", "commission_chair"])
def test_the_commission_of_the_territory_reads_it_and_that_of_another_does_not(
    app: Flask, people: People, asked: str, role: str
) -> None:
    assert read(sign_in(app, somebody(app, role, people.darya)), asked) == (200, True)
    assert read(sign_in(app, somebody(app, role, None)), asked) == (404, False)


@pytest.mark.parametrize("who", ["vera", "igor", "anna"])
def test_the_curator_a_stranger_and_the_administrator_find_nothing(
    app: Flask, people: People, asked: str, who: str
) -> None:
    client = sign_in(app, getattr(people, who))

    assert read(client, asked) == (404, False)
    assert read(client, "/requests") == (404, False)
    assert client.post(asked, data={"answer": "Нет"}, base_url=ORIGIN).status_code == 404
    assert "Обращения семей" not in client.get("/more", base_url=ORIGIN).text


def test_a_head_who_carries_the_case_herself_leaves_it_to_the_commission(
    app: Flask, people: People, asked: str
) -> None:
    join_case(app, people.ryabinkiny, people.darya, "substitute")

    assert read(sign_in(app, people.darya), asked) == (404, False)


@pytest.mark.usefixtures("asked")
def test_nothing_of_it_stands_in_the_dossier(app: Flask, people: People) -> None:
    for person in (people.vera, people.darya):
        page = sign_in(app, person).get(f"/families/{people.ryabinkiny.id}", base_url=ORIGIN)
        assert page.status_code == 200
        assert WORDS not in page.text


@pytest.mark.parametrize(
    ("role", "with_a_case", "early_help_alone"),
    [("commission_secretary", 200, 404), ("intake_officer", 404, 200)],
)
def test_a_family_with_early_help_alone_writes_to_intake(
    app: Flask, people: People, asked: str, role: str, with_a_case: int, early_help_alone: int
) -> None:
    client = sign_in(app, somebody(app, role, people.vera))
    assert client.get(asked, headers={"HX-Request": "true"}, base_url=ORIGIN).status_code == with_a_case
    with app.app_context():
        for subject in db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)):
            subject.kind = "early_help"
        db.session.commit()

    assert client.get(asked, headers={"HX-Request": "true"}, base_url=ORIGIN).status_code == early_help_alone
