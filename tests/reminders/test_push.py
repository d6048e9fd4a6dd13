"""The push channel against a real push service on loopback that opens what it gets."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from py_vapid import Vapid
from sqlalchemy import select

from curator_app.auth.models import FIELD, REVOKED, Enrolment, Person
from curator_app.clock import now
from curator_app.config import Config
from curator_app.extensions import db
from curator_app.reminders import jobs, web_push
from curator_app.reminders.models import ALARM, ANSWER, UNSENT, Reminder, Subscription
from curator_app.reminders.places import Places
from curator_app.reminders.push_keys import public_key
from curator_app.reminders.subscribing import Offered, subscribe
from curator_app.reminders.telling import Said, remind
from tests.reminders.world import World
from tests.support.push_endpoint import PushEndpoint, push_endpoint

MORNING = date(2026, 11, 23)
LONGEST_BODY = 3000


@pytest.fixture
def endpoint() -> Iterator[PushEndpoint]:
    """The curator's browser and its push service."""
    with push_endpoint() as made:
        yield made


@pytest.fixture
def config(config: Config, endpoint: PushEndpoint) -> Config:
    """Settings of an installation that may push to the test's service."""
    return replace(config, push_hosts=frozenset({endpoint.host}), push_contact="admin@example.ru")


@pytest.fixture(autouse=True)
def phone(world: World, endpoint: PushEndpoint) -> Enrolment:
    """The curator's phone, which reminds."""
    enrolment = Enrolment(person_id=world.curator.id, short="0a1b2c3d", kind=FIELD, phone_state={})
    db.session.add(enrolment)
    db.session.flush()
    subscribe(db.session(), enrolment, Offered.of(endpoint.subscription, {endpoint.host}))
    db.session.commit()
    return enrolment


def say(world: World, kind: str, about: uuid.UUID | None = None, step: str = "1", path: str = "/today") -> None:
    """Say something to the curator."""
    said = Said(kind, about or world.subject.id, step, path, subject_id=world.subject.id)
    remind(db.session(), Places(db.session()), world.curator.id, said, now())
    db.session.commit()


def send(world: World) -> list[str]:
    """Send all that is on its way to the curator; return what became of it."""
    return [jobs.deliver(parcel.id) for parcel in world.parcels()]


def subscriptions() -> list[Subscription]:
    return list(db.session.scalars(select(Subscription)))


def test_a_deadline_reaches_the_browser_sealed_and_leads_to_the_family(world, endpoint) -> None:
    world.at(MORNING)
    assert send(world) == ["sent"]

    (came,) = endpoint.pushed
    assert came.headers["content-encoding"] == "aes128gcm"
    assert "Подходит срок".encode() not in came.sealed
    assert came.said["title"] == "Куратор"
    assert came.said["body"] == "Подходит срок. Откройте «Сегодня»"
    assert came.said["path"] == f"/families/{world.subject.family_id}"
    assert came.said["count"] >= 1
    assert (came.headers["topic"], came.headers["urgency"], came.headers["ttl"]) == ("day", "normal", "43200")


def test_it_is_signed_with_our_key_for_that_service_alone(world, endpoint, config) -> None:
    world.at(MORNING)
    send(world)

    authorization = endpoint.pushed[0].headers["authorization"]
    assert f"k={public_key(config.keys_folder)}" in authorization
    assert Vapid.verify(authorization)
    claims = json.loads(_decoded(authorization.partition("t=")[2].split(",")[0].split(".")[1]))
    assert claims["aud"] == f"http://{endpoint.host}"
    assert claims["sub"] == "mailto:admin@example.ru"


def test_a_message_holds_nothing_of_a_family_a_person_or_a_paper(world, endpoint) -> None:
    world.territory.reminding = {"names_in_mail": True}
    for number, kind in enumerate((ANSWER, ALARM)):
        say(world, kind, uuid.UUID(int=number + 1))
    world.at(MORNING)
    send(world)

    family = world.subject.family_id
    rows = [*db.session.scalars(select(Person)), world.subject, world.territory, *db.session.scalars(select(Reminder))]
    words = {value for row in rows for value in _strings(row)} | {"Выдумкины", "ул. Примерная, 1"}
    for came in endpoint.pushed:
        said = came.body.decode()
        assert set(came.said) == {"id", "tag", "title", "body", "path", "count"}
        assert came.said["path"] in {"/today", f"/families/{family}"}
        told = {came.said["title"], came.said["body"], came.said["tag"]}
        assert not {word for word in words if any(word in one for one in told)}
        assert len(said.encode()) < LONGEST_BODY
        assert str(world.curator.id) not in said
    assert len(endpoint.pushed) == 3


def test_who_did_the_work_meanwhile_is_not_disturbed(world, endpoint) -> None:
    world.at(MORNING)
    for one in db.session.scalars(select(Reminder)):
        one.read_at = now()
    db.session.commit()

    assert send(world) == ["nothing"]
    assert endpoint.asked == 0


def test_an_alarm_said_again_takes_the_place_of_the_first_and_is_urgent(world, endpoint) -> None:
    say(world, ALARM, step="1")
    say(world, ALARM, step="2")
    send(world)

    first, second = endpoint.pushed
    assert first.said["tag"] == second.said["tag"] == first.headers["topic"]
    assert first.said["id"] != second.said["id"]
    assert first.headers["urgency"] == "high"
    assert first.said["body"] == "Нужен ответ дежурного сейчас"


def test_a_deadline_counted_in_hours_wakes_the_phone(world, endpoint) -> None:
    said = Said("deadline", world.subject.id, "half", "/today", subject_id=world.subject.id, at_once=True)
    remind(db.session(), Places(db.session()), world.curator.id, said, now())
    db.session.commit()
    send(world)

    (came,) = endpoint.pushed
    assert (came.headers["urgency"], came.headers["ttl"]) == ("high", "43200")
    assert came.said["tag"] != "day"


def test_a_message_sent_again_after_a_kill_is_the_same_message(world, endpoint) -> None:
    world.at(MORNING)
    (parcel,) = world.parcels()
    jobs.deliver(parcel.id)
    parcel.done_at = parcel.claimed_at = None
    db.session.commit()
    jobs.deliver(parcel.id)

    first, second = endpoint.pushed
    assert first.said == second.said
    assert first.headers["topic"] == second.headers["topic"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(world, endpoint, status) -> None:
    endpoint.answer = status
    world.at(MORNING)
    assert send(world) == ["gone"]
    assert subscriptions() == []

    endpoint.answer = 201
    say(world, ANSWER)
    assert send(world) == [""]
    assert endpoint.asked == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_asks_for_a_pause_gets_it(world, endpoint, status) -> None:
    endpoint.answer, endpoint.extra = status, {"Retry-After": "1800"}
    world.at(MORNING)
    before = now()
    assert send(world) == ["later"]

    (parcel,) = world.parcels()
    assert timedelta(minutes=29) < parcel.next_at - before <= timedelta(minutes=31)
    assert send(world) == [""]
    endpoint.answer = 201
    world.at(MORNING, 11)
    assert send(world) == ["sent"]


def test_a_fault_a_redirect_and_silence_are_tried_again_later(world, endpoint, monkeypatch) -> None:
    world.at(MORNING)
    monkeypatch.setattr(web_push, "WAIT_SECONDS", (1, 0.2))
    for hour, (answer, extra, hangs) in enumerate([(500, {}, 0), (307, {"Location": endpoint.url}, 0), (201, {}, 0.6)]):
        endpoint.answer, endpoint.extra, endpoint.hangs = answer, extra, hangs
        world.at(MORNING, 11 + hour)
        assert send(world) == ["later"], answer
    assert endpoint.asked == 3


def test_a_phone_that_was_switched_off_is_told_nothing(world, phone, endpoint) -> None:
    world.at(MORNING)
    phone.state = REVOKED
    db.session.commit()

    assert send(world) == ["gone"]
    assert endpoint.asked == 0


def test_a_host_that_is_not_allowed_any_more_is_not_asked(world, endpoint, app) -> None:
    app.config["CURATOR"] = replace(app.config["CURATOR"], push_hosts=frozenset())
    world.at(MORNING)

    assert send(world) == ["gone"]
    assert (endpoint.asked, subscriptions()) == (0, [])


def test_the_key_is_made_once_for_its_owner_alone(tmp_path) -> None:
    first = public_key(tmp_path / "keys")
    assert public_key(tmp_path / "keys") == first
    (made,) = (tmp_path / "keys").iterdir()
    assert made.stat().st_mode & 0o777 == 0o600
    point = load_pem_private_key(made.read_bytes(), None).public_key()
    assert len(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)) == 65


def test_records_that_wait_on_a_phone_are_said_with_their_number(world, phone, endpoint) -> None:
    phone.phone_state = {"unsent": 3, "counts": {"drafts": 1}}
    say(world, UNSENT, phone.id, path="/outbox")
    world.at(date(2026, 11, 2))
    send(world)

    assert endpoint.pushed[0].said["body"] == "Откройте приложение: ждёт отправки 2"
    assert endpoint.pushed[0].said["path"] == "/outbox"
    assert urlsplit(endpoint.url).path == "/push/1"


def _strings(row: object) -> set[str]:
    values = (getattr(row, column.key) for column in row.__table__.columns)  # type: ignore[attr-defined]
    return {value for value in values if isinstance(value, str) and len(value) > 3 and not value.startswith("/")}


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
