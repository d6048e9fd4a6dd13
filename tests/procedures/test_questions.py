"""Which questions a form puts to a family: by the children's ages, the place, the season and what the family has."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from curator_app.procedures.form_definition import Circumstances, Question, chips_for, questions_for
from curator_app.procedures.forms_loader import load_form

TOWN_IN_WINTER = Circumstances(place="urban", heating=True)


@dataclass(frozen=True)
class Somebody:
    """A person of a family, as far as questions care."""

    id: str
    kind: str


MOTHER = (Somebody("anna", "adult"), 34)
TEENAGER = (Somebody("misha", "child"), 12)
INFANT = (Somebody("leva", "child"), 1)
UNKNOWN = (Somebody("unborn", "child"), None)


def asked(question: Question, *people: tuple[Somebody, int | None], about: Circumstances = TOWN_IN_WINTER) -> list[str]:
    """Return about whom the question is put: ids, «all» for the family."""
    return [one.member.id if one.member else "all" for one in questions_for((question,), people, about)]


def question(**values: object) -> Question:
    """Make a question with a few properties."""
    return Question(id="q", label="?", answers=("yes", "no"), **values)  # type: ignore[arg-type]


def test_a_question_about_the_family_is_put_once() -> None:
    assert asked(question(), MOTHER, TEENAGER, INFANT) == ["all"]


def test_a_question_about_children_is_put_of_each_that_fits_the_age() -> None:
    assert asked(question(scope="child"), MOTHER, TEENAGER, INFANT) == ["misha", "leva"]
    assert asked(question(scope="child", age_to=2), MOTHER, TEENAGER, INFANT) == ["leva"]
    assert asked(question(scope="child", age_from=6, age_to=17), TEENAGER, INFANT, UNKNOWN) == ["misha", "unborn"]


def test_a_question_of_small_children_is_put_only_where_there_is_one() -> None:
    assert asked(question(child_age_to=7), MOTHER, TEENAGER) == []
    assert asked(question(child_age_to=7), MOTHER, TEENAGER, INFANT) == ["all"]


@pytest.mark.parametrize(
    ("values", "about", "put"),
    [
        ({"place": "rural"}, TOWN_IN_WINTER, []),
        ({"place": "rural"}, Circumstances(place="rural", heating=True), ["all"]),
        ({"season": "heating"}, Circumstances(place="urban", heating=False), []),
        ({"season": "warm"}, Circumstances(place="urban", heating=False), ["all"]),
        ({"only_if": "safety_plan"}, TOWN_IN_WINTER, []),
        ({"only_if": "safety_plan"}, Circumstances("urban", heating=True, has=frozenset({"safety_plan"})), ["all"]),
    ],
)
def test_place_season_and_what_the_family_has_decide(
    values: dict[str, str], about: Circumstances, put: list[str]
) -> None:
    assert asked(question(**values), MOTHER, about=about) == put


def test_a_chip_that_asks_for_something_is_left_out_where_it_is_not() -> None:
    relations = next(one for one in load_form("visit@2").sections if one.id == "family_relations")

    def labels(has: frozenset[str]) -> set[str]:
        return {chip.id for group in chips_for(relations.strengths, [TEENAGER], "urban", has) for chip in group.chips}

    assert labels(frozenset({"child_placed"})) - labels(frozenset()) == {"contact_with_placed_child"}


def test_version_2_has_every_name_and_every_answer_of_version_1() -> None:
    old, new = load_form("visit@1"), load_form("visit@2")

    for name in ("where", "other_home", "results", "change", "sources", "places", "purposes"):
        assert {one.id for one in getattr(old, name)} <= {one.id for one in getattr(new, name)}, name
    assert set(old.steps) <= set(new.steps)
    for section in old.sections:
        same = next(one for one in new.sections if one.id == section.id)
        for side in ("strengths", "worries"):
            assert {(one.id, one.scope) for one in section.side(side)} <= {
                (one.id, one.scope) for one in same.side(side)
            }
