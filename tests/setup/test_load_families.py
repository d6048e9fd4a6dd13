"""`flask demo --families N`: many invented families at once, whole enough to be listed, found and opened."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.demo.bulk import CENTRE, FAMILIES_OF_A_CURATOR, Centre, ids_from, people_and_families
from curator_app.extensions import db
from curator_app.families.findable import card_words
from curator_app.families.models import Family, FamilyMember
from curator_app.families.search import find_families
from curator_app.families.search_models import family_word
from curator_app.subjects.models import Assignment
from curator_app.subjects.numbers import NumberSeries
from curator_app.visits.models import Visit
from curator_app.visits.service import SERIES
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

SOME = 60


def load(app: Flask, families: int) -> str:
    """Run the command and return what it says."""
    answer = app.test_cli_runner().invoke(args=["demo", "--families", str(families)])
    assert answer.exit_code == 0, answer.output
    return answer.output


def loaded() -> list[Family]:
    return list(db.session.scalars(select(Family).where(Family.story.startswith("Семья придумана для проверки"))))


def test_so_many_families_are_there_and_each_can_be_found_and_opened(app: Flask) -> None:
    settle(app)

    said = load(app, SOME)

    assert f"Добавлено семей: {SOME}" in said
    with app.app_context():
        families = loaded()
        assert len(families) == SOME
        for family in families:
            kept = select(family_word.c.place, family_word.c.word).where(family_word.c.family_id == family.id)
            assert {tuple(row) for row in db.session.execute(kept)} == card_words(family), family.surname
        of_family = select(Assignment.person_id).where(Assignment.subject.has(family_id=families[0].id))
        curator = db.session.get_one(Person, db.session.scalars(of_family).one())
        surname, number, key = families[0].surname, families[0].case_no, families[0].id
        assert key in find_families(db.session(), curator, demo_day(), str(number))
        db.session.expunge_all()
    desk = sign_in(app, curator)
    assert surname in desk.get("/families", base_url=ORIGIN).text
    assert surname in desk.get(f"/families/{key}", base_url=ORIGIN).text


def test_a_curator_carries_a_few_and_the_head_sees_all_of_the_centre(app: Flask) -> None:
    settle(app)
    load(app, SOME)

    with app.app_context():
        centre = db.session.scalars(select(Organisation).where(Organisation.name.startswith(CENTRE))).one()
        roles = db.session.scalars(select(Role).where(Role.organisation_id == centre.id)).all()
        (head,) = (role.person for role in roles if role.role == "head")
        curators = [role.person for role in roles if role.role == "case_curator"]
        today = demo_day()

        assert len(db.session.scalars(Family.visible_to(head, today)).all()) == SOME
        assert [len(db.session.scalars(Family.visible_to(one, today)).all()) for one in curators] == [
            FAMILIES_OF_A_CURATOR,
            FAMILIES_OF_A_CURATOR,
            SOME - 2 * FAMILIES_OF_A_CURATOR,
        ]


def test_visits_have_numbers_of_the_series_and_the_next_one_is_free(app: Flask) -> None:
    settle(app)
    load(app, SOME)

    with app.app_context():
        for series in db.session.scalars(select(NumberSeries).where(NumberSeries.series == SERIES)):
            numbers = db.session.scalars(select(Visit.number).where(Visit.year == series.year)).all()
            assert max(numbers) == series.last
            assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_another_run_makes_other_families(app: Flask) -> None:
    settle(app)
    load(app, SOME)
    with app.app_context():
        first = [(one.id, one.surname, one.address) for one in loaded()]
    load(app, SOME)

    with app.app_context():
        everybody = [(one.id, one.surname, one.address) for one in loaded()]
        centres = select(func.count()).select_from(Organisation).where(Organisation.name.startswith(CENTRE))
        assert [row for row in everybody if row in first] == first
        assert len(everybody) == 2 * SOME
        assert db.session.scalar(centres) == 2
        assert first[0][0].version == 7


def test_the_same_number_makes_the_same_families() -> None:
    def made(number: int) -> list[tuple[object, ...]]:
        chance = random.Random(number)
        made_of = {"organisation": uuid.UUID(int=1), "territory": uuid.UUID(int=2), "today": date(2026, 11, 22)}
        centre = Centre(number, **made_of, chance=chance, ids=ids_from(number, chance), rows=defaultdict(list))
        people_and_families(centre, SOME)
        rows = centre.rows[Family.__table__] + centre.rows[FamilyMember.__table__]
        return [(row["id"], row.get("surname"), row.get("address"), row.get("name")) for row in rows]

    assert made(1) == made(1)
    assert not set(made(1)) & set(made(2))


def test_nothing_is_added_where_people_really_work(app: Flask) -> None:
    with app.app_context():
        db.session.add(Person(name="Настоящая Мария Ивановна"))
        db.session.commit()

    answer = app.test_cli_runner().invoke(args=["demo", "--families", "10"])

    assert answer.exit_code == 1
    assert "настоящие люди" in answer.output
    with app.app_context():
        assert db.session.scalars(select(FamilyMember.id)).first() is None
