"""Sixty searches a minute are more than anybody types; then the words stay and a sentence says how long to wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from curator_app.audit.models import AuditRow
from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.extensions import db
from tests.support.people import ORIGIN, People, settle, sign_in

FRAGMENT = {"HX-Request": "true"}
SEARCHED = AuditRow.act == "families:searched"


@pytest.fixture
def people(app: Flask) -> People:
    """The people of the demonstration; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def searched(app: Flask, person: Person, times: int, seconds_ago: int = 0) -> None:
    """Let a person have searched so often, as another process would have written it down."""
    with app.app_context():
        at = now() - timedelta(seconds=seconds_ago)
        db.session.add_all(AuditRow(act="families:searched", person_id=person.id, at=at) for _time in range(times))
        db.session.commit()


def find(client: FlaskClient, *, whole: bool = False) -> object:
    """Search for a family."""
    headers = {} if whole else FRAGMENT
    return client.post("/families/search", data={"q": "рябинкина"}, headers=headers, base_url=ORIGIN)


def test_the_sixtieth_search_is_answered_and_the_next_is_not(app: Flask, people: People) -> None:
    desk = sign_in(app, people.vera)
    searched(app, people.vera, 59, seconds_ago=20)

    last, refused = find(desk), find(desk)

    assert last.status_code == 200
    assert "Рябинкины" in last.text
    assert refused.status_code == 429
    assert 35 <= int(refused.headers["Retry-After"]) <= 40
    assert "Искали больше шестидесяти раз за минуту. Набранное на месте. Подождите" in refused.text
    assert "Рябинкины" not in refused.text


def test_what_was_typed_stays_also_without_scripts(app: Flask, people: People) -> None:
    desk = sign_in(app, people.vera)
    searched(app, people.vera, 60)

    refused = find(desk, whole=True)

    assert refused.status_code == 429
    assert 'value="рябинкина"' in refused.text
    assert "Набранное на месте" in refused.text


def test_a_refused_search_does_not_make_the_wait_longer(app: Flask, people: People) -> None:
    desk = sign_in(app, people.vera)
    searched(app, people.vera, 60, seconds_ago=59)
    assert find(desk).status_code == 429
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(SEARCHED)) == 60
        db.session.execute(update(AuditRow).where(SEARCHED).values(at=now() - timedelta(seconds=61)))
        db.session.commit()

    assert find(desk).status_code == 200


def test_everybody_has_a_minute_of_their_own_whatever_browser_they_use(app: Flask, people: People) -> None:
    searched(app, people.vera, 60)

    assert find(sign_in(app, people.vera)).status_code == 429
    assert find(sign_in(app, people.darya)).status_code == 200
