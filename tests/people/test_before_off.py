"""Before a phone is switched off the page says what waits there and as of when, what is lost and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from curator_app.auth.models import FIELD, OFFICE, Enrolment
from curator_app.clock import now
from curator_app.extensions import db
from tests.people.test_phones import say
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
    """Vera's phone: four records unsent when it was last heard of, one of them unfinished."""
    made = enrol(app, people.vera, FIELD)
    state = {"unsent": 4, "counts": {"waiting": 3, "drafts": 1}}
    say(app, made, last_contact_at=now().replace(hour=9, minute=5), phone_state=state)
    return made


def before(client: FlaskClient, phone: Enrolment, way: str) -> tuple[int, str]:
    answer = client.get(f"/phones/{phone.id}/off?way={way}", headers=FRAGMENT, base_url=ORIGIN)
    return answer.status_code, answer.text


def test_a_lost_phones_page_names_what_waits_what_dies_and_what_stays(
    app: Flask, people: People, phone: Enrolment
) -> None:
    status, text = before(sign_in(app, people.darya), phone, "lost")

    assert status == 200
    for words in (
        "Туманова",
        "он сказал",
        "16:05",  # 09:05 UTC in Novosibirsk
        "Готовых записей ждёт: 3",
        "дойдут сами",
        "Незаконченных: 1",
        "Они пропадут",
        "Всё, что уже пришло",
        "Других устройств у человека нет",
        "Не отключать",
    ):
        assert words in text, words


def test_one_that_is_handed_in_loses_nothing(app: Flask, people: People, phone: Enrolment) -> None:
    _status, text = before(sign_in(app, people.anna), phone, "handed_in")

    assert "Человек допишет их" in text
    assert "пропад" not in text


def test_one_that_never_spoke_is_not_said_to_be_empty(app: Flask, people: People) -> None:
    silent = enrol(app, people.vera, FIELD)

    _status, text = before(sign_in(app, people.darya), silent, "lost")

    assert "Что на нём, мы не знаем" in text
    assert "Готовых записей" not in text


def test_the_phones_own_page_has_no_button_that_switches_it_off(app: Flask, people: People, phone: Enrolment) -> None:
    page = sign_in(app, people.darya).get(f"/phones/{phone.id}", headers=FRAGMENT, base_url=ORIGIN).text

    assert f"/phones/{phone.id}/off?way=lost" in page
    assert "<form" not in page.partition("<main")[2]


def test_looking_changes_nothing(app: Flask, people: People, phone: Enrolment) -> None:
    before(sign_in(app, people.darya), phone, "lost")

    with app.app_context():
        assert db.session.get_one(Enrolment, phone.id).state == "active"


@pytest.mark.parametrize("way", ["", "stolen"])
def test_a_way_that_there_is_not_is_not_there(app: Flask, people: People, phone: Enrolment, way: str) -> None:
    assert before(sign_in(app, people.darya), phone, way)[0] == 404


def test_what_is_over_is_not_offered_again(app: Flask, people: People, phone: Enrolment) -> None:
    say(app, phone, state="draining", drain_way="lost", accepts_until=now() + timedelta(days=9))
    head = sign_in(app, people.darya)

    assert [before(head, phone, way)[0] for way in ("lost", "handed_in")] == [404, 404]


def test_a_phone_that_is_handed_in_may_turn_out_lost(app: Flask, people: People, phone: Enrolment) -> None:
    say(app, phone, state="draining", drain_way="handed_in", accepts_until=now() + timedelta(days=9))
    head = sign_in(app, people.darya)

    assert [before(head, phone, way)[0] for way in ("lost", "handed_in")] == [200, 404]


def test_ones_own_desk_and_a_strangers_phone_are_not_there(app: Flask, people: People, phone: Enrolment) -> None:
    own = enrol(app, people.darya, OFFICE)
    igors = enrol(app, people.igor, FIELD)
    head = sign_in(app, people.darya, enrolment=own)

    assert before(head, own, "lost")[0] == 404
    assert before(head, igors, "lost")[0] == 404
    assert before(sign_in(app, people.vera), phone, "lost")[0] == 404


def test_a_desk_has_nothing_to_lose(app: Flask, people: People) -> None:
    desk = enrol(app, people.vera, OFFICE)

    _status, text = before(sign_in(app, people.darya), desk, "lost")

    assert "терять нечего" in text
    assert "Готовых записей" not in text


@pytest.mark.on_both
def test_hundreds_of_phones_are_paged(app: Flask, people: People) -> None:
    with app.app_context():
        for n in range(120):
            heard = now() - timedelta(hours=n)
            state = {"unsent": n % 2, "oldest": heard.isoformat()}
            row = Enrolment(person_id=people.vera.id, short=f"{n:08x}", kind=FIELD, last_contact_at=heard)
            row.phone_state = state
            db.session.add(row)
        db.session.commit()
    head = sign_in(app, people.darya)

    # With the desk that looks.
    assert [_walk(head, shown) for shown in ("all", "unsent", "off")] == [(121, 3), (60, 2), (0, 1)]


def _walk(client: FlaskClient, shown: str) -> tuple[int, int]:
    """Turn the pages; return how many field phones there were, each once, and how many pages."""
    found: list[str] = []
    path, pages = f"/phones?show={shown}", 0
    while path:
        page = client.get(path, headers=FRAGMENT, base_url=ORIGIN).text
        rows = page.partition("<tbody>")[2]
        found += [part.split('"')[0] for part in rows.split('href="/phones/')[1:]]
        pages += 1
        _before, further, rest = page.partition("&amp;after=")
        last = rest.split('"')[0]
        path = f"/phones?show={shown}&after={last}" if further else ""
    phones = [one for one in found if len(one) == 36]
    assert len(phones) == len(set(phones))
    return len(phones), pages
