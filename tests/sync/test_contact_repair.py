"""A contact that did not apply is put right by its author at a desk, and nobody else."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.sync.conftest import hand_over
from tests.sync.test_contact_envelopes import SUMMARY, Contact, contact_body, from_phones

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def parked(app, phone, family, stored):
    """Return the path of a contact of no kind, and its id."""
    app.config["WTF_CSRF_ENABLED"] = False
    key, body = contact_body(family, kind="")
    phone.patch(phone.seal("contact", body))
    (envelope,) = stored(Envelope, kind="contact")
    assert envelope.state == NEEDS_REPAIR
    return f"/repairs/{envelope.id}", key


def filled(**changes):
    said = {"form_version": "contact@1", "kind": "contact_call", "on": demo_day().isoformat(), "summary": SUMMARY}
    return said | changes


def test_what_was_written_stands_in_the_form_and_is_recorded_once_put_right(app, people, parked, stored):
    path, key = parked
    vera = sign_in(app, people.vera)
    assert f'{path}/contact"' in vera.get(path, base_url=ORIGIN).text
    page = vera.get(f"{path}/contact", base_url=ORIGIN).text
    assert SUMMARY in page
    assert 'id="kind-wrong"' in page
    assert f'href="{path}"' in page, "back to the record, not to the family"
    assert f'action="{path}/contact"' in page

    again = vera.post(f"{path}/contact", data=filled(kind=""), base_url=ORIGIN)
    assert again.status_code == 422
    assert SUMMARY in again.text, "what was typed stays"
    assert vera.post(f"{path}/contact", data=filled(), base_url=ORIGIN).status_code == 303

    (contact,) = from_phones(stored, Contact)
    (envelope,) = stored(Envelope, kind="contact")
    assert (str(contact.id), contact.author_id, contact.summary) == (key, people.vera.id, SUMMARY)
    assert (contact.phone_at, envelope.state, envelope.about_id) == (envelope.phone_at, APPLIED, uuid.UUID(key))
    assert vera.get(f"{path}/contact", base_url=ORIGIN).status_code == 404, "it waits no more"


@pytest.mark.parametrize("who", ["igor", "darya"])
def test_nobody_else_puts_it_right(app, people, parked, stored, who):
    path, _ = parked
    other = sign_in(app, getattr(people, who))

    assert other.get(f"{path}/contact", base_url=ORIGIN).status_code == 404
    assert other.post(f"{path}/contact", data=filled(id=uuid7()), base_url=ORIGIN).status_code == 404
    assert from_phones(stored, Contact) == []


def test_whoever_handed_the_family_over_writes_nothing_into_it(app, people, parked, stored):
    path, _ = parked
    hand_over(app, people.vera, date(2020, 1, 1))

    assert sign_in(app, people.vera).post(f"{path}/contact", data=filled(), base_url=ORIGIN).status_code == 404
    assert from_phones(stored, Contact) == []
