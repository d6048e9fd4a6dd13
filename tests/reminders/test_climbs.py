"""Whom each procedure tells of what is late, and when: worked out by hand over the calendars of 2026 and 2027."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from curator_app.auth.models import Organisation, Person, Role
from curator_app.extensions import db
from curator_app.subjects.models import Assignment, Subject
from tests.reminders.test_clocks import CENTRE, COMMISSION, CURATOR, HEAD, clock, signal_of, walk, world_of
from tests.reminders.world import World

__all__ = ["clock"]

CHAIR, OFFICER = "Председателев", "Приёмов"
NOVOSIBIRSK = "Asia/Novosibirsk"


def chair_of(subject: Subject, world: World, since: date) -> None:
    """Let somebody of a school be the chair of the subject's group."""
    place = Organisation(name="Школа района", kind="school", territory=world.territory)
    person = Person(name=f"{CHAIR} Олег Ильич")
    db.session.add_all([place, person])
    db.session.flush()
    held = {"person_id": person.id, "organisation_id": place.id, "since_on": since}
    db.session.add(Assignment(subject_id=subject.id, role="group_chair", **held))
    db.session.commit()


def at_ten(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(10), ZoneInfo(zone))


def test_in_the_stage_table_the_commission_hears_a_day_after_a_case_was_to_be_categorised(clock):
    # Checked on Thursday, 10 December 2026: three days end on Sunday, so it is due on Monday, the 14th.
    world = world_of(clock, "Europe/Moscow", "kdn_stage_table", date(2026, 12, 1))
    checked = date(2026, 12, 10)
    clock.move(checked, "Europe/Moscow", time(10))
    signal = signal_of(world, "signal_checked", checked, at_ten(checked, "Europe/Moscow"))
    chair_of(signal, world, checked)

    said = walk(world, "categorise", (date(2026, 12, 11), date(2026, 12, 18)))

    # Half of four days is Saturday, a day before is Sunday: both are said on Friday, once. The group that looks into
    # it hears by its chair.
    assert said == {
        "11.12": [f"half {CHAIR}"],
        "14.12": [f"due {CHAIR}"],
        "15.12": sorted([f"late {CHAIR}", f"told_1 {COMMISSION}"]),
    }


def test_where_nobody_of_the_group_is_in_the_app_its_silence_is_the_commissions_once(clock):
    world = world_of(clock, "Europe/Moscow", "kdn_stage_table", date(2026, 12, 1))
    checked = date(2026, 12, 10)
    clock.move(checked, "Europe/Moscow", time(10))
    signal_of(world, "signal_checked", checked, at_ten(checked, "Europe/Moscow"))

    assert walk(world, "categorise", (date(2026, 12, 11), date(2026, 12, 18))) == {"15.12": [f"late {COMMISSION}"]}


def test_the_stage_tables_half_year_climbs_to_the_resource_centre_after_a_week(clock):
    # Approved on Monday, 15 June: six months end on Tuesday, 15 December 2026.
    world = world_of(clock, "Europe/Moscow", "kdn_stage_table", date(2026, 6, 1))
    clock.move(date(2026, 6, 15), "Europe/Moscow", time(12))
    world.happened("plan_approved", date(2026, 6, 15))

    said = walk(world, "interim_review", (date(2026, 12, 7), date(2026, 12, 23)))

    # Three days before is Saturday, the 12th. Whoever leads the organisation that carries the case hears after three
    # days: Friday, the 18th; the resource centre after seven.
    assert said == {
        "08.12": [f"before_7 {COMMISSION}"],
        "11.12": [f"before_3 {COMMISSION}"],
        "14.12": [f"before_1 {COMMISSION}"],
        "15.12": [f"due {COMMISSION}"],
        "16.12": [f"late {COMMISSION}"],
        "18.12": [f"told_3 {HEAD}"],
        "22.12": sorted([f"late_7 {COMMISSION}", f"told_7 {CENTRE}"]),
    }


def test_in_kochki_the_groups_chair_hears_a_day_after_the_copies_were_to_be_sent(clock):
    # Adopted on Friday, 30 October 2026: 2, 3 and 5 November are its three working days, the 4th is a holiday.
    world = world_of(clock, NOVOSIBIRSK, "kochki_2020", date(2026, 10, 30))
    world.happened("resolution_adopted", date(2026, 10, 30))
    chair_of(world.subject, world, date(2026, 10, 30))

    said = walk(world, "resolution_copies", (date(2026, 10, 31), date(2026, 11, 12)))

    # Half of six days is Monday, the 2nd; the day before the 5th is the holiday, so it is said on the 3rd. Three days
    # late is Sunday, the 8th: the head hears on Monday. The commission, which owes it, is not told of itself.
    assert said == {
        "02.11": [f"half {COMMISSION}"],
        "03.11": [f"before_1 {COMMISSION}"],
        "05.11": [f"due {COMMISSION}"],
        "06.11": sorted([f"late {COMMISSION}", f"told_1 {CHAIR}"]),
        "09.11": [f"told_3 {HEAD}"],
        "12.11": [f"late_7 {COMMISSION}"],
    }


def test_in_kochki_the_chair_who_owes_the_groups_proposals_is_reminded_and_not_told_of_himself(clock):
    # Registered on Friday, 30 October: 2, 3, 5, 6 and 9 November are the five working days.
    world = world_of(clock, NOVOSIBIRSK, "kochki_2020", date(2026, 10, 30))
    chair_of(world.subject, world, date(2026, 10, 30))

    said = walk(world, "programme_proposals", (date(2026, 10, 31), date(2026, 11, 13)))

    # Half of ten days is the holiday of the 4th: said on the 3rd. The day before is Sunday: said on Friday, the 6th.
    assert said == {
        "03.11": [f"half {CHAIR}"],
        "06.11": [f"before_1 {CHAIR}"],
        "09.11": [f"due {CHAIR}"],
        "10.11": [f"late {CHAIR}"],
        "12.11": sorted([f"told_3 {COMMISSION}", f"told_3 {HEAD}"]),
    }


LATE_SURVEY = sorted([f"late {COMMISSION}", f"told_1 {CHAIR}"])


@pytest.mark.parametrize(
    ("rule", "due"), [("order_survey", {"02.11": [f"due {COMMISSION}"]}), ("first_survey", {})], ids=["order", "survey"]
)
def test_in_kochki_the_chair_hears_the_next_day_of_a_survey_that_was_not_ordered_or_not_made(clock, rule, due):
    # Received on Friday, 30 October: three days end on Monday, 2 November; the two days before are a weekend.
    world = world_of(clock, NOVOSIBIRSK, "kochki_2020", date(2026, 10, 1))
    received = date(2026, 10, 30)
    clock.move(received, NOVOSIBIRSK, time(10))
    chair_of(signal_of(world, "signal_received", received, at_ten(received, NOVOSIBIRSK)), world, received)

    said = walk(world, rule, (date(2026, 10, 31), date(2026, 11, 6)))

    # The 3rd works, the 4th is a holiday. The survey is another body's: its silence is the commission's to hear of.
    assert said == due | {"03.11": LATE_SURVEY}


def test_in_novosibirsk_a_notice_that_was_not_handed_on_is_the_commissions_the_next_working_day(clock):
    # Diagnosed on Friday, 11 December 2026: a day ends on Saturday, so it is due on Monday, the 14th.
    world = world_of(clock, NOVOSIBIRSK, "novosibirsk_2022", date(2026, 12, 1))
    done = date(2026, 12, 11)
    clock.move(done, NOVOSIBIRSK, time(10))
    signal_of(world, "primary_diagnosis_done", done, at_ten(done, NOVOSIBIRSK))

    said = walk(world, "notice_to_single_window", (date(2026, 12, 12), date(2026, 12, 17)))

    # A specialist of another body owes it: her silence on the 15th, and the document's «after a day», are one word.
    assert said == {"15.12": [f"late {COMMISSION}"]}


def test_in_novosibirsk_the_single_windows_check_climbs_to_the_commission_after_a_day(clock):
    # Received on Thursday, 10 December 2026: Friday, Monday and Tuesday, the 15th, are its three working days.
    world = world_of(clock, NOVOSIBIRSK, "novosibirsk_2022", date(2026, 12, 1))
    place = db.session.query(Organisation).filter_by(name=COMMISSION).one()
    officer = Person(name=f"{OFFICER} Олег Ильич")
    db.session.add(officer)
    db.session.flush()
    held = {"person_id": officer.id, "organisation_id": place.id, "since_on": date(2020, 1, 1)}
    db.session.add(Role(role="intake_officer", **held))
    received = date(2026, 12, 10)
    clock.move(received, NOVOSIBIRSK, time(10))
    signal_of(world, "signal_received", received, at_ten(received, NOVOSIBIRSK))

    said = walk(world, "single_window_check", (date(2026, 12, 11), date(2026, 12, 18)))

    # Half of five days is Saturday: said on Friday, the 11th.
    assert said == {
        "11.12": [f"half {OFFICER}"],
        "14.12": [f"before_1 {OFFICER}"],
        "15.12": [f"due {OFFICER}"],
        "16.12": sorted([f"late {OFFICER}", f"told_1 {COMMISSION}"]),
    }


def test_in_bashkortostan_what_has_no_day_is_never_said_to_be_late_and_its_general_week_tells_nobody(clock):
    """Its seven days are for what is late, and no duty of it has a day: the curator alone sees what is to be done."""
    world = world_of(clock, "Asia/Yekaterinburg", "bashkortostan_2017", date(2026, 12, 7))

    assert walk(world, "deep_diagnosis", (date(2026, 12, 8), date(2026, 12, 21))) == {}
    assert CURATOR not in str(walk(world, "programme_proposals", (date(2026, 12, 22), date(2026, 12, 23))))
