"""A signal told from the road: sealed on a phone, taken in once by the intake of where its author works."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask

from curator_app.intake.models import PHONE, SENT, Informant, Signal
from curator_app.subjects.models import Event
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in

FACTS = "Мальчик лет шести один во дворе в мороз, без шапки"


def told_body(**fields: str) -> tuple[str, bytes]:
    """Return (id, urlencoded fields) of a signal."""
    key = fields.pop("id", None) or uuid7()
    said = {"id": key, "family": "", "form_version": "signal@1", "facts": FACTS, "safe_now": "unknown"}
    said |= {"known_on": demo_day().isoformat(), "source": "neighbours", "children-0-name": "Митя"}
    said |= {"children-0-age": "около шести", "address": "с. Дальняя Выдумка, крайний дом", "signs": "clothes"}
    return key, urlencode(said | fields).encode()


def from_phones(stored, model, **values):
    """Return rows that came from a phone, not the demonstration's."""
    return [row for row in stored(model, **values) if row.enrolment_id]


def test_a_signal_is_taken_in_with_its_own_clock(phone, people, stored):
    key, body = told_body()

    assert phone.patch(phone.seal("signal", body)).json["state"] == APPLIED

    (signal,) = from_phones(stored, Signal)
    assert (str(signal.id), signal.way, signal.state, signal.facts) == (key, PHONE, SENT, FACTS)
    assert (signal.author_id, signal.family_id, signal.number) == (people.vera.id, None, None)
    assert signal.children == [{"name": "Митя", "age": "около шести", "place": ""}]
    assert signal.known_on == demo_day()
    assert signal.phone_at is not None
    assert next(row.type for row in from_phones(stored, Event, subject_id=signal.id)) == "signal_known"


def test_delivered_twice_and_sealed_anew_it_is_one_signal(phone, stored):
    _, body = told_body()
    envelope = phone.seal("signal", body)

    assert phone.patch(envelope).status == 201
    assert phone.patch(envelope).status == 200
    assert phone.patch(phone.seal("signal", body)).status == 201

    assert len(from_phones(stored, Signal)) == 1
    assert {row.state for row in stored(Envelope, kind="signal")} == {APPLIED}


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"facts": " "}, "facts"),
        ({"safe_now": ""}, "safe_now"),
        ({"source": "a crow"}, "source"),
        ({"known_on": "2999-01-01"}, "known_on"),
        ({"known_on": "yesterday"}, "known_on"),
        ({"id": "no id"}, "id"),
    ],
)
def test_what_does_not_hold_waits_for_its_author(phone, stored, fields, field):
    phone.patch(phone.seal("signal", told_body(**fields)[1]))

    (envelope,) = stored(Envelope, kind="signal")
    assert (envelope.state, envelope.reasons) == (NEEDS_REPAIR, [{"code": "field", "field": field}])
    assert from_phones(stored, Signal) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_another_persons_id_is_not_taken_over(phone, phone_of, people, stored):
    key, body = told_body()
    phone.patch(phone.seal("signal", body))
    igor = phone_of(people.igor)

    igor.patch(igor.seal("signal", told_body(id=key, facts="Другое")[1]))

    assert [row.facts for row in from_phones(stored, Signal)] == [FACTS]
    assert [row.reasons for row in stored(Envelope, state=NEEDS_REPAIR)] == [[{"code": "id_taken"}]]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_told_it_is_not_shown_even_where_it_did_not_apply(app: Flask, phone, people, stored):
    phone.patch(phone.seal("signal", told_body(source="", teller_name="Соседка Прохорова")[1]))
    (envelope,) = stored(Envelope, kind="signal")

    for person in (people.vera, people.darya):
        page = sign_in(app, person).get(f"/repairs/{envelope.id}", base_url=ORIGIN)
        assert page.status_code == 200
        assert FACTS in page.text
        assert "Прохорова" not in page.text
    assert all("Прохорова" not in row.name for row in stored(Informant))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_page_is_a_phones_and_a_desk_is_led_to_its_own(app: Flask, people):
    phone = sign_in(app, people.vera, "field")
    page = phone.get("/signal", headers={"HX-Request": "true"}, base_url=ORIGIN)
    assert 'data-outbox="signal"' in page.text

    led = sign_in(app, people.vera).get("/signal", base_url=ORIGIN)
    assert (led.status_code, led.location) == (303, "/notices/new")
    assert app.test_client().get("/signal", headers={"HX-Request": "true"}, base_url=ORIGIN).status_code == 401
