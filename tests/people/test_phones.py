"""«Телефоны»: who sees which, what «Потерян» and «Сдать» do, and that the trail of it stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, Enrolment, SignIn
from curator_app.clock import now
from curator_app.extensions import db
from tests.support.people import ORIGIN, People, enrol, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def phone(app: Flask, people: People) -> Enrolment:
    """Vera's phone, last heard of ten days ago with two records unsent."""
    made = enrol(app, people.vera, FIELD)
    say(
        app,
        made,
        last_contact_at=now() - timedelta(days=10),
        phone_state={"unsent": 2, "oldest": (now() - timedelta(days=12)).isoformat(), "version": "abc123"},
    )
    return made


def say(app: Flask, enrolment: Enrolment, **values: object) -> None:
    """Write down what a phone said."""
    with app.app_context():
        row = db.session.get_one(Enrolment, enrolment.id)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def row_of(app: Flask, enrolment: Enrolment) -> Enrolment:
    """Return an enrolment as it is now."""
    with app.app_context():
        return db.session.get_one(Enrolment, enrolment.id)


def page(client: FlaskClient, path: str) -> str:
    """Return a page's text."""
    answer = client.get(path, headers=FRAGMENT, base_url=ORIGIN)
    assert answer.status_code == 200, path
    return answer.text


def post(client: FlaskClient, path: str, **data: str) -> int:
    """Post a form and return the status."""
    return client.post(path, data=data, headers=FRAGMENT, base_url=ORIGIN).status_code


@pytest.mark.usefixtures("phone")
def test_the_list_tells_how_each_phone_is(app: Flask, people: People) -> None:
    text = page(sign_in(app, people.darya), "/phones")

    for word in ("Туманова", "10 дней назад", "старшая 12 дней назад", "версия abc123", "Давно без связи"):
        assert word in text, word
    assert "Полевой" not in text, "another organisation's"


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (-14 * 60, "часы телефона отстают на 14 минут"),
        (3 * 3600, "часы телефона спешат на 3 часа"),
        (3652 * 86400, "часы телефона спешат на 3652 дня"),
        (60, None),
    ],
)
def test_a_wrong_clock_is_named(app: Flask, people: People, phone: Enrolment, seconds: int, says: str | None) -> None:
    say(app, phone, last_contact_at=now(), phone_state={"unsent": 0, "skew": seconds})
    client = sign_in(app, people.darya)

    for path in ("/phones", f"/phones/{phone.id}"):
        text = page(client, path)
        assert (says in text) if says else ("часы телефона" not in text)


def test_a_sending_that_stands_without_an_error_is_named(app: Flask, people: People, phone: Enrolment) -> None:
    heard = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    say(app, phone, last_contact_at=heard, phone_state={"unsent": 1, "stuck": 25})
    client = sign_in(app, people.darya)

    assert "отправка стоит с пт 20 ноября в 13:35" in page(client, "/phones")
    assert "закроет и откроет приложение на хорошей сети" in page(client, f"/phones/{phone.id}")

    say(app, phone, phone_state={"unsent": 0})
    assert "отправка стоит" not in page(client, "/phones")


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("shown", "there"), [("all", True), ("quiet", True), ("very_quiet", True), ("unsent", True), ("off", False)]
)
def test_the_list_is_narrowed(app: Flask, people: People, phone: Enrolment, shown: str, *, there: bool) -> None:
    text = page(sign_in(app, people.darya), f"/phones?show={shown}")

    assert (f"/phones/{phone.id}" in text) is there


def test_a_phone_that_spoke_today_is_not_among_the_quiet(app: Flask, people: People, phone: Enrolment) -> None:
    say(app, phone, last_contact_at=now())

    assert f"/phones/{phone.id}" not in page(sign_in(app, people.darya), "/phones?show=quiet")


def test_the_administrator_sees_everybodys_phones_and_no_family(app: Flask, people: People, phone: Enrolment) -> None:
    igors = enrol(app, people.igor, FIELD)
    client = sign_in(app, people.anna)

    text = page(client, "/phones") + page(client, f"/phones/{phone.id}") + page(client, f"/phones/{igors.id}")

    assert "Туманова" in text
    assert "Полевой" in text
    assert "Рябинкин" not in text
    assert "Подорожников" not in text


@pytest.mark.on_both
@pytest.mark.parametrize("way", ["lost", "handed_in"])
def test_switching_off_ends_sessions_and_keeps_a_date(app: Flask, people: People, phone: Enrolment, way: str) -> None:
    theirs = sign_in(app, people.vera, enrolment=phone)

    assert post(sign_in(app, people.darya), f"/phones/{phone.id}/off", way=way) == 303

    row = row_of(app, phone)
    assert (row.state, row.drain_way) == ("draining", way)
    assert row.accepts_until is not None
    assert timedelta(days=29) < row.accepts_until - now() <= timedelta(days=30)
    assert theirs.get("/families", headers=FRAGMENT, base_url=ORIGIN).status_code == 401
    with app.app_context():
        assert db.session.scalars(select(SignIn.ended_at).where(SignIn.enrolment_id == phone.id)).one() is not None
        trail = db.session.scalars(select(AuditRow).where(AuditRow.act == f"enrolment:{way}")).one()
        assert (trail.person_id, trail.object_id) == (people.darya.id, phone.id)


def test_what_the_phone_has_not_heard_of_is_taken_back(app: Flask, people: People, phone: Enrolment) -> None:
    head = sign_in(app, people.darya)
    post(head, f"/phones/{phone.id}/off", way="lost")

    assert post(head, f"/phones/{phone.id}/back") == 303

    row = row_of(app, phone)
    assert (row.state, row.drain_way, row.accepts_until) == ("active", "", None)


def test_what_it_has_heard_of_is_not(app: Flask, people: People, phone: Enrolment) -> None:
    head = sign_in(app, people.darya)
    post(head, f"/phones/{phone.id}/off", way="lost")
    say(app, phone, last_contact_at=now() + timedelta(seconds=1))

    assert post(head, f"/phones/{phone.id}/back") == 409
    assert row_of(app, phone).state == "draining"


def test_a_phone_that_is_handed_in_may_turn_out_lost_and_not_the_other_way(
    app: Flask, people: People, phone: Enrolment
) -> None:
    head = sign_in(app, people.darya)

    answers = [post(head, f"/phones/{phone.id}/off", way=way) for way in ("handed_in", "lost", "handed_in")]

    assert answers == [303, 303, 409]
    assert row_of(app, phone).drain_way == "lost"


def test_a_desk_is_switched_off_at_once(app: Flask, people: People) -> None:
    desk = enrol(app, people.vera, "office")

    post(sign_in(app, people.darya), f"/phones/{desk.id}/off", way="handed_in")

    assert row_of(app, desk).state == "revoked"


def test_nobody_switches_off_the_browser_in_use(app: Flask, people: People) -> None:
    own = enrol(app, people.darya, "office")
    head = sign_in(app, people.darya, enrolment=own)

    assert post(head, f"/phones/{own.id}/off", way="lost") == 404
    assert row_of(app, own).state == "active"


@pytest.mark.parametrize("who", ["vera", "igor"])
def test_a_curator_finds_no_such_page(app: Flask, people: People, phone: Enrolment, who: str) -> None:
    client = sign_in(app, getattr(people, who))

    for path in ("/phones", f"/phones/{phone.id}"):
        assert client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code == 404
    assert post(client, f"/phones/{phone.id}/off", way="lost") == 404
    assert row_of(app, phone).state == "active"


def test_a_head_does_not_reach_another_organisations_phone(app: Flask, people: People) -> None:
    igors = enrol(app, people.igor, FIELD)

    assert post(sign_in(app, people.darya), f"/phones/{igors.id}/off", way="lost") == 404


def test_the_pages_are_not_for_a_phone(app: Flask, people: People) -> None:
    pocket = sign_in(app, people.darya, enrolment=enrol(app, people.darya, FIELD))

    assert pocket.get("/phones", headers=FRAGMENT, base_url=ORIGIN).status_code == 404
