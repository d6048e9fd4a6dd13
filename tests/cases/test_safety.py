"""First measures and safety plans: per child, agreed by who does them, replaced, ended by a named person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.cases.safety_models import SafetyPlan
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Event, Subject
from curator_app.visits.before import before_visit
from tests.cases.safety_plans import ADDRESS, KNOWS, MEASURE, SafetyDesk
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case, settle, sign_in

# The statements are the same on both databases; who sees what is asked on both by the access matrix.
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

DAY = timedelta(days=1)


@pytest.fixture
def people(app):
    return settle(app)


@pytest.fixture
def desk(app, people):
    """Vera at her desk before the safety page of the Ryabinkins' case."""
    return SafetyDesk(app, people.ryabinkiny, people.vera)


def events_of(app, name):
    with app.app_context():
        found = db.session.scalars(select(Event).where(Event.type == name).order_by(Event.recorded_at))
        return [event for event in found if "plan" in event.data]  # not those that the demonstration tells


def test_first_measures_are_a_childs_own_and_fulfil_what_the_procedure_asks(app, desk):
    assert desk.set("first_measures", agreed="later").status_code == 303

    (event,) = events_of(app, "first_measures_set")
    assert event.data["child"] == desk.child
    page = desk.page()
    for words in ("Миша", MEASURE, "бабушка", "Ещё не договорились", "Первоочередные меры"):
        assert words in page, words
    assert [str(plan.id) for plan in desk.plans()] == [event.data["plan"]]
    with app.app_context():
        assert db.session.scalars(select(AuditRow).where(AuditRow.act == "safety:set")).one().family_id


def test_a_plan_is_made_with_those_who_do_it(app, desk):
    refused = desk.set("safety_plan", agreed="later")

    assert refused.status_code == 422
    assert f"О мере «{MEASURE}» ещё не договорились" in refused.text
    assert "Дети одни вечером" in refused.text, "what was typed stays"
    assert events_of(app, "safety_plan_set") == []

    assert desk.set("safety_plan", agreed="by_phone").status_code == 303
    assert "по телефону" in desk.page()


def test_an_adult_who_agreed_later_is_noted(desk):
    desk.set("first_measures", agreed="later")
    plan = desk.plans()[0]
    path = f"{desk.home}/{plan.id}/measures/{plan.measures[0].id}"

    ahead = desk.post(path, {"agreed": "in_person", "on": (demo_day() + DAY).isoformat()})
    done = desk.post(path, {"agreed": "in_person", "on": demo_day().isoformat()})

    assert (ahead.status_code, done.status_code) == (422, 303)
    assert "Ещё не договорились" not in desk.page()
    assert desk.post(path, {"agreed": "in_person", "on": demo_day().isoformat()}).status_code == 404


def test_a_plan_takes_first_measures_in_and_first_measures_leave_a_plan_standing(desk):
    desk.set("first_measures")
    desk.set("safety_plan")
    assert [(one.kind, one.end_reason) for one in desk.plans()] == [
        ("safety_plan", ""),
        ("first_measures", "replaced"),
    ]

    desk.set("first_measures")

    assert sorted(one.kind for one in desk.plans() if one.holds) == ["first_measures", "safety_plan"]


def test_what_ends_for_one_child_goes_on_for_another(app, desk, people):
    desk.set("safety_plan")
    desk.set("safety_plan", of="Соня")
    (plan,) = [one for one in desk.plans() if str(one.child_id) == desk.child]

    answer = desk.end(plan)

    assert answer.status_code == 303
    assert [one.of_child for one in desk.plans() if one.holds] == ["Соня"]
    with app.app_context():
        before = before_visit(db.session(), db.session.get_one(Family, people.ryabinkiny.id))
        assert "safety_plan" in before.has, "a visit still asks whether it holds"
    (event,) = events_of(app, "safety_plan_ended")
    assert event.data["child"] == desk.child
    assert event.data["decided_by"] == "Осокина Д. А., заведующая отделением"


def test_an_end_is_a_named_persons_decision_with_a_ground(app, desk):
    desk.set("safety_plan")
    plan = desk.plans()[0]

    for missing in ("words", "decided_by", "reason"):
        assert desk.end(plan, **{missing: ""}).status_code == 422, missing
    early = desk.end(plan, on=(demo_day() - 2 * DAY).isoformat())
    assert early.status_code == 422
    assert "Это составлено позже" in early.text

    assert events_of(app, "safety_plan_ended") == []
    assert desk.end(plan).status_code == 303
    page = desk.page()
    assert "Решил(а) Осокина Д. А., заведующая отделением: Мама вернулась с вахты" in page
    assert desk.end(plan).status_code == 404, "it has ended"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measures-0-who": ""}, "заполнено не всё"),
        ({"measures-0-until_on": (demo_day() - 9 * DAY).isoformat()}, "раньше, чем договорились"),
        ({"measures-0-until_on": "завтра"}, "Укажите день"),
        ({"with_whom": ""}, "Заполните это поле"),
        ({"place": "moon"}, "нет в списке"),
        ({"child": "00000000-0000-0000-0000-000000000000"}, "нет в списке"),
        ({"on": (demo_day() + 3 * DAY).isoformat()}, "ещё не наступил"),
        (
            dict.fromkeys(("measures-0-threat", "measures-0-measure", "measures-0-who", "measures-0-until_on"), ""),
            "Нет",
        ),
    ],
    ids=["half a row", "over already", "no day", "nobody with the child", "place", "foreign child", "ahead", "no row"],
)
def test_what_does_not_hold_is_said_and_nothing_is_written(desk, changes, words):
    answer = desk.set("safety_plan", **changes)

    assert answer.status_code == 422
    assert words in answer.text
    assert desk.plans() == []


def test_one_more_row_is_asked_for_without_losing_what_was_typed(desk):
    answer = desk.set("safety_plan", more="1")

    assert answer.status_code == 200
    assert "measures-1-threat" in answer.text
    assert MEASURE in answer.text
    assert desk.plans() == []


def test_a_plan_is_renewed_from_what_stands(desk):
    desk.set("safety_plan")
    plan = desk.plans()[0]

    page = desk.get(f"{desk.home}/new?kind=safety_plan&from={plan.id}").text

    for words in (MEASURE, "Дети одни вечером", ADDRESS, f'value="{desk.child}" selected'):
        assert words in page, words


def test_a_member_of_the_group_reads_the_plan_and_not_what_lies_deeper(app, desk, people):
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    desk.set("safety_plan")
    igor = SafetyDesk(app, people.ryabinkiny, people.igor)

    shown = igor.page() + igor.get(f"/families/{people.ryabinkiny.id}").text + igor.get(f"/cases/{desk.case}").text
    plan = desk.plans()[0]

    assert MEASURE in shown
    assert "у бабушки" in shown
    assert ADDRESS not in shown
    assert KNOWS not in shown
    assert igor.get(f"{igor.home}/{plan.id}/end").status_code == 404
    assert ADDRESS not in igor.get(f"{igor.home}/new?kind=safety_plan&from={plan.id}").text
    assert {ADDRESS, KNOWS} <= {one for one in (ADDRESS, KNOWS) if one in desk.page()}, "Vera reads both"


@pytest.mark.parametrize("who", ["igor", "anna"])
def test_a_stranger_and_the_administrator_find_nothing(app, desk, people, who):
    desk.set("safety_plan")
    plan = desk.plans()[0]
    other = SafetyDesk(app, people.ryabinkiny, getattr(people, who))

    asked = [
        other.get(other.home),
        other.get(f"{other.home}/new?kind=safety_plan"),
        other.get(f"{other.home}/{plan.id}/end"),
        other.set("safety_plan"),
        other.end(plan),
        other.post(f"{other.home}/{plan.id}/measures/{plan.measures[0].id}", {"agreed": "in_person"}),
    ]

    assert {answer.status_code for answer in asked} == {404}
    assert all(MEASURE not in answer.text for answer in asked)


def test_a_phone_gets_no_page_of_a_desk(app, desk, people):
    phone = sign_in(app, people.vera, "field")

    assert phone.get(desk.home, headers={"HX-Request": "true"}, base_url=ORIGIN).status_code == 404


def test_the_shared_form_of_steps_does_not_write_a_plan_without_its_measures(desk):
    answer = desk.post(f"/subjects/{desk.case}/steps/safety_plan_set", {"on": demo_day().isoformat()})

    assert answer.status_code == 422
    assert "на своей странице" in answer.text
    assert desk.plans() == []


def test_a_signals_plan_goes_on_in_the_case_of_its_family(app, desk, people):
    """Measures come before the case is opened; whoever carries it then works on with them."""
    with app.app_context():
        case = db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)).one()
        signal = Subject(
            kind="signal", family_id=case.family_id, territory_id=case.territory_id, procedure=case.procedure
        )
        child = db.session.scalars(select(FamilyMember).where(FamilyMember.family_id == case.family_id)).first()
        db.session.add(signal)
        db.session.flush()
        words = {"place": "home", "with_whom": "мама", "kind": "first_measures", "child_id": child.id}
        db.session.add(SafetyPlan(subject_id=signal.id, set_on=date(2026, 1, 9), author_id=people.igor.id, **words))
        db.session.commit()

    assert "Первоочередные меры" in desk.page()
    assert desk.end(desk.plans()[0]).status_code == 303
    assert [one.holds for one in desk.plans()] == [False]
