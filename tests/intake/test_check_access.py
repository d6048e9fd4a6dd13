"""Who opens the papers of a check: intake and commission of the territory, at a desk; nobody else finds them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, OFFICE, Enrolment, Person, SignIn
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.intake.check_models import Inquiry, Order, SurveyAct
from curator_app.intake.findings import Act, draw_up
from curator_app.intake.inquiries import Asking, ask
from curator_app.intake.orders import Ordering, give
from curator_app.intake.survey import survey_form
from curator_app.subjects.models import Subject
from tests.intake.checks import get, journal_line, post
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.pages

PAGES = (
    "/signals/{0}/check",
    *(f"/subjects/{{0}}/{name}" for name in ("inquiries", "orders", "survey", "instruments")),
)
PAGES += ("/subjects/{0}/investigation", "/subjects/{0}/decision")
WRITES = ("inquiries", "orders", "survey", "instruments", "instruments/finish", "investigation", "level", "outcome")


@pytest.fixture
def key(app: Flask, office: Office) -> uuid.UUID:
    """A signal in the journal of Vera's district."""
    return journal_line(app, office)


def papers(app: Flask, office: Office, key: uuid.UUID) -> tuple[str, list[str]]:
    """Make a question, an order and an act; return the act's address, and those that write to the others."""
    with app.app_context():
        session, due = db.session(), demo_day() + timedelta(days=3)
        enrolment = Enrolment(person_id=office.intake.id, short="papers01", kind=OFFICE)
        by = SignIn(person=session.get_one(Person, office.intake.id), enrolment=enrolment, last_seen_at=now())
        session.add_all([enrolment, by])
        session.flush()
        subject = session.get_one(Subject, key)
        inquiry, _token = ask(session, subject, Asking("Школа", "Сколько дней пропущено?", due), by)
        order = give(session, subject, Ordering("Опека", "survey", "Обследовать", due), by)
        said = {"child_name": "Лопухов Егор", "place_actual": "дома", "without_care": "no", "threat": "no"}
        act = draw_up(
            session,
            subject,
            survey_form(),
            Act(demo_day(), "Опекина", "Опека", {**said, "conclusion": "Нужна помощь"}),
            by,
        )
        session.commit()
        return f"/surveys/{act.id}", [
            f"/inquiries/{inquiry.id}/link",
            f"/inquiries/{inquiry.id}/answer",
            f"/orders/{order.id}/returned",
        ]


@pytest.mark.on_both
def test_intake_and_commission_open_every_page_and_every_reading_is_written_down(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    for person in (office.intake, office.secretary):
        client = sign_in(app, person)
        assert [get(client, page.format(key)).status_code for page in PAGES] == [200] * len(PAGES)

    with app.app_context():
        rows = set(db.session.scalars(select(AuditRow.act).where(AuditRow.person_id == office.intake.id)))
    assert {"check:read", "inquiries:read", "orders:read", "instruments:read", "decision:read"} <= rows


def test_nobody_else_finds_them(app: Flask, office: Office, key: uuid.UUID) -> None:
    act, writes = papers(app, office, key)
    for person in (
        office.specialist,
        office.foreign_intake,
        office.people.vera,
        office.people.darya,
        office.people.anna,
    ):
        client = sign_in(app, person)
        assert {get(client, page.format(key)).status_code for page in (*PAGES, act)} == {404}
        assert {post(client, f"/subjects/{key}/{name}").status_code for name in WRITES} == {404}
        assert {post(client, path).status_code for path in writes} == {404}


def test_a_phone_has_none_of_them(app: Flask, office: Office, key: uuid.UUID) -> None:
    act, _writes = papers(app, office, key)
    client = sign_in(app, office.intake, FIELD)

    assert {get(client, page.format(key)).status_code for page in (*PAGES, act)} == {404}


def test_without_a_session_nothing_opens(app: Flask, office: Office, key: uuid.UUID) -> None:
    act, writes = papers(app, office, key)
    client = app.test_client()

    assert {get(client, page.format(key)).status_code for page in (*PAGES, act)} == {401}
    assert {post(client, path).status_code for path in writes} == {401}


def test_an_address_of_nothing_is_not_found(app: Flask, office: Office, key: uuid.UUID) -> None:
    client, nothing = sign_in(app, office.intake), uuid.uuid4()

    assert {get(client, page.format(nothing)).status_code for page in PAGES} == {404}
    assert get(client, f"/surveys/{nothing}").status_code == 404
    assert get(client, f"/subjects/{key}/instruments?child=7").status_code == 404
    assert get(client, f"/subjects/{key}/instruments?child=x").status_code == 404


def test_an_act_shows_only_the_lines_that_were_filled_in(app: Flask, office: Office, key: uuid.UUID) -> None:
    act, _writes = papers(app, office, key)

    page = get(sign_in(app, office.secretary), act).get_data(as_text=True)

    assert "Лопухов Егор" in page
    assert "Нужна помощь" in page
    assert "Доходы семьи" not in page
    with app.app_context():
        assert len(db.session.scalars(select(SurveyAct)).all()) == 1
        assert db.session.scalars(select(Inquiry)).one().addressee == "Школа"
        assert db.session.scalars(select(Order)).one().kind == "survey"


def test_a_childs_own_words_in_an_act_and_a_bodys_answer_are_not_for_a_commission(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    act, writes = papers(app, office, key)
    with app.app_context():
        row = db.session.scalars(select(SurveyAct)).one()
        row.answers = {**row.answers, "child_talk": "Хочу к бабушке"}
        db.session.commit()
    intake, secretary = sign_in(app, office.intake), sign_in(app, office.secretary)
    assert post(intake, writes[1], said_by="Завуч", words="Пропустил девять дней").status_code == 303

    shown = {who: get(client, act).get_data(as_text=True) for who, client in (("i", intake), ("c", secretary))}
    asked = {
        who: get(c, f"/subjects/{key}/inquiries").get_data(as_text=True) for who, c in (("i", intake), ("c", secretary))
    }

    assert "Хочу к бабушке" in shown["i"]
    assert "Хочу к бабушке" not in shown["c"]
    assert "Пропустил девять дней" in asked["i"]
    assert "Пропустил девять дней" not in asked["c"]
    assert "Завуч" in asked["c"], "that an answer came is no secret"
