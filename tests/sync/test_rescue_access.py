"""Who brings a rescued file: the head and the administrator of the phone's organisation, at the office."""

from __future__ import annotations

import pytest

from curator_app import texts
from curator_app.auth.models import FIELD
from tests.protocol_client import visit_body
from tests.support.people import ORIGIN, sign_in
from tests.sync.conftest import visits_of
from tests.sync.rescued import bring, file_of


@pytest.mark.parametrize(("who", "status"), [("darya", 200), ("anna", 200), ("vera", 404), ("igor", 404)])
def test_the_page_is_the_heads_and_the_administrators(app, people, who, status):
    client = sign_in(app, getattr(people, who))

    assert client.get("/rescued", base_url=ORIGIN).status_code == status
    assert ('href="/rescued"' in client.get("/more", base_url=ORIGIN).text) is (status == 200)


@pytest.mark.parametrize("who", ["vera", "igor"])
def test_nobody_else_brings_anything(app, people, phone, family, stored, who):
    page = bring(app, getattr(people, who), file_of(phone.seal("visit", visit_body(family)[1])))

    assert page.status_code == 404
    assert visits_of(stored) == []


def test_a_phone_has_no_such_page(app, people):
    assert sign_in(app, people.darya, FIELD).get("/rescued", base_url=ORIGIN).status_code == 404


def test_the_administrator_brings_it_and_sees_no_family(app, people, phone, family, stored):
    good = phone.seal("visit", visit_body(family)[1])
    bad = phone.seal("visit", visit_body(family, on="вчера")[1])

    page = bring(app, people.anna, file_of(good, bad))

    assert texts.text("rescued.came", n=2) in page.text
    assert "Рябинкины" not in page.text
    assert family not in page.text
    assert len(visits_of(stored)) == 1
