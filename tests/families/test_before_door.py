"""«Перед дверью»: twenty seconds' worth of what is known, the newest of it, with its dates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.clock import now
from curator_app.desk.before_door import Brief, brief
from curator_app.desk.lists import families_of
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.meetings import Meeting, agreed_meetings
from curator_app.visits.models import VISIT, Contact, Observation, Visit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
TODAY = demo_day()
DAY = timedelta(days=1)


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


def brief_of(family: Family) -> Brief:
    return brief(db.session(), db.session.get_one(Family, family.id), TODAY, "visit@2")


def add_visit(family: Family, ago: int, outcome: str = VISIT, **values: object) -> Visit:
    """Add a bare visit to those of the demonstration."""
    last = db.session.scalars(select(Visit).where(Visit.family_id == family.id)).first()
    assert last is not None
    visit = Visit(
        subject_id=last.subject_id,
        family_id=family.id,
        author_id=last.author_id,
        year=2999,
        number=ago,
        outcome=outcome,
        on=TODAY - ago * DAY,
        form_version="visit@2",
        fields=[],
        received_at=now(),
        applied_at=now(),
        **values,
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def test_the_page_holds_door_dog_people_improvements_worries_and_promises(app: Flask, people: People) -> None:
    page = sign_in(app, people.vera).get(f"/families/{people.ryabinkiny.id}/door", base_url=ORIGIN).text

    for words in (
        "Домофон 3, код 1408",
        "Буся",
        "Анна",
        "после 10, мама работает посменно",
        "Долг уменьшается",
        "Долг 4 200 ₽. У Сони своя кровать, кран починили",
        "Принести список кружков",
        "10:30",
        "Начать посещение",
        "Другой контакт",
        "/check-in",
    ):
        assert words in page, words
    assert "Записать Лёву к педиатру" not in page, "kept promises are over"


def test_a_worry_stays_open_until_a_later_visit_has_looked_at_its_section(app: Flask, people: People) -> None:
    family = people.ryabinkiny
    with app.app_context():
        earlier = add_visit(family, 3)
        earlier.observations.append(Observation(section="health", side="worry", item="sleeps_poorly"))
        worries = {line.section.id: line.words for line in brief_of(family).worries}
        assert worries["health"] == "Спит беспокойно"
        open_before = set(worries) - {"health"}
        assert open_before, "what this visit did not look at stays as it was"

        later = add_visit(family, 1)
        later.observations.append(Observation(section="health", side="strength", item="sees_doctor"))

        assert {line.section.id for line in brief_of(family).worries} == open_before


def test_a_skipped_answer_is_neither_a_worry_nor_an_improvement(app: Flask, people: People) -> None:
    with app.app_context():
        visit = add_visit(people.ryabinkiny, 1)
        for section in ("health", "safety_stability_protection"):
            visit.observations.append(Observation(section=section, side="worry", item="could_not_look"))
            visit.observations.append(Observation(section=section, side="strength", item="not_seen_yet"))

        found = brief_of(people.ryabinkiny)

        assert found.improved == []
        assert {"health", "safety_stability_protection"}.isdisjoint(line.section.id for line in found.worries)


def test_the_latest_agreement_counts_until_a_visit_takes_place(app: Flask, people: People) -> None:
    family = people.ryabinkiny

    def agreed() -> Meeting | None:
        return agreed_meetings(db.session(), [family.id], TODAY).get(family.id)

    with app.app_context():
        visit = add_visit(family, 9, next_on=TODAY + 5 * DAY, next_time="12:00")
        assert agreed() == Meeting(TODAY + 5 * DAY, "12:00")

        add_visit(family, 6, outcome="not_opened")
        assert agreed() == Meeting(TODAY + 5 * DAY, "12:00"), "a closed door changes no plan"

        said = {"family_id": family.id, "subject_id": visit.subject_id, "author_id": visit.author_id}
        moments = {"received_at": now(), "applied_at": now(), "on": TODAY - 4 * DAY, "form_version": "contact@1"}
        db.session.add(Contact(**said, **moments, kind="contact_call", next_on=TODAY + 2 * DAY))
        assert agreed() == Meeting(TODAY + 2 * DAY, "")

        add_visit(family, 1)
        assert agreed() is None


def test_today_begins_with_agreed_meetings_and_goes_on_with_the_longest_unseen(app: Flask, people: People) -> None:
    with app.app_context():
        rows = families_of(db.session(), people.vera, TODAY)
        agreed = [row.agreed.on for row in rows if row.agreed]
        others = [row.last_visit_on for row in rows if not row.agreed]

        assert [bool(row.agreed) for row in rows] == sorted((bool(row.agreed) for row in rows), reverse=True)
        assert agreed == sorted(agreed)
        assert others == sorted(others)
        assert agreed
        assert others


def test_a_meeting_far_ahead_does_not_come_before_a_family_long_unseen(app: Flask, people: People) -> None:
    with app.app_context():
        for visit in db.session.scalars(select(Visit)):
            visit.next_on = None
        add_visit(people.ryabinkiny, 1, next_on=TODAY + 30 * DAY)

        assert families_of(db.session(), people.vera, TODAY)[-1].family.id == people.ryabinkiny.id


def test_a_first_meeting_says_so(app: Flask, people: People) -> None:
    with app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == "Осинкины")).one()
    page = sign_in(app, people.igor).get(f"/families/{family.id}/door", base_url=ORIGIN).text

    assert "Это первая встреча" in page
