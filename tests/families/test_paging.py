"""A long list of families: page by page in one order, each family once, never more than one may open."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import FIELD, Organisation, Person, Role
from curator_app.clock import today
from curator_app.demo.bulk import CENTRE, fill
from curator_app.desk.lists import family_page, turns_of
from curator_app.extensions import db
from curator_app.families import scope
from curator_app.families.models import Family
from curator_app.families.search import find_families
from curator_app.families.words import plain
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

MANY = 130
PAGE = 50


@pytest.fixture
def head(app: Flask) -> Person:
    """The head of a centre with many families, in a database where others have some too."""
    settle(app)
    with app.app_context():
        for _count in fill(db.session(), MANY, today("Europe/Moscow")):
            db.session.commit()
        centre = db.session.scalars(select(Organisation).where(Organisation.name.startswith(CENTRE))).one()
        of_centre = select(Role).where(Role.organisation_id == centre.id, Role.role == "head")
        person = db.session.scalars(of_centre).one().person
        db.session.refresh(person)
        db.session.expunge(person)
        return person


@pytest.fixture(params=["few enough to name", "too many to name"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of reading a list; the second one usually begins at two thousand families."""
    if request.param == "too many to name":
        monkeypatch.setattr(scope, "FEW", 20)
    return str(request.param)


def pages(person: Person) -> list[list[Family]]:
    """Read the list to its end as somebody does who goes on and on."""
    found: list[list[Family]] = []
    after: uuid.UUID | None = None
    while True:
        page = family_page(db.session(), person, demo_day(), PAGE, after)
        found.append([row.family for row in page.rows])
        after = page.last
        if after is None:
            return found


def own(person: Person) -> set[uuid.UUID]:
    return set(db.session.scalars(Family.ids_visible_to(person, demo_day())))


def test_every_family_stands_on_one_page_in_the_order_of_surnames(app: Flask, head: Person, way: str) -> None:
    with app.app_context():
        read = pages(head)
        everybody = [family for page in read for family in page]

        assert [len(page) for page in read] == [50, 50, 30], way
        assert {family.id for family in everybody} == own(head)
        assert len(everybody) == len({family.id for family in everybody})
        assert [plain(family.surname) for family in everybody] == sorted(plain(one.surname) for one in everybody)


def test_a_family_that_comes_in_between_moves_nobody_to_another_page(app: Flask, head: Person, way: str) -> None:
    with app.app_context():
        first = family_page(db.session(), head, demo_day(), PAGE)
        second = family_page(db.session(), head, demo_day(), PAGE, first.last)
        first.rows[30].family.surname = "Аааевы"
        second.rows[-1].family.surname = "Ббаевы"
        db.session.flush()

        again = family_page(db.session(), head, demo_day(), PAGE, first.last)

        assert [row.family.id for row in again.rows[:-1]] == [row.family.id for row in second.rows[:-1]], way


def test_a_place_that_is_not_ones_own_is_the_beginning(app: Flask, head: Person, way: str) -> None:
    with app.app_context():
        foreign = db.session.scalars(select(Family.id).where(Family.surname == "Рябинкины")).one()
        first = [row.family.id for row in family_page(db.session(), head, demo_day(), PAGE).rows]
        for after in (foreign, uuid.uuid4()):
            page = family_page(db.session(), head, demo_day(), PAGE, after)

            assert page.after is None, way
            assert [row.family.id for row in page.rows] == first


def test_yo_stands_where_ye_does(app: Flask, head: Person) -> None:
    with app.app_context():
        families = db.session.scalars(Family.visible_to(head, demo_day()).limit(4)).all()
        for family, surname in zip(families, ("Жуковы", "Ёжиковы", "Ежовы", "Ё-Яшины"), strict=True):
            family.surname = surname
        db.session.flush()
        in_order = [one.surname for page in pages(head) for one in page]
        ours = [one for one in in_order if one in {"Жуковы", "Ёжиковы", "Ежовы", "Ё-Яшины"}]

        assert ours == ["Ё-Яшины", "Ёжиковы", "Ежовы", "Жуковы"]


def test_both_ways_find_the_same_families(app: Flask, head: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        family = db.session.scalars(Family.visible_to(head, demo_day())).all()[17]
        typed = [family.surname, family.surname[:3], family.surname[1:], "Анна", f"Миша {family.surname}", "Тихая"]
        few = [find_families(db.session(), head, demo_day(), text) for text in typed]
        monkeypatch.setattr(scope, "FEW", 20)
        many = [find_families(db.session(), head, demo_day(), text) for text in typed]

        assert few == many
        assert family.id in few[0]
        assert all(set(found) <= own(head) for found in few)


def test_who_may_open_thousands_is_told_of_those_in_their_own_hands(
    app: Flask, head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        turns = turns_of(db.session(), head, demo_day(), PAGE)
        assert (len(turns.rows), turns.is_whole) == (PAGE, False)

        monkeypatch.setattr(scope, "FEW", 20)
        turns = turns_of(db.session(), head, demo_day(), PAGE)
        assert (turns.rows, turns.is_whole) == ([], False)
    today_page = sign_in(app, head).get("/today", base_url=ORIGIN).text
    assert "За вами семей не закреплено" in today_page
    assert "Все семьи и поиск" in today_page


def test_the_desk_goes_on_and_back_and_no_address_holds_a_name(app: Flask, head: Person) -> None:
    desk = sign_in(app, head)
    with app.app_context():
        surnames = {plain(family.surname) for family in db.session.scalars(Family.visible_to(head, demo_day()))}

    path, seen = "/families", set()
    for number in range(3):
        page = desk.get(path, base_url=ORIGIN).text
        seen |= set(re.findall(r'href="/families/([0-9a-f-]{36})"', page))
        assert not any(surname in plain(link) for surname in surnames for link in re.findall(r'href="([^"]+)"', page))
        assert ("В начало" in page) == (number > 0)
        further = re.search(r'href="(/families\?after=[0-9a-f-]{36})"', page)
        assert (further is None) == (number == 2)
        path = further[1] if further else path

    assert len(seen) == MANY


def test_a_phone_has_the_whole_list_on_one_page(app: Flask, head: Person) -> None:
    phone = sign_in(app, head, FIELD)

    page = phone.get("/families", headers={"HX-Request": "true"}, base_url=ORIGIN).text

    assert len(re.findall(r"data-words=", page)) == MANY
    assert "Дальше" not in page
    assert "data-find-here" in page
