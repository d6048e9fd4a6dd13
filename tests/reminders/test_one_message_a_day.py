"""What is said goes out as one message a day on each way; letters wait for the morning of a working day."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import ALARM, ANSWER, DEADLINE
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind

WITH_LETTERS = "a.kuratorova@example.test"


def tell(world, on, hour, kind=DEADLINE):
    """Say something new to the curator at an hour."""
    world.clock.move(on, world.territory.zone, time(hour))
    world.curator.email = WITH_LETTERS
    said = Said(kind, world.subject.id, f"{on} {hour}", "/today")
    assert remind(db.session(), Places(db.session()), world.curator.id, said, now())
    db.session.commit()


def moments(world):
    """Return when the curator's messages go, by the clock of the district."""
    zone = Places(db.session()).of(world.territory).zone
    return [parcel.next_at.astimezone(zone).strftime("%d.%m %H:%M") for parcel in world.parcels()]


def test_two_reminders_of_a_day_are_one_message(world):
    tell(world, date(2026, 11, 23), 9)
    tell(world, date(2026, 11, 23), 10)
    assert moments(world) == ["23.11 09:00"]


def test_when_the_days_message_has_gone_the_next_one_waits_for_the_next_working_day(world):
    tell(world, date(2026, 11, 27), 9)
    world.parcels()[0].done_at = now()
    tell(world, date(2026, 11, 27), 10)
    assert moments(world) == ["27.11 09:00", "30.11 09:00"]


def test_in_the_evening_and_on_days_off_nobody_is_disturbed(world):
    tell(world, date(2026, 11, 27), 21)
    tell(world, date(2026, 11, 28), 12)
    assert moments(world) == ["30.11 09:00"]


def test_before_the_morning_it_waits_for_the_morning(world):
    tell(world, date(2026, 11, 27), 3)
    assert moments(world) == ["27.11 09:00"]


def test_new_years_holidays_are_over_before_anything_ordinary_is_sent(world):
    tell(world, date(2026, 12, 31), 12)
    # 31.12.2026 is a day off by the transfers of 2026; the first working day of 2027 is 11 January.
    assert moments(world) == ["11.01 09:00"]


def test_an_alarm_goes_at_once_in_the_middle_of_the_night_of_a_day_off(world):
    tell(world, date(2026, 11, 28), 2, ALARM)
    assert moments(world) == ["28.11 02:00"]


def test_an_answer_does_not_wait_for_tomorrows_message_and_lets_people_sleep(world):
    tell(world, date(2026, 11, 28), 3, ANSWER)
    tell(world, date(2026, 11, 28), 15, ANSWER)
    assert moments(world) == ["28.11 08:00", "28.11 15:00"]


def test_a_letter_is_the_mornings_what_comes_later_stands_in_the_next_one(world):
    tell(world, date(2026, 11, 26), 15)
    assert moments(world) == ["27.11 09:00"]


def test_what_comes_while_the_message_is_being_sent_is_not_lost(world):
    tell(world, date(2026, 11, 26), 9)
    world.parcels()[0].claimed_at = now()
    tell(world, date(2026, 11, 26), 10)
    assert moments(world) == ["26.11 09:00", "27.11 09:00"]


def test_what_is_late_or_tried_again_is_put_off_until_people_work(world):
    tell(world, date(2026, 11, 27), 9)
    world.clock.move(date(2026, 11, 27), world.territory.zone, time(22))
    assert jobs.deliver(world.parcels()[0].id) == "later"
    db.session.expire_all()
    assert moments(world) == ["30.11 09:00"]
    assert world.parcels()[0].tries == 0


def test_the_same_is_not_said_twice(world):
    said = Said(DEADLINE, world.subject.id, "due", "/today")
    again = [remind(db.session(), Places(db.session()), world.curator.id, said, now()) for _ in range(2)]
    assert again == [True, False]


def test_who_holds_no_role_any_more_is_reminded_by_the_capitals_clock(world):
    nobody = Person(name="Ничьих Пётр Петрович", email="p.nichyikh@example.test")
    db.session.add(nobody)
    db.session.flush()
    world.clock.move(date(2026, 11, 23), "Europe/Moscow", time(3))
    assert remind(
        db.session(), Places(db.session()), nobody.id, Said(DEADLINE, world.subject.id, "due", "/today"), now()
    )
    (parcel,) = world.parcels(nobody)
    assert parcel.next_at.astimezone(ZoneInfo("Europe/Moscow")).strftime("%d.%m %H:%M") == "23.11 09:00"
