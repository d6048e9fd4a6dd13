"""A contact written at the office: the same form, posted plainly."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Contact
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app: Flask) -> People:
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def form_of(app: Flask, people: People) -> tuple[object, str, dict[str, str]]:
    """Open the form as Vera; return her client, its address and its hidden fields."""
    client = sign_in(app, people.vera)
    page = client.get(f"/families/{people.ryabinkiny.id}/contact", base_url=ORIGIN).text
    (contact,) = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)
    return client, f"/families/{people.ryabinkiny.id}/contacts", {"id": contact, "form_version": "contact@1"}


def contacts(app: Flask) -> list[str]:
    with app.app_context():
        return [row.summary for row in db.session.scalars(select(Contact)) if row.enrolment_id]


def test_posted_twice_it_is_one_contact_and_leads_back_to_the_dossier(app: Flask, people: People) -> None:
    client, url, hidden = form_of(app, people)
    said = {**hidden, "kind": "contact_letter", "on": demo_day().isoformat(), "summary": "Письмо из школы"}

    answers = [client.post(url, data=said, base_url=ORIGIN) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert contacts(app) == ["Письмо из школы"]
    assert "Письмо из школы" in client.get(answers[0].location, base_url=ORIGIN).text


def test_what_does_not_hold_is_said_and_nothing_typed_is_lost(app: Flask, people: People) -> None:
    client, url, hidden = form_of(app, people)
    said = {**hidden, "on": "2026-01-10", "summary": "Длинный разговор", "promises-0-what": "Узнать о саде"}

    answer = client.post(url, data=urlencode(said), content_type="application/x-www-form-urlencoded", base_url=ORIGIN)

    assert answer.status_code == 422
    assert "Длинный разговор" in answer.text
    assert "Узнать о саде" in answer.text
    assert 'id="kind-wrong"' in answer.text
    assert contacts(app) == []


def test_on_a_day_that_was_not_hers_the_form_says_so(app: Flask, people: People) -> None:
    client, url, hidden = form_of(app, people)

    answer = client.post(url, data={**hidden, "kind": "contact_call", "on": "2019-01-10"}, base_url=ORIGIN)

    assert answer.status_code == 422
    assert contacts(app) == []
