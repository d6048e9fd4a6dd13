"""How long a session lives, and what a browser hears when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from curator_app.auth.models import FIELD, OFFICE, SignIn
from curator_app.clock import now
from curator_app.extensions import db
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator."""
    return settle(app)


def age(app: Flask, **columns: object) -> None:
    """Set the times of the one session there is."""
    with app.app_context():
        db.session.execute(update(SignIn).values(**columns))
        db.session.commit()


def seen(app: Flask) -> object:
    """Return when the one session there is was last used."""
    with app.app_context():
        return db.session.scalars(select(SignIn.last_seen_at)).one()


def test_reading_keeps_an_office_session_alive(app: Flask, people: People) -> None:
    client = sign_in(app, people.darya)
    age(app, last_seen_at=now() - timedelta(minutes=29))

    assert client.get("/today", headers=FRAGMENT, base_url=ORIGIN).status_code == 200

    assert seen(app) > now() - timedelta(minutes=1)


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        (OFFICE, {"last_seen_at": now() - timedelta(minutes=31)}),
        (OFFICE, {"created_at": now() - timedelta(hours=13)}),
        (FIELD, {"last_seen_at": now() - timedelta(hours=13)}),
        (OFFICE, {"ended_at": now()}),
    ],
    ids=["idle at the office", "half a day old", "idle phone", "ended"],
)
def test_a_session_that_is_over_opens_nothing(
    app: Flask, people: People, kind: str, columns: dict[str, object]
) -> None:
    client = sign_in(app, people.vera, kind)
    age(app, **columns)

    answer = client.get("/today", headers=FRAGMENT, base_url=ORIGIN)

    assert answer.status_code == 401
    assert "Рябинкины" not in answer.text


def test_a_watching_office_page_is_led_to_the_door(app: Flask, people: People) -> None:
    client = sign_in(app, people.darya)
    age(app, ended_at=now())

    answer = client.get(f"/families/{people.ryabinkiny.id}/timeline", headers=FRAGMENT, base_url=ORIGIN)

    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, "/sign-in")


def test_a_phone_is_led_nowhere_it_shows_its_copy(app: Flask, people: People) -> None:
    client = sign_in(app, people.vera, FIELD)
    age(app, ended_at=now())

    answer = client.get("/today", headers=FRAGMENT, base_url=ORIGIN)

    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, None)
