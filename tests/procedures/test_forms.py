"""Forms as data: a released file never changes, a broken one is refused by name, chips fit the family."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from curator_app.procedures import forms_loader
from curator_app.procedures.contact_form import load_contact_form
from curator_app.procedures.form_definition import Chip, FormDefinition, chips_for
from curator_app.procedures.forms_loader import FOLDER, FormError, load_form

# A phone may hold a draft of a release for weeks: what is new comes as the next number.
RELEASED = {
    "contact@1": "70118bbfc8644fde4b9e664262d2ac7e5add2c9a0c53d9fae2685471776c32b5",
    "visit@1": "c65fa3bf08e23cc3dd4ea9fda7457eccd42e1970ea53523150a0aae17cd167cd",
    "visit@2": "d53cc124181802a435fb2fc8c1ae8ffdb23014faa099a5d985c495c26135e613",
}
CONTACTS = {"contact@1"}
LONGEST_CHIP = 28
SKIPS = {"not_seen_yet", "no_worries_seen", "could_not_look", "asked_not_to_record"}

GOOD = """
[meta]
id = "little@1"
[meeting]
where = [{ id = "at_home", label = "Дома" }]
other_home = [{ id = "guest", label = "Гости" }]
[attempt]
results = [{ id = "not_opened", label = "Не открыли" }]
[change]
options = [{ id = "same", label = "Так же" }]
[sources]
options = [{ id = "seen", label = "Вижу" }]
[photos]
places = [{ id = "kitchen", label = "Кухня" }]
purposes = [{ id = "help", label = "Нужна помощь" }]
"""
BROKEN = {
    "not toml": ("[meta", "little@1.toml: "),
    "a part is missing": (GOOD.replace("[sources]", "[source]"), "little@1.toml: there is no [sources]"),
    "no entries": (GOOD.replace('[{ id = "seen", label = "Вижу" }]', "[]"), "sources.options holds no entries"),
    "an unknown word": (
        GOOD.replace('id = "seen",', 'id = "seen", colour = "red",'),
        "sources.options[1] has «colour»",
    ),
    "no label": (GOOD.replace(', label = "Вижу"', ""), "sources.options[1]: "),
    "an unknown scope": (GOOD.replace('label = "Вижу"', 'label = "Вижу", scope = "dog"'), "«seen»: scope «dog»"),
    "twice": (
        GOOD.replace("where = [", 'where = [{ id = "at_home", label = "Тут" }, '),
        "«at_home» stands there twice",
    ),
    "another name": (GOOD.replace('"little@1"', '"little@2"'), "meta.id is «little@2»"),
}


@dataclass(frozen=True)
class Somebody:
    """A person of a family, as far as chips care."""

    id: str
    kind: str


ANNA = Somebody("anna", "adult")
MISHA = Somebody("misha", "child")
LYOVA = Somebody("lyova", "child")


def test_a_released_form_never_changes() -> None:
    files = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.toml")}

    assert files == RELEASED


def test_every_released_form_loads_and_its_chips_fit_a_thumb() -> None:
    for form_id in RELEASED.keys() - CONTACTS:
        form = load_form(form_id)

        assert form.id == form_id
        sentences = {*form.safety, *form.living, *form.promises_ours, *form.promises_theirs}
        sentences |= {*form.goal_prompts, *form.check_questions}
        long = {item: label for item, label in form.labels.items() if len(label) > LONGEST_CHIP}
        assert set(long) <= {one.id for one in sentences}


@pytest.mark.parametrize("form_id", sorted(CONTACTS))
def test_every_released_form_of_a_contact_loads_and_its_kinds_fit_a_thumb(form_id: str) -> None:
    form = load_contact_form(form_id)

    assert form.id == form_id
    assert [chip.label for chip in form.kinds if len(chip.label) > LONGEST_CHIP] == []
    assert form.kind("contact_call").label == "Звонок"
    assert form.kind("from_a_newer_form").label == "from_a_newer_form"


@pytest.mark.parametrize("name", ["contact@9", "visit@1", "", "../forms/contact@1", "contact@1\n"])
def test_a_form_of_a_contact_that_was_never_released_is_refused(name: str) -> None:
    with pytest.raises(FormError):
        load_contact_form(name)


def test_what_was_not_seen_can_be_said_on_both_sides() -> None:
    section = load_form("visit@1").sections[0]

    assert [chip.id for chip in section.strengths if chip.skip] == ["not_seen_yet"]
    assert {chip.id for chip in section.worries if chip.skip} == SKIPS - {"not_seen_yet"}


def test_a_chip_says_its_words_and_an_unknown_one_its_id() -> None:
    form = load_form("visit@1")

    assert form.label("power_debt") == "Долг за свет"
    assert form.label("from_a_newer_form") == "from_a_newer_form"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_file_and_entry(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, sentence = BROKEN[name]

    with pytest.raises(FormError) as refusal:
        read("little@1", source, tmp_path, monkeypatch)

    assert str(refusal.value).startswith("little@1.toml: ")
    assert sentence in str(refusal.value)


def test_a_sound_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = read("little@1", GOOD, tmp_path, monkeypatch)

    assert form.label("kitchen") == "Кухня"
    assert form.sections == ()


@pytest.mark.parametrize(
    "name",
    ["visit@9", "", "../forms/visit@1", "visit@1\0", "a" * 5000, "visit", "visit@1\n", "visit@²"],
    ids=["future", "empty", "other folder", "null byte", "long", "no number", "new line", "odd digit"],
)
def test_a_name_that_was_never_released_is_refused(name: str) -> None:
    with pytest.raises(FormError):
        load_form(name)


def test_chips_are_sorted_by_whom_they_are_about() -> None:
    chips = (
        Chip("warm", "Дома тепло"),
        Chip("works", "Есть работа", scope="adult"),
        Chip("earns", "Подрабатывает", scope="child"),
    )

    groups = chips_for(chips, [(ANNA, 34), (MISHA, 12)], "urban")

    assert [(group.member, [chip.id for chip in group.chips]) for group in groups] == [
        (None, ["warm"]),
        (ANNA, ["works"]),
        (MISHA, ["earns"]),
    ]


@pytest.mark.parametrize(("age", "fits"), [(13, False), (14, True), (17, True), (18, False), (None, True)])
def test_a_chip_with_ages_is_offered_inside_them_and_for_an_unknown_age(*, age: int | None, fits: bool) -> None:
    chips = (Chip("earns", "Подрабатывает", scope="child", age_from=14, age_to=17),)

    groups = chips_for(chips, [(MISHA, age)], "urban")

    assert [group.member for group in groups] == ([None, MISHA] if fits else [None])


def test_a_stove_is_asked_about_in_a_village_only() -> None:
    worries = load_form("visit@1").sections[0].worries

    village = {chip.id for chip in chips_for(worries, [], "rural")[0].chips}
    town = {chip.id for chip in chips_for(worries, [], "urban")[0].chips}

    assert village - town == {"stove_faulty", "firewood_short", "water_far"}


def test_a_member_whom_no_chip_fits_gets_no_group() -> None:
    strengths = load_form("visit@1").sections[0].strengths

    groups = chips_for(strengths, [(ANNA, 34), (LYOVA, 3)], "urban")

    assert [group.member for group in groups] == [None, ANNA]


def read(form_id: str, source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FormDefinition:
    """Read `source` as if it were a released file."""
    (folder / f"{form_id}.toml").write_text(source, encoding="utf-8")
    monkeypatch.setattr(forms_loader, "FOLDER", folder)
    load_form.cache_clear()
    try:
        return load_form(form_id)
    finally:
        load_form.cache_clear()
