"""A phone that was switched off delivers what it has sealed, is told what to do, and is over when nothing is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import Enrolment
from curator_app.clock import now
from curator_app.extensions import db
from tests.protocol_client import visit_body


def switched_off(app, phone, way: str, **values: object) -> None:
    state = {"state": "draining", "drain_way": way, "accepts_until": now() + timedelta(days=30), **values}
    with app.app_context():
        row = db.session.query(Enrolment).filter_by(short=phone.enrolment).one()
        for name, value in state.items():
            setattr(row, name, value)
        db.session.commit()


def state_of(app, phone) -> str:
    with app.app_context():
        return str(db.session.query(Enrolment).filter_by(short=phone.enrolment).one().state)


@pytest.mark.parametrize(
    ("way", "first", "last"),
    [("lost", ["drain", "forget"], ["forget", "wipe"]), ("handed_in", ["drain"], ["wipe"])],
)
def test_a_phone_drains_and_is_over_when_it_says_that_nothing_is_left(app, phone, family, way, first, last):
    switched_off(app, phone, way)

    assert phone.hello(unsent=1)["orders"] == first
    assert phone.patch(phone.seal("visit", visit_body(family)[1])).status == 201
    assert phone.hello(unsent=0)["orders"] == last

    assert state_of(app, phone) == "revoked"
    assert phone.patch(phone.seal("visit", visit_body(family)[1])).status == 403
    with app.app_context():
        assert len(db.session.scalars(select(AuditRow).where(AuditRow.act == "enrolment:revoked")).all()) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_lost_answer_is_given_again(app, phone):
    switched_off(app, phone, "lost")
    phone.hello(unsent=0)

    assert phone.hello(unsent=0)["orders"] == ["forget", "wipe"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_was_sealed_in_the_very_moment_of_the_last_order_is_taken_too(app, phone, family):
    switched_off(app, phone, "handed_in")
    phone.hello(unsent=0)

    assert phone.hello(unsent=1)["orders"] == ["drain"]
    assert phone.patch(phone.seal("visit", visit_body(family)[1])).status == 201


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("way", "code"), [("lost", "phone_lost"), ("handed_in", "phone_revoked")])
def test_after_thirty_days_nothing_is_taken_and_the_phone_hears_why(app, phone, family, way, code):
    sealed = phone.seal("visit", visit_body(family)[1])
    switched_off(app, phone, way, accepts_until=now() - timedelta(seconds=1))

    refused = phone.patch(sealed)

    assert (refused.status, refused.json["code"]) == (403, code)
    assert phone.post("hello", {"unsent": 1}).status == 403


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_it_may_ask_after_its_own_records_while_it_delivers_and_gets_no_key(app, phone):
    switched_off(app, phone, "lost", state="revoked")

    assert phone.post("receipts", {"ids": []}).json["receipts"] == {}
    assert phone.call("GET", f"/sync/key?enrolment={phone.enrolment}").status == 403

    switched_off(app, phone, "lost", state="revoked", accepts_until=now() - timedelta(seconds=1))

    assert phone.post("receipts", {"ids": []}).status == 403
