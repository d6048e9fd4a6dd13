"""A body is asked with a term and answers once, by a link that then opens nothing; its silence stays visible."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from curator_app.audit.models import AuditRow
from curator_app.extensions import db
from curator_app.intake.check_models import Inquiry
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import record_event
from tests.intake.checks import get, journal_line, post, signal_events
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in

pytestmark = pytest.mark.pages

QUESTION = "Лопухов Егор, 2017 г. р.: сколько дней пропущено с сентября?"


def ask(client: FlaskClient, key: uuid.UUID) -> str:
    """Ask a school; return the code of its link, which stands behind the «#»."""
    due = demo_day() + timedelta(days=5)
    page = post(client, f"/subjects/{key}/inquiries", addressee="Школа № 3", question=QUESTION, due_on=due)
    assert page.status_code == 200
    found = re.search(r"/answers#([\w-]{32})", page.get_data(as_text=True))
    assert found
    return found.group(1)


def open_link(client: FlaskClient, code: str) -> Any:
    """Post the code as the page's script does, or a hand."""
    return client.post("/answers", data={"code": code}, base_url=ORIGIN)


def answer(client: FlaskClient, code: str, said_by: str = "Школьная И. П., завуч", words: str = "Девять дней") -> Any:
    """Send the answer."""
    return client.post("/answers/given", data={"code": code, "said_by": said_by, "words": words}, base_url=ORIGIN)


@pytest.mark.on_both
def test_a_body_answers_by_its_link_once_and_without_an_account(app: Flask, office: Office) -> None:
    key, client, school = journal_line(app, office), sign_in(app, office.intake), app.test_client()
    link = ask(client, key)

    page = open_link(school, link).get_data(as_text=True)
    given = answer(school, link)
    again = open_link(school, link)

    assert QUESTION in page
    assert "Ответ получен" in given.get_data(as_text=True)
    assert QUESTION not in given.get_data(as_text=True)
    assert again.status_code == 410
    assert QUESTION not in again.get_data(as_text=True)
    shown = get(client, f"/subjects/{key}/inquiries").get_data(as_text=True)
    assert "Девять дней" in shown
    assert "завуч" in shown
    asked, answered = signal_events(app, key)[-2:]
    assert asked == ("information_requested", {"body": "Школа № 3", "what": QUESTION})
    assert answered == ("information_given", {"body": "Школа № 3", "what": "Девять дней"})


def test_an_empty_answer_is_asked_again_and_the_link_stays(app: Flask, office: Office) -> None:
    link = ask(sign_in(app, office.intake), journal_line(app, office))
    school = app.test_client()

    page = answer(school, link, "", "")

    assert page.status_code == 422
    assert "Заполните эту строку" in page.get_data(as_text=True)
    assert open_link(school, link).status_code == 200


def test_a_new_link_closes_the_old_one(app: Flask, office: Office) -> None:
    client = sign_in(app, office.intake)
    old = ask(client, journal_line(app, office))
    with app.app_context():
        row = db.session.scalars(select(Inquiry.id)).one()

    page = post(client, f"/inquiries/{row}/link").get_data(as_text=True)

    assert "/answers#" in page
    assert open_link(app.test_client(), old).status_code == 410


def test_what_is_kept_of_a_link_does_not_open_it(app: Flask, office: Office) -> None:
    link = ask(sign_in(app, office.intake), journal_line(app, office))

    with app.app_context():
        row = db.session.scalars(select(Inquiry)).one()
        assert row.token_hash is not None
        assert link.encode() not in row.token_hash
        trail = db.session.scalars(select(AuditRow).where(AuditRow.act.startswith("inquiry:"))).all()
        assert {one.act for one in trail} == {"inquiry:asked", "inquiry:link"}
        assert not any("Лопухов" in str(one.data) for one in trail)


def test_silence_beyond_the_term_is_said_in_days(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    ask(client, key)
    with app.app_context():
        db.session.execute(update(Inquiry).values(due_on=demo_day() - timedelta(days=3)))
        db.session.commit()

    assert "молчат 3 дня сверх срока" in get(client, f"/subjects/{key}/inquiries").get_data(as_text=True)
    assert "молчат 3 дня сверх срока" in get(client, f"/signals/{key}/check").get_data(as_text=True)


def test_an_answer_on_paper_is_written_in_and_ends_the_link(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    link = ask(client, key)
    with app.app_context():
        row = db.session.scalars(select(Inquiry.id)).one()

    written = post(client, f"/inquiries/{row}/answer", said_by="Завуч", words="Письмо от 3 ноября")
    twice = post(client, f"/inquiries/{row}/answer", said_by="Завуч", words="Ещё раз")

    assert written.status_code == 303
    assert twice.status_code == 422
    assert open_link(app.test_client(), link).status_code == 410
    assert [name for name, _data in signal_events(app, key)].count("information_given") == 1


def test_a_term_that_has_passed_is_refused_and_nothing_is_asked(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    yesterday = demo_day() - timedelta(days=1)

    page = post(client, f"/subjects/{key}/inquiries", addressee="Школа", question=QUESTION, due_on=yesterday)

    assert page.status_code == 422
    assert "Этот срок уже прошёл" in page.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Inquiry)).all() == []


def test_the_secret_stands_in_no_address_and_the_code_is_asked_for_without_a_script(app: Flask, office: Office) -> None:
    code = ask(sign_in(app, office.intake), journal_line(app, office))
    school = app.test_client()

    page = school.get("/answers", base_url=ORIGIN)
    opened = open_link(school, f" {ORIGIN}/answers#{code} ")

    assert page.status_code == 200
    assert 'name="code"' in page.get_data(as_text=True)
    assert opened.status_code == 200
    assert QUESTION in opened.get_data(as_text=True)
    assert school.get(f"/answers/{code}", base_url=ORIGIN).status_code == 404
    with app.app_context():
        trail = db.session.scalars(select(AuditRow).where(AuditRow.act == "inquiry:opened")).all()
        assert [(one.person_id, one.data) for one in trail] == [(None, {})], "once for each time that it was shown"


@pytest.mark.on_both
def test_a_link_ends_with_its_signal_and_what_was_typed_meanwhile_is_given_back(app: Flask, office: Office) -> None:
    key, client, school = journal_line(app, office), sign_in(app, office.intake), app.test_client()
    code = ask(client, key)
    assert open_link(school, code).status_code == 200
    with app.app_context():
        row = db.session.scalars(select(Inquiry.id)).one()

    ended = post(
        client,
        f"/subjects/{key}/outcome",
        on=demo_day(),
        outcome="not_confirmed",
        decided_by="Приёмова М. О.",
        reason="Ошибка в адресе",
    )
    late = answer(school, code, words="Пропустил девять дней")
    anew = post(client, f"/inquiries/{row}/link")

    assert ended.status_code == 303
    assert late.status_code == 410
    assert "Пропустил девять дней" in late.get_data(as_text=True)
    assert "это не отправлено" in late.get_data(as_text=True)
    assert QUESTION not in late.get_data(as_text=True)
    assert open_link(school, code).status_code == 410
    assert anew.status_code == 422
    with app.app_context():
        kept = db.session.get_one(Inquiry, row)
        assert (kept.token_hash, kept.answer) == (None, "")


def test_a_link_about_a_case_that_was_closed_opens_nothing(app: Flask, office: Office) -> None:
    key, client, school = journal_line(app, office), sign_in(app, office.intake), app.test_client()
    code = ask(client, key)
    with app.app_context():
        db.session.execute(update(Subject).where(Subject.id == key).values(closed_on=demo_day()))
        db.session.commit()

    assert open_link(school, code).status_code == 410
    assert answer(school, code).status_code == 410


def test_an_answer_that_may_not_be_written_down_stays_on_the_page_and_the_link_too(app: Flask, office: Office) -> None:
    key, client, school = journal_line(app, office), sign_in(app, office.intake), app.test_client()
    code = ask(client, key)
    with app.app_context():
        # All that an answer stands on was struck out.
        signal = db.session.get_one(Subject, key)
        for fact in db.session.scalars(select(Event).where(Event.subject_id == key)).all():
            data = {"corrects": str(fact.id), "void": True}
            record_event(signal, "event_corrected", on=demo_day(), data=data, author=None)
        db.session.commit()

    refused = answer(school, code, words="Пропустил девять дней")

    assert refused.status_code == 422
    assert "Пропустил девять дней" in refused.get_data(as_text=True)
    assert 'role="alert"' in refused.get_data(as_text=True)
    assert open_link(school, code).status_code == 200, "nothing was used up"
