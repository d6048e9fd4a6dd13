"""A visit is said 7, 3 and 1 days before, on its day and after; a day off gives way to the working day before."""

from __future__ import annotations

from datetime import date

from curator_app.extensions import db


def test_each_moment_is_said_once_however_often_the_sweep_looks(world):
    for day in (23, 23, 24, 27, 30):
        world.at(date(2026, 11, day))
        world.at(date(2026, 11, day), 11)

    # The day before the 30th is a Sunday; the working day before it is the 27th, on which the third day was said.
    assert world.said() == ["deadline before_7", "deadline before_3", "deadline due"]


def test_nothing_is_said_before_the_hour_of_the_morning(world):
    world.at(date(2026, 11, 23), 8, 59)
    assert world.said() == []
    world.at(date(2026, 11, 23), 9, 0)
    assert world.said() == ["deadline before_7"]


def test_of_moments_that_passed_while_nothing_ran_only_the_last_is_said(world):
    world.at(date(2026, 11, 30))
    assert world.said() == ["deadline due"]


def test_after_its_day_the_curator_hears_of_it_and_three_days_later_her_head_does(world):
    for day in (1, 2, 3, 8):
        world.at(date(2026, 12, day))

    assert world.said() == ["deadline_passed late", "deadline_passed late_7"]
    assert world.said(world.head) == ["told told_3"]


def test_a_visit_that_was_made_ends_what_is_said_of_it(world):
    world.at(date(2026, 11, 20))
    world.happened("visit_made", date(2026, 11, 20))
    world.at(date(2026, 11, 30))
    assert world.said() == []


def test_a_paused_case_is_left_in_peace_and_heard_of_again_when_it_goes_on(world):
    world.at(date(2026, 11, 10))
    world.happened("paused", date(2026, 11, 10), ground="hospital")
    world.at(date(2026, 11, 30))
    assert world.said() == []

    # A month begins anew on the day on which work goes on: the visit is due on 30 December.
    world.happened("resumed", date(2026, 11, 30))
    world.at(date(2026, 12, 22))
    assert world.said() == []
    world.at(date(2026, 12, 23))
    assert world.said() == ["deadline before_7"]


def test_a_closed_case_is_left_in_peace(world):
    world.subject.closed_on = date(2026, 11, 20)
    db.session.commit()
    world.at(date(2026, 12, 7))
    assert world.said() == []


def test_the_days_are_the_territorys_to_choose(world):
    world.territory.reminding = {"visit_days": [10, 5], "morning": "11:00"}
    db.session.commit()
    world.at(date(2026, 11, 20), 10)
    assert world.said() == []
    world.at(date(2026, 11, 20), 11)
    world.at(date(2026, 11, 25), 11)
    assert world.said() == ["deadline before_10", "deadline before_5"]
