"""A visit is planned by tapping a day, moved with a reason, and taken back; what was planned before stays readable."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.reminders import feed
from curator_app.visits import planning
from curator_app.visits.models import Visit
from curator_app.visits.planning_models import PlannedVisit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def vera(app: Flask, people: People) -> FlaskClient:
    return sign_in(app, people.vera)


def day(ahead: int) -> str:
    return (demo_day() + timedelta(days=ahead)).isoformat()


def plan(client: FlaskClient, family: Family, ahead: int, **said: str) -> Any:
    """Tap a day."""
    path = f"/families/{family.id}/plan"
    return client.post(path, data={"on": day(ahead), **said}, headers=HTMX, base_url=ORIGIN)


def standing(app: Flask, family: Family) -> list[tuple[str, str]]:
    """Return the day and hour that stand, of everything that was ever planned."""
    with app.app_context():
        rows = select(PlannedVisit).where(PlannedVisit.family_id == family.id, PlannedVisit.ended_at.is_(None))
        return [(row.on.isoformat(), row.time) for row in db.session.scalars(rows)]


def test_a_tapped_day_stands_and_the_page_says_who_is_at_home_when(app: Flask, people: People, vera: Any) -> None:
    answer = plan(vera, people.ryabinkiny, 3, time="10:30")

    assert answer.status_code == 200
    assert standing(app, people.ryabinkiny) == [(day(3), "10:30")]
    with app.app_context():
        best = db.session.get_one(Family, people.ryabinkiny.id).door["best_time"]
    assert best in answer.text


def test_a_day_that_stands_moves_only_with_a_reason_and_the_reason_stays(app: Flask, people: People, vera: Any) -> None:
    plan(vera, people.ryabinkiny, 3)

    refused = plan(vera, people.ryabinkiny, 5)
    assert (refused.status_code, standing(app, people.ryabinkiny)) == (422, [(day(3), "")])
    assert "Отметьте, почему переносите" in refused.text

    moved = plan(vera, people.ryabinkiny, 5, reason="family_ill")
    assert standing(app, people.ryabinkiny) == [(day(5), "")]
    assert "перенесено: в семье болеют" in moved.text


def test_what_was_moved_can_be_taken_back(app: Flask, people: People, vera: Any) -> None:
    plan(vera, people.ryabinkiny, 3)
    plan(vera, people.ryabinkiny, 5, reason="road")
    with app.app_context():
        newest = db.session.scalars(select(PlannedVisit.id).order_by(PlannedVisit.id.desc())).first()

    answer = vera.post(f"/plans/{newest}/undo", headers=HTMX, base_url=ORIGIN)
    assert (answer.status_code, standing(app, people.ryabinkiny)) == (200, [(day(3), "")])

    again = vera.post(f"/plans/{newest}/undo", headers=HTMX, base_url=ORIGIN)
    assert (again.status_code, standing(app, people.ryabinkiny)) == (409, [(day(3), "")])


def test_a_day_is_left_open_again_and_that_can_be_taken_back_too(app: Flask, people: People, vera: Any) -> None:
    plan(vera, people.ryabinkiny, 3)
    with app.app_context():
        key = db.session.scalars(select(PlannedVisit.id)).one()

    vera.post(f"/plans/{key}/drop", headers=HTMX, base_url=ORIGIN)
    assert standing(app, people.ryabinkiny) == []
    vera.post(f"/plans/{key}/restore", headers=HTMX, base_url=ORIGIN)
    assert standing(app, people.ryabinkiny) == [(day(3), "")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"on": "завтра"}, "День не выбран"),
        ({"on": day(-1)}, "Этот день уже прошёл"),
        ({"on": day(63)}, "Так далеко планировать рано"),
        ({"time": "25:00"}, "Время не читается"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_planned(
    app: Flask, people: People, vera: Any, said: dict[str, str], words: str
) -> None:
    answer = plan(vera, people.ryabinkiny, 3, **said)

    assert (answer.status_code, standing(app, people.ryabinkiny)) == (422, [])
    assert words in answer.text


@pytest.mark.parametrize(("who", "status"), [("darya", 404), ("igor", 404), ("anna", 404), ("member", 404)])
def test_only_who_carries_the_case_plans_its_visits(
    app: Flask, people: People, vera: Any, who: str, status: int
) -> None:
    plan(vera, people.ryabinkiny, 3)
    with app.app_context():
        key = db.session.scalars(select(PlannedVisit.id)).one()
    if who == "member":  # of the working group
        join_case(app, people.ryabinkiny, people.igor, "group_member")
    client = sign_in(app, people.igor if who == "member" else getattr(people, who))

    assert plan(client, people.ryabinkiny, 5, reason="road").status_code == status
    for act in ("undo", "drop", "restore"):
        assert client.post(f"/plans/{key}/{act}", headers=HTMX, base_url=ORIGIN).status_code == status
    assert standing(app, people.ryabinkiny) == [(day(3), "")]


def test_the_head_reads_the_plan_and_is_offered_no_day(app: Flask, people: People, vera: Any) -> None:
    plan(vera, people.ryabinkiny, 3)

    page = sign_in(app, people.darya).get(f"/families/{people.ryabinkiny.id}/plan", headers=HTMX, base_url=ORIGIN)

    assert "Туманова" in page.text
    assert "<form" not in page.text


def test_a_plan_is_over_once_somebody_came(app: Flask, people: People, vera: Any, came_today: Any) -> None:
    plan(vera, people.ryabinkiny, 0)
    came_today()

    with app.app_context():
        assert planning.standing_plan(db.session(), people.ryabinkiny.id) is None
    # A new day needs no reason: nothing was moved.
    assert plan(vera, people.ryabinkiny, 7).status_code == 200
    assert "приходили" in plan(vera, people.ryabinkiny, 8, reason="road").text


@pytest.fixture
def came_today(app: Flask, people: People) -> Any:
    """Write down an attempt at the Ryabinkins' door, made today."""

    def come() -> None:
        with app.app_context():
            one = db.session.scalars(select(Visit).where(Visit.family_id == people.ryabinkiny.id)).first()
            assert one is not None
            one.on, one.outcome = demo_day(), "not_opened"
            db.session.commit()

    return come


def test_a_planned_visit_stands_in_the_persons_calendar_on_its_new_day(app: Flask, people: People, vera: Any) -> None:
    plan(vera, people.ryabinkiny, 3, time="14:10")
    plan(vera, people.ryabinkiny, 5, time="15:20", reason="road")

    with app.app_context():
        found = feed.entries_of(db.session(), people.vera, demo_day())
    meetings = [(one.on.isoformat(), one.at) for one in found if str(people.ryabinkiny.id) in one.uid]
    assert meetings == [(day(5), time(15, 20))]
