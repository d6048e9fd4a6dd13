"""A correction takes the place of what it names once, also when it was set aside itself, and also on an older form."""

from __future__ import annotations

from curator_app.subjects.models import Event
from tests.protocol_client import uuid7, visit_body
from tests.sync.conftest import visits_of

NEWER = {"form_version": "visit@2"}


def test_a_correction_with_an_id_of_its_own_is_the_newer_version(phone, family, stored):
    first = phone.seal("visit", visit_body(family)[1])
    phone.patch(first)
    own_id = uuid7()

    answer = phone.patch(
        phone.seal("visit", visit_body(family, id=own_id, good_today="Точнее")[1], supersedes=first.id)
    )

    assert answer.json["state"] == "applied"
    old, new = visits_of(stored)
    assert (str(new.id), new.supersedes_id, old.superseded_at is None) == (own_id, old.id, False)


def test_the_same_correction_sealed_anew_stays_one_version(phone, family, stored):
    first = phone.seal("visit", visit_body(family)[1])
    phone.patch(first)
    body = visit_body(family, id=uuid7(), good_today="Точнее")[1]

    for _ in range(2):
        assert phone.patch(phone.seal("visit", body, supersedes=first.id)).json["state"] == "applied"

    assert [one.superseded_at is None for one in visits_of(stored)] == [False, True]


def test_a_correction_that_needed_repair_still_corrects_the_record_it_named(phone, family, stored):
    first = phone.seal("visit", visit_body(family)[1])
    phone.patch(first)
    broken = phone.seal("visit", visit_body(family, id=uuid7(), on="вчера")[1], supersedes=first.id)
    assert phone.patch(broken).json["state"] == "needs_repair"

    answer = phone.patch(
        phone.seal("visit", visit_body(family, id=uuid7(), good_today="Точнее")[1], supersedes=broken.id)
    )

    assert answer.json["state"] == "applied"
    old, new = visits_of(stored)
    assert new.supersedes_id == old.id
    assert old.superseded_at is not None


def test_a_record_of_version_1_applies_after_version_2_is_out_and_is_corrected_by_it(phone, family, stored):
    first = phone.seal("visit", visit_body(family, form_version="visit@1")[1])
    assert phone.patch(first).json["state"] == "applied"

    phone.patch(phone.seal("visit", visit_body(family, id=uuid7(), **NEWER)[1], supersedes=first.id))

    assert [one.form_version for one in visits_of(stored)] == ["visit@1", "visit@2"]


def test_a_record_sealed_anew_that_comes_after_its_correction_stands_beneath_it(phone, family, stored):
    body, written = visit_body(family, photos=[(uuid7(), b"jpeg")])[1], "2026-11-20T14:50:00+07:00"
    unread = phone.seal("visit", body, kid="20200101000000-00000000", created_at=written)
    assert phone.patch(unread).json["state"] == "unreadable"
    newer = visit_body(family, id=uuid7(), good_today="Точнее")[1]
    assert phone.patch(phone.seal("visit", newer, supersedes=unread.id)).json["state"] == "applied"

    # The phone had not heard of it yet and sealed what the server could not read anew, twice.
    anew = phone.seal("visit", body, created_at=written, supersedes=unread.id)
    again = phone.seal("visit", body, created_at=written, supersedes=anew.id)
    for envelope in (anew, again):
        assert phone.patch(envelope).json["state"] == "applied"

    standing, older = sorted(visits_of(stored), key=lambda visit: visit.superseded_at is not None)
    assert (dict(standing.fields)["good_today"], standing.superseded_at, standing.supersedes_id) == (
        "Точнее",
        None,
        older.id,
    )
    assert dict(older.fields)["good_today"] == "Дети накормлены, тепло."
    counted = [event for event in stored(Event) if event.data.get("visit") in {str(standing.id), str(older.id)}]
    taken_back = {event.data["corrects"] for event in stored(Event, type="event_corrected")}
    assert [event.data["visit"] for event in counted if str(event.id) not in taken_back] == [str(standing.id)]
    assert len(visits_of(stored)) == 2
