"""An act of acquainting and «Постановление получено» written on a phone: however often they come."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.extensions import db
from curator_app.procedures.profiles_loader import load_profile
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import record_event
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.acquainting import acts_of
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case, sign_in
from tests.sync.conftest import hand_over

WORDS = "Мама спросила, можно ли прийти на заседание"


def act_body(family: str, **fields: str) -> tuple[str, bytes]:
    """Return (id, urlencoded fields) of an act."""
    key = fields.pop("id", None) or uuid7()
    said = {"id": key, "family": family, "form_version": "acquaintance@1", "about": "group"}
    said |= {"on": demo_day().isoformat(), "how": "plain_words", "signed": "paper", "words": WORDS, "card": "1"}
    return key, urlencode(said | fields).encode()


def receipt_body(family: str, **fields: str) -> bytes:
    """Return the fields of «Постановление получено»."""
    said = {"id": uuid7(), "family": family, "form_version": "acknowledgement@1", "on": demo_day().isoformat()}
    return urlencode(said | {"number": "17/4"} | fields).encode()


def from_phones(stored, model, **values):
    """Return rows that came from a phone, not the demonstration's."""
    return [row for row in stored(model, **values) if row.enrolment_id]


@pytest.fixture
def receives(app, people):
    """Let the Ryabinkins' case go by a document that counts from the day the curator has the resolution."""
    with app.app_context():
        query = select(Subject).where(Subject.family_id == people.ryabinkiny.id, Subject.kind == "case")
        case = db.session.scalars(query).one()
        case.procedure = "kochki_2020@1"
        record_event(case, "registered", on=date(2020, 2, 3))
        db.session.commit()
        return case.id


def test_an_act_becomes_a_row_and_a_step_with_its_subject(phone, family, stored):
    key, body = act_body(family)

    assert phone.patch(phone.seal("acquaintance", body)).json["state"] == APPLIED

    (row,) = from_phones(stored, CaseAcquaintance)
    assert (str(row.id), row.about, row.how, row.signed, row.card_given) == (
        key,
        "group",
        ["plain_words"],
        "paper",
        True,
    )
    (event,) = from_phones(stored, Event, type="family_acquainted")
    assert event.data == {"with": "group", "remarks": WORDS, "record": key}
    assert (row.event_id, event.on) == (event.id, demo_day())
    assert len(from_phones(stored, AuditRow, act="acquaintance:recorded")) == 1


def test_three_acts_are_three_records(phone, family, stored):
    for about in ("resolution", "group", "programme"):
        phone.patch(phone.seal("acquaintance", act_body(family, about=about)[1]))

    assert [row.about for row in from_phones(stored, CaseAcquaintance)] == ["resolution", "group", "programme"]
    assert len(from_phones(stored, Event, type="family_acquainted")) == 3


def test_delivered_twice_and_sealed_anew_it_is_one_act(phone, family, stored):
    _, body = act_body(family)
    envelope = phone.seal("acquaintance", body)

    assert phone.patch(envelope).status == 201
    assert phone.patch(envelope).status == 200
    assert phone.patch(phone.seal("acquaintance", body)).status == 201

    assert len(from_phones(stored, CaseAcquaintance)) == 1
    assert len(from_phones(stored, Event, type="family_acquainted")) == 1
    assert {row.state for row in stored(Envelope, kind="acquaintance")} == {APPLIED}


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"about": ""}, "about"),
        ({"about": "weather"}, "about"),
        ({"on": "2999-01-01"}, "on"),
        ({"how": "by_pigeon"}, "how"),
        ({"signed": "in_blood"}, "signed"),
        ({"who": "nobody"}, "who"),
    ],
)
def test_what_does_not_hold_waits_for_its_author(phone, family, stored, fields, field):
    phone.patch(phone.seal("acquaintance", act_body(family, **fields)[1]))

    (envelope,) = stored(Envelope, kind="acquaintance")
    assert (envelope.state, envelope.reasons) == (NEEDS_REPAIR, [{"code": "field", "field": field}])
    assert from_phones(stored, CaseAcquaintance) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_step_out_of_order_waits_with_the_rule_in_words(app, phone, people, family, stored):
    body = act_body(family, on=(demo_day() - timedelta(days=4000)).isoformat())[1]
    with app.app_context():
        for one in db.session.scalars(select(Assignment).where(Assignment.person_id == people.vera.id)):
            one.since_on = date(2000, 1, 1)
        db.session.commit()

    phone.patch(phone.seal("acquaintance", body))

    (envelope,) = stored(Envelope, kind="acquaintance")
    assert envelope.state == NEEDS_REPAIR
    (reason,) = envelope.reasons
    assert reason["code"] == "step_refused"
    page = sign_in(app, people.vera).get(f"/repairs/{envelope.id}", base_url=ORIGIN)
    assert reason["why"] in page.text
    assert stored(Event, type="family_acquainted", on=date(2000, 1, 1)) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_member_of_the_group_and_a_former_curator_record_nothing(app, phone_of, people, family, stored):
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    igor, vera = phone_of(people.igor), phone_of(people.vera)
    igor.patch(igor.seal("acquaintance", act_body(family)[1]))
    hand_over(app, people.vera, date(2020, 1, 1))
    vera.patch(vera.seal("acknowledgement", receipt_body(family)))

    assert from_phones(stored, CaseAcquaintance) == []
    waiting = stored(Envelope, state=NEEDS_REPAIR)
    assert [row.reasons[0]["code"] for row in waiting] == ["family_unknown", "family_handed_over"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_carried_the_case_that_day_recorded_it_whoever_carries_it_now(app, phone, people, family, stored):
    hand_over(app, people.vera, demo_day() - timedelta(days=1))
    day = (demo_day() - timedelta(days=1)).isoformat()

    phone.patch(phone.seal("acquaintance", act_body(family, on=day)[1]))

    assert [row.about for row in from_phones(stored, CaseAcquaintance)] == ["group"]


@pytest.mark.usefixtures("receives")
def test_a_receipt_begins_a_clock_once(phone, family, stored):
    body = receipt_body(family)

    assert phone.patch(phone.seal("acknowledgement", body)).json["state"] == APPLIED
    assert phone.patch(phone.seal("acknowledgement", body)).json["state"] == APPLIED

    (event,) = from_phones(stored, Event, type="resolution_received")
    assert (event.on, event.data["number"]) == (demo_day(), "17/4")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_office_posts_the_same_forms(app, people, family, stored, receives):
    app.config["WTF_CSRF_ENABLED"] = False
    vera, key = sign_in(app, people.vera), uuid7()
    said = {"id": key, "family": family, "about": "resolution", "on": demo_day().isoformat()}

    assert vera.post(f"/families/{family}/acquaintances", data=said, base_url=ORIGIN).status_code == 303
    assert (
        vera.post(
            f"/families/{family}/acquaintances", data=said | {"id": uuid7(), "about": ""}, base_url=ORIGIN
        ).status_code
        == 422
    )
    receipt = {"id": uuid7(), "family": family, "on": demo_day().isoformat(), "number": "9"}
    assert vera.post(f"/families/{family}/acknowledgements", data=receipt, base_url=ORIGIN).status_code == 303

    assert [str(row.id) for row in stored(CaseAcquaintance)] == [key]
    led = vera.get(f"/subjects/{receives}/acquaintance", base_url=ORIGIN)
    assert (led.status_code, led.location) == (303, f"/families/{family}/acquaintance")
    assert sign_in(app, people.igor).get(f"/subjects/{receives}/acquaintance", base_url=ORIGIN).status_code == 404
    page = vera.get(led.location, base_url=ORIGIN).text
    assert "ещё не было" in page
    assert "было" in page


@pytest.mark.parametrize(
    ("profile", "acts"),
    [
        ("kochki_2020@1", ["resolution", "group", "programme"]),
        ("krasnoyarsk_2011@1", ["resolution", "group", "programme", "rights", "help_places", "bodies"]),
        ("novosibirsk_2022@1", ["resolution", "group", "programme"]),
    ],
)
def test_a_procedure_names_its_own_acts(profile, acts):
    assert [act.id for act in acts_of(load_profile(profile))] == acts
