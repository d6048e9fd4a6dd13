"""Ends of months, quarters and years in the zones of the country: days worked out by hand for each procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import Reminder
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from tests.reminders.world import World, make_world
from tests.support.moved_clock import MovedClock

DAY = timedelta(days=1)
OFFICES = {"kdn_commission": "commission_secretary", "resource_centre": "resource_centre"}


@pytest.fixture
def clock(app: Flask, tmp_path: Path) -> Iterator[MovedClock]:
    """The clock of the application, moved by the test."""
    moved = MovedClock(tmp_path / "now")
    with moved.in_force(), app.app_context():
        yield moved


def world_of(clock: MovedClock, zone: str, procedure: str, began: date) -> World:
    """Take a case on at noon of a day, in a district that has a commission and a resource centre."""
    clock.move(began, zone)
    world = make_world(clock, zone, procedure, began)
    for name, office in OFFICES.items():
        place = Organisation(name=name, kind="commission", territory=world.territory)
        person = Person(name=f"{name} Анна Олеговна")
        db.session.add_all([place, person])
        db.session.flush()
        held = {"person_id": person.id, "organisation_id": place.id, "role": office}
        db.session.add(Role(since_on=date(2020, 1, 1), **held))
    db.session.commit()
    return world


def said_of(rule: str) -> dict[str, list[str]]:
    """Return who was told what of a duty: «first word of the name» to «step» in order."""
    found: dict[str, list[str]] = {}
    for row in db.session.scalars(select(Reminder).order_by(Reminder.id)):
        if row.duty and row.duty.rule == rule:
            found.setdefault(row.person.name.split()[0], []).append(row.step.partition("@")[0])
    return found


def walk(world: World, rule: str, days: tuple[date, date]) -> dict[str, list[str]]:
    """Let every morning come from one day to another; return what was said on which day: «23.12 before_7 Curator»."""
    said: dict[str, list[str]] = {}
    before = said_of(rule)
    day = days[0]
    while day <= days[1]:
        world.at(day, 9)
        after = said_of(rule)
        for whose, steps in after.items():
            for step in steps[len(before.get(whose, [])) :]:
                said.setdefault(f"{day:%d.%m}", []).append(f"{step} {whose}")
        before, day = after, day + DAY
    return {day: sorted(what) for day, what in said.items()}


CURATOR, HEAD, COMMISSION, CENTRE = "Кураторова", "Главная", "kdn_commission", "resource_centre"
NEW_YEAR = (date(2026, 12, 20), date(2027, 1, 18))
WARNED = {
    "23.12": [f"before_7 {CURATOR}"],
    "25.12": [f"before_3 {CURATOR}"],
    "29.12": [f"before_1 {CURATOR}"],
    "30.12": [f"due {CURATOR}"],
}
"""The last working day of 2026 is Wednesday, 30 December: a week before it, three days (27th is a Sunday), a day."""
# 11 January 2027 is the first working day: who owed it and who is told hear on that day; the week after a last day
# of 31.12 or 7.01 is over by then, or on the 14th.
KOCHKI_LATE = {"11.01": sorted([f"late {CURATOR}", f"told_3 {HEAD}", f"told_3 {COMMISSION}"])}
KRASNOYARSK_LATE = {"11.01": sorted([f"late {CURATOR}", f"told_3 {HEAD}", f"told_3 {CENTRE}"])}


@pytest.mark.parametrize(
    ("procedure", "zone", "late"),
    [
        ("kochki_2020", "Asia/Novosibirsk", KOCHKI_LATE),
        ("krasnoyarsk_2011", "Asia/Krasnoyarsk", KRASNOYARSK_LATE),
    ],
)
def test_a_visit_due_on_christmas_is_warned_of_before_the_holidays(clock, procedure, zone, late):
    # Taken on on 7 December: by a month from that day the visit is due on 7 January 2027.
    world = world_of(clock, zone, procedure, date(2026, 12, 7))
    said = walk(world, "home_visit", NEW_YEAR)
    again = {"14.01": [f"late_7 {CURATOR}"]}
    assert said == WARNED | late | again


def test_the_quarter_that_ends_with_the_year_climbs_after_seven_days_in_krasnoyarsk(clock):
    world = world_of(clock, "Asia/Krasnoyarsk", "krasnoyarsk_2011", date(2026, 12, 7))
    said = walk(world, "quarterly_information", NEW_YEAR)
    assert {day: said[day] for day in WARNED} == WARNED
    # 31.12 and seven days is Christmas: all is said on the first working day, the week's repeat instead of «late».
    first = said["11.01"]
    assert f"told_7 {CENTRE}" in first
    assert f"told_3 {HEAD}" in first
    assert not any(COMMISSION in one for one in first)


def test_the_stage_tables_quarter_climbs_to_the_resource_centre(clock):
    world = world_of(clock, "Asia/Kamchatka", "kdn_stage_table", date(2026, 12, 7))
    world.happened("plan_approved", date(2026, 12, 7))
    said = walk(world, "effectiveness_quarterly", NEW_YEAR)
    assert {day: said[day] for day in WARNED} == WARNED
    assert f"told_7 {CENTRE}" in said["11.01"]


def test_novosibirsks_plan_term_ends_after_the_spring_holiday(clock):
    # The plan is approved on 30 November 2026; its term ends on Monday, 1 March 2027.
    world = world_of(clock, "Asia/Novosibirsk", "novosibirsk_2022", date(2026, 11, 30))
    world.happened("plan_approved", date(2026, 11, 30))
    said = walk(world, "plan_term", (date(2027, 2, 15), date(2027, 3, 4)))
    # Monday, 22 February is off before the holiday of the 23rd; Saturday, the 20th, works for it.
    assert said == {
        "20.02": [f"before_7 {CURATOR}"],
        "26.02": [f"before_3 {CURATOR}"],
        "01.03": [f"due {CURATOR}"],
        "02.03": [f"late {CURATOR}"],
        "04.03": [f"told_3 {HEAD}"],
    }


def test_novosibirsks_director_is_told_where_a_territory_tells_no_head(clock):
    """The document's escalation to the director of the institution: whoever leads the one that carries the case."""
    world = world_of(clock, "Asia/Novosibirsk", "novosibirsk_2022", date(2026, 11, 30))
    world.territory.reminding = {"late_to_head_days": 0}
    world.happened("plan_approved", date(2026, 11, 30))
    said = walk(world, "plan_term", (date(2027, 3, 2), date(2027, 3, 4)))
    assert said["04.03"] == [f"told_3 {HEAD}"]


def test_a_patronage_without_a_day_in_bashkortostan_is_never_said_to_be_late(clock):
    world = world_of(clock, "Asia/Yekaterinburg", "bashkortostan_2017", date(2026, 12, 7))
    assert walk(world, "patronage", (date(2026, 12, 28), date(2027, 1, 12))) == {}


def signal_of(world: World, what: str, on: date, at: datetime, **data: object) -> Subject:
    """A signal of the district to which something happens at an hour; nobody of the app reported it."""
    signal = Subject(kind="signal", territory=world.territory, procedure=world.subject.procedure)
    db.session.add(signal)
    db.session.flush()
    record_event(signal, what, on=on, at=at, data=data)
    db.session.commit()
    return signal


def test_a_day_and_a_night_that_end_in_the_holidays_are_told_to_the_commission_the_next_morning(clock):
    """The stage table: the report is owed within a сутки, and of a late one the commission hears after 0 days."""
    world = world_of(clock, "Europe/Moscow", "kdn_stage_table", date(2026, 12, 7))
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("Europe/Moscow"))
    clock.move(eve.date(), "Europe/Moscow", time(23, 30))
    signal_of(world, "signal_known", eve.date(), eve)
    # It passes on 1 January at 23:30; on the 2nd people are awake, and the holidays last until the 11th.
    said = walk(world, "signal_report", (date(2027, 1, 1), date(2027, 1, 4)))
    assert said["02.01"] == [f"late {COMMISSION}"]
    assert "01.01" not in said


def test_of_emergency_measures_without_a_day_the_commission_hears_when_they_are_wanted(clock):
    """The stage table names no term for them and tells the commission after 0 days."""
    world = world_of(clock, "Europe/Moscow", "kdn_stage_table", date(2026, 12, 7))
    friday = datetime(2026, 12, 11, 15, 0, tzinfo=ZoneInfo("Europe/Moscow"))
    clock.move(friday.date(), "Europe/Moscow", time(15))
    signal_of(world, "risk_decided", friday.date(), friday, risk_degree="threat")
    jobs.look_at_duties()
    assert said_of("emergency_measures") == {COMMISSION: ["told_0"]}


def test_novosibirsks_diagnosis_climbs_a_day_after_its_third_day(clock):
    # Found on Thursday, 29 October: three days end on Sunday, so it is due on Monday, 2 November; Wednesday the 4th is
    # a holiday and Tuesday the 3rd works.
    world = world_of(clock, "Asia/Novosibirsk", "novosibirsk_2022", date(2026, 10, 1))
    found = datetime(2026, 10, 29, 11, 0, tzinfo=ZoneInfo("Asia/Novosibirsk"))
    clock.move(found.date(), "Asia/Novosibirsk", time(11))
    signal_of(world, "signal_known", found.date(), found)
    said = walk(world, "primary_diagnosis", (date(2026, 10, 30), date(2026, 11, 5)))
    assert said == {"03.11": [f"late {COMMISSION}"]}


@pytest.mark.parametrize("zone", ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka"])
def test_the_morning_is_the_districts_own(clock, zone):
    # Taken on on the last day of October that has no twin in November: the visit is due on Monday, 30 November.
    world_of(clock, zone, "kochki_2020", date(2026, 10, 31))
    clock.move(date(2026, 11, 23), zone, time(8, 59))
    jobs.look_at_duties()
    assert said_of("home_visit") == {}
    clock.move(date(2026, 11, 23), zone, time(9, 0))
    jobs.look_at_duties()
    assert said_of("home_visit") == {CURATOR: ["before_7"]}


def test_a_month_and_a_year_that_end_while_the_machine_is_off_are_said_once_with_the_last_word(clock):
    world = world_of(clock, "Europe/Moscow", "kochki_2020", date(2026, 10, 30))
    world.at(date(2026, 11, 20))
    world.at(date(2027, 1, 11), 12)
    assert said_of("home_visit")[CURATOR] == ["late_28"]
    world.at(date(2027, 1, 11), 12, 1)
    assert said_of("home_visit")[CURATOR] == ["late_28"]
