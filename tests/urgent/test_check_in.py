"""«Вернусь на связь»: late, twice and in any order it is one check-in; what is missed is raised once."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from curator_app.extensions import db
from curator_app.subjects.models import Event, Subject
from curator_app.urgent.jobs import mark_missed
from curator_app.urgent.models import CheckIn
from tests.protocol_client import uuid7
from tests.urgent.conftest import check_in_body


@pytest.fixture
def mark(app):
    """Do what the worker does every minute."""

    def run() -> int:
        with app.app_context():
            return mark_missed()

    return run


def events(stored):
    return [event.type for event in stored(Event) if event.type.startswith("check_in_")]


def test_it_is_an_event_of_the_person_and_not_of_the_family(send, family, people, stored):
    assert send("check_in", check_in_body(family))["state"] == "applied"

    (row,) = stored(CheckIn)
    (event,) = [event for event in stored(Event) if event.type == "check_in_opened"]
    (subject,) = stored(Subject, id=event.subject_id)
    assert (subject.kind, subject.person_id, subject.family_id) == ("person", people.vera.id, None)
    assert event.data == {"check_in": str(row.id)}


ORDERS = list(itertools.permutations(("open", "extend", "return")))


@pytest.mark.parametrize("order", ORDERS, ids=["-".join(order) for order in ORDERS])
def test_acts_may_come_in_any_order_and_twice(send, family, stored, order):
    key = uuid7()
    bodies = {
        "open": check_in_body(family, "open", id=key, minutes=60),
        "extend": check_in_body(family, "extend", id=key, minutes=120),
        "return": check_in_body(family, "return", id=key, minutes=60),
    }
    for act in (*order, *order):
        assert send("check_in", bodies[act])["state"] == "applied"

    (row,) = stored(CheckIn)
    assert row.closed_at is not None
    assert row.until_at > datetime.now(UTC) + timedelta(minutes=100), "the later hour counts"
    assert sorted(events(stored)) == ["check_in_closed", "check_in_opened"]


def test_what_is_missed_is_marked_once(send, family, stored, mark):
    send("check_in", check_in_body(family, minutes=-1))
    send("check_in", check_in_body(family, minutes=30))

    assert (mark(), mark()) == (1, 0)

    assert [row.missed_at is not None for row in sorted(stored(CheckIn), key=lambda row: row.until_at)] == [True, False]
    assert events(stored).count("check_in_missed") == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_workers_at_once_mark_it_once(send, family, stored, mark):
    for _ in range(3):
        send("check_in", check_in_body(family, minutes=-1))
    marked: list[int] = []
    workers = [threading.Thread(target=lambda: marked.append(mark())) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(marked) == 3
    assert events(stored).count("check_in_missed") == 3


def test_who_returned_is_not_missed(send, family, stored, mark):
    key = uuid7()
    send("check_in", check_in_body(family, id=key, minutes=-1))
    send("check_in", check_in_body(family, "return", id=key, minutes=-1))

    assert mark() == 0
    assert stored(CheckIn)[0].missed_at is None


def test_a_return_after_it_was_missed_closes_it_and_says_so(send, family, stored, mark):
    key = uuid7()
    send("check_in", check_in_body(family, id=key, minutes=-1))
    mark()

    receipt = send("check_in", check_in_body(family, "return", id=key, minutes=-1))

    assert receipt["check_in"] == "closed_late"
    assert stored(CheckIn)[0].closed_at is not None
    assert events(stored) == ["check_in_opened", "check_in_missed", "check_in_closed"]


def test_an_hour_more_after_it_was_missed_lets_it_be_missed_again(app, send, family, stored, mark):
    key = uuid7()
    send("check_in", check_in_body(family, id=key, minutes=-1))
    mark()
    send("check_in", check_in_body(family, "extend", id=key, minutes=60))
    assert mark() == 0
    with app.app_context():
        row = db.session.get_one(CheckIn, UUID(key))
        row.until_at = datetime.now(UTC) - timedelta(seconds=1)
        db.session.commit()

    assert mark() == 1
    assert events(stored).count("check_in_missed") == 2


def test_a_family_is_not_needed_and_a_strangers_is_refused(send, people, stored):
    assert send("check_in", check_in_body(""))["state"] == "applied"
    receipt = send("check_in", check_in_body(str(people.podorozhnikovy.id)))

    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "family_unknown"}])
    assert len(stored(CheckIn)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_without_an_hour_nobody_could_be_missed_and_it_is_sent_back(send, family):
    receipt = send("check_in", check_in_body(family, until_at="скоро"))

    assert receipt["reasons"] == [{"code": "field", "field": "until_at"}]


def test_a_colleagues_check_in_cannot_be_closed(send, phone_of, people, family, stored):
    key = uuid7()
    send("check_in", check_in_body(family, id=key))
    body = check_in_body("", "return", id=key)

    assert send("check_in", body, phone_of(people.igor))["reasons"] == [{"code": "id_taken"}]
    assert stored(CheckIn)[0].closed_at is None
