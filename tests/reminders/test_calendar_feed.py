"""The calendar: meetings and last days with a number and no name, by an address that can be taken back."""

from __future__ import annotations

import re

import icalendar
from sqlalchemy import select, update

from curator_app.auth.models import FIELD
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.reminders import feed
from curator_app.subjects.models import Assignment
from tests.reminders.pages import Pages
from tests.support.days import demo_day

HERE = "/reminders/settings"


def shared(pages):
    """Make an address; return its path."""
    shown = pages.post(f"{HERE}/calendar").text
    return re.search(r"/calendar-feed/[\w-]+\.ics", shown)[0]


def test_a_program_that_knows_the_address_reads_numbers_days_and_no_name(app, people, open_as):
    path = shared(open_as(people.vera))
    answer = Pages(app.test_client()).get(path)

    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert events
    assert {re.sub(r"\d+", "418", str(one["summary"])) for one in events} <= {
        "Срок № 418",
        "Встреча № 418",
        "Срок",
        "Встреча",
    }
    with app.app_context():
        words = {word for one in db.session.scalars(select(Family)) for word in (one.surname, one.address) if word}
    # Lines are folded at 75 octets: unfolded before they are searched.
    text = answer.data.replace(b"\r\n ", b"").decode()
    assert not [word for word in words if word in text]


def test_the_hours_are_those_of_the_district(app, people, open_as):
    calendar = icalendar.Calendar.from_ical(Pages(app.test_client()).get(shared(open_as(people.vera))).data)
    assert [str(one["tzid"]) for one in calendar.walk("VTIMEZONE")] == ["Asia/Novosibirsk"]


def test_only_what_somebody_carries_stands_in_it(app, people):
    with app.app_context():
        mine = feed.entries_of(db.session(), people.vera, demo_day())
        db.session.execute(
            update(Assignment)
            .where(Assignment.person_id == people.vera.id)
            .values(until_on=demo_day().replace(year=2020))
        )
        after = feed.entries_of(db.session(), people.vera, demo_day())
    assert mine
    assert after == []


def test_another_address_voids_the_former_and_closing_voids_all(app, people, open_as):
    vera, anybody = open_as(people.vera), Pages(app.test_client())
    first = shared(vera)
    second = shared(vera)
    assert [anybody.get(path).status_code for path in (first, second)] == [404, 200]
    vera.post(f"{HERE}/calendar/off")
    assert anybody.get(second).status_code == 404


def test_the_address_is_shown_once_and_kept_nowhere(app, people, open_as):
    vera = open_as(people.vera)
    path = shared(vera)
    assert path not in vera.get(HERE).text
    with app.app_context():
        link = feed.link_of(db.session(), people.vera)
        assert link.token_hash not in path.encode()
        assert feed.by_token(db.session(), path.split("/")[-1].removesuffix(".ics")).id == link.id


def test_a_program_that_has_it_already_is_told_that_nothing_changed(app, people, open_as):
    anybody, path = Pages(app.test_client()), shared(open_as(people.vera))
    tag = anybody.get(path).headers["ETag"]
    assert anybody.get(path, {"If-None-Match": tag}).status_code == 304


def test_it_is_saved_as_a_file_also_from_a_phone(people, open_as):
    answer = open_as(people.vera, FIELD).get(f"{HERE}/calendar.ics")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
