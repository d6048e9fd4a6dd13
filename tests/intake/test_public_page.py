"""The page without an account: off until a territory says so, nameless, bounded, and gentle to a child."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.auth.models import Territory
from curator_app.extensions import db
from curator_app.intake.knocks import MOST_OF_ONE
from curator_app.intake.models import PUBLIC, Informant, Knock, Signal
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in

pytestmark = pytest.mark.pages

WORDS = "Соседский мальчик ночует в подъезде."
ADDRESS = "203.0.113.77"


@pytest.fixture
def visitor(app: Flask, office: Office) -> FlaskClient:
    """Somebody without an account, where the page is on."""
    with app.app_context():
        db.session.get_one(Territory, office.territory.id).public_signals = True
        db.session.commit()
    return app.test_client()


def read(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, base_url=ORIGIN)


def write(client: FlaskClient, path: str, address: str = ADDRESS, **said: str) -> TestResponse:
    return client.post(path, data=said, base_url=ORIGIN, environ_base={"REMOTE_ADDR": address})


def come_in(app: Flask) -> list[Signal]:
    with app.app_context():
        return list(db.session.scalars(select(Signal).where(Signal.way == PUBLIC).order_by(Signal.received_at)))


def test_until_a_territory_says_so_there_is_no_page(app: Flask, office: Office) -> None:
    client, page = app.test_client(), f"/tell/{office.territory.id}"

    for path in ("/tell", page, f"{page}/child"):
        assert read(client, path).status_code == 404
    for path in (page, f"{page}/child"):
        assert write(client, path, facts=WORDS).status_code == 404
    assert come_in(app) == []


def test_words_are_enough_and_nobody_is_asked_for_a_name(app: Flask, office: Office, visitor: FlaskClient) -> None:
    before = len(come_in(app))
    answer = write(visitor, f"/tell/{office.territory.id}", facts=WORDS)

    assert answer.status_code == 200
    assert "Сообщение получено" in answer.text
    assert WORDS not in answer.text, "nothing stays on the screen of a shared computer"
    signal = come_in(app)[before]
    assert (signal.facts, signal.author_id, signal.known_on) == (WORDS, None, demo_day())
    assert re.search(r"Номер сообщения: [0-9A-F]{6}", answer.text)
    with app.app_context():
        assert db.session.scalars(select(Informant).where(Informant.signal_id == signal.id)).all() == []
        assert signal.id.hex[-6:].upper() in answer.text


def test_who_leaves_a_number_is_read_by_intake_alone(app: Flask, office: Office, visitor: FlaskClient) -> None:
    write(visitor, f"/tell/{office.territory.id}", facts=WORDS, contact="+7 913 777-13-13", name="Канарейкина")
    key = come_in(app)[-1].id

    def page(who: object) -> str:
        client = sign_in(app, who)  # type: ignore[arg-type]
        return client.get(f"/signals/{key}", headers={"HX-Request": "true"}, base_url=ORIGIN).text

    assert "Канарейкина" in page(office.intake)
    assert "777-13-13" in page(office.intake)
    assert "777-13-13" not in page(office.secretary)
    assert "Канарейкина" not in page(office.secretary)


@pytest.mark.on_both
def test_an_address_is_kept_nowhere_and_yet_counted(app: Flask, office: Office, visitor: FlaskClient) -> None:
    page = f"/tell/{office.territory.id}"

    answers = [write(visitor, page, facts=WORDS).status_code for _ in range(MOST_OF_ONE + 1)]
    other = write(visitor, page, "203.0.113.78", facts=WORDS)

    assert answers == [200] * MOST_OF_ONE + [429]
    assert other.status_code == 200, "a neighbour is not stopped"
    with app.app_context():
        kept = [str(vars(row)) for table in (Knock, Signal) for row in db.session.scalars(select(table))]
    assert kept
    assert not any(ADDRESS in row for row in kept)


def test_behind_a_proxy_each_visitor_is_counted_and_none_names_another_address(
    app: Flask, office: Office, visitor: FlaskClient
) -> None:
    page = f"/tell/{office.territory.id}"

    def writes(address: str, forwarded: str) -> int:
        return visitor.post(
            page,
            data={"facts": WORDS},
            base_url=ORIGIN,
            headers={"X-Forwarded-For": forwarded},
            environ_base={"REMOTE_ADDR": address},
        ).status_code

    through_proxy = [writes("127.0.0.1", f"198.51.100.{n}") for n in range(MOST_OF_ONE + 1)]
    claimed = [writes(ADDRESS, f"198.51.100.{n}") for n in range(MOST_OF_ONE + 1)]

    assert through_proxy == [200] * (MOST_OF_ONE + 1)
    assert claimed == [200] * MOST_OF_ONE + [429]
    assert len(come_in(app)) >= 2 * MOST_OF_ONE


def test_behind_proxies_of_other_machines_that_are_named_each_visitor_is_counted(
    app: Flask, office: Office, visitor: FlaskClient
) -> None:
    app.config["CURATOR"] = replace(app.config["CURATOR"], trusted_proxies=("10.1.0.0/16", "10.2.0.7"))

    def writes(address: str, forwarded: str) -> int:
        sent = {"headers": {"X-Forwarded-For": forwarded}, "environ_base": {"REMOTE_ADDR": address}}
        return visitor.post(f"/tell/{office.territory.id}", data={"facts": WORDS}, base_url=ORIGIN, **sent).status_code

    named = [writes("10.1.3.4", f"198.51.100.{n}, 10.2.0.7") for n in range(MOST_OF_ONE + 1)]
    claimed = [writes("10.1.3.4", f"203.0.113.{n}, 192.0.2.1") for n in range(MOST_OF_ONE + 1)]

    assert named == [200] * (MOST_OF_ONE + 1)
    assert claimed == [200] * MOST_OF_ONE + [429], (
        "what a stranger says of itself in front of our proxy counts for nothing"
    )


def test_a_child_finds_the_helpline_first_and_a_way_out(app: Flask, office: Office, visitor: FlaskClient) -> None:
    page = read(visitor, f"/tell/{office.territory.id}/child").text

    places = [page.index(words) for words in ("Быстро уйти", "8-800-2000-122", "tel:112", "<form", "Как тебя зовут")]
    assert places == sorted(places), "the way out, the helpline, and only then a form"
    assert 'href="tel:88002000122"' in page
    assert "(можно не писать)" in page
    assert "<title>Страница</title>" in page, "the browser's history tells nothing"

    assert write(visitor, f"/tell/{office.territory.id}/child", facts="Мне страшно дома").status_code == 200
    signal = come_in(app)[-1]
    assert (signal.source, signal.facts, signal.children) == ("child", "Мне страшно дома", [])


def test_the_page_needs_no_script_and_stays_in_no_cache(office: Office, visitor: FlaskClient) -> None:
    for path in ("/tell", f"/tell/{office.territory.id}", f"/tell/{office.territory.id}/child"):
        answer = read(visitor, path)

        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.text.count("<script") == 1, "the quick exit's, and the link leads away without it too"
        assert re.search(r'href="https://ya.ru/pogoda" rel="noreferrer" data-leave', answer.text)


def test_nothing_written_is_said_and_not_counted(app: Flask, office: Office, visitor: FlaskClient) -> None:
    answer = write(visitor, f"/tell/{office.territory.id}", facts="  ", where="Кедровая, 5")

    assert answer.status_code == 422
    assert "Не написано, что видели или слышали" in answer.text
    assert "Кедровая, 5" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Knock)).all() == []
