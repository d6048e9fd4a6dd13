"""Letters go to an address whose code came back; they are switched off by one tap."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders.models import AddressCheck
from tests.support.mail_server import mail_server

HERE = "/reminders/settings"
ADDRESS = "v.tumanova@example.test"


@pytest.fixture
def post(tmp_path):
    """The installation's mail server."""
    with mail_server(tmp_path) as server:
        yield server


@pytest.fixture
def config(config, post):
    """Settings of an installation that sends letters."""
    said = post.settings
    return replace(config, smtp_url=said["SMTP_URL"], mail_from=said["MAIL_FROM"], smtp_ca=Path(said["SMTP_CA"]))


def code_in(letter):
    """Return the code that a letter brings."""
    return re.search(r"\d{6}", letter.get_body(("plain",)).get_content())[0]


def address_of(app, person):
    """Return where somebody's letters go."""
    with app.app_context():
        return db.session.scalar(select(Person.email).where(Person.id == person.id))


def test_an_address_counts_once_its_code_came_back(app, people, open_as, post):
    vera = open_as(people.vera)
    assert vera.post(f"{HERE}/email", email=ADDRESS).status_code == 303
    assert address_of(app, people.vera) == ""
    (letter,) = post.letters
    assert letter["To"] == ADDRESS

    code = code_in(letter)
    assert vera.post(f"{HERE}/email/code", code=f"{code[:3]} {code[3:]}").status_code == 303
    assert address_of(app, people.vera) == ADDRESS
    assert f"Письма приходят на {ADDRESS}" in vera.get(HERE).text


def test_a_wrong_code_is_said_and_five_of_them_are_enough(app, people, open_as, post):
    vera = open_as(people.vera)
    vera.post(f"{HERE}/email", email=ADDRESS)
    code = code_in(post.letters[0])
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = vera.post(f"{HERE}/email/code", code=wrong)
        assert (answer.status_code, "Код не подошёл" in answer.text) == (422, True)

    answer = vera.post(f"{HERE}/email/code", code=code)
    assert "Код больше не действует" in answer.text
    assert address_of(app, people.vera) == ""


def test_a_code_is_over_after_half_an_hour(app, people, open_as, post):
    vera = open_as(people.vera)
    vera.post(f"{HERE}/email", email=ADDRESS)
    with app.app_context():
        db.session.execute(update(AddressCheck).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
    assert "больше не действует" in vera.post(f"{HERE}/email/code", code=code_in(post.letters[0])).text


def test_nobody_confirms_anothers_address(app, people, open_as, post):
    open_as(people.vera).post(f"{HERE}/email", email=ADDRESS)
    answer = open_as(people.igor).post(f"{HERE}/email/code", code=code_in(post.letters[0]))
    assert answer.status_code == 422
    assert [address_of(app, one) for one in (people.vera, people.igor)] == ["", ""]


def test_what_is_no_address_stays_in_the_field_with_what_is_wrong(people, open_as, post):
    answer = open_as(people.vera).post(f"{HERE}/email", email="вера@почта")
    assert answer.status_code == 422
    assert "не похоже на адрес" in answer.text
    assert 'value="вера@почта"' in answer.text
    assert post.letters == []


def test_an_address_that_the_mail_server_refuses_is_said(people, open_as, post):
    post.answer = "550 no such mailbox"
    answer = open_as(people.vera).post(f"{HERE}/email", email=ADDRESS)
    assert (answer.status_code, "не принял этот адрес" in answer.text) == (422, True)


def test_no_mailbox_is_filled_from_here(people, open_as, post):
    vera = open_as(people.vera)
    answers = [vera.post(f"{HERE}/email", email=ADDRESS).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(post.letters) == 5


def test_one_tap_ends_the_letters(app, people, open_as, post):
    vera = open_as(people.vera)
    vera.post(f"{HERE}/email", email=ADDRESS)
    vera.post(f"{HERE}/email/code", code=code_in(post.letters[0]))
    vera.post(f"{HERE}/email/off")
    assert address_of(app, people.vera) == ""


def test_where_no_mail_server_is_set_the_page_says_so(app, people, open_as):
    app.config["CURATOR"] = replace(app.config["CURATOR"], smtp_url="")
    vera = open_as(people.vera)
    assert "Почта в этой установке не настроена" in vera.get(HERE).text
    assert vera.post(f"{HERE}/email", email=ADDRESS).status_code == 422
