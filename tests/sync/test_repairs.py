"""«Нужно поправить»: the head and the author at a desk see that a record waits and why, never what it says."""

from __future__ import annotations

import pytest

from curator_app import texts
from curator_app.auth.models import FIELD
from tests.protocol_client import visit_body
from tests.support.people import ORIGIN, sign_in

CANARY = "Слова, которых никто не должен увидеть"


@pytest.fixture
def parked(phone, family):
    """Vera's phone sends a record whose date is none; the answer is its receipt."""
    body = visit_body(family, on="вчера", attempt_fact=CANARY)[1]
    return phone.patch(phone.seal("visit", body)).json


@pytest.mark.parametrize("who", ["vera", "darya"])
def test_the_author_and_her_head_see_number_author_and_reason(app, people, parked, who):
    page = repairs(sign_in(app, getattr(people, who)))

    assert page.status_code == 200
    assert f"№ {parked['number']}" in page.text
    assert people.vera.short_name in page.text
    assert "Не сошлось поле: дата" in page.text
    assert CANARY not in page.text
    assert "Рябинкины" not in page.text


@pytest.mark.parametrize("who", ["igor", "anna"])
def test_others_see_nothing_of_it(app, people, parked, who):
    page = repairs(sign_in(app, getattr(people, who)))

    assert parked["number"] not in page.text
    assert texts.text("empty.fix.title") in page.text


def test_a_repaired_record_is_gone_from_the_list(app, people, phone, family, parked):
    better = visit_body(family)[1]
    phone.patch(phone.seal("visit", better, supersedes=parked["id"]))

    assert parked["number"] not in repairs(sign_in(app, people.darya)).text


def test_a_phone_shows_its_own_and_has_no_such_page(app, people):
    assert repairs(sign_in(app, people.vera, FIELD)).status_code == 404


def repairs(client):
    """Open the page."""
    return client.get("/repairs", base_url=ORIGIN)
