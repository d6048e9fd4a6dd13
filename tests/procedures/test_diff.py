"""How two profiles differ, in words that a methodologist reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from curator_app.procedures.duty_pairs import pairs_of
from curator_app.procedures.profile_diff import differences
from curator_app.procedures.profiles_loader import profile_of, read_profile
from tests.procedures.little_profile import LITTLE, written

STAGE = '[[stages]]\nid = "one"\ntitle = "Первый шаг"\nsubject = "case"\nunsaid = "?"\n'
OUTCOME = '[[closing_outcomes]]\nid = "{id}"\ntitle = "{title}"\nunsaid = "?"\n'


def said(tmp_path: Path, ours: str, theirs: str) -> dict[str, tuple[str, ...]]:
    """Return what differs between two texts of a profile, by part."""
    (tmp_path / "b").mkdir()
    first = read_profile(written(tmp_path, ours))
    second = read_profile(written(tmp_path / "b", theirs.replace('id = "vydumka"', 'id = "other"'), "other@1.toml"))
    return {part.title: part.lines for part in differences(first, second)}


def test_a_profile_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert said(tmp_path, LITTLE, LITTLE) == {}


def test_a_term_that_differs_is_said_with_both(tmp_path: Path) -> None:
    other = LITTLE.replace('n = 15, unit = "unspecified_day"', 'n = 3, unit = "working_day"')
    other = other.replace("due = 2026-11-16", "due = 2026-11-05")

    (line,) = said(tmp_path, LITTLE, other)["Обязанности и сроки"]

    ours, theirs = line.split("; ")
    begun = "от события «назначен куратор», куратор"
    assert ours == f"Составить план: vydumka — в течение 15 дней (рабочих или календарных — не сказано) {begun}"
    assert theirs == f"other — в течение 3 рабочих дней {begun}"


def test_a_month_and_a_quarter_of_the_calendar_are_not_the_same(tmp_path: Path) -> None:
    other = LITTLE.replace('every = { n = 1, unit = "month", mode = "rolling" }', 'every = { mode = "calendar_month" }')

    (line,) = said(tmp_path, LITTLE, other)["Обязанности и сроки"]

    assert "раз в месяц, считая от прошлого раза" in line
    assert "раз в календарный месяц" in line


def test_what_only_one_has_is_said(tmp_path: Path) -> None:
    first = LITTLE + STAGE + OUTCOME.format(id="copes", title="Справляются")
    second = LITTLE + OUTCOME.format(id="moved", title="Уехали")

    parts = said(tmp_path, first, second)

    assert parts["Этапы"] == ("vydumka — 1 этап, other — 0 этапов", "только vydumka: Первый шаг")
    assert parts["Исходы закрытия"] == ("только vydumka: Справляются", "только other: Уехали")


def test_roles_levels_zone_and_calendar_are_compared(tmp_path: Path) -> None:
    other = (
        LITTLE.replace('title = "куратор"', 'title = "координатор"')
        .replace('title = "тревожно"', 'title = "опасно"')
        .replace('zone = "Europe/Moscow"', 'zone = "Asia/Yekaterinburg"\ncalendar = ["ru", "bashkortostan"]')
    )

    parts = said(tmp_path, LITTLE, other)

    assert parts["Роли"] == ("«case_curator»: vydumka — куратор, other — координатор",)
    assert parts["Кого и как различают"][1] == "other: Уровень — 2 значения для семьи (спокойно, опасно)"
    assert parts["Календарь и пояс"] == (
        "слои календаря: vydumka — ru; other — ru, bashkortostan",
        "часовой пояс: vydumka — Europe/Moscow; other — Asia/Yekaterinburg",
    )


def test_a_word_that_means_another_role_there_is_said(tmp_path: Path) -> None:
    boss = '[[roles]]\nid = "commission"\ntitle = "комиссия"\nalso = ["координатор"]\nunsaid = "?"\n'
    first = LITTLE.replace('title = "куратор"\n', 'title = "куратор"\nalso = ["координатор"]\n')

    lines = said(tmp_path, first, LITTLE + boss)["Роли"]

    assert "слово «координатор»: vydumka — куратор, other — комиссия" in lines


def test_each_duty_of_the_released_profiles_is_in_one_pair_or_left_over() -> None:
    first, second = profile_of("kochki_2020"), profile_of("novosibirsk_2022")

    pairs, ours, theirs = pairs_of(first, second)

    assert {rule.id for rule in [*(one for one, _ in pairs), *ours]} == {rule.id for rule in first.duties}
    assert len(pairs) + len(ours) == len(first.duties)
    assert len(pairs) + len(theirs) == len(second.duties)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_command_prints_it_and_refuses_what_is_not_there(app: Flask) -> None:
    run = app.test_cli_runner().invoke

    assert "Отличий нет." in run(args=["rules", "diff", "kochki_2020", "kochki_2020@1"]).stdout
    said_of_both = run(args=["rules", "diff", "kochki_2020", "novosibirsk_2022"]).stdout
    assert "novosibirsk_2022: Уровень риска" in said_of_both
    refused = run(args=["rules", "diff", "kochki_2020", "kochki_2021"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Порядка «kochki_2021» здесь нет; есть: ")


def test_duties_of_one_title_are_a_pair_whatever_else_the_same_event_fulfils() -> None:
    pairs, _, _ = pairs_of(profile_of("kdn_stage_table"), profile_of("kochki_2020"))

    assert ("programme_corrected", "rework_programme") in {(ours.id, theirs.id) for ours, theirs in pairs}
