"""Searching for a family: by what one remembers of it, with a letter wrong, and never beyond what one may open."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.families.findable import card_words, keep_findable, make_findable, nothing_findable
from curator_app.families.models import Family, FamilyMember
from curator_app.families.search import find_families
from curator_app.families.search_models import family_word
from curator_app.families.words import one_letter_apart, plain, shortened, stem
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, join_case, settle, sign_in

RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    """The people of the demonstration."""
    return settle(app)


def found(app: Flask, person: Person, text: str) -> list[str]:
    """Return the surnames that somebody finds, in their order."""
    with app.app_context():
        keys = find_families(db.session(), person, demo_day(), text)
        return [db.session.get_one(Family, key).surname for key in keys]


RECALLED = {
    "as it is written": "Рябинкины",
    "small letters": "рябинкины",
    "of a woman": "Рябинкина",
    "of a man": "Рябинкин",
    "in another case": "Рябинкиной",
    "its first letters": "ряб",
    "a wrong letter": "Рябимкины",
    "a wrong letter at the beginning": "Дябинкины",
    "a missing letter": "Рябнкины",
    "an extra letter": "Рябиинкины",
    "two letters swapped": "Ряибнкины",
    "the Latin layout": "Hz,byrbys",
    "with initials behind": "Рябинкина О. В.",
    "with initials before, without dots": "О В Рябинкина",
    "with initials close by": "О.В.Рябинкина",
    "with a name": "Миша Рябинкин",
    "with a name and a wrong letter": "Рябинкана Миша",
    "the case's number": "№ 418",
    "the street": "Придуманная",
    "the street with the house": "ул. Придуманной, 14",
    "the street with a wrong letter": "Придумонная",
}
"""What one remembers of the Ryabinkins, and how."""


def test_a_family_is_found_by_what_one_remembers(app: Flask, people: People) -> None:
    first = {kind: found(app, people.vera, text)[:1] for kind, text in RECALLED.items()}

    assert first == {key: ["Рябинкины"] for key in RECALLED}


@pytest.mark.parametrize("text", ["Снегиревы", "Снегирёвы", "СНЕГИРЁВА", "снегерева"])
def test_yo_and_ye_are_one_letter(app: Flask, people: People, text: str) -> None:
    assert found(app, people.vera, text) == ["Снегирёвы"]


@pytest.mark.parametrize("text", ["лева", "Лёва", "Лёву"])
def test_a_child_is_found_by_the_name(app: Flask, people: People, text: str) -> None:
    assert found(app, people.vera, text) == ["Рябинкины"]


@pytest.mark.parametrize(
    "text", ["Рыбонкены", "Небылицыны", "Рябинкины Роман", "", "   ", "%", "_", "' or 1=1 --", "🙂"]
)
def test_what_fits_nobody_finds_nobody(app: Flask, people: People, text: str) -> None:
    assert found(app, people.vera, text) == []


def test_a_surname_comes_before_a_name_and_a_name_before_a_street(app: Flask, people: People) -> None:
    with app.app_context():
        by_street, by_name, by_surname = (add_family(people, one) for one in ("Ежовы", "Грачёвы", "Верины"))
        by_street.address = "ул. Веры Выдуманной, 1"
        by_name.members.append(FamilyMember(kind="adult", name="Вера"))
        for family in (by_street, by_name, by_surname):
            keep_findable(db.session(), family)
        db.session.commit()

    # Grandmother Vera of the Ryabinkins is older in the list than the Grachevs' Vera: names come in one order.
    surnames = found(app, people.vera, "Вер")

    assert surnames[0] == "Верины"
    assert set(surnames[1:3]) == {"Грачёвы", "Рябинкины"}
    assert surnames[-1] == "Ежовы"


def test_initials_choose_among_namesakes(app: Flask, people: People) -> None:
    with app.app_context():
        for name in ("Пётр Ильич", "Ольга Викторовна", "Роман Львович"):
            family = add_family(people, "Однофамильцевы")
            family.members.append(FamilyMember(kind="adult", name=name))
            keep_findable(db.session(), family)
        db.session.commit()
        keys = find_families(db.session(), people.vera, demo_day(), "Однофамильцева О. В.")
        names = [db.session.get_one(Family, key).members[0].name for key in keys]

    assert names[0] == "Ольга Викторовна"
    assert len(names) == 3


def test_a_letter_is_forgiven_only_where_nothing_fits_as_it_stands(app: Flask, people: People) -> None:
    with app.app_context():
        keep_findable(db.session(), add_family(people, "Чижевы"))
        db.session.commit()

    assert found(app, people.vera, "Чижовы") == ["Чижовы"]
    assert found(app, people.vera, "Чижувы") == ["Чижевы", "Чижовы"]


def test_nobody_finds_what_they_may_not_open(app: Flask, people: People) -> None:
    assert found(app, people.vera, "Рябинкины") == found(app, people.darya, "Рябинкины") == ["Рябинкины"]

    for text in ("Рябинкины", "рябинкана", "Миша", "418", "Придуманная"):
        assert "Рябинкины" not in found(app, people.igor, text)
        assert found(app, people.anna, text) == []


def test_a_member_of_the_working_group_finds_the_family(app: Flask, people: People) -> None:
    join_case(app, people.ryabinkiny, people.igor, "group_member")

    assert found(app, people.igor, "Рябинкины") == ["Рябинкины"]


@pytest.mark.parametrize("text", ["Примерная", "Примерной 40", "118", "Преимерная"])
def test_a_hidden_address_finds_nobody_not_even_for_who_may_read_it(app: Flask, people: People, text: str) -> None:
    assert "Снегирёвы" not in found(app, people.vera, text)


def test_an_address_that_is_hidden_later_is_not_found_any_more(app: Flask, people: People) -> None:
    with app.app_context():
        family = db.session.get_one(Family, people.ryabinkiny.id)
        family.address_hidden = True
        keep_findable(db.session(), family)
        db.session.commit()

    assert found(app, people.vera, "Придуманная") == []
    assert found(app, people.vera, "Рябинкины") == ["Рябинкины"]


def test_a_family_renamed_is_found_by_its_new_surname_alone(app: Flask, people: People) -> None:
    with app.app_context():
        family = db.session.get_one(Family, people.ryabinkiny.id)
        family.surname = "Ёлкины"
        keep_findable(db.session(), family)
        db.session.commit()
        assert family.listed_as == "елкины"

    assert found(app, people.vera, "Елкина") == found(app, people.vera, "Ёккина") == ["Ёлкины"]
    assert found(app, people.vera, "Рябинкины") == []


def test_words_made_anew_are_those_that_were_kept(app: Flask, people: People) -> None:
    def kept() -> set[tuple[object, ...]]:
        return {tuple(row) for row in db.session.execute(select(family_word))}

    with app.app_context():
        before = kept()
        count = make_findable(db.session())

        assert kept() == before
        assert count == len(db.session.scalars(select(Family)).all())
        assert {row[1] for row in before if row[2] == people.ryabinkiny.id} == {
            word for _place, word in card_words(db.session.get_one(Family, people.ryabinkiny.id))
        }


def test_families_from_before_there_was_a_search_are_seen_to_be_without_words(app: Flask, people: People) -> None:
    with app.app_context():
        assert not nothing_findable(db.session())
        db.session.execute(delete(family_word))
        assert nothing_findable(db.session())

        make_findable(db.session())
        db.session.commit()

    assert found(app, people.vera, "рябинкана") == ["Рябинкины"]


def test_the_page_posts_the_words_and_the_trail_holds_none_of_them(app: Flask, people: People) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk = sign_in(app, people.vera)

    answer = desk.post("/families/search", data={"q": "рябинкана"}, headers=FRAGMENT, base_url=ORIGIN)
    none = desk.post("/families/search", data={"q": "Небылицыны"}, headers=FRAGMENT, base_url=ORIGIN)
    page = desk.post("/families/search", data={"q": "рябинкана"}, base_url=ORIGIN)

    assert "Рябинкины" in answer.text
    assert "Чижовы" not in answer.text
    assert "Нашли: 1." in answer.text
    assert "Никого не нашли" in none.text
    assert "<html" in page.text
    assert "Рябинкины" in page.text
    with app.app_context():
        rows = db.session.execute(select(db.metadata.tables["audit"])).mappings().all()
    searched = [row for row in rows if row["act"] == "families:searched"]
    assert len(searched) == 3
    assert all(row["data"] == {} for row in searched)


def test_a_name_in_the_address_searches_nothing(app: Flask, people: People) -> None:
    desk = sign_in(app, people.vera)

    assert desk.get("/families/search?q=Рябинкины", headers=FRAGMENT, base_url=ORIGIN).status_code in {404, 405}


@given(st.text(RUSSIAN, min_size=1, max_size=12), st.data())
def test_any_one_wrong_letter_shares_a_shortened_word(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(RUSSIAN))
    other = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            ]
        )
    )

    assert one_letter_apart(word, other)
    assert one_letter_apart(other, word)
    assert shortened(word) & shortened(other)


@given(st.text(RUSSIAN, max_size=8), st.text(RUSSIAN, max_size=8))
def test_two_wrong_letters_are_two(one: str, other: str) -> None:
    near = {other, *shortened(other)}
    near |= {other[:n] + letter + other[n:] for n in range(len(other) + 1) for letter in RUSSIAN}
    near |= {other[:n] + letter + other[n + 1 :] for n in range(len(other)) for letter in RUSSIAN}
    near |= {other[:n] + other[n : n + 2][::-1] + other[n + 2 :] for n in range(len(other))}

    assert one_letter_apart(one, other) == (one in near)


@given(st.text(max_size=40))
def test_taking_endings_off_keeps_three_letters_and_the_beginning(text: str) -> None:
    word = plain(text)

    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(3, len(word))


def add_family(people: People, surname: str) -> Family:
    """Give the curator another family, without people or address."""
    from curator_app.subjects.models import Assignment, Subject  # noqa: PLC0415

    family = Family(surname=surname, territory_id=people.ryabinkiny.territory_id)
    db.session.add(family)
    db.session.flush()
    pattern = db.session.scalars(select(Assignment).where(Assignment.person_id == people.vera.id)).first()
    assert pattern is not None
    subject = Subject(
        kind="case", family_id=family.id, territory_id=family.territory_id, procedure="novosibirsk_2022@1"
    )
    db.session.add(subject)
    db.session.flush()
    said = {"organisation_id": pattern.organisation_id, "role": "case_curator", "since_on": pattern.since_on}
    db.session.add(Assignment(subject_id=subject.id, person_id=people.vera.id, **said))
    db.session.flush()
    return family
