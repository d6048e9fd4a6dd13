"""The case page says whose turn it is, the stage and its criteria, and what was done after its day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from curator_app.extensions import db
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.pages


@pytest.fixture
def people(app):
    """The demonstration's people."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def staged(app, people):
    """A case under the document that names criteria for each stage; its programme is approved."""
    with app.app_context():
        subject = db.session.get_one(Subject, subject_of(app, people.ryabinkiny).id)
        subject.procedure = "kdn_stage_table@1"
        record_event(subject, "plan_approved", on=demo_day() - timedelta(days=3))
        db.session.commit()
    return subject_of(app, people.ryabinkiny)


def tick(client, case, *met):
    """Post the checklist."""
    return client.post(f"/cases/{case.id}/stage", data={"met": list(met)}, headers=HTMX, base_url=ORIGIN)


def criteria(client, case):
    """Return the ids that the checklist offers."""
    return re.findall(r'name="met" value="([a-z_]+)"', read(client, f"/cases/{case.id}/stage").text)


def test_the_page_says_whose_turn_it_is_and_the_stage(app, people):
    case = subject_of(app, people.ryabinkiny)

    assert "Ход за вами" in read(sign_in(app, people.vera), f"/cases/{case.id}").text
    assert "Стадия 12 из 12" in read(sign_in(app, people.vera), f"/cases/{case.id}").text
    secretary = office_worker(app, "Секретарёва Ольга Ильинична", "commission_secretary", people.ryabinkiny)
    assert "Ход: Куратор случая" in read(sign_in(app, secretary), f"/cases/{case.id}").text


@pytest.mark.on_both
def test_criteria_are_ticked_and_stay_ticked_and_the_timeline_tells_of_it(app, people, staged):
    client = sign_in(app, people.vera)
    offered = criteria(client, staged)

    answer = tick(client, staged, offered[0])

    assert answer.status_code == 303
    event = events_of(app, staged, "exit_criteria_checked")[-1]
    assert event.data["met"] == [offered[0]]
    page = read(client, f"/cases/{staged.id}").text
    assert f"Сделано 1 из {len(offered)} условий" in page
    assert event.data["text"] in page
    assert f'value="{offered[0]}" checked' in read(client, f"/cases/{staged.id}/stage").text


def test_what_the_document_has_not_is_not_kept(app, people, staged):
    tick(sign_in(app, people.vera), staged, "we_like_them")

    assert events_of(app, staged, "exit_criteria_checked")[-1].data["met"] == []


def test_a_document_without_criteria_says_so_and_refuses(app, people):
    case, client = subject_of(app, people.ryabinkiny), sign_in(app, people.vera)

    assert "Условия конца этой стадии в документе не названы" in read(client, f"/cases/{case.id}/stage").text
    answer = tick(client, case, "anything")

    assert answer.status_code == 422
    assert "нет таких условий" in answer.text
    assert events_of(app, case, "exit_criteria_checked") == []


def test_a_stranger_finds_no_stage(app, people, staged):
    client = sign_in(app, people.igor)

    assert read(client, f"/cases/{staged.id}/stage").status_code == 404
    assert tick(client, staged).status_code == 404


def test_what_was_done_after_its_day_is_said_calmly(app, people):
    with app.app_context():
        subject = Subject(kind="case", family_id=people.ryabinkiny.id, territory_id=people.ryabinkiny.territory_id)
        subject.procedure = "novosibirsk_2022@1"
        db.session.add(subject)
        db.session.flush()
        record_event(subject, "curator_assigned", on=demo_day() - timedelta(days=60))
        record_event(subject, "support_card_filled", on=demo_day() - timedelta(days=30))
        db.session.commit()
        case_id = subject.id

    page = read(sign_in(app, people.vera), f"/cases/{case_id}").text

    assert "позже срока: 1" in page
    assert "на 10 дней позже" in page
