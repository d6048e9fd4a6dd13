"""«Почему такой срок»: words of the document, the event, the count; read by those who open the family."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.extensions import db
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject
from tests.support.people import FIELD, OFFICE, ORIGIN, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


def duty_of(app, people, **which):
    """Return the id of one duty of the Ryabinkins."""
    with app.app_context():
        query = select(DutyRow.id).join(Subject).where(Subject.family_id == people.ryabinkiny.id)
        return db.session.scalars(query.filter_by(**which).order_by(DutyRow.opened_on)).first()


def read(app, person, path, kind=OFFICE):
    """Ask for a page as htmx does."""
    return sign_in(app, person, kind).get(path, headers=HTMX, base_url=ORIGIN)


def test_it_says_the_documents_words_the_event_and_the_count(app, people):
    page = read(app, people.vera, f"/duties/{duty_of(app, people, rule='kkss_parts_1_2')}").text

    assert "заполнение ч. I - II в течение 20 дней" in page
    assert "назначен" in page.lower()
    assert "рабочие дни или календарные — не указано в документе" in page.lower()
    assert "последний день срока" in page
    assert "Исполнено" in page


def test_days_off_are_shown_with_their_reason_and_a_long_count_is_folded(app, people):
    page = read(app, people.vera, f"/duties/{duty_of(app, people, rule='kkss_parts_1_2')}").text

    assert re.search(r"суббота|воскресенье|нерабочий день", page)
    assert "<details>" in page


@pytest.mark.parametrize(
    ("who", "status"), [("vera", 200), ("darya", 200), ("igor", 404), ("anna", 404), ("member", 200)]
)
def test_it_is_there_for_those_who_open_the_family(app, people, who, status):
    if who == "member":  # of the working group: the plan's days are the shared card
        join_case(app, people.ryabinkiny, people.igor, "group_member")
    person = people.igor if who == "member" else getattr(people, who)

    assert read(app, person, f"/duties/{duty_of(app, people)}").status_code == status


def test_reading_is_written_down(app, people):
    key = duty_of(app, people)
    read(app, people.vera, f"/duties/{key}")

    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.act == "duty:read")).one()
        assert (row.person_id, row.family_id, row.object_id) == (people.vera.id, people.ryabinkiny.id, key)


def test_the_office_finds_a_familys_open_duties_in_its_dossier(app, people):
    page = read(app, people.darya, f"/families/{people.ryabinkiny.id}").text

    with app.app_context():
        owed = select(DutyRow.id).join(Subject).where(Subject.family_id == people.ryabinkiny.id)
        ids = db.session.scalars(owed.where(DutyRow.met_on.is_(None))).all()
    assert ids
    assert all(f"/duties/{key}" in page for key in ids)


def test_a_phone_takes_no_such_list_along(app, people):
    assert "/duties/" not in read(app, people.vera, f"/families/{people.ryabinkiny.id}", FIELD).text


def test_a_profile_that_cannot_be_read_leaves_the_day_that_stood(app, people):
    key = duty_of(app, people, rule="kkss_parts_1_2")
    with app.app_context():
        db.session.get_one(DutyRow, key).procedure = "no_such@1"
        db.session.commit()

    page = read(app, people.vera, f"/duties/{key}")

    assert (page.status_code, "Порядок сейчас не читается" in page.text) == (200, True)
