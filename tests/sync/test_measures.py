"""Whether what protects a child holds: ticked at a visit or a contact, with or without a network, in any order."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from curator_app.cases.safety_models import MeasureCheck, SafetyMeasure
from curator_app.extensions import db
from curator_app.sync.models import APPLIED, Envelope
from tests.cases.safety_plans import MEASURE, SafetyDesk
from tests.protocol_client import uuid7, visit_body
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case
from tests.sync.test_kit import Bag, of_kind

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

FACT = "Бабушка уехала в город до пятницы"


@pytest.fixture
def desk(app, people):
    """Vera at her desk; a plan of one child stands."""
    desk = SafetyDesk(app, people.ryabinkiny, people.vera)
    desk.set("safety_plan")
    return desk


@pytest.fixture
def measure(desk):
    """The one measure of the plan, as a form names it."""
    return f"measure-{desk.plans()[0].measures[0].id}"


def contact_body(family, **fields):
    values = {"id": uuid7(), "family": family, "form_version": "contact@1", "kind": "contact_call"}
    return urlencode(values | {"on": demo_day().isoformat()} | fields).encode()


def state_of(desk):
    last = desk.plans()[0].measures[0].last
    return (last.state, last.fact) if last else None


def test_a_visit_tells_that_a_measure_does_not_hold_and_what_hindered(phone, desk, family, measure, stored):
    phone.patch(phone.seal("visit", visit_body(family, **{measure: "broken", f"{measure}-fact": FACT})[1]))

    assert {row.state for row in stored(Envelope)} == {APPLIED}
    assert state_of(desk) == ("broken", FACT)
    page = desk.page()
    assert "Не действует с" in page
    assert FACT in page
    assert f"{MEASURE}: не действует. {FACT}" in desk.get(f"/families/{family}").text, "in the record of the visit"


def test_a_contact_tells_it_too(phone, desk, family, measure):
    phone.patch(phone.seal("contact", contact_body(family, **{measure: "kept"})))

    assert state_of(desk) == ("kept", "")
    assert "Действует, " in desk.page()


def test_a_phone_that_does_not_know_the_question_delivers_all_the_same(phone, desk, family, stored):
    phone.patch(phone.seal("visit", visit_body(family)[1]))
    phone.patch(phone.seal("contact", contact_body(family)))

    assert {row.state for row in stored(Envelope)} == {APPLIED}
    assert state_of(desk) is None


def test_records_in_the_wrong_order_leave_the_later_days_word(phone, desk, family, measure):
    earlier = (demo_day() - timedelta(days=2)).isoformat()
    phone.patch(phone.seal("visit", visit_body(family, **{measure: "kept"})[1]))
    phone.patch(phone.seal("visit", visit_body(family, id=uuid7(), on=earlier, **{measure: "broken"})[1]))

    assert state_of(desk) == ("kept", "")


def test_what_was_not_looked_at_says_nothing_new(phone, desk, family, measure):
    phone.patch(phone.seal("visit", visit_body(family, **{measure: "broken"})[1]))
    phone.patch(phone.seal("contact", contact_body(family, **{measure: "unseen"})))

    assert state_of(desk) == ("broken", "")


def test_a_correction_takes_the_place_of_what_was_said(phone, desk, family, measure, stored):
    first = phone.seal("visit", visit_body(family, **{measure: "broken", f"{measure}-fact": FACT})[1])
    phone.patch(first)
    phone.patch(phone.seal("visit", visit_body(family, id=uuid7(), **{measure: "kept"})[1], supersedes=first.id))

    assert state_of(desk) == ("kept", "")
    assert FACT not in desk.page()
    assert len(stored(MeasureCheck)) == 2, "the record stays as it was written"


def test_delivered_twice_it_is_said_once(phone, family, measure, stored):
    envelope = phone.seal("visit", visit_body(family, **{measure: "kept"})[1])
    phone.patch(envelope)
    phone.patch(envelope)

    assert len(stored(MeasureCheck)) == 1


def test_another_familys_measure_is_passed_over(people, phone_of, measure, stored):
    igor = phone_of(people.igor)
    igor.patch(igor.seal("visit", visit_body(str(people.podorozhnikovy.id), **{measure: "broken"})[1]))

    assert stored(MeasureCheck) == []
    assert {row.state for row in stored(Envelope)} == {APPLIED}


def test_an_answer_that_there_is_not_waits_for_its_author(phone, family, measure, stored):
    phone.patch(phone.seal("visit", visit_body(family, **{measure: "perhaps"})[1]))

    (envelope,) = stored(Envelope)
    assert envelope.reasons == [{"code": "field", "field": "measures"}]
    assert stored(MeasureCheck) == []


def test_the_forms_ask_of_each_measure_and_the_phone_takes_it_along(app, people, family, measure):
    lines = of_kind(Bag(app, people.vera).take(), "page")
    pages = {line["url"]: line["html"] for line in lines if family in line["url"]}

    for page in ("visit", "contact"):
        assert f'name="{measure}"' in pages[f"/families/{family}/{page}"], page
    for page in ("", "/door"):
        assert MEASURE in pages[f"/families/{family}{page}"], page


def test_the_kit_comes_anew_when_a_measure_is_told_of_or_ends(app, desk, people, phone, family, measure):
    bag = Bag(app, people.vera)
    bag.take()
    assert of_kind(bag.take(), "family") == []

    phone.patch(phone.seal("contact", contact_body(family, **{measure: "broken"})))
    assert [line["id"] for line in of_kind(bag.take(), "family")] == [family]

    desk.end(desk.plans()[0])
    assert [line["id"] for line in of_kind(bag.take(), "family")] == [family]


def test_the_kit_comes_anew_when_the_last_day_of_a_measure_has_passed(app, desk, people, family):
    bag = Bag(app, people.vera)
    bag.take()

    with app.app_context():
        row = db.session.get_one(SafetyMeasure, desk.plans()[0].measures[0].id)
        row.until_on = demo_day() - timedelta(days=1)
        db.session.commit()

    assert [line["id"] for line in of_kind(bag.take(), "family")] == [family]
    assert "срок прошёл" in desk.page()


def test_a_member_of_the_group_learns_that_it_does_not_hold_and_not_what_was_seen(
    app, phone, desk, people, family, measure
):
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    phone.patch(phone.seal("visit", visit_body(family, **{measure: "broken", f"{measure}-fact": FACT})[1]))
    igor = SafetyDesk(app, people.ryabinkiny, people.igor)

    shown = igor.page() + igor.get(f"/families/{family}").text + igor.get(f"/cases/{desk.case}").text

    assert "Не действует с" in shown
    assert FACT not in shown


def test_the_office_types_it_into_the_same_fields(desk, family, measure):
    form = {"id": uuid7(), "on": demo_day().isoformat(), "kind": "contact_call", "form_version": "contact@1"}
    answer = desk.client.post(f"/families/{family}/contacts", data=form | {measure: "kept"}, base_url=ORIGIN)

    assert answer.status_code == 303
    assert state_of(desk) == ("kept", "")
