"""The family's own channel: a card's number opens a page without an account; what is said there is kept once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.cases.channel import MOST_A_DAY, card_of, code_of, ensure_card
from curator_app.cases.channel_models import FamilyRequest
from curator_app.clock import now
from curator_app.extensions import db
from tests.protocol_client import uuid7
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
WORDS = "Куратор приходит без звонка. Просим предупреждать"


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def number_of(app: Flask, people: People) -> str:
    """Return what stands on the Ryabinkins' card."""
    with app.app_context():
        secret = app.config["CURATOR"].secret_key
        ensure_card(secret, people.ryabinkiny.id)
        card = card_of(db.session(), people.ryabinkiny.id)
        assert card is not None
        return code_of(secret, card)


def opened(app: Flask, number: str) -> FlaskClient:
    """Open a card in a browser of nobody's."""
    client = app.test_client()
    assert client.post("/card", data={"code": number}, base_url=ORIGIN).status_code == 303
    return client


def ask(client: FlaskClient, **fields: str) -> Any:
    """Send a request of the family, as its page does."""
    said = {"id": uuid7(), "kind": "change", "words": WORDS, "contact": "вечером"} | fields
    return client.post("/card/requests", data=said, base_url=ORIGIN)


def kept(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.kind, row.words) for row in db.session.scalars(select(FamilyRequest))]


def test_a_card_has_twenty_digits_and_opens_a_page_that_names_nobody(app: Flask, people: People) -> None:
    number = number_of(app, people)
    assert re.fullmatch(r"(\d{4} ){4}\d{4}", number)

    page = opened(app, number.replace(" ", "")).get("/card", base_url=ORIGIN)

    assert page.status_code == 200
    assert "Просим другого куратора" in page.text
    assert "Рябинкин" not in page.text
    assert "Туманова" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("people")
def test_a_number_that_is_no_card_says_so_and_opens_nothing(app: Flask) -> None:
    client = app.test_client()

    refused = client.post("/card", data={"code": "1234 5678 9012 3456 7890"}, base_url=ORIGIN)

    assert refused.status_code == 422
    assert "Такой карточки нет" in refused.text
    assert ask(client).status_code == 303
    assert kept(app) == []


def test_a_request_is_kept_once_however_often_it_is_sent_and_shown_to_the_family(app: Flask, people: People) -> None:
    client, key = opened(app, number_of(app, people)), uuid7()

    for _ in range(2):
        assert ask(client, id=key).status_code == 303

    assert kept(app) == [("change", WORDS)]
    assert "Ответа ещё нет" in client.get("/card", base_url=ORIGIN).text
    with app.app_context():
        assert len(db.session.scalars(select(AuditRow).where(AuditRow.act == "family_request:received")).all()) == 1


def answered(app: Flask, words: str) -> None:
    """Let the commission answer what came."""
    with app.app_context():
        row = db.session.scalars(select(FamilyRequest)).one()
        row.answer, row.answered_at = words, now()
        db.session.commit()


def test_who_holds_the_card_alone_reads_no_word_of_what_was_asked_or_answered(app: Flask, people: People) -> None:
    number = number_of(app, people)
    own = opened(app, number)
    ask(own)
    answered(app, "Придёт другой человек")

    curators = opened(app, number).get("/card", base_url=ORIGIN).text

    assert "Есть ответ" in curators
    assert WORDS not in curators
    assert "Придёт другой человек" not in curators
    assert "Просим изменить" not in curators.partition("Что вы отправляли")[2].partition("<form")[0]


def test_with_the_code_of_a_request_its_answer_is_read_later_in_any_browser(app: Flask, people: People) -> None:
    number = number_of(app, people)
    own = opened(app, number)
    ask(own)
    receipt = re.search(r"Код обращения ((?:\d{4} ?){3})", own.get("/card", base_url=ORIGIN).text)
    assert receipt is not None
    answered(app, "Придёт другой человек")
    later = opened(app, number)

    assert later.post("/card/receipts", data={"receipt": receipt[1]}, base_url=ORIGIN).status_code == 303

    page = later.get("/card", base_url=ORIGIN).text
    assert WORDS in page
    assert "Придёт другой человек" in page


def test_a_code_that_is_none_of_the_cards_requests_opens_nothing(app: Flask, people: People) -> None:
    number = number_of(app, people)
    ask(opened(app, number))
    other = opened(app, number)

    answer = other.post("/card/receipts", data={"receipt": "0000 0000 0000"}, base_url=ORIGIN)

    assert answer.status_code == 422
    assert "Такого обращения у этой карточки нет" in answer.text
    assert WORDS not in answer.text


def test_without_a_choice_it_says_what_is_missing_and_keeps_the_words(app: Flask, people: People) -> None:
    page = ask(opened(app, number_of(app, people)), kind="")

    assert page.status_code == 422
    assert "Не выбрано, о чём обращение" in page.text
    assert WORDS in page.text


def test_one_card_sends_five_a_day_and_the_sixth_is_told_so(app: Flask, people: People) -> None:
    client = opened(app, number_of(app, people))

    answers = [ask(client).status_code for _ in range(MOST_A_DAY + 1)]

    assert answers == [303] * MOST_A_DAY + [429]
    assert len(kept(app)) == MOST_A_DAY


def test_a_card_that_was_replaced_opens_nothing_and_is_closed_where_it_stood_open(app: Flask, people: People) -> None:
    number = number_of(app, people)
    client = opened(app, number)
    vera = sign_in(app, people.vera)

    assert vera.post(f"/families/{people.ryabinkiny.id}/card", base_url=ORIGIN).status_code == 303

    assert ask(client).status_code == 303
    assert kept(app) == []
    assert app.test_client().post("/card", data={"code": number}, base_url=ORIGIN).status_code == 422
    assert number_of(app, people) != number


def test_closing_leaves_nothing_open(app: Flask, people: People) -> None:
    client = opened(app, number_of(app, people))
    ask(client)

    client.post("/card/close", base_url=ORIGIN)

    assert WORDS not in client.get("/card", base_url=ORIGIN).text


def test_the_page_of_a_card_is_for_the_raw_layer_and_shows_its_number(app: Flask, people: People) -> None:
    page = sign_in(app, people.vera).get(f"/families/{people.ryabinkiny.id}/card", base_url=ORIGIN)

    assert number_of(app, people) in page.text
    assert sign_in(app, people.igor).get(f"/families/{people.ryabinkiny.id}/card", base_url=ORIGIN).status_code == 404


def test_nobody_renews_a_card_that_was_never_made(app: Flask, people: People) -> None:
    vera = sign_in(app, people.vera)

    assert vera.post(f"/families/{people.ryabinkiny.id}/card", base_url=ORIGIN).status_code == 404


def test_where_the_secret_was_changed_a_given_card_works_on_and_only_a_new_one_is_shown(
    app: Flask, people: People
) -> None:
    number = number_of(app, people)
    app.config["CURATOR"] = replace(app.config["CURATOR"], secret_key="another secret")

    page = sign_in(app, people.vera).get(f"/families/{people.ryabinkiny.id}/card", base_url=ORIGIN)

    assert "Показать карточку сейчас нечем" in page.text
    assert "Просим другого куратора" in opened(app, number).get("/card", base_url=ORIGIN).text
