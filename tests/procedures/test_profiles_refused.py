"""A profile that does not hold is refused: one Russian sentence a fault, with file, entry and what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from curator_app.procedures.profiles_loader import (
    ProfileError,
    load_profile,
    profile_of,
    read_profile,
    released,
    serve_region,
)
from tests.procedures.little_profile import LITTLE, written

PLAN = 'id = "plan_draft"'
STAGE = f'{LITTLE}[[stages]]\nid = "first"\ntitle = "Первый"\nsubject = "case"\nunsaid = "?"\n'
PLANS = f'{LITTLE}[[plans]]\nid = "ipr"\ntitle = "ИПР"\nunsaid = "?"\n[[plans.approval]]\nact = "да"\nunsaid = "?"\n'
WITHIN = "within = { n = 15, unit = "
# What is broken, how, and the sentence without the file's name.
BROKEN = {
    "not toml": (
        LITTLE.replace('title = "куратор"', "title куратор"),
        ", строка 13, знак 7: после имени поля нет знака «=».",
    ),
    "quotes left open": (LITTLE.replace('"куратор"', '"куратор'), ", строка 13, знак 17: недопустимый знак"),
    "an unknown field": (
        LITTLE.replace(PLAN, f'{PLAN}\ntitel = "x"'),
        ": duties «plan_draft», titel: такого поля нет; похоже на «title».",
    ),
    "an unknown table": (f"{LITTLE}[[duty]]\nid = 1\n", ": duty: такого поля нет"),
    "a field is missing": (
        LITTLE.replace('title = "Составить план"\n', ""),
        ": duties «plan_draft», title: нет обязательного поля.",
    ),
    "an entry without a name": (
        LITTLE.replace(f"{PLAN}\n", ""),
        ": duties [запись 1], id: нет обязательного поля.",
    ),
    "a number in quotes": (
        LITTLE.replace("n = 15", 'n = "15"'),
        ": duties «plan_draft», within.n: нужно целое число без кавычек, а стоит «15».",
    ),
    "a negative number": (LITTLE.replace("n = 15", "n = -1"), "within.n: нужно число не меньше 0, а стоит «-1»."),
    "a word instead of a list": (
        LITTLE.replace('done_by = ["plan_drafted"]', 'done_by = "plan_drafted"'),
        "duties «plan_draft», done_by: нужен список в скобках […], а стоит «plan_drafted».",
    ),
    "an empty list": (
        LITTLE.replace('done_by = ["plan_drafted"]', "done_by = []"),
        "done_by: список пуст, нужна хотя бы одна запись.",
    ),
    "a number instead of words": (
        LITTLE.replace('title = "куратор"', "title = 5"),
        "roles «case_curator», title: нужна строка",
    ),
    "empty words": (LITTLE.replace('"куратор"', '"  "'), "roles «case_curator», title: строка пустая."),
    "a word instead of yes": (
        LITTLE.replace("territory_choice = true", 'territory_choice = "да"'),
        "events «neighbour_asked», territory_choice: нужно true или false, а стоит «да».",
    ),
    "a table instead of words": (
        LITTLE.replace(WITHIN, "within = 15 #"),
        "duties «plan_draft», within: здесь должна быть таблица с полями, а стоит «15».",
    ),
    "an unknown unit": (
        LITTLE.replace('"unspecified_day"', '"day"'),
        "duties «plan_draft», within.unit: «day» здесь не бывает; бывает: immediate, sutki, calendar_day,",
    ),
    "a name in capitals": (LITTLE.replace(PLAN, 'id = "Plan"'), "duties «Plan», id: «Plan» не подходит: имя пишется"),
    "no date": (
        LITTLE.replace("after = 2026-10-30", 'after = "30 октября"'),
        "duties «plan_draft», examples [запись 1], after: нужна дата вида 2026-10-30",
    ),
    "an unknown owner": (
        LITTLE.replace(
            'owner = "case_curator"\nafter = ["curator_assigned"]\nwithin',
            'owner = "curator"\nafter = ["curator_assigned"]\nwithin',
        ),
        ": duties «plan_draft», owner: роли «curator» нет среди roles; похоже на «case_curator».",
    ),
    "an unknown actor": (
        f'{STAGE}actors = ["nobody"]\n',
        ": stages «first», actors: роли «nobody» нет среди roles.",
    ),
    "an unknown participant": (
        f'{STAGE}participants = ["nobody"]\n',
        ": stages «first», participants: роли «nobody» нет среди roles.",
    ),
    "an unknown stage": (
        LITTLE.replace(PLAN, f'{PLAN}\nstage = "second"'),
        ": duties «plan_draft», stage: этапа «second» нет среди stages.",
    ),
    "an unknown role of approval": (
        f'{PLANS}role = "nobody"\nevent = "plan_approved"\n',
        ": plans «ipr», approval «plan_approved», role: роли «nobody» нет среди roles.",
    ),
    "an escalation to nobody": (
        f'{LITTLE}[[escalations]]\nafter_days = 3\nto = "head"\nduties = ["plan"]\nterritory_choice = true\n',
        ": escalations «head», to: роли «head» нет среди roles.",
    ),
    "an escalation of no duty": (
        f'{LITTLE}[[escalations]]\nafter_days = 3\nto = "case_curator"\nduties = ["plan"]\nterritory_choice = true\n',
        ": escalations «case_curator», duties: обязанности «plan» нет среди duties",
    ),
    "an unknown layer": (
        LITTLE.replace('zone = "', 'calendar = ["ru", "mars"]\nzone = "'),
        ": calendar: слоя календаря «mars» нет; есть: ru, bashkortostan.",
    ),
    "no country's layer": (
        LITTLE.replace('zone = "', 'calendar = ["bashkortostan"]\nzone = "'),
        ": calendar: первым стоит общий слой «ru».",
    ),
    "a name twice": (
        LITTLE.replace('id = "family_seen"', PLAN),
        ": duties «plan_draft»: такое имя уже стоит выше, у каждой записи оно своё.",
    ),
    "a value twice": (
        LITTLE.replace('id = "worried"', 'id = "calm"').replace('when = { level = ["worried"] }\n', ""),
        ": classifications «level», values «calm»: такое имя уже стоит выше",
    ),
    "an unknown event": (
        LITTLE.replace('"visit_made"', '"visit_was_made"'),
        ": duties «family_seen», done_by: события «visit_was_made» нет ни в словаре, ни в events этого файла",
    ),
    "an event of another subject": (
        LITTLE.replace('done_by = ["plan_drafted"]', 'done_by = ["survey_done"]'),
        ": duties «plan_draft», done_by: событие «survey_done» бывает у signal, а subject здесь — case.",
    ),
    "an unknown event of a stage": (
        f'{STAGE}ends_with = ["all_well"]\n',
        ": stages «first», ends_with: события «all_well» нет",
    ),
    "a term and a period": (
        LITTLE.replace(WITHIN, f"every = {{ n = 1 }}\n{WITHIN}"),
        ": duties «plan_draft»: стоят и within, и every; срок или период, но не оба.",
    ),
    "an aim beside a term": (
        LITTLE.replace(WITHIN, f'target = {{ n = 3, unit = "calendar_day" }}\n{WITHIN}'),
        ": duties «plan_draft»: target ставят там, где документ не называет срока",
    ),
    "a frequency of no period": (
        LITTLE.replace(WITHIN, f"frequency = true\n{WITHIN}"),
        ": duties «plan_draft»: frequency = true не бывает у обязанности с within",
    ),
    "no source": (
        LITTLE.replace('source = { doc = "900", ref = "п. 3", quote = "в течение 15 дней" }\n', ""),
        ": duties «plan_draft»: нет ни source с цитатой, ни отметки territory_choice или unsaid.",
    ),
    "no quote": (
        LITTLE.replace('ref = "п. 3", quote = "в течение 15 дней"', 'ref = "п. 3"'),
        ": duties «plan_draft», source.quote: нет обязательного поля.",
    ),
    "an unknown document": (
        LITTLE.replace('{ doc = "900", ref = "п. 3"', '{ doc = "901", ref = "п. 3"'),
        ": duties «plan_draft», source.doc: документа «901» нет среди documents; похоже на «900».",
    ),
    "an unknown classification": (
        LITTLE.replace("when = { level =", "when = { category ="),
        ": duties «plan_draft», when: классификации «category» нет среди classifications.",
    ),
    "an unknown value": (
        LITTLE.replace('when = { level = ["worried"] }', 'when = { level = ["high"] }'),
        ": duties «plan_draft», when.level: значения «high» нет; есть: calm, worried.",
    ),
    "a worked example that does not come out": (
        LITTLE.replace("due = 2026-11-16", "due = 2026-11-14"),
        ": duties «plan_draft», examples [запись 1]: от 2026-10-30 выходит 2026-11-16, а в примере стоит 2026-11-14.",
    ),
    "an example at the end of time": (
        LITTLE.replace("after = 2026-10-30", "after = 9999-12-31"),
        ": duties «plan_draft», examples [запись 1]: от 9999-12-31 выходит ничего, а в примере стоит 2026-11-16.",
    ),
    "an hour that does not come out": (
        LITTLE.replace('{ n = 15, unit = "unspecified_day" }', '{ n = 1, unit = "sutki" }')
        .replace("after = 2026-10-30", "after = 2026-10-31T14:00:00+03:00")
        .replace("due = 2026-11-16", "due = 2026-11-02T14:00:00+03:00"),
        ": duties «plan_draft», examples [запись 1]: от 2026-10-31T14:00+03:00 выходит 2026-11-01T14:00+03:00",
    ),
    "an unknown value of a decision": (
        LITTLE.replace(
            'after = ["curator_assigned"]\nwithin',
            'after = ["risk_decided"]\nafter_data = { level = ["high"] }\nwithin',
        ),
        ": duties «plan_draft», after_data.level: значения «high» нет; есть: calm, worried.",
    ),
    "a field twice": (
        LITTLE.replace('title = "куратор"', 'title = "куратор"\ntitle = "координатор"'),
        ", строка 14, знак 22: это поле уже стоит выше.",
    ),
    "a table twice": (f"{LITTLE}[forms]\n[forms]\n", "эта таблица уже стоит выше."),
    "no such month": (LITTLE.replace("due = 2026-11-16", "due = 2026-13-16"), "vydumka@1.toml"),
    "an unknown zone": (
        LITTLE.replace("Europe/Moscow", "Europe/Vydumka"),
        ": zone: часового пояса «Europe/Vydumka» нет; пишется как Asia/Novosibirsk.",
    ),
    "a form never released": (
        LITTLE.replace('zone = "', 'forms = { visit = "visit@99" }\nzone = "'),
        ": forms.visit: выпуска формы «visit@99» нет.",
    ),
    "another encoding": (LITTLE.encode("cp1251"), ", строка 3: файл не в кодировке UTF-8; сохраните его в UTF-8."),
    "another version than its name says": (
        LITTLE.replace("version = 1", "version = 2"),
        ": id и version: в файле «vydumka@2», а файл назван «vydumka@1».",
    ),
    "an empty file": ("", ": id: нет обязательного поля."),
}


@pytest.fixture(autouse=True)
def nothing_of_a_region_stays() -> object:
    yield
    serve_region(None)


def test_a_sound_profile_is_read(tmp_path: Path) -> None:
    profile = read_profile(written(tmp_path))

    assert profile.key == "vydumka@1"
    assert [rule.id for rule in profile.duties] == ["plan_draft", "family_seen"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_profile_is_refused_with_the_place_of_the_fault(name: str, tmp_path: Path) -> None:
    text, sentence = BROKEN[name]
    assert text != LITTLE

    with pytest.raises(ProfileError) as refusal:
        read_profile(written(tmp_path, text))

    faults = refusal.value.faults
    assert any(fault.startswith("vydumka@1.toml") and sentence in fault for fault in faults), faults


@pytest.mark.parametrize("name", BROKEN)
def test_a_refusal_is_sentences_of_one_line_in_russian(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as refusal:
        read_profile(written(tmp_path, BROKEN[name][0]))

    for fault in refusal.value.faults:
        assert fault.endswith(".")
        assert "\n" not in fault
        assert not re.search(r"\b(should|Input|Field|Expected|is not|must)\b", fault)


def test_every_fault_is_named_not_only_the_first(tmp_path: Path) -> None:
    text = LITTLE.replace("Europe/Moscow", "Mars").replace('"visit_made"', '"seen"').replace('["worried"]', '["bad"]')

    with pytest.raises(ProfileError) as refusal:
        read_profile(written(tmp_path, text))

    assert len(refusal.value.faults) == 3


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, sentence in ((tmp_path / "none.toml", "none.toml: такого файла нет."), (tmp_path, "не открывается")):
        with pytest.raises(ProfileError, match=re.escape(sentence)):
            read_profile(path)


@pytest.mark.parametrize("key", ["", "kochki_2020", "kochki_2020@99", "../vydumka@1", "vydumka@1\n", "a" * 5000])
def test_a_profile_that_was_never_released_is_refused(key: str) -> None:
    with pytest.raises(ProfileError, match="здесь нет"):
        load_profile(key)


def test_a_byte_order_mark_of_an_editor_does_no_harm(tmp_path: Path) -> None:
    assert read_profile(written(tmp_path, LITTLE.encode("utf-8-sig"))).key == "vydumka@1"


def test_a_region_is_served_by_its_folder_and_the_newest_version_is_found(tmp_path: Path) -> None:
    written(tmp_path)
    written(tmp_path, LITTLE.replace("version = 1", "version = 2"), "vydumka@2.toml")

    serve_region(tmp_path)

    assert {"vydumka@1", "vydumka@2"} <= set(released())
    assert load_profile("vydumka@1").version == 1
    assert profile_of("vydumka").key == "vydumka@2"


def test_a_folder_with_one_broken_file_changes_nothing(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    written(good)
    written(bad, LITTLE.replace("Europe/Moscow", "Mars"), "vydumka@1.toml")
    serve_region(good)
    before = load_profile("vydumka@1")

    with pytest.raises(ProfileError, match="часового пояса «Mars» нет"):
        serve_region(bad)

    assert load_profile("vydumka@1") == before
    assert "vydumka@1" in released()
