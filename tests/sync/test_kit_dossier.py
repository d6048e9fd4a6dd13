"""A phone carries where the children are and what is owed; what may not be read or is over goes from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.cases.erasing import erase_content
from curator_app.cases.placement_models import ContactSchedule, CourtDate, Placement
from curator_app.desk.versions import family_versions
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.reasons import owed_among
from curator_app.subjects.service import record_event
from tests.support.days import demo_day
from tests.support.people import People, join_case
from tests.sync.test_kit import Bag, of_kind

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
TODAY = demo_day()
DAY = timedelta(days=1)
WHO, WHERE = "Тайникова Зоя", "Потайная улица, дом 77"


def case_of(family: Family) -> Subject:
    query = select(Subject).where(Subject.family_id == family.id, Subject.kind == "case")
    return db.session.scalars(query).one()


def own(family: Family) -> dict[str, object]:
    author = select(Assignment.person_id).where(Assignment.subject_id == case_of(family).id)
    told = {"subject_id": case_of(family).id, "family_id": family.id}
    return told | {"author_id": db.session.scalars(author).first()}


def place(family: Family) -> None:
    said = {"kind": "guardian", "since_on": TODAY, "named": WHO, "address": WHERE, "is_hidden": True}
    db.session.add(Placement(**own(family), member_id=family.children[0].id, **said))


def come_home(family: Family) -> None:
    for row in db.session.scalars(select(Placement).where(Placement.family_id == family.id)):
        row.until_on = TODAY


def call_to_court(family: Family) -> None:
    db.session.add(CourtDate(**own(family), about="limiting", on=TODAY + 9 * DAY, time="14:30", court="Районный суд"))


def agree_to_meet(family: Family) -> None:
    people = {"member_id": family.children[0].id, "with_id": family.adults[0].id}
    db.session.add(ContactSchedule(**own(family), **people, every_days=7, since_on=TODAY, place="Центр «Берег»"))


def owe(family: Family) -> None:
    record_event(case_of(family), "resolution_received", on=TODAY)


def end(family: Family) -> None:
    case_of(family).closed_on = TODAY - DAY


def erase(family: Family) -> None:
    erase_content(db.session(), family)


def alter(app: Flask, people: People, *changes: Callable[[Family], None]) -> None:
    with app.app_context():
        for change in changes:
            change(db.session.get_one(Family, people.ryabinkiny.id))
            db.session.flush()
        db.session.commit()


def dossier(bag: Bag, people: People) -> str:
    """Return the dossier that comes with the next kit."""
    (page,) = [line for line in of_kind(bag.take(), "page") if line["url"] == f"/families/{people.ryabinkiny.id}"]
    return str(page["html"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (place, ["Где живут дети", "у опекуна", WHO, WHERE, "Адрес скрыт от родной семьи"]),
        (call_to_court, ["Об ограничении родительских прав", "в 14:30", "Районный суд"]),
        (agree_to_meet, ["раз в 7 дней", "Центр «Берег»"]),
    ],
)
def test_what_was_written_at_the_office_comes_to_the_phone(
    app: Flask, people: People, change: Callable[[Family], None], words: list[str]
) -> None:
    bag = Bag(app, people.vera)
    before = dossier(bag, people)
    assert not [one for one in words if one in before]

    alter(app, people, change)

    after = dossier(bag, people)
    assert [one for one in words if one not in after] == []


def test_a_member_of_the_group_takes_along_that_a_child_is_not_home_and_not_where(app: Flask, people: People) -> None:
    alter(app, people, place, call_to_court, agree_to_meet)
    join_case(app, people.ryabinkiny, people.igor, "group_member")

    page = dossier(Bag(app, people.igor), people)

    assert "у опекуна" in page
    assert not [one for one in (WHO, WHERE, "Районный суд", "Центр «Берег»", "скрыт") if one in page]


def test_a_child_who_came_home_is_at_home_on_the_phone(app: Flask, people: People) -> None:
    alter(app, people, place, agree_to_meet)
    bag = Bag(app, people.vera)
    assert WHERE in dossier(bag, people)

    alter(app, people, come_home)

    page = dossier(bag, people)
    assert WHERE not in page
    assert "у опекуна" not in page


def test_each_duty_stands_there_with_its_day_and_what_it_is_counted_from(app: Flask, people: People) -> None:
    bag = Bag(app, people.vera)
    bag.take()

    alter(app, people, owe)

    page = dossier(bag, people)
    assert "Сроки" in page
    assert "остановление" in page.split("Сроки", 1)[1]
    assert 'href="/duties/' not in page, "that page does not open without a network"


def test_a_family_comes_anew_on_the_day_after_a_duty_s_last_one(app: Flask, people: People) -> None:
    alter(app, people, owe)
    with app.app_context():
        family, vera = db.session.merge(people.ryabinkiny), db.session.merge(people.vera)
        last = min(
            line.row.due_on
            for line in owed_among(db.session, vera, [family.id], TODAY)[family.id]
            if line.state == "open" and line.row.due_on
        )

        on_it, after_it = (family_versions(db.session, vera, last + n * DAY, "build")[family.id] for n in (0, 1))

    assert on_it != after_it


@pytest.mark.parametrize("change", [end, erase])
def test_what_was_closed_or_erased_leaves_the_phone(
    app: Flask, people: People, change: Callable[[Family], None]
) -> None:
    alter(app, people, place, call_to_court, agree_to_meet)
    bag = Bag(app, people.vera)
    bag.take()

    alter(app, people, change)

    lines = bag.take()
    assert not [one for one in (WHO, WHERE, "Районный суд", "Центр «Берег»") if one in str(lines)]
    assert str(people.ryabinkiny.id) not in of_kind(lines, "same")[0]["families"]
