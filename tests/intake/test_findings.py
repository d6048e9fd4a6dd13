"""Two instruments as data: each item with fact, source and day, never a sum; a region may put its own set in place."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from curator_app.intake import instruments as module
from curator_app.intake.instruments import instruments, read_instruments
from curator_app.procedures import regions
from curator_app.procedures.toml_files import FileError
from tests.intake.checks import get, journal_line, post, signal_events
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.pages

CRITICAL = "fr_no_heat"
FACT = {f"{CRITICAL}-fact": "Печь не топится", f"{CRITICAL}-source": "видела сама", f"{CRITICAL}-on": demo_day()}


def test_a_critical_sign_stands_with_its_fact_beside_the_decision(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)

    kept = post(client, f"/subjects/{key}/instruments", child="-1", **{f"{CRITICAL}-mark": "mark_present", **FACT})
    page = get(client, f"/subjects/{key}/decision").get_data(as_text=True)

    assert kept.status_code == 303
    assert "Нет тепла в холодное время" in page
    assert "Печь не топится" in page
    assert "видела сама" in page
    assert "Проверьте, безопасен ли ребёнок сейчас" in page


def test_present_without_fact_source_and_day_is_not_kept(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)

    page = post(client, f"/subjects/{key}/instruments", child="-1", **{f"{CRITICAL}-mark": "mark_present"})

    assert page.status_code == 422
    assert "нужны факт, источник и день" in page.get_data(as_text=True)
    assert "Критических признаков не отмечено" in get(client, f"/subjects/{key}/decision").get_data(as_text=True)


def test_a_day_that_has_not_come_is_refused(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    said = {**FACT, f"{CRITICAL}-mark": "mark_present", f"{CRITICAL}-on": demo_day() + timedelta(days=1)}

    page = post(client, f"/subjects/{key}/instruments", child="-1", **said)

    assert page.status_code == 422
    assert "Этот день ещё не наступил" in page.get_data(as_text=True)


@pytest.mark.on_both
def test_a_later_mark_takes_the_place_of_an_earlier_one(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    post(client, f"/subjects/{key}/instruments", child="-1", **{f"{CRITICAL}-mark": "mark_present", **FACT})

    post(client, f"/subjects/{key}/instruments", child="-1", **{f"{CRITICAL}-mark": "mark_absent"})

    assert "Критических признаков не отмечено" in get(client, f"/subjects/{key}/decision").get_data(as_text=True)


def test_a_childs_marks_are_that_childs_alone(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    said = {"ci_hungry-mark": "mark_present", "ci_hungry-fact": "Берёт добавку"}

    kept = post(
        client,
        f"/subjects/{key}/instruments",
        child="0",
        **said,
        **{"ci_hungry-source": "учитель", "ci_hungry-on": demo_day()},
    )

    assert kept.status_code == 303
    assert "Берёт добавку" in get(client, f"/subjects/{key}/instruments?child=0").get_data(as_text=True)
    assert "Берёт добавку" not in get(client, f"/subjects/{key}/instruments?child=-1").get_data(as_text=True)
    assert "Лопухов Егор" in get(client, f"/subjects/{key}/decision").get_data(as_text=True)


def test_the_diagnosis_is_done_only_when_something_was_marked(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)

    empty = post(client, f"/subjects/{key}/instruments/finish")
    post(client, f"/subjects/{key}/instruments", child="-1", **{f"{CRITICAL}-mark": "mark_unknown"})
    done = post(client, f"/subjects/{key}/instruments/finish")

    assert empty.status_code == 422
    assert done.status_code == 303
    assert signal_events(app, key)[-1] == ("primary_diagnosis_done", {"instruments": "instruments_content@1"})


def test_the_typical_set_says_that_it_is_one(app: Flask, office: Office) -> None:
    key = journal_line(app, office)

    page = get(sign_in(app, office.intake), f"/subjects/{key}/instruments").get_data(as_text=True)

    assert "Типовой набор, регион заменяет своим" in page
    assert "балл" not in page.casefold()


def test_a_regions_own_set_takes_the_place_of_the_typical_one(tmp_path: Path) -> None:
    shipped = Path(module.__file__).with_name("instruments.toml")
    own = tmp_path / "instruments.toml"
    own.write_text(shipped.read_text().replace('id = "instruments_content"', 'id = "our_region"'))
    before = regions.own_folder()
    regions.also_serve(tmp_path)
    try:
        assert instruments().key == "our_region@1"
    finally:
        regions.also_serve(before)
    assert instruments().key == "instruments_content@1"


def test_a_set_in_which_an_item_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = tmp_path / "twice.toml"
    shutil.copy(Path(module.__file__).with_name("instruments.toml"), twice)
    twice.write_text(twice.read_text().replace('id = "fr_drugs"', 'id = "fr_alcohol"'))

    with pytest.raises(FileError, match="«fr_alcohol» стоит дважды"):
        read_instruments(twice)
