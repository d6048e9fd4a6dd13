"""Hundreds of old alarms: what waits stays in front and quick, the settled ones are a page away, narrowed and paged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import event, select

from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.urgent.jobs import mark_missed
from curator_app.urgent.models import Alarm, CheckIn
from tests.support.people import ORIGIN, sign_in
from tests.urgent.conftest import check_in_body

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def desk(app, people):
    """The duty person at her desk."""
    app.config["WTF_CSRF_ENABLED"] = False
    return sign_in(app, people.darya)


def see(client, path):
    answer = client.get(path, headers=FRAGMENT, base_url=ORIGIN)
    assert answer.status_code == 200, path
    return answer.text


def remember(app, people, count, **values):
    """Let the organisation have so many alarms, a minute apart, the last of them now."""
    with app.app_context():
        carried = select(Assignment).join(Subject).where(Subject.family_id == people.ryabinkiny.id)
        own = db.session.scalars(carried).first()
        said = {"organisation_id": own.organisation_id, "subject_id": own.subject_id, "author_id": people.vera.id}
        rows = []
        for n in range(count):
            at = now() - timedelta(minutes=count - 1 - n) - values.get("ago", timedelta())
            row = Alarm(id=uuid7(), **said, raised_at=at, received_at=at, family_id=people.ryabinkiny.id)
            row.state = values.get("state", "open")
            row.seen_at = at if values.get("seen") else None
            row.confirmed_at, row.confirmed_name = (at, "Осокина Д. А.") if row.state == "confirmed" else (None, "")
            row.cancelled_at = at if row.state == "cancelled" else None
            rows.append(row)
        db.session.add_all(rows)
        db.session.commit()
        return [str(row.id) for row in rows]


@contextmanager
def counted(app) -> Iterator[list[str]]:
    """Collect the statements that are run meanwhile."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def ids_in(page):
    return [part.split('"')[0] for part in page.split('data-alarm="')[1:]]


def test_a_new_alarm_stands_first_however_many_old_ones_wait(app, desk, people):
    seen = remember(app, people, 120, seen=True, ago=timedelta(days=3))
    (fresh,) = remember(app, people, 1)

    page = see(desk, "/duty")

    assert ids_in(page)[0] == fresh
    assert len(ids_in(page)) == 20
    assert "Ещё 101" in page
    assert "/duty/alarms?show=open" in page
    assert see(desk, "/duty/count") == " · 121"
    assert set(ids_in(page)[1:]) <= set(seen)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_screen_asks_for_as_much_with_hundreds_as_with_a_few(app, desk, people):
    remember(app, people, 25)
    remember(app, people, 25, state="confirmed")
    with counted(app) as few:
        see(desk, "/duty")
    remember(app, people, 400)
    remember(app, people, 400, state="confirmed", ago=timedelta(days=30))

    with counted(app) as many:
        page = see(desk, "/duty")

    assert len(many) == len(few)
    assert len(ids_in(page)) == 40


def test_the_settled_ones_are_paged_and_none_is_left_out_or_shown_twice(app, desk, people):
    settled = remember(app, people, 60, state="confirmed", ago=timedelta(days=40))
    remember(app, people, 3)
    shown, path, pages = [], "/duty/alarms?show=confirmed", 0

    while path:
        page = see(desk, path)
        shown += ids_in(page)
        pages += 1
        further = re.search(r"/duty/alarms\?show=confirmed&amp;after=[-0-9a-f]+", page)
        path = unescape(further[0]) if further else ""

    assert shown == settled[::-1]
    assert pages == 3


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("shown", "count"), [("all", 9), ("open", 4), ("confirmed", 3), ("cancelled", 2)])
def test_the_list_is_narrowed(app, desk, people, shown, count):
    remember(app, people, 4)
    remember(app, people, 3, state="confirmed")
    remember(app, people, 2, state="cancelled")

    assert len(ids_in(see(desk, f"/duty/alarms?show={shown}"))) == count


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("path", ["/duty/alarms", "/duty/check-ins"])
def test_an_empty_list_says_so_and_what_nobody_knows_is_not_there(desk, path):
    assert "нет" in see(desk, path)
    for query in ("show=secret", f"after={uuid7()}"):
        assert desk.get(f"{path}?{query}", headers=FRAGMENT, base_url=ORIGIN).status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_stranger_pages_through_nothing(app, people):
    ids = remember(app, people, 2)

    for who in (people.vera, people.igor, people.anna):
        other = sign_in(app, who)
        for path in ("/duty/alarms", "/duty/check-ins", f"/duty/alarms?after={ids[0]}"):
            assert other.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code == 404


def test_who_was_reached_by_mistake_is_missing_again(app, desk, send, family, stored):
    send("check_in", check_in_body(family, minutes=-1))
    with app.app_context():
        assert mark_missed() == 1
    (row,) = stored(CheckIn)
    path = f"/duty/check-ins/{row.id}"
    desk.post(path, data={"how": "found"}, base_url=ORIGIN)
    assert "Вернуть" in see(desk, "/duty")
    assert see(desk, "/duty/count") == ""

    desk.post(path, data={"how": "back"}, base_url=ORIGIN)

    (row,) = stored(CheckIn)
    assert (row.closed_at, row.closed_by_id) == (None, None)
    assert see(desk, "/duty/count") == " · 1"
    closed, corrected = [one for one in stored(Event) if one.type in {"check_in_closed", "event_corrected"}]
    assert corrected.data["corrects"] == str(closed.id)
    assert corrected.data["void"] is True


def test_ones_own_word_is_not_taken_back_by_the_duty_person(desk, send, family, stored):
    opened = check_in_body(family, minutes=30)
    send("check_in", opened)
    key = str(stored(CheckIn)[0].id)
    send("check_in", check_in_body(family, "return", minutes=30, id=key))

    desk.post(f"/duty/check-ins/{key}", data={"how": "back"}, base_url=ORIGIN)

    assert isinstance(stored(CheckIn)[0].closed_at, datetime)
