"""An act of acquainting and a receipt that did not apply are put right by their author at a desk, and nobody else."""

from __future__ import annotations

import uuid

import pytest

from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.sync.test_acquaintance_envelopes import (
    WORDS,
    CaseAcquaintance,
    Event,
    act_body,
    from_phones,
    receipt_body,
    receives,
)

__all__ = ["receives"]
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
TODAY = demo_day().isoformat()


@pytest.fixture(autouse=True)
def without_tokens(app):
    app.config["WTF_CSRF_ENABLED"] = False


def park(phone, stored, kind, body):
    """Deliver what does not hold; return its page."""
    phone.patch(phone.seal(kind, body))
    (envelope,) = stored(Envelope, kind=kind)
    assert envelope.state == NEEDS_REPAIR
    return f"/repairs/{envelope.id}"


def test_an_act_stands_in_its_form_and_is_recorded_once_put_right(app, people, phone, family, stored):
    key, body = act_body(family, about="")
    path, vera = park(phone, stored, "acquaintance", body), sign_in(app, people.vera)
    said = {"form_version": "acquaintance@1", "on": TODAY, "how": "plain_words", "signed": "paper", "words": WORDS}

    assert f'{path}/step"' in vera.get(path, base_url=ORIGIN).text
    page = vera.get(f"{path}/step", base_url=ORIGIN).text
    assert WORDS in page
    assert f'action="{path}/step"' in page
    again = vera.post(f"{path}/step", data=said, base_url=ORIGIN)
    assert (again.status_code, WORDS in again.text) == (422, True)
    assert vera.post(f"{path}/step", data=said | {"about": "group"}, base_url=ORIGIN).status_code == 303

    (act,) = from_phones(stored, CaseAcquaintance)
    (envelope,) = stored(Envelope, kind="acquaintance")
    assert (str(act.id), act.words, act.author_id) == (key, WORDS, people.vera.id)
    assert (act.phone_at, envelope.state, envelope.about_id) == (envelope.phone_at, APPLIED, uuid.UUID(key))
    assert vera.get(f"{path}/step", base_url=ORIGIN).status_code == 404, "it waits no more"


def test_a_receipt_is_recorded_once_its_day_is_put_right(app, people, phone, family, stored, receives):
    path = park(phone, stored, "acknowledgement", receipt_body(family, on="2999-01-01"))
    vera = sign_in(app, people.vera)
    said = {"form_version": "acknowledgement@1", "number": "17/4"}

    assert vera.post(f"{path}/step", data=said | {"on": "2999-01-01"}, base_url=ORIGIN).status_code == 422
    assert vera.post(f"{path}/step", data=said | {"on": TODAY}, base_url=ORIGIN).status_code == 303

    (event,) = [one for one in stored(Event, type="resolution_received") if one.subject_id == receives]
    assert (event.on.isoformat(), event.data["number"]) == (TODAY, "17/4")


@pytest.mark.parametrize("who", ["igor", "darya"])
def test_nobody_else_puts_it_right(app, people, phone, family, stored, who):
    path = park(phone, stored, "acquaintance", act_body(family, about="")[1])
    other = sign_in(app, getattr(people, who))

    assert other.get(f"{path}/step", base_url=ORIGIN).status_code == 404
    assert other.post(f"{path}/step", data={"about": "group", "on": TODAY}, base_url=ORIGIN).status_code == 404
    assert from_phones(stored, CaseAcquaintance) == []
