"""A family's pages come again whenever anything that they show has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.cases.channel_models import FamilyCard
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Caution, Family
from curator_app.visits.agreements import Promise
from curator_app.visits.models import Photo, Visit
from tests.support.days import demo_day
from tests.support.people import People, join_case
from tests.sync.conftest import hand_over
from tests.sync.test_kit import Bag, of_kind

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
TODAY = demo_day()
DAY = timedelta(days=1)


def card(family: Family) -> None:
    db.session.scalars(select(FamilyCard).where(FamilyCard.family_id == family.id)).one().generation += 1


def last_visit(family: Family) -> Visit:
    return db.session.scalars(select(Visit).where(Visit.family_id == family.id).order_by(Visit.on.desc())).first()


def promise(family: Family) -> None:
    visit = last_visit(family)
    said = {"family_id": family.id, "visit_id": visit.id, "author_id": visit.author_id}
    db.session.add(Promise(**said, side="ours", what="Список кружков", made_on=TODAY, due_on=TODAY))


def tick(family: Family) -> None:
    for row in db.session.scalars(select(Promise).where(Promise.family_id == family.id, Promise.state != "kept")):
        row.state, row.closed_on = "kept", TODAY


def caution(family: Family) -> None:
    said = {"kind": "caution_dog", "source": "мама", "noted_on": TODAY, "until_on": TODAY + DAY}
    db.session.add(Caution(family_id=family.id, **said))


def end_caution(family: Family) -> None:
    for row in db.session.scalars(select(Caution).where(Caution.family_id == family.id)):
        row.until_on = TODAY - DAY


def meet(family: Family) -> None:
    last_visit(family).next_on = TODAY + 3 * DAY


def number(family: Family) -> None:
    family.territory.directory = {**family.territory.directory, "roles": {"role_head": {"number": "+7 000"}}}


def no_photos(family: Family) -> None:
    family.territory.photos_on = False


def door(family: Family) -> None:
    family.door = {**family.door, "code": "новый код"}


def move(family: Family) -> None:
    family.address = "ул. Другая, 1"


def photograph(family: Family) -> None:
    db.session.add(Photo(visit_id=last_visit(family).id, position=9, sha256="0" * 64, state="ready"))


def withdraw(family: Family) -> None:
    row = db.session.scalars(select(Photo).where(Photo.visit_id == last_visit(family).id, Photo.position == 9)).one()
    row.state, row.withdrawn_at = "withdrawn", now()


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (None, promise),
        (promise, tick),
        (None, caution),
        (caution, end_caution),
        (None, meet),
        (None, number),
        (None, no_photos),
        (None, card),
        (None, door),
        (None, move),
        (photograph, withdraw),
    ],
    ids=lambda value: value.__name__ if value else "nothing",
)
def test_what_changed_comes_again(
    app: Flask, people: People, before: Callable[[Family], None] | None, change: Callable[[Family], None]
) -> None:
    bag = Bag(app, people.vera)
    alter(app, people, before)
    bag.take()
    assert of_kind(bag.take(), "family") == []

    alter(app, people, change)

    assert str(people.ryabinkiny.id) in {line["id"] for line in of_kind(bag.take(), "family")}


def alter(app: Flask, people: People, change: Callable[[Family], None] | None) -> None:
    """Do something to the Ryabinkins."""
    with app.app_context():
        if change:
            change(db.session.get_one(Family, people.ryabinkiny.id))
        db.session.commit()


def test_today_comes_again_with_a_promise_that_was_ticked(app: Flask, people: People) -> None:
    bag = Bag(app, people.vera)
    alter(app, people, promise)
    bag.take()

    alter(app, people, tick)

    (today,) = [line for line in of_kind(bag.take(), "page") if line["url"] == "/today"]
    assert "Список кружков" not in today["html"]


def test_what_a_member_of_the_group_may_not_see_brings_nothing_anew(app: Flask, people: People) -> None:
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    bag = Bag(app, people.igor)
    bag.take()

    for change in (promise, caution, door):
        alter(app, people, change)

    assert of_kind(bag.take(), "family") == []


def test_whoever_leaves_the_case_for_the_group_gets_the_shared_card_in_its_place(app: Flask, people: People) -> None:
    bag = Bag(app, people.vera)
    bag.take()
    hand_over(app, people.vera, TODAY - DAY)
    join_case(app, people.ryabinkiny, people.vera, "group_member")

    lines = bag.take()

    mine = [line["url"] for line in of_kind(lines, "page") if str(people.ryabinkiny.id) in line["url"]]
    assert mine == [f"/families/{people.ryabinkiny.id}"]
