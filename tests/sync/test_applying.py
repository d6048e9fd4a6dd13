"""What a received visit becomes: applied, set aside with reasons, or waiting; it never holds up another."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from curator_app.auth.models import Person
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.subjects.models import Event
from curator_app.sync import kinds
from curator_app.sync.models import Envelope
from tests.protocol_client import uuid7, visit_body
from tests.sync.conftest import hand_over, visits_of

TODAY = today("Europe/Moscow")


def test_an_applied_visit_is_an_event_of_its_subject(phone, family, stored):
    visit, body = visit_body(family)
    number = phone.patch(phone.seal("visit", body)).json["number"]

    events = [event for event in stored(Event) if event.data.get("visit") == visit]

    assert [(event.type, event.data["number"]) for event in events] == [("visit_made", number)]


def test_the_phones_clock_is_kept_beside_the_servers(phone, family, stored):
    phone.patch(phone.seal("visit", visit_body(family)[1], created_at="2036-01-01T00:00:00+07:00"))

    (visit,) = visits_of(stored)
    assert visit.phone_at.isoformat() == "2035-12-31T17:00:00+00:00"
    assert visit.received_at.year < 2036


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_fields_that_do_not_hold_together_need_repair_by_name(phone, family, stored):
    receipt = phone.patch(phone.seal("visit", visit_body(family, on="вчера")[1])).json

    assert receipt["state"] == "needs_repair"
    assert {"code": "field", "field": "on"} in receipt["reasons"]
    assert receipt["number"]
    assert visits_of(stored) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=1" for _ in range(6000))])
def test_a_body_that_is_no_form_needs_repair(phone, body):
    assert phone.patch(phone.seal("visit", body)).json["reasons"] == [{"code": "not_a_form"}]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_strangers_family_stays_unknown(phone_of, people, family):
    stranger = phone_of(people.igor)

    receipt = stranger.patch(stranger.seal("visit", visit_body(family)[1])).json

    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "family_unknown"}])


def test_a_family_handed_over_before_the_visit_needs_repair(app, phone, people, family):
    hand_over(app, people.vera, TODAY - timedelta(days=2))

    receipt = phone.patch(phone.seal("visit", visit_body(family)[1])).json

    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "family_handed_over"}])


def test_a_visit_made_before_the_family_was_handed_over_applies(app, phone, people, family):
    hand_over(app, people.vera, TODAY - timedelta(days=1))
    day_before = (TODAY - timedelta(days=2)).isoformat()

    receipt = phone.patch(phone.seal("visit", visit_body(family, on=day_before)[1])).json

    assert (receipt["state"], receipt["reasons"]) == ("applied", [{"code": "family_handed_over_since"}])


def test_a_bad_record_does_not_hold_up_the_next(phone, family):
    phone.patch(phone.seal("visit", visit_body(family, on="")[1]))

    assert phone.patch(phone.seal("visit", visit_body(family)[1])).json["state"] == "applied"


def test_the_same_visit_sealed_anew_is_the_same_visit(phone, family, stored):
    _, body = visit_body(family)
    first = phone.patch(phone.seal("visit", body)).json

    again = phone.patch(phone.seal("visit", body)).json

    assert (again["state"], again["number"]) == ("applied", first["number"])
    assert len(visits_of(stored)) == 1


def test_other_words_under_a_known_visits_id_need_repair(phone, family, stored):
    visit, body = visit_body(family)
    phone.patch(phone.seal("visit", body))

    receipt = phone.patch(phone.seal("visit", visit_body(family, id=visit, good_today="Иначе")[1])).json

    assert receipt["reasons"] == [{"code": "other_content"}]
    (made,) = visits_of(stored)
    assert made.value("good_today") != "Иначе"


def test_a_colleagues_visit_id_cannot_be_taken(phone, phone_of, people, family):
    visit, body = visit_body(family)
    phone.patch(phone.seal("visit", body))
    other = phone_of(people.igor)

    receipt = other.patch(other.seal("visit", visit_body(str(people.podorozhnikovy.id), id=visit)[1])).json

    assert receipt["reasons"] == [{"code": "id_taken"}]


def test_a_correction_replaces_the_visit_and_keeps_the_old_words(phone, family, stored):
    visit, body = visit_body(family)
    first = phone.seal("visit", body)
    phone.patch(first)

    corrected = phone.seal("visit", visit_body(family, id=visit, good_today="Точнее")[1], supersedes=first.id)
    assert phone.patch(corrected).json["state"] == "applied"

    old, new = visits_of(stored)
    assert str(old.id) == visit
    assert old.superseded_at is not None
    assert new.supersedes_id == old.id
    assert new.value("good_today") == "Точнее"
    assert new.superseded_at is None


def test_a_correction_that_comes_first_waits_for_what_it_corrects(phone, family, stored, work):
    visit, body = visit_body(family)
    first = phone.seal("visit", body)
    correction = phone.seal("visit", visit_body(family, id=visit, good_today="Точнее")[1], supersedes=first.id)

    early = phone.patch(correction).json
    phone.patch(first)
    work()

    assert (early["state"], early["reasons"]) == ("received", [{"code": "waits"}])
    assert phone.receipts([correction.id])["receipts"][correction.id]["state"] == "applied"
    assert [visit.superseded_at is None for visit in visits_of(stored)] == [False, True]


def test_a_second_correction_of_the_same_record_follows_the_first(phone, family, stored):
    visit, body = visit_body(family)
    first = phone.seal("visit", body)
    phone.patch(first)
    for words in ("раз", "два"):
        phone.patch(phone.seal("visit", visit_body(family, id=visit, good_today=words)[1], supersedes=first.id))

    current = [made for made in visits_of(stored) if made.superseded_at is None]
    assert [made.value("good_today") for made in current] == ["два"]


def test_the_authors_new_envelope_repairs_and_keeps_the_number(phone, family, stored):
    visit, bad = visit_body(family, on="")
    broken = phone.seal("visit", bad)
    number = phone.patch(broken).json["number"]

    repaired = phone.patch(phone.seal("visit", visit_body(family, id=visit)[1], supersedes=broken.id)).json

    assert (repaired["state"], repaired["number"]) == ("applied", number)
    assert phone.receipts([broken.id])["receipts"][broken.id]["state"] == "applied"
    (made,) = visits_of(stored)[:1]
    assert made.label == number


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_kind_of_a_newer_client_waits_for_a_newer_server(phone):
    receipt = phone.patch(phone.seal("action_result", b"a=1")).json

    assert (receipt["state"], receipt["number"], receipt["reasons"]) == (
        "received",
        None,
        [{"code": "kind_unknown_yet"}],
    )


def test_a_fault_of_ours_while_applying_still_gives_the_receipt_and_is_made_good_later(
    phone, family, stored, work, monkeypatch, caplog
):
    def broken(*_: object) -> None:
        raise RuntimeError("Рябинкины")

    envelope = phone.seal("visit", visit_body(family)[1])
    with monkeypatch.context() as patch:
        patch.setitem(kinds.KINDS, "visit", broken)
        answer = phone.patch(envelope)
    assert (answer.status, answer.json["state"]) == (201, "received")
    assert "Рябинкины" not in caplog.text

    work()

    assert phone.receipts([envelope.id])["receipts"][envelope.id]["state"] == "applied"
    assert len(visits_of(stored)) == 1


def test_applying_twice_is_applying_once(phone, family, stored, work):
    phone.patch(phone.seal("visit", visit_body(family)[1]))
    work()
    work()

    assert len(visits_of(stored)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_receipts_and_rows_hold_codes_and_no_words_of_the_record(phone, family, stored):
    phone.patch(phone.seal("visit", visit_body(family, on="Канарейкина")[1]))

    (row,) = stored(Envelope)
    assert "Канарейкина" not in json.dumps(row.reasons, ensure_ascii=False)


def test_an_envelope_shows_itself_to_its_author_and_the_head(app, phone, people, family):
    phone.patch(phone.seal("visit", visit_body(family)[1], id=uuid7()))
    with app.app_context():
        seen = {
            name: db.session.scalars(
                Envelope.visible_to(db.session.get_one(Person, getattr(people, name).id), TODAY)
            ).all()
            for name in ("vera", "darya", "igor", "anna")
        }

    assert {name: len(rows) for name, rows in seen.items()} == {"vera": 1, "darya": 1, "igor": 0, "anna": 0}
