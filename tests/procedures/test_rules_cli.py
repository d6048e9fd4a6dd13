"""`flask rules`: a methodologist checks a file, reads the vocabulary, has every term of some events explained."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from curator_app.procedures.vocabulary import vocabulary
from tests.procedures.little_profile import LITTLE, written

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

OPENED = {"id": "e1", "subject": "case", "type": "curator_assigned", "on": "2026-10-30"}
LEVEL = {"id": "e2", "subject": "case", "type": "risk_decided", "on": "2026-10-30", "data": {"level": "worried"}}
DUTY_KEYS = {"rule", "title", "subject", "owner", "anchor", "due", "state", "late_days", "source", "marks"}
# What is wrong with one event, and the sentence after the file's name.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown type": ({"type": "curator_was_assigned"}, "событие «e9»: type: события «curator_was_assigned»"),
    "a type of another subject": (
        {"type": "signal_known"},
        "событие «e9»: type: событие «signal_known» бывает у signal",
    ),
    "no such day": ({"on": "2026-02-30"}, "событие «e9»: on: нужна дата вида 2026-10-30, а стоит «2026-02-30»"),
    "a day in words": ({"on": "вчера"}, "событие «e9»: on: нужна дата вида 2026-10-30, а стоит «вчера»"),
    "a day of another spelling": ({"on": "20261030"}, "событие «e9»: on: нужна дата вида"),
    "a day of another age": ({"on": "0001-01-01"}, "событие «e9»: on: нужна дата вида"),
    "no day": ({"on": None}, "событие «e9»: on: нужна строка в кавычках"),
    "an hour without a zone": ({"at": "2026-10-30T14:00"}, "событие «e9»: at: нужно время с поясом"),
    "an hour of another day": ({"at": "2026-10-02T14:00+03:00"}, "событие «e9»: on и at: день 2026-10-30 и время"),
    "an unknown subject": ({"subject": "cat"}, "событие «e9»: subject: «cat» не бывает; бывает: signal,"),
    "a number as a subject's id": ({"subject_id": 5}, "событие «e9»: subject_id: нужна строка в кавычках"),
    "an unknown field": ({"when": "x"}, "событие «e9»: поля «when» нет; бывают: id,"),
    "data that is no table": ({"data": []}, "событие «e9»: data: нужны скобки {…}"),
    "an id twice": ({"id": "e1"}, "событие «e1»: такой id уже есть выше"),
    "no id": ({"id": ""}, "событие [запись 2]: id: нужна строка в кавычках"),
    "an unknown level": (
        {"type": "risk_decided", "data": {"level": "red"}},
        "событие «e9»: data.level: значения «red» нет; есть: calm, worried",
    ),
    "a correction of nothing": (
        {"type": "event_corrected", "data": {"corrects": "e7", "reason": "описка"}},
        "событие «e9»: data.corrects: события «e7» у этого subject нет",
    ),
    "a correction without a target": ({"type": "event_corrected"}, "событие «e9»: data.corrects: нужен id"),
    "a correction to no day": (
        {"type": "event_corrected", "data": {"corrects": "e1", "on": "завтра"}},
        "событие «e9»: data.on: нужна дата",
    ),
    "a frequency of nothing": ({"type": "frequency_set"}, "событие «e9»: data.every: нужно вида"),
    "a frequency that is over before it begins": (
        {"type": "frequency_set", "data": {"every": {"n": 1, "unit": "week"}, "until": "2026-10-29"}},
        "событие «e9»: data.until: 2026-10-29 раньше дня события 2026-10-30",
    ),
    "a frequency of a single term": (
        {"type": "frequency_set", "data": {"every": {"n": 1, "unit": "week"}, "rule": "plan_draft"}},
        "событие «e9»: data.rule: обязанности «plan_draft» с изменяемой частотой нет",
    ),
}


class Rules:
    """The command, with a profile and a file of events in a folder of the test's own."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._run = app.test_cli_runner().invoke
        self._folder = folder
        self.profile = str(written(folder))

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        result = self._run(args=["rules", *arguments])
        return result.exit_code, result.stdout, result.stderr

    def explain(self, events: Any, *options: str, as_of: str = "2026-11-22") -> tuple[int, str, str]:
        """Explain events, given as data or as the file's own text."""
        file = self._folder / "events.json"
        text = events if isinstance(events, str) else json.dumps(events, ensure_ascii=False)
        file.write_text(text, encoding="utf-8")
        return self("explain", self.profile, str(file), "--as-of", as_of, *options)


@pytest.fixture
def rules(app: Flask, tmp_path: Path) -> Rules:
    """`flask rules …`."""
    return Rules(app, tmp_path)


def test_every_duty_comes_as_data(rules: Rules) -> None:
    code, out, err = rules.explain([OPENED, LEVEL], "--json")

    assert (code, err) == (0, "")
    plan, visit = json.loads(out)
    assert plan.keys() >= DUTY_KEYS
    assert plan["anchor"] == {"event": "e1", "type": "curator_assigned", "on": "2026-10-30"}
    assert (plan["rule"], plan["owner"], plan["due"], plan["state"]) == (
        "plan_draft",
        "case_curator",
        "2026-11-16",
        "late",
    )
    assert plan["late_days"] == 6
    assert plan["source"] == {"doc": "900", "ref": "п. 3", "quote": "в течение 15 дней"}
    assert plan["marks"] == ["day_kind_unsaid"]
    assert (visit["due"], visit["state"], visit["late_days"]) == ("2026-11-30", "open", 0)


def test_a_methodologist_reads_a_table(rules: Rules) -> None:
    code, out, _ = rules.explain([OPENED, LEVEL, {**OPENED, "id": "e3", "type": "visit_made", "on": "2026-11-20"}])

    assert code == 0
    words = re.sub(r"\s+", " ", out)
    assert "Порядок Выдуманного района (vydumka@1)" in out
    assert "16.11.2026 срок прошёл на 6 Составить план куратор" in words
    assert "сделано" in words
    assert "рабочие дни или календарные" in words
    assert max(len(line) for line in out.splitlines()) < 150


@pytest.mark.parametrize(
    ("as_of", "words"),
    [("2026-10-30", "идёт первый день"), ("2026-11-04", "идёт 5 дней"), ("2026-10-30T17:30+03:00", "идёт 3 часа")],
)
def test_what_is_to_be_done_at_once_says_how_long_it_waits(
    rules: Rules, tmp_path: Path, as_of: str, words: str
) -> None:
    text = LITTLE.replace('n = 15, unit = "unspecified_day"', 'n = 0, unit = "immediate"')
    written(tmp_path, text.replace("due = 2026-11-16", "due = 2026-10-30"))

    _, out, _ = rules.explain([{**OPENED, "at": "2026-10-30T14:00+03:00"}], as_of=as_of)

    assert words in re.sub(r"\s+", " ", out)
    assert "сразу" in out


def test_several_subjects_are_kept_apart(rules: Rules) -> None:
    other = {**OPENED, "id": "e2", "subject_id": "Рябинкины", "on": "2026-11-02"}
    first = {**OPENED, "subject_id": "Снегирёвы"}

    code, out, _ = rules.explain([first, other], "--json")

    assert code == 0
    duties = json.loads(out)
    assert {one["subject_id"] for one in duties} == {"Рябинкины", "Снегирёвы"}
    assert [one["due"] for one in duties if one["rule"] == "plan_draft"] == ["2026-11-16", "2026-11-17"]
    assert "Случай Рябинкины" in rules.explain([first, other])[1]


def test_a_level_may_be_one_of_any_classification_of_the_profile(rules: Rules, tmp_path: Path) -> None:
    more = '[[classifications]]\nid = "danger"\ntitle = "Опасность"\nunsaid = "?"\n'
    written(tmp_path, f'{LITTLE}{more}[[classifications.values]]\nid = "threat"\ntitle = "есть"\nunsaid = "?"\n')

    assert rules.explain([OPENED, {**LEVEL, "data": {"level": "threat"}}], "--json")[0] == 0
    refused = rules.explain([OPENED, {**LEVEL, "data": {"danger": "calm"}}], "--json")
    assert refused == (2, "", "events.json, событие «e2»: data.danger: значения «calm» нет; есть: threat.\n")


def test_no_events_are_no_duties(rules: Rules) -> None:
    assert rules.explain([], "--json")[:2] == (0, "[]\n")


def test_an_hour_is_said_as_it_was_written_or_in_the_zone_that_was_asked_for(rules: Rules, tmp_path: Path) -> None:
    text = LITTLE.replace('n = 15, unit = "unspecified_day"', 'n = 1, unit = "sutki"')
    written(tmp_path, text.replace("[[duties.examples]]\nafter = 2026-10-30\ndue = 2026-11-16\n", ""))
    events = [{**OPENED, "at": "2026-10-30T14:00+05:00"}]

    due = [json.loads(rules.explain(events, "--json", *zone)[1])[0]["due"] for zone in ((), ("--zone", "Asia/Omsk"))]

    assert due == ["2026-10-31T14:00+05:00", "2026-10-31T15:00+06:00"]


@pytest.mark.parametrize("name", WRONG)
def test_an_event_that_does_not_hold_is_named_and_nothing_is_printed(rules: Rules, name: str) -> None:
    values, sentence = WRONG[name]

    code, out, err = rules.explain([OPENED, {**OPENED, "id": "e9", **values}], "--json")

    assert (code, out) == (2, "")
    assert err.startswith(f"events.json, {sentence}")
    assert err.endswith(".\n")
    assert err.count("\n") == 1


def corrects(name: str, named: str, **data: Any) -> dict[str, Any]:
    values = {"corrects": named, "reason": "описка", **data}
    return {"id": name, "subject": "case", "type": "event_corrected", "on": "2026-11-02", "data": values}


def test_corrections_that_name_each_other_are_refused(rules: Rules) -> None:
    code, out, err = rules.explain([OPENED, corrects("c1", "c2"), corrects("c2", "c1")], "--json")

    assert (code, out) == (2, "")
    assert err.startswith("events.json, событие «c1»: data.corrects: исправления называют друг друга по кругу")
    assert err.count("\n") == 1
    assert rules.explain([OPENED, corrects("c1", "e1"), corrects("c2", "c1", void=True)], "--json")[0] == 0


@pytest.mark.parametrize(
    ("event", "data", "sentence"),
    [
        (LEVEL, {"level": "red"}, "data.level: значения «red» нет; есть: calm, worried."),
        (
            {**OPENED, "id": "e2", "type": "frequency_set", "data": {"every": {"n": 1, "unit": "week"}}},
            {"every": {"n": 10**30, "unit": "week"}},
            "data.every: нужно вида",
        ),
    ],
)
def test_what_a_correction_left_is_looked_at_too(
    rules: Rules, event: dict[str, Any], data: dict[str, Any], sentence: str
) -> None:
    code, out, err = rules.explain([OPENED, event, corrects("c1", "e2", data=data)], "--json")

    assert (code, out) == (2, "")
    assert err.startswith(f"events.json, событие «e2» после исправления: {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"id": "e1"', "events.json, строка 1, знак 13: это не JSON"),
        ("", "events.json, строка 1, знак 1: это не JSON"),
        ("{}", "events.json: нужен список событий в скобках […]."),
        ('[{"id": "e1", "id": "e2"}]', "events.json: поле «id» стоит в одной записи дважды."),
        ("[1]", "events.json, событие [запись 1]: нужна запись в скобках {…}."),
        ("[" * 100_000, "events.json: файл не читается как JSON."),
        ('["\\ud800"]', "events.json: в строках стоят половины знаков"),
    ],
)
def test_a_file_that_is_no_list_of_events_is_refused(rules: Rules, text: str, sentence: str) -> None:
    code, out, err = rules.explain(text, "--json")

    assert (code, out) == (2, "")
    assert err.startswith(sentence)


@pytest.mark.parametrize("as_of", ["", "завтра", "2026-13-01", "2026-11-22T10:00", "22.11.2026"])
def test_a_day_that_is_none_is_refused(rules: Rules, as_of: str) -> None:
    code, out, err = rules.explain([OPENED], as_of=as_of)

    assert (code, out) == (2, "")
    assert f"--as-of: нужна дата вида 2026-11-30 или время с поясом, а стоит «{as_of}»." in err


def test_an_unknown_zone_profile_or_file_is_refused(rules: Rules, tmp_path: Path) -> None:
    assert "--zone: часового пояса «Mars» нет" in rules.explain([OPENED], "--zone", "Mars")[2]
    assert "Порядка «mars_2020» здесь нет" in rules("explain", "mars_2020", "x.json", "--as-of", "2026-11-22")[2]
    missing = str(tmp_path / "none.json")
    assert rules("explain", "kochki_2020", missing, "--as-of", "2026-11-22") == (
        2,
        "",
        "none.json: такого файла нет.\n",
    )


def test_a_broken_profile_is_refused_with_every_fault(rules: Rules, tmp_path: Path) -> None:
    path = written(tmp_path, LITTLE.replace("Europe/Moscow", "Mars").replace('"visit_made"', '"seen"'))

    for command in (("check", str(path)), ("explain", str(path), "x.json", "--as-of", "2026-11-22")):
        code, out, err = rules(*command)
        assert (code, out) == (2, "")
        assert err.count("\n") == 2


def test_a_sound_profile_is_told_what_it_holds(rules: Rules) -> None:
    stated = "vydumka@1.toml: порядок «vydumka@1» читается: обязанностей 2, этапов 0, ролей 1.\n"

    assert rules("check", rules.profile) == (0, stated, "")


def test_the_vocabulary_is_told_with_each_profiles_own_words(rules: Rules) -> None:
    code, out, _ = rules("events", rules.profile)

    assert code == 0
    assert all(f"{name} — " in out for name in vocabulary())
    assert "neighbour_asked — спросили соседа (любой subject)" in out
    assert "body_started — рабочая группа утверждена (body)" in out
    assert "curator_assigned — назначен куратор (case · data: person, organisation, ground)" in out
    assert "kochki_2020@1: Принято постановление КДНиЗП" in rules("events")[1]
