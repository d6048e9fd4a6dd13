"""A contact written on a phone: sealed, delivered however often, applied once, on the family's timeline."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.extensions import db
from curator_app.subjects.models import Event
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from curator_app.visits.agreements import Promise
from curator_app.visits.models import Contact
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case, sign_in
from tests.sync.conftest import hand_over

SUMMARY = "Мама сказала: Лёву записали к педиатру на четверг"


def contact_body(family: str, **fields: str) -> tuple[str, bytes]:
    """Return (contact id, urlencoded fields) of a call."""
    contact = fields.pop("id", None) or uuid7()
    values = {
        "id": contact,
        "family": family,
        "form_version": "contact@1",
        "kind": "contact_call",
        "on": demo_day().isoformat(),
        "time": "11:20",
        "with_whom": "мама",
        "summary": SUMMARY,
        "promises-0-side": "ours",
        "promises-0-id": uuid7(),
        "promises-0-what": "Принести список кружков",
        "promises-0-due": "2026-11-25",
        "promises-2-side": "theirs",
        "promises-2-id": uuid7(),
        "promises-2-what": "",
    } | fields
    return contact, urlencode(values).encode()


def from_phones(stored, model, **values):
    """Return rows that came from a phone, not the demonstration's."""
    return [row for row in stored(model, **values) if row.enrolment_id]


def test_a_contact_becomes_a_row_an_event_and_a_promise(phone, family, stored):
    contact, body = contact_body(family, next_on="2099-11-27", next_time="10:30")

    assert phone.patch(phone.seal("contact", body)).status == 201

    (row,) = from_phones(stored, Contact)
    assert (str(row.id), row.kind, row.summary, row.time) == (contact, "contact_call", SUMMARY, "11:20")
    assert (row.next_on, row.next_time) == (date(2099, 11, 27), "10:30")
    (event,) = from_phones(stored, Event, type="contact_made")
    assert event.data == {"contact": contact, "kind": "contact_call"}
    assert row.event_id == event.id
    (promise,) = stored(Promise, contact_id=row.id)
    assert (promise.side, promise.what, promise.due_on) == ("ours", "Принести список кружков", date(2026, 11, 25))
    assert len(from_phones(stored, AuditRow, act="contact:recorded")) == 1


def test_delivered_twice_and_sealed_anew_it_is_one_contact(phone, family, stored):
    contact, body = contact_body(family)
    envelope = phone.seal("contact", body)

    assert phone.patch(envelope).status == 201
    assert phone.patch(envelope).status == 200
    assert phone.patch(phone.seal("contact", body)).status == 201

    assert [str(row.id) for row in from_phones(stored, Contact)] == [contact]
    assert len(from_phones(stored, Event, type="contact_made")) == 1
    assert {row.state for row in stored(Envelope, kind="contact")} == {APPLIED}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_it_stands_on_the_same_timeline_as_visits(app, phone, people, family):
    phone.patch(phone.seal("contact", contact_body(family)[1]))

    page = sign_in(app, people.darya).get(f"/families/{family}", base_url=ORIGIN).text

    assert SUMMARY in page
    assert "Звонок" in page
    assert "Принести список кружков" in page


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "contact_pigeon"}, "kind"),
        ({"on": "2999-01-01"}, "on"),
        ({"time": "25:00"}, "time"),
        ({"next_on": "2020-01-01"}, "next_on"),
        ({"form_version": "contact@x"}, "form_version"),
        ({"promises-0-side": "nobodys"}, "promises"),
    ],
)
def test_what_does_not_hold_waits_for_its_author(phone, family, stored, fields, field):
    phone.patch(phone.seal("contact", contact_body(family, **fields)[1]))

    (envelope,) = stored(Envelope, kind="contact")
    assert envelope.state == NEEDS_REPAIR
    assert envelope.reasons == [{"code": "field", "field": field}]
    assert from_phones(stored, Contact) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_same_id_with_other_words_is_not_taken_over(phone, family, stored):
    contact, body = contact_body(family)
    phone.patch(phone.seal("contact", body))

    phone.patch(phone.seal("contact", contact_body(family, id=contact, summary="Другое")[1]))

    assert [row.summary for row in from_phones(stored, Contact)] == [SUMMARY]
    assert {row.state for row in stored(Envelope, kind="contact")} == {APPLIED, NEEDS_REPAIR}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_member_of_the_group_and_a_former_curator_record_nothing(app, phone_of, people, family, stored):
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    igor, vera = phone_of(people.igor), phone_of(people.vera)
    igor.patch(igor.seal("contact", contact_body(family)[1]))
    hand_over(app, people.vera, date(2020, 1, 1))
    vera.patch(vera.seal("contact", contact_body(family)[1]))

    assert from_phones(stored, Contact) == []
    waiting = stored(Envelope, kind="contact", state=NEEDS_REPAIR)
    assert [row.reasons[0]["code"] for row in waiting] == ["family_unknown", "family_handed_over"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_contact_of_a_family_since_handed_over_is_read_by_its_new_curator_only(app, phone, people, family):
    phone.patch(phone.seal("contact", contact_body(family)[1]))
    hand_over(app, people.vera, date(2020, 1, 1))

    with app.app_context():
        today = demo_day()
        seen = db.session.scalars(Contact.visible_to(people.vera, today)).all()
        assert list(seen) == []
        assert SUMMARY in {row.summary for row in db.session.scalars(select(Contact))}
