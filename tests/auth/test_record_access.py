"""Who reads one recorded visit, and who writes it anew: RECORDS of the access matrix."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.support.people import ORIGIN, People, enrol, join_case, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


def visit_of(app: Flask, people: People) -> uuid.UUID:
    """A visit of the Ryabinkins, written by Vera."""
    with app.app_context():
        query = select(Visit.id).where(Visit.family_id == people.ryabinkiny.id, Visit.author_id == people.vera.id)
        found = db.session.scalars(query).first()
        assert found is not None
        return found


def get(client: FlaskClient, path: str) -> int:
    """Ask for a fragment, as htmx does."""
    return client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("who", "read", "write"),
    [("vera", 200, 200), ("darya", 200, 404), ("igor", 404, 404), ("anna", 404, 404), ("member", 404, 404)],
)
def test_a_record_is_read_in_the_raw_layer_and_written_anew_by_who_carries_the_case(
    app: Flask, people: People, who: str, read: int, write: int
) -> None:
    if who == "member":  # of the working group
        join_case(app, people.ryabinkiny, people.igor, "group_member")
    visit = visit_of(app, people)
    client = sign_in(app, getattr(people, "igor" if who == "member" else who))

    assert get(client, f"/visits/{visit}") == get(client, f"/visits/{visit}/leaflet") == read
    assert get(client, f"/visits/{visit}/edit") == write


def test_a_phone_writes_no_record_anew_in_the_office_way(app: Flask, people: People) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    phone = sign_in(app, people.vera, enrolment=enrol(app, people.vera))
    visit = visit_of(app, people)

    assert get(phone, f"/visits/{visit}/edit") == 404
    assert phone.post(f"/visits/{visit}/edit", headers=FRAGMENT, base_url=ORIGIN).status_code == 404
