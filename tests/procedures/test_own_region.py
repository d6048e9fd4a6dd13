"""A region that nobody has heard of is served by a new file alone: the example of docs/rules.md, word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from curator_app.config import Config, ConfigError
from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.profiles_loader import load_profile, profile_of, released, serve_region
from tests.procedures.little_profile import LITTLE, written
from tests.support.databases import config_for

GUIDE = Path(__file__).parents[2] / "docs" / "rules.md"


def blocks(kind: str) -> list[str]:
    """Return the guide's blocks of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A folder with what the guide tells to write: profile, document, events."""
    (document,), (profile,), (events,) = blocks("text"), blocks("toml"), blocks("json")
    (tmp_path / "priozerye@1.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "family.json").write_text(events, encoding="utf-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "900_priozerye.txt").write_text(document, encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_of_a_region_stays() -> object:
    yield
    serve_region(None)


def run(app: Flask, *arguments: str | Path) -> str:
    """Run `flask rules …`; return what it printed."""
    result = app.test_cli_runner().invoke(args=["rules", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_example_of_the_guide_is_sound_and_its_quotes_are_the_documents(app: Flask, region: Path) -> None:
    file = region / "priozerye@1.toml"

    assert "порядок «priozerye@1» читается: обязанностей 6, этапов 2, ролей 3." in run(app, "check", file)
    assert "не найдено 0." in run(app, "quotes", region / "documents", file)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_example_comes_out_as_the_guide_says(app: Flask, region: Path) -> None:
    explained = ("explain", region / "priozerye@1.toml", region / "family.json", "--as-of", "2026-11-25")

    found = {one["rule"]: one for one in json.loads(run(app, *explained, "--json"))}

    assert {rule: (one["state"], one["due"], one["late_days"]) for rule, one in found.items()} == {
        "assign_curator": ("met", "2026-11-05", 0),
        "plan_draft": ("met", "2026-11-18", 2),
        "home_visit": ("open", "2026-12-03", 0),
        "quarter_report": ("open", "2026-12-31", 0),
        "discuss_plan": ("undated", None, None),
        "tell_department": ("late", "2026-11-01T14:00+03:00", 24),
    }
    assert (found["quarter_report"]["aim"], found["discuss_plan"]["aim"]) == ("2026-12-30", "2026-11-27")
    assert found["discuss_plan"]["marks"] == ["territory_choice"]
    table = run(app, *explained)
    assert "31.12.2026, лучше" in table
    assert "Обсудить план с семьёй" in table


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_region_differs_from_a_document_in_words(app: Flask, region: Path) -> None:
    said = run(app, "diff", region / "priozerye@1.toml", "kochki_2020")

    assert "только priozerye: Сообщение; Помощь" in said
    assert "3 рабочих дней" in said


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_installation_serves_the_folder_it_is_given(
    region: Path, config: Config, make_app: Callable[[Config], Flask]
) -> None:
    (region / "calendars").mkdir()
    layer = GUIDE.read_text(encoding="utf-8").partition("`calendars/priozerye.toml`:")[2]
    text = "\n".join(line.strip() for line in layer.splitlines())
    (region / "calendars" / "priozerye.toml").write_text(text, encoding="utf-8")

    app = make_app(replace(config, profiles_folder=region))

    assert "priozerye@1" in released()
    assert profile_of("priozerye").title == "Порядок работы со случаем Приозёрного округа"
    assert "обязанностей" not in run(app, "events", "priozerye")
    assert "neighbours_asked" in run(app, "events", "priozerye")
    assert calendar_of(("ru", "priozerye")).version.count("priozerye") == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_installation_with_a_broken_file_does_not_start_and_says_where(
    tmp_path: Path, config: Config, make_app: Callable[[Config], Flask]
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    written(folder, LITTLE.replace("Europe/Moscow", "Mars"))

    with pytest.raises(ConfigError, match=r"CURATOR_PROFILES: vydumka@1\.toml: zone: часового пояса «Mars» нет"):
        make_app(replace(config, profiles_folder=folder))

    assert "vydumka@1" not in released()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="CURATOR_PROFILES: такой папки нет"):
        config_for(tmp_path, CURATOR_PROFILES=str(tmp_path / "nowhere"))


def test_a_release_cannot_be_replaced_by_a_file_of_the_same_name(tmp_path: Path) -> None:
    shipped = load_profile("kochki_2020@1")
    text = LITTLE.replace('id = "vydumka"', 'id = "kochki_2020"')
    written(tmp_path, text, "kochki_2020@1.toml")

    serve_region(tmp_path)

    assert load_profile("kochki_2020@1") == shipped
