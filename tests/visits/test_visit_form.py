"""The visit form against its own definition: little is enough, nothing unknown passes, nothing typed breaks it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from curator_app.clock import now
from curator_app.visits.answers import Item
from curator_app.visits.fields import MAX_TEXT_CHARS
from curator_app.visits.forms import VisitForm, visit_form

VISIT_ID = uuid.UUID("01932b1e-6a00-7000-8000-000000000001")
FAMILY = uuid.UUID("01932b1e-6a00-7000-8000-0000000000f0")
ANNA = uuid.UUID("01932b1e-6a00-7000-8000-0000000000a0")
SECTION = "housing_employment_income"
LEAST = {
    "id": str(VISIT_ID),
    "family": str(FAMILY),
    "form_version": "visit@1",
    "on": "2026-11-20",
    "outcome": "visit",
}
PHOTO = {"id": "01932b1e-6a00-7000-8000-000000000002", "sha256": "0" * 64}


@pytest.fixture(autouse=True)
def bare_application() -> Iterator[None]:
    """Flask-WTF wants an application around it; the form needs no database."""
    with Flask(__name__).test_request_context():
        yield


def posted(*more: tuple[str, str], **changed: str) -> VisitForm:
    """Post the least visit with some fields changed and some added."""
    return visit_form(MultiDict([*(LEAST | changed).items(), *more]))


def photo(number: object, **changed: str) -> list[tuple[str, str]]:
    """Return the fields of one announced photo."""
    return [(f"photos-{number}-{name}", value) for name, value in (PHOTO | changed).items()]


def test_text_and_three_taps_are_a_visit() -> None:
    form = posted((f"{SECTION}-fact", "Тепло, 22 градуса"), (f"{SECTION}-strengths", "home_warm"), ("where", "at_home"))

    assert form.validate(), form.errors
    answers = form.answers()
    assert (answers.id, answers.family_id, answers.on) == (VISIT_ID, FAMILY, dt.date(2026, 11, 20))
    assert answers.took_place
    assert answers.sections[0].strengths == [Item("home_warm")]
    assert answers.sections[0].fact == "Тепло, 22 градуса"


def test_every_field_of_the_form_reaches_the_answers() -> None:
    form = posted(
        ("started", "13:10"),
        ("ended", "14:30"),
        ("who_home", str(ANNA)),
        ("other_home", "home_guest"),
        ("absent_children", "Миша в школе"),
        ("good_today", "Поиграли вместе"),
        (f"{SECTION}-strengths", f"adult_employed@{ANNA}"),
        (f"{SECTION}-strengths_own", "Утеплили окно"),
        (f"{SECTION}-worries", "power_debt"),
        (f"{SECTION}-worries", "could_not_look"),
        (f"{SECTION}-worries_own", "Нужна кровать"),
        (f"{SECTION}-change", "better"),
        (f"{SECTION}-source", "document"),
        (f"{SECTION}-conclusion", "Гасят сами"),
        *photo(0, place="place_kitchen", purpose="purpose_better", caption="Плита", taken_at="2026:11:20 13:20:00"),
    )

    assert form.validate(), form.errors
    answers, section = form.answers(), form.answers().sections[0]
    assert (answers.started, answers.ended, answers.who_home, answers.other_home) == (
        "13:10",
        "14:30",
        [ANNA],
        ["home_guest"],
    )
    assert (answers.absent_children, answers.good_today) == ("Миша в школе", "Поиграли вместе")
    assert section.strengths == [Item("adult_employed", ANNA)]
    assert section.worries == [Item("power_debt"), Item("could_not_look")]
    assert (section.strengths_own, section.worries_own) == ("Утеплили окно", "Нужна кровать")
    assert (section.change, section.source, section.conclusion) == ("better", "document", "Гасят сами")
    assert [(line.place, line.purpose, line.caption) for line in answers.photos] == [
        ("place_kitchen", "purpose_better", "Плита")
    ]


def test_an_attempt_is_a_record_of_its_own() -> None:
    form = posted(outcome="not_opened", attempt_fact="Горел свет", attempt_words="Они на смене")

    assert form.validate(), form.errors
    assert not form.answers().took_place
    assert (form.answers().attempt_fact, form.answers().attempt_words) == ("Горел свет", "Они на смене")
    assert form.answers().sections[0].is_empty


def test_what_was_posted_is_kept_as_it_came_but_for_the_token() -> None:
    form = posted(("csrf_token", "secret"), ("of_a_newer_form", "да"))

    assert form.validate(), form.errors
    assert form.answers().raw == [*LEAST.items(), ("of_a_newer_form", "да")]


REFUSED = {
    "no date": ({"on": ""}, "on", "дата"),
    "not a date": ({"on": "2026-13-45"}, "on", "дата"),
    "no outcome": ({"outcome": ""}, "outcome", "чем закончилось"),
    "an outcome of no form": ({"outcome": "vanished"}, "outcome", "Такого ответа"),
    "an end before the start": ({"started": "14:00", "ended": "13:00"}, "ended", "раньше начала"),
    "not a time": ({"started": "25:00"}, "started", "время"),
    "a place of no form": ({"where": "on_the_moon"}, "where", "Такого ответа"),
    "a person of no form": ({"other_home": "dragon"}, "other_home", "Такого ответа"),
    "a release of the future": ({"form_version": "visit@77"}, "form_version", "новее"),
    "a release that is no name": ({"form_version": "a\0" * 4000}, "form_version", "новее"),
    "an id that is none": ({"id": "1"}, "id", "Такого ответа"),
    "no id": ({"id": ""}, "id", "Такого ответа"),
    "a person that is none": ({"who_home": "Анна"}, "who_home", "Такого ответа"),
    "a text without end": ({"attempt_fact": "а" * (MAX_TEXT_CHARS + 1)}, "attempt_fact", f"{MAX_TEXT_CHARS} знаков"),
    "a chip of no form": ({f"{SECTION}-strengths": "is_rich"}, SECTION, "Такого ответа"),
    "a person's chip of nobody": ({f"{SECTION}-strengths": "adult_employed"}, SECTION, "Такого ответа"),
    "a family's chip of somebody": ({f"{SECTION}-worries": f"power_debt@{ANNA}"}, SECTION, "Такого ответа"),
    "a chip of a broken id": ({f"{SECTION}-worries": "clothes_short@x"}, SECTION, "Такого ответа"),
    "a change of no form": ({f"{SECTION}-change": "worse"}, SECTION, "Такого ответа"),
    "a source of no form": ({f"{SECTION}-source": "rumour"}, SECTION, "Такого ответа"),
    "a photo without its digest": (dict(photo(0, sha256="short")), "photos", "не дошёл"),
    "a photo of no id": (dict(photo(0, id="x")), "photos", "Такого ответа"),
    "a photo of no place": (dict(photo(0, place="place_bed")), "photos", "Такого ответа"),
    "a photo of no purpose": (dict(photo(0, purpose="purpose_fun")), "photos", "Такого ответа"),
    "a caption without end": (dict(photo(0, caption="а" * 301)), "photos", "300 знаков"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_hold_is_refused_at_its_field_in_russian(name: str) -> None:
    changed, field, words = REFUSED[name]

    form = posted(**changed)

    assert not form.validate()
    assert set(form.errors) == {field}
    assert words in "\n".join(sentences(form.errors))
    assert [sentence for sentence in sentences(form.errors) if sentence.isascii()] == []


def test_tomorrow_passes_for_a_phone_that_runs_ahead_and_the_day_after_does_not() -> None:
    tomorrow, later = (now().date() + dt.timedelta(days=days) for days in (1, 2))

    assert posted(on=tomorrow.isoformat()).validate()
    form = posted(on=later.isoformat())
    assert not form.validate()
    assert "не наступила" in form.errors["on"][0]


def test_the_longest_text_passes() -> None:
    assert posted(attempt_fact="а" * MAX_TEXT_CHARS).validate()


def test_every_announced_photo_is_kept_however_many() -> None:
    ids = [str(uuid.UUID(int=VISIT_ID.int + number)) for number in range(50)]

    form = posted(*(pair for number, one in enumerate(ids) for pair in photo(number, id=one)))

    assert form.validate(), form.errors
    assert [str(line.id) for line in form.answers().photos] == ids


@pytest.mark.parametrize("number", ["²", "-1", "1" * 5000, "x", "", "٣"])
def test_a_photo_with_an_odd_number_breaks_nothing(number: str) -> None:
    form = posted(*photo(number))

    assert form.validate() or "photos" in form.errors


def sentences(errors: object) -> list[str]:
    """Return the sentences of nested errors."""
    if isinstance(errors, dict):
        return [sentence for part in errors.values() for sentence in sentences(part)]
    if isinstance(errors, list | tuple):
        return [sentence for part in errors for sentence in sentences(part)]
    return [str(errors)]
