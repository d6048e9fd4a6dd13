"""A visit planned on a phone without a network: once, however often it comes, and the later word stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.sync.jobs import forget_erased
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from curator_app.visits.planning_models import PlannedVisit
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.sync.conftest import hand_over
from tests.sync.test_kit import Bag, of_kind

HTMX = {"HX-Request": "true"}
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def day(ahead):
    return (demo_day() + timedelta(days=ahead)).isoformat()


def hours_ago(hours):
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


@pytest.fixture
def body(family):
    """Return the fields of a form as a phone seals them: a day three days ahead."""
    said = {"family": family, "form_version": "plan@1", "on": day(3)}
    return lambda **changes: urlencode({"id": uuid7(), **said, **changes}).encode()


@pytest.fixture
def at_a_desk(app, people, family):
    """Plan a visit at the office, as the same curator does in the morning."""

    def plan(on, **said):
        app.config["WTF_CSRF_ENABLED"] = False
        vera = sign_in(app, people.vera)
        answer = vera.post(f"/families/{family}/plan", data={"on": on, **said}, headers=HTMX, base_url=ORIGIN)
        assert answer.status_code == 200

    return plan


@pytest.fixture
def plans(stored, family):
    """Return what stands, and what was planned before with how it ended."""

    def read():
        rows = [row for row in stored(PlannedVisit) if str(row.family_id) == family]
        standing = [(row.on.isoformat(), row.time) for row in rows if row.ended_at is None]
        ended = sorted((row.on.isoformat(), row.ended_as) for row in rows if row.ended_at is not None)
        return standing, [one for one in ended if one[1] != "no_day"]

    return read


def reasons(stored):
    (envelope,) = stored(Envelope, kind="plan")
    assert envelope.state == NEEDS_REPAIR
    return envelope.reasons


def test_the_tapped_day_stands_at_the_office(phone, body, plans, stored, app, people, family):
    assert phone.patch(phone.seal("plan", body(time="10:30"))).json["state"] == APPLIED

    assert plans() == ([(day(3), "10:30")], [])
    page = sign_in(app, people.vera).get(f"/families/{family}/plan", headers=HTMX, base_url=ORIGIN).text
    assert "10:30" in page
    (row,) = stored(AuditRow, act="visit:planned")
    assert row.enrolment_id is not None


def test_delivered_twice_and_sealed_anew_it_is_one_plan(phone, body, plans, stored):
    said = body()
    envelope = phone.seal("plan", said)
    for one in (envelope, envelope, phone.seal("plan", said)):
        phone.patch(one)

    assert plans() == ([(day(3), "")], [])
    assert {row.state for row in stored(Envelope)} == {APPLIED}


def test_a_second_word_moves_the_first_and_its_reason_is_kept(phone, body, plans, stored):
    phone.patch(phone.seal("plan", body(), created_at=hours_ago(3)))
    phone.patch(phone.seal("plan", body(on=day(5), reason="family_ill"), created_at=hours_ago(1)))

    assert plans() == ([(day(5), "")], [(day(3), "moved")])
    assert stored(PlannedVisit, reason="family_ill")[0].replaces_id is not None


def test_of_two_that_come_in_the_wrong_order_the_later_word_stands(phone, body, plans):
    phone.patch(phone.seal("plan", body(on=day(5)), created_at=hours_ago(1)))
    phone.patch(phone.seal("plan", body(on=day(3)), created_at=hours_ago(3)))

    assert plans() == ([(day(5), "")], [(day(3), "moved")])


@on_sqlite
def test_what_was_planned_at_the_desk_meanwhile_stands_when_an_older_word_comes(phone, body, plans, at_a_desk):
    at_a_desk(day(7))
    phone.patch(phone.seal("plan", body(), created_at=hours_ago(5)))

    assert plans() == ([(day(7), "")], [(day(3), "moved")])


@on_sqlite
def test_a_clock_that_runs_ahead_does_not_hold_a_day_for_ever(phone, body, plans, at_a_desk):
    phone.patch(phone.seal("plan", body(), created_at=hours_ago(-900)))
    at_a_desk(day(7), reason="road")

    assert plans() == ([(day(7), "")], [(day(3), "moved")])


@on_sqlite
def test_a_day_that_has_passed_on_the_way_is_no_mistake(phone, body, plans):
    assert phone.patch(phone.seal("plan", body(on=day(-4)), created_at=hours_ago(200))).json["state"] == APPLIED

    assert plans() == ([(day(-4), "")], [])


@on_sqlite
def test_another_day_is_typed_and_a_reason_that_nobody_knows_is_none(phone, body, plans, stored):
    phone.patch(phone.seal("plan", body(), created_at=hours_ago(3)))
    phone.patch(phone.seal("plan", body(on="other", other_on=day(30), reason="weather@9"), created_at=hours_ago(2)))

    assert plans() == ([(day(30), "")], [(day(3), "moved")])
    assert [row.reason for row in stored(PlannedVisit)] == ["", ""]


@on_sqlite
def test_a_day_is_left_open_again_once(phone, body, plans, at_a_desk):
    at_a_desk(day(3))
    dropped = body(on="none", reason="road")
    phone.patch(phone.seal("plan", dropped))
    assert plans() == ([], [(day(3), "dropped")])

    at_a_desk(day(6))
    phone.patch(phone.seal("plan", dropped, created_at=hours_ago(1)))
    assert plans() == ([(day(6), "")], [(day(3), "dropped")])


@on_sqlite
def test_no_day_that_was_said_last_stands_though_it_came_first(phone, body, plans):
    phone.patch(phone.seal("plan", body(on=day(3)), created_at=hours_ago(5)))
    phone.patch(phone.seal("plan", body(on="none"), created_at=hours_ago(1)))
    phone.patch(phone.seal("plan", body(on=day(5)), created_at=hours_ago(3)))
    assert plans() == ([], [(day(3), "dropped"), (day(5), "moved")])

    phone.patch(phone.seal("plan", body(on=day(8)), created_at=hours_ago(0.5)))
    assert plans() == ([(day(8), "")], [(day(3), "dropped"), (day(5), "moved")])


@on_sqlite
def test_what_was_dropped_at_the_desk_since_is_not_planned_again_by_an_older_word(
    app, people, phone, body, plans, at_a_desk
):
    at_a_desk(day(6))
    with app.app_context():
        (plan,) = db.session.query(PlannedVisit).filter_by(family_id=people.ryabinkiny.id)
        key = plan.id
    vera = sign_in(app, people.vera)
    assert vera.post(f"/plans/{key}/drop", headers=HTMX, base_url=ORIGIN).status_code == 200
    phone.patch(phone.seal("plan", body(), created_at=hours_ago(1)))

    assert plans() == ([], sorted([(day(6), "dropped"), (day(3), "moved")]))


@on_sqlite
def test_a_word_that_was_overtaken_says_so_to_the_phone(phone, body, at_a_desk):
    at_a_desk(day(7))
    receipt = phone.patch(phone.seal("plan", body(), created_at=hours_ago(30))).json

    assert (receipt["state"], receipt["reasons"]) == (APPLIED, [{"code": "plan_overtaken"}])


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": "завтра"}, "on"),
        ({"on": "other"}, "on"),
        ({"on": "other", "other_on": "2006-12-05"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"time": "25:00"}, "time"),
        ({"time": "10:30\n"}, "time"),
    ],
)
def test_what_cannot_be_read_waits_for_a_hand_and_says_which_field(phone, body, plans, stored, fields, field):
    phone.patch(phone.seal("plan", body(**fields)))

    assert reasons(stored) == [{"code": "field", "field": field}]
    assert plans() == ([], [])


@on_sqlite
def test_what_waits_for_a_hand_is_read_at_a_desk_in_words(app, people, phone, body, stored):
    phone.patch(phone.seal("plan", body(on="other", reason="road", word="Мост закрыт")))
    (envelope,) = stored(Envelope, kind="plan")

    page = sign_in(app, people.vera).get(f"/repairs/{envelope.id}", base_url=ORIGIN).text

    assert "План посещения" in page
    assert "Мост закрыт" in page
    assert "Бездорожье" in page


@on_sqlite
def test_its_author_plans_anew_and_closes_it_and_a_colleague_does_not(app, people, phone, body, stored):
    app.config["WTF_CSRF_ENABLED"] = False
    phone.patch(phone.seal("plan", body(on="завтра")))
    (envelope,) = stored(Envelope, kind="plan")
    closing = {"text": "Договорились по телефону", "settle": "1"}
    path = f"/repairs/{envelope.id}"

    assert "Выберите день заново" in sign_in(app, people.vera).get(path, base_url=ORIGIN).text
    assert sign_in(app, people.igor).post(f"{path}/notes", data=closing, base_url=ORIGIN).status_code == 404
    assert sign_in(app, people.vera).post(f"{path}/notes", data=closing, base_url=ORIGIN).status_code == 303
    assert path not in sign_in(app, people.vera).get("/repairs", base_url=ORIGIN).text.partition("Закрыты")[0]


@on_sqlite
def test_of_a_family_that_is_nobody_of_ones_own_nothing_is_planned(phone_of, people, body, plans, stored):
    igor = phone_of(people.igor)
    igor.patch(igor.seal("plan", body()))

    assert reasons(stored) == [{"code": "family_unknown"}]
    assert plans() == ([], [])


@on_sqlite
def test_of_a_family_handed_over_since_it_is_kept_and_stands_for_nothing(app, phone, people, body, plans, stored):
    envelope = phone.seal("plan", body())
    hand_over(app, people.vera, demo_day() - timedelta(days=1))
    assert phone.patch(envelope).json["state"] == APPLIED

    assert plans() == ([], [(day(3), "dropped")])
    assert stored(Envelope)[0].reasons == [{"code": "family_handed_over_since"}]


@on_sqlite
def test_another_persons_plan_is_not_changed_by_its_id(phone_of, phone, people, body, plans, stored, family):
    phone.patch(phone.seal("plan", body()))
    (plan,) = (row for row in stored(PlannedVisit) if str(row.family_id) == family)
    igor = phone_of(people.igor)
    igor.patch(igor.seal("plan", body(id=str(plan.id), on=day(9))))

    assert plans() == ([(day(3), "")], [])


@on_sqlite
def test_the_form_is_in_the_kit_and_comes_anew_with_the_plan_and_only_of_that_family(app, people, phone, body, family):
    bag = Bag(app, people.vera)
    pages = {line["url"]: line["html"] for line in of_kind(bag.take(), "page")}
    form = pages[f"/families/{family}/plan"]
    assert 'data-outbox="plan"' in form
    assert "data-off=" in form

    phone.patch(phone.seal("plan", body(time="09:15")))
    lines = bag.take()

    assert [line["id"] for line in of_kind(lines, "family")] == [family]
    again = {line["url"]: line["html"] for line in of_kind(lines, "page")}
    assert "09:15" in again[f"/families/{family}/plan"]
    assert "09:15" in again["/plan"]


@on_sqlite
def test_a_phone_reads_the_same_page_with_a_network_and_a_head_is_offered_no_day(app, people, family):
    kept = {line["url"]: line["html"] for line in of_kind(Bag(app, people.vera).take(), "page")}
    vera, darya = sign_in(app, people.vera, FIELD), sign_in(app, people.darya, FIELD)

    assert vera.get(f"/families/{family}/plan", headers=HTMX, base_url=ORIGIN).text == kept[f"/families/{family}/plan"]
    read = darya.get(f"/families/{family}/plan", headers=HTMX, base_url=ORIGIN).text
    assert "data-finish" not in read


@on_sqlite
def test_its_sealed_words_go_when_the_family_is_erased(app, phone, people, body, stored):
    phone.patch(phone.seal("plan", body(word="Мост закрыт")))
    with app.app_context():
        db.session.get_one(Family, people.ryabinkiny.id).erased_on = demo_day()
        db.session.commit()
        forget_erased()

    assert stored(Envelope)[0].body is None
