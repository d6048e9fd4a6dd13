"""A day that somebody set (a court, a measure's end, a review, a turn) is said the day before and on the day, once."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.cases.course_models import AftercarePlan, FileControl
from curator_app.cases.placement_models import ContactSchedule, CourtDate, ScheduledContact
from curator_app.cases.safety_models import SafetyMeasure, SafetyPlan
from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.reminders import jobs
from curator_app.reminders.models import AGREED, Reminder
from curator_app.schedule import TABLE
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event
from curator_app.visits.models import Contact

DAY = timedelta(days=1)
DUE = date(2026, 11, 19)
"""A Thursday."""
LONG_BEFORE = DUE - 60 * DAY
BEGAN = date(2026, 10, 30)


def look(world, on, hour=7):
    """Let it be that morning in the district, and let the sweep look."""
    world.clock.move(on, world.territory.zone, time(hour))
    return jobs.look_at_own_days()


def said(person):
    """Return the steps of what was said to somebody of such days, and whether each still waits."""
    rows = select(Reminder).where(Reminder.kind == AGREED, Reminder.person_id == person.id).order_by(Reminder.id)
    return [(row.step.partition("@")[0], row.settled_at is None) for row in db.session.scalars(rows)]


def kept(*rows):
    """Write rows as of the day on which the case began."""
    db.session.add_all(rows)
    db.session.commit()
    return rows[0]


def of_family(world):
    return {"subject_id": world.subject.id, "family_id": world.subject.family_id, "author_id": world.curator.id}


def a_court(world):
    return kept(CourtDate(about="removal", on=DUE, **of_family(world)))


def a_plan(world, **said):
    about = {
        "kind": "first_measures",
        "child_name": "Лёва",
        "set_on": BEGAN,
        "place": "relatives",
        "with_whom": "бабушка",
    }
    return kept(SafetyPlan(subject_id=world.subject.id, author_id=world.curator.id, **about, **said))


def a_measure(world):
    plan = a_plan(world)
    words = {"threat": "Дома нет света", "measure": "Ночует у бабушки", "who": "бабушка", "agreed": "in_person"}
    return kept(SafetyMeasure(plan_id=plan.id, position=0, until_on=DUE, **words))


def a_plans_review(world):
    return a_plan(world, review_on=DUE)


def contacts_with_parents(world):
    child, mother = (FamilyMember(family_id=world.subject.family_id, name=name) for name in ("Лёва", "Нина"))
    child.kind, mother.kind = "child", "adult"
    kept(child, mother)
    who = {"member_id": child.id, "with_id": mother.id}
    row = kept(ContactSchedule(every_days=7, since_on=BEGAN, **who, **of_family(world)))
    turn = {"on": DUE - 7 * DAY, "took_place": True, "author_id": world.curator.id}
    kept(ScheduledContact(schedule_id=row.id, **turn))
    return row


def a_pause(world):
    event = record_event(world.subject, "paused", on=BEGAN, data={"reason": "hospital", "until": DUE.isoformat()})
    db.session.commit()
    return event


def aftercare(world, **said):
    """Help after the case: somebody looks in every thirty days, until the end of the year."""
    family = {"territory": world.territory, "procedure": world.subject.procedure, "family_id": world.subject.family_id}
    subject = kept(Subject(kind="aftercare", **family))
    place = world.assignments()[0].organisation_id
    held = {"person_id": world.curator.id, "organisation_id": place, "role": "case_curator", "since_on": BEGAN}
    kept(Assignment(subject_id=subject.id, **held))
    about = {"every_days": (DUE - BEGAN).days, "until_on": date(2026, 12, 30), **said}
    return kept(AftercarePlan(subject_id=subject.id, after_id=world.subject.id, organisation_id=place, **about))


def an_end_of_aftercare(world):
    return aftercare(world, every_days=200, until_on=DUE)


SOURCES = (a_court, a_measure, a_plans_review, contacts_with_parents, a_pause, aftercare, an_end_of_aftercare)


@pytest.fixture(autouse=True)
def began(world):
    """It is the day on which the case began."""
    world.clock.move(BEGAN, world.territory.zone, time(12))


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("source", SOURCES)
def test_the_day_before_and_on_the_day_once_each_to_who_carries_the_work(world, source):
    source(world)

    assert look(world, DUE - 2 * DAY) == 0
    for before in (1, 0):
        assert [look(world, DUE - before * DAY, hour) for hour in (7, 8)] == [1, 0]
    assert look(world, DUE + DAY) == 0
    assert [step for step, _waits in said(world.curator)] == ["day_before", "day"]
    assert said(world.head) == []


@pytest.mark.parametrize("source", SOURCES)
def test_what_fell_into_an_outage_is_said_once_when_the_clock_is_back(world, source):
    source(world)

    assert [look(world, DUE + days * DAY) for days in (2, 3)] == [1, 0]
    assert look(world, DUE + 30 * DAY) == 0 or source is aftercare
    assert [step for step, _waits in said(world.curator)][:1] == ["day"]


def test_a_court_that_was_moved_waits_no_more_and_its_new_day_is_said(world):
    court = a_court(world)
    look(world, DUE - DAY)
    court.on = DUE + 7 * DAY
    db.session.commit()
    look(world, DUE)
    assert said(world.curator) == [("day_before", False)]
    look(world, DUE + 6 * DAY)
    assert said(world.curator) == [("day_before", False), ("day_before", True)]


def test_what_is_set_today_for_tomorrow_is_known(world):
    world.clock.move(DUE - DAY, world.territory.zone, time(9))
    a_court(world)

    assert look(world, DUE - DAY, 10) == 0
    assert look(world, DUE) == 1


def test_the_rhythm_after_a_case_counts_from_the_last_time_somebody_spoke_with_the_family(world):
    plan = aftercare(world)
    spoke = {"on": DUE - 5 * DAY, "kind": "contact_call", "form_version": "contact@1"}
    spoke |= {"received_at": plan.created_at, "applied_at": plan.created_at}
    contact = Contact(
        author_id=world.curator.id, family_id=world.subject.family_id, subject_id=plan.subject_id, **spoke
    )
    kept(contact)

    assert look(world, DUE) == 0
    assert look(world, DUE - 5 * DAY + timedelta(days=plan.every_days)) == 1


def test_a_pause_that_has_ended_asks_nobody(world):
    a_pause(world)
    record_event(world.subject, "resumed", on=BEGAN + 5 * DAY)
    db.session.commit()

    assert look(world, DUE) == 0


def test_a_refusal_of_early_help_comes_back_to_its_owner_on_the_day(world):
    family = {"territory": world.territory, "procedure": world.subject.procedure, "family_id": world.subject.family_id}
    subject = kept(Subject(kind="early_help", **family))
    owner = kept(Person(name="Ведущая Анна Олеговна"))
    place = world.assignments()[0].organisation_id
    held = {"person_id": owner.id, "organisation_id": place, "role": "early_help_owner", "since_on": BEGAN}
    kept(Assignment(subject_id=subject.id, **held))
    record_event(subject, "consent_refused", on=BEGAN, data={"information": "Памятка", "recheck_on": DUE.isoformat()})
    db.session.commit()

    look(world, DUE)
    assert said(owner) == [("day", True)]
    assert said(world.curator) == said(world.head) == []
    record_event(subject, "consent_given", on=DUE)
    db.session.commit()
    look(world, DUE, 9)
    assert said(owner) == [("day", False)]


def test_the_card_index_is_the_commissions_to_look_at_again(world):
    place = kept(Organisation(name="Комиссия", kind="commission", territory=world.territory))
    secretary = kept(Person(name="Секретарёва Анна Олеговна"))
    held = {"person_id": secretary.id, "organisation_id": place.id, "role": "commission_secretary"}
    kept(Role(since_on=BEGAN, **held))
    world.subject.closed_on = BEGAN
    about = {"subject_id": world.subject.id, "territory_id": world.territory.id, "since_on": BEGAN}
    kept(FileControl(review_on=DUE, **about))

    look(world, DUE)
    assert (said(secretary), said(world.curator)) == ([("day", True)], [])


def test_a_closed_case_is_silent(world):
    a_court(world)
    world.subject.closed_on = DUE - 5 * DAY
    db.session.commit()

    assert look(world, DUE) == 0


def test_the_clock_asks_each_hour():
    assert [row.every_seconds for row in TABLE if row.job is jobs.look_at_own_days] == [3600]
