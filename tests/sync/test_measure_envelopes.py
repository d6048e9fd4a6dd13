"""What protects a child, set on a phone without a network: once, however often it comes and however late."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from curator_app.audit.models import AuditRow
from curator_app.cases.safety_models import SafetyMeasure, SafetyPlan
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Event
from curator_app.sync.jobs import forget_erased
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from tests.cases.safety_plans import ADDRESS, SafetyDesk
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case, sign_in
from tests.sync.conftest import hand_over
from tests.sync.test_kit import Bag, of_kind
from tests.urgent.conftest import check_in_body

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

MEASURE = "Ночуют у бабушки, пока дома нет света"


@pytest.fixture
def desk(app, people):
    """Vera at her desk."""
    return SafetyDesk(app, people.ryabinkiny, people.vera)


@pytest.fixture
def body(desk, family):
    """Return the fields of a form as a phone seals them."""

    def made(**changes: str) -> bytes:
        said = {"id": uuid7(), "family": family, "form_version": "measure@1", "kind": "first_measures"}
        said |= {"on": demo_day().isoformat(), "child": desk.child, "place": "relatives", "with_whom": "бабушка"}
        said |= {"place_address": ADDRESS, "child_knows": "Звонит бабушке"}
        until = (demo_day() + timedelta(days=3)).isoformat()
        row = {"threat": "Дома отключили свет", "measure": MEASURE, "who": "бабушка", "until_on": until}
        said |= {f"measures-0-{name}": value for name, value in row.items()} | {"measures-0-agreed": "in_person"}
        said |= {"measures-1-threat": "", "measures-1-until_on": "", "measures-1-agreed": "later"}
        return urlencode(said | changes).encode()

    return made


def reasons(stored):
    (envelope,) = stored(Envelope, kind="measure")
    assert envelope.state == NEEDS_REPAIR
    return envelope.reasons


def test_it_protects_the_child_from_that_day_and_the_dossier_says_so(phone, desk, family, body, stored):
    assert phone.patch(phone.seal("measure", body())).json["state"] == APPLIED

    (plan,) = desk.plans()
    assert (plan.kind, plan.set_on, plan.place, str(plan.child_id)) == (
        "first_measures",
        demo_day(),
        "relatives",
        desk.child,
    )
    assert [row.measure for row in plan.measures] == [MEASURE], "a row in which nothing was written is none"
    assert MEASURE in desk.get(f"/families/{family}").text
    assert MEASURE in desk.page()
    (event,) = stored(Event, type="first_measures_set")
    assert event.enrolment_id is not None
    assert len(stored(AuditRow, act="safety:set")) == 1


def test_delivered_twice_and_sealed_anew_it_is_one_plan(phone, desk, body, stored):
    said = body()
    envelope = phone.seal("measure", said)
    for one in (envelope, envelope, phone.seal("measure", said)):
        phone.patch(one)

    assert len(desk.plans()) == 1
    assert len(stored(Event, type="first_measures_set")) == 1
    assert {row.state for row in stored(Envelope)} == {APPLIED}


def test_what_was_set_since_at_the_desk_stands_when_an_older_one_comes(phone, desk, body, stored):
    assert desk.set("safety_plan").status_code == 303
    phone.patch(phone.seal("measure", body(on=(demo_day() - timedelta(days=2)).isoformat())))

    plans = stored(SafetyPlan, subject_id=desk.case)
    late, plan = (next(one for one in plans if one.kind == kind) for kind in ("first_measures", "safety_plan"))
    assert (plan.ended_on, late.ended_on, late.replaced_by_id) == (None, demo_day(), plan.id)


def test_a_newer_one_takes_the_place_of_what_stands(phone, desk, body, stored):
    desk.set("first_measures")
    phone.patch(phone.seal("measure", body(kind="safety_plan")))

    assert {one.kind: one.ended_on for one in stored(SafetyPlan, subject_id=desk.case)} == {
        "first_measures": demo_day(),
        "safety_plan": None,
    }


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "x"}, "id"),
        ({"kind": "wish"}, "kind"),
        ({"on": ""}, "on"),
        ({"child": "00000000-0000-7000-8000-000000000000"}, "child"),
        ({"place": "moon"}, "place"),
        ({"with_whom": " "}, "with_whom"),
        ({"measures-0-who": ""}, "measures-0-threat"),
        ({"measures-0-until_on": "2001-01-01"}, "measures-0-until_on"),
        ({"measures-0-agreed": "by_pigeon"}, "measures-0-agreed"),
        ({f"measures-{n}-who": "бабушка" for n in range(2, 40)}, "measures"),
    ],
)
def test_what_does_not_hold_waits_for_its_author(phone, desk, body, stored, fields, field):
    phone.patch(phone.seal("measure", body(**fields)))

    assert {"code": "field", "field": field} in reasons(stored)
    assert desk.plans() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "safety_plan", "measures-0-agreed": "later"},
        {"measures-0-threat": "", "measures-0-measure": "", "measures-0-who": "", "measures-0-until_on": ""},
        {"on": (demo_day() + timedelta(days=9)).isoformat(), "measures-0-until_on": "2999-01-01"},
    ],
)
def test_what_the_rules_forbid_waits_with_the_rule_in_words(app, people, phone, desk, body, stored, fields):
    phone.patch(phone.seal("measure", body(**fields)))

    (reason,) = reasons(stored)
    (envelope,) = stored(Envelope)
    assert reason["code"] == "step_refused"
    page = sign_in(app, people.vera).get(f"/repairs/{envelope.id}", base_url=ORIGIN).text
    assert reason["why"] in page
    assert "У родственников" in page
    assert desk.plans() == []


def test_only_who_carries_the_family_sets_it(app, phone_of, people, body, stored):
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    igor, vera = phone_of(people.igor), phone_of(people.vera)
    igor.patch(igor.seal("measure", body()))
    hand_over(app, people.vera, demo_day() - timedelta(days=30))
    vera.patch(vera.seal("measure", body()))

    assert [row.reasons[0]["code"] for row in stored(Envelope)] == ["family_unknown", "family_handed_over"]
    assert stored(SafetyMeasure, measure=MEASURE) == []


def test_another_authors_id_stays_theirs(phone_of, people, desk, body, stored):
    desk.set("first_measures")
    (plan,) = desk.plans()
    igor = phone_of(people.igor)
    igor.patch(igor.seal("measure", body(id=str(plan.id))))

    assert reasons(stored) == [{"code": "id_taken"}]


def test_the_form_lies_in_the_kit_and_a_desk_is_led_to_its_own_page(app, people, desk, family):
    lines = of_kind(Bag(app, people.vera).take(), "page")
    pages = {line["url"]: line["html"] for line in lines}

    form = pages[f"/families/{family}/measure"]
    assert 'data-outbox="measure"' in form
    assert all(key in form for key in desk.children.values())
    assert f"/families/{family}/measure" in pages[f"/families/{family}"]
    led = desk.get(f"/families/{family}/measure")
    assert (led.status_code, led.location) == (303, desk.home)
    stranger = sign_in(app, people.igor).get(f"/families/{family}/measure", base_url=ORIGIN)
    assert stranger.status_code == 404


def test_with_an_erased_family_go_the_sealed_words_of_its_measures_and_check_ins(
    app, phone, people, family, body, stored
):
    phone.patch(phone.seal("check_in", check_in_body(family)))
    phone.patch(phone.seal("measure", body()))

    def kept():
        return {row.kind: row.body is not None for row in stored(Envelope, state=APPLIED)}

    with app.app_context():
        assert forget_erased() == 0
    assert kept() == {"check_in": True, "measure": True}

    with app.app_context():
        db.session.get_one(Family, people.ryabinkiny.id).erased_on = demo_day()
        db.session.commit()
        assert forget_erased() == 2
    assert kept() == {"check_in": False, "measure": False}
