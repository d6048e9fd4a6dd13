"""A signal from the road that did not apply is put right by its author at a desk, and nobody else."""

from __future__ import annotations

import uuid

import pytest

from curator_app.intake.models import PHONE, Signal
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.sync.test_signal_envelopes import FACTS, from_phones, told_body

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def parked(app, phone, stored):
    """Return the path of a signal that says no source, and its id."""
    app.config["WTF_CSRF_ENABLED"] = False
    key, body = told_body(source="")
    phone.patch(phone.seal("signal", body))
    (envelope,) = stored(Envelope, kind="signal")
    assert envelope.state == NEEDS_REPAIR
    return f"/repairs/{envelope.id}", key


def filled(**changes):
    said = {"facts": FACTS, "safe_now": "unknown", "known_on": demo_day().isoformat(), "source": "neighbours"}
    return said | {"children-0-name": "Митя", "address": "с. Дальняя Выдумка"} | changes


def territory_in(page):
    """Return what the form sends as its territory where there is a choice."""
    return (
        {"territory": page.split('name="territory"')[1].split('value="')[1].split('"')[0]}
        if 'name="territory"' in page
        else {}
    )


def test_what_was_told_stands_in_the_form_and_is_taken_in_once_put_right(app, people, parked, stored):
    path, key = parked
    vera = sign_in(app, people.vera)
    assert f"{path}/signal" in vera.get(path, base_url=ORIGIN).text
    page = vera.get(f"{path}/signal", base_url=ORIGIN).text
    assert FACTS in page
    assert "Митя" in page

    again = vera.post(f"{path}/signal", data=filled(facts="", **territory_in(page)), base_url=ORIGIN)
    assert again.status_code == 422
    assert "с. Дальняя Выдумка" in again.text, "what was typed stays"
    assert vera.post(f"{path}/signal", data=filled(**territory_in(page)), base_url=ORIGIN).status_code == 303

    (signal,) = from_phones(stored, Signal)
    (envelope,) = stored(Envelope, kind="signal")
    assert (str(signal.id), signal.way, signal.author_id, signal.facts) == (key, PHONE, people.vera.id, FACTS)
    assert (signal.phone_at, envelope.state, envelope.about_id) == (envelope.phone_at, APPLIED, uuid.UUID(key))
    assert vera.get(f"{path}/signal", base_url=ORIGIN).status_code == 404, "it waits no more"


def test_its_hour_that_has_not_come_is_said_and_nothing_is_taken_in(app, people, parked, stored):
    path, _ = parked
    vera = sign_in(app, people.vera)
    page = vera.get(f"{path}/signal", base_url=ORIGIN).text

    late = vera.post(f"{path}/signal", data=filled(known_on="2999-01-01", **territory_in(page)), base_url=ORIGIN)

    assert late.status_code == 422
    assert 'id="known_on-wrong"' in late.text
    assert from_phones(stored, Signal) == []


@pytest.mark.parametrize("who", ["igor", "darya"])
def test_nobody_else_puts_it_right(app, people, parked, stored, who):
    path, _ = parked
    other = sign_in(app, getattr(people, who))

    assert other.get(f"{path}/signal", base_url=ORIGIN).status_code == 404
    assert other.post(f"{path}/signal", data=filled(id=uuid7()), base_url=ORIGIN).status_code == 404
    assert from_phones(stored, Signal) == []
