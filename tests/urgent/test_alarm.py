"""An alarm: any order, any number of envelopes, one alarm; everybody who answers is a named person."""

from __future__ import annotations

import itertools
import json
import threading
from datetime import timedelta

import pytest

from curator_app.audit.models import AuditRow
from curator_app.clock import today
from curator_app.subjects.models import Event, Subject
from curator_app.sync.models import Envelope
from curator_app.urgent.models import Alarm, AlarmStep
from tests.protocol_client import uuid7
from tests.sync.conftest import hand_over
from tests.urgent.conftest import FACT, alarm_body, call


def kinds(stored):
    return [event.type for event in stored(Event) if event.type.startswith("alarm_")]


def test_a_raised_alarm_calls_the_duty_of_the_familys_organisation(send, family, people, stored):
    receipt = send("alarm", alarm_body(family, need="need_fire_gas", facts_seen=FACT, **call()))

    assert (receipt["state"], receipt["number"]) == ("applied", None)
    (alarm,) = stored(Alarm)
    assert (alarm.state, alarm.need, str(alarm.family_id)) == ("open", "need_fire_gas", family)
    assert alarm.author_id == people.vera.id
    lines = {line.kind: line.data for line in stored(AlarmStep)}
    assert lines["raised"]["facts"] == {"facts_seen": FACT}
    assert lines["call"]["who"] == "Дежурная, Норина"
    (event,) = [event for event in stored(Event) if event.type == "alarm_raised"]
    assert event.data == {"alarm": str(alarm.id)}
    assert stored(Subject, id=event.subject_id)[0].kind == "case"
    assert [row.object_id for row in stored(AuditRow, act="alarm:raised")] == [alarm.id]


def test_the_same_act_sent_and_sealed_again_is_one_act(send, phone, family, stored):
    body = alarm_body(family, need="need_doctor", **call())
    envelope = phone.seal("alarm", body)
    for _ in range(3):
        phone.patch(envelope)
    assert send("alarm", body)["state"] == "applied"

    assert len(stored(Alarm)) == 1
    assert sorted(line.kind for line in stored(AlarmStep)) == ["call", "raised"]
    assert kinds(stored) == ["alarm_raised"]


ORDERS = list(itertools.permutations(("raise", "note", "cancel")))


@pytest.mark.parametrize("order", ORDERS, ids=["-".join(order) for order in ORDERS])
def test_acts_may_come_in_any_order(send, family, stored, order):
    key, line = uuid7(), uuid7()
    bodies = {
        "raise": alarm_body(family, "raise", id=key, need="need_police"),
        "note": alarm_body(family, "note", id=key, facts_seen=FACT, **call(key=line)),
        "cancel": alarm_body(
            family, "cancel", id=key, cancel_reason="clear_safe", cancel_told="Норина", **call(key=line)
        ),
    }
    for act in order:
        assert send("alarm", bodies[act])["state"] == "applied"

    (alarm,) = stored(Alarm)
    assert (alarm.state, alarm.cancel_reason, alarm.need) == ("cancelled", "clear_safe", "need_police")
    assert sorted(found.kind for found in stored(AlarmStep)) == ["call", "cancelled", "facts", "raised"]
    assert sorted(kinds(stored)) == ["alarm_cancelled", "alarm_raised"]


def test_a_note_that_comes_before_its_raise_makes_the_alarm(send, family, stored):
    assert send("alarm", alarm_body(family, "note", facts_children="Оба у соседки"))["state"] == "applied"

    (alarm,) = stored(Alarm)
    assert alarm.state == "open"


def test_a_family_that_was_handed_over_today_is_still_heard(app, send, people, family, stored):
    hand_over(app, people.vera, today("Europe/Moscow") - timedelta(days=3))

    assert send("alarm", alarm_body(family))["state"] == "applied"
    assert len(stored(Alarm)) == 1


def test_a_strangers_family_stays_unknown(send, phone_of, people, family, stored):
    receipt = send("alarm", alarm_body(family), phone_of(people.igor))

    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "family_unknown"}])
    assert stored(Alarm) == []


def test_without_a_family_the_authors_own_organisation_answers(send, people, stored):
    assert send("alarm", alarm_body("", need="need_advice"))["state"] == "applied"

    (alarm,) = stored(Alarm)
    assert alarm.family_id is None
    (event,) = [event for event in stored(Event) if event.type == "alarm_raised"]
    (subject,) = stored(Subject, id=event.subject_id)
    assert (subject.kind, subject.person_id) == ("person", people.vera.id)


def test_a_colleagues_alarm_cannot_be_written_to(send, phone_of, people, family, stored):
    key = uuid7()
    send("alarm", alarm_body(family, id=key))
    other = alarm_body(str(people.podorozhnikovy.id), "cancel", id=key)

    receipt = send("alarm", other, phone_of(people.igor))

    assert receipt["reasons"] == [{"code": "id_taken"}]
    assert stored(Alarm)[0].state == "open"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "odd",
    [
        {"need": "need_of_tomorrow"},
        {"at": "вчера"},
        {"raised_at": "0001-01-01T00:00:00+14:00"},
        {"facts_seen": "я" * 9000},
    ],
)
def test_a_call_for_help_is_not_refused_for_what_the_server_cannot_read(send, family, stored, odd):
    assert send("alarm", alarm_body(family, **odd))["state"] == "applied"
    assert len(stored(Alarm)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_receipts_tell_how_far_it_is_in_a_code_and_no_word(phone, family, stored):
    envelope = phone.seal("alarm", alarm_body(family, facts_seen=FACT, need="need_child_wants_die"))
    phone.patch(envelope)

    said = phone.receipts([envelope.id])["receipts"][envelope.id]

    assert said["alarm"] == "open"
    assert "газ" not in json.dumps(said, ensure_ascii=False)
    (row,) = stored(Envelope)
    assert FACT.encode() not in (row.body or b"")


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_acts_that_arrive_at_once_make_one_alarm(send, family, stored):
    key = uuid7()
    bodies = [alarm_body(family, act, id=key, facts_seen=FACT) for act in ("raise", "note", "note", "note")]
    states: list[str] = []
    senders = [
        threading.Thread(target=lambda body=body: states.append(send("alarm", body)["state"])) for body in bodies
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert states == ["applied"] * 4
    assert len(stored(Alarm)) == 1
    assert sorted(line.kind for line in stored(AlarmStep)) == ["facts", "facts", "facts", "raised"]
    assert kinds(stored) == ["alarm_raised"]
