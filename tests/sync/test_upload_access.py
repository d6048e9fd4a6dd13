"""Whose upload it is: the cookie decides, for its own enrolment, from our own pages, until it is revoked."""

from __future__ import annotations

import pytest

from curator_app.auth.models import Enrolment
from curator_app.extensions import db
from curator_app.sync.models import Envelope
from tests.protocol_client import visit_body


def test_another_phones_id_looks_unknown_and_is_free(phone, phone_of, people, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.patch(envelope)
    other = phone_of(people.vera)

    assert other.offset(envelope.id) == 0
    assert other.receipts([envelope.id])["receipts"] == {envelope.id: {"state": "unknown"}}
    assert other.patch(other.seal("visit", visit_body(family)[1], id=envelope.id)).status == 201
    assert len(stored(Envelope)) == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_foreign_header_needs_a_foreign_cookie(phone, phone_of, people, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    thief = phone_of(people.igor)

    assert thief.patch(envelope).status == 401


def set_state(app, phone, **values: object) -> None:
    with app.app_context():
        row = db.session.query(Enrolment).filter_by(short=phone.enrolment).one()
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def test_a_cookie_that_is_not_good_any_more_gets_401_everywhere(app, phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    set_state(app, phone, upload_token_hash=None)

    assert phone.patch(envelope).status == 401
    assert phone.call("GET", f"/sync/key?enrolment={phone.enrolment}").status == 401
    assert phone.call("HEAD", f"/sync/envelopes/{envelope.id}").status == 401
    assert phone.post("receipts", {"ids": []}).status == 401
    assert phone.post("hello", {}).status == 401


def test_a_draining_phone_still_delivers_and_a_revoked_one_does_not(app, phone, family):
    set_state(app, phone, state="draining")
    assert phone.patch(phone.seal("visit", visit_body(family)[1])).status == 201
    assert phone.hello(counts={"waiting": 1})["orders"] == ["drain"]

    assert phone.hello(counts={"waiting": 0, "on_server": 1})["orders"] == ["wipe"]

    assert phone.patch(phone.seal("visit", visit_body(family)[1])).status == 403


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_another_sites_page_cannot_use_the_cookie(phone, family, headers):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.extra_headers = headers

    assert phone.patch(envelope).status == 403
    assert phone.post("receipts", {"ids": []}).status == 403


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_our_own_page_may(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.extra_headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"}

    assert phone.patch(envelope).status == 201
