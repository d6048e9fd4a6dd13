"""visit@2 against its definition: statements, notes of one child, a child's words, promises, acquaintance."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from curator_app.visits.answers import Item, KeptLine, PromiseLine, StatementLine, VisitAnswers
from curator_app.visits.forms import VisitForm, visit_form

FAMILY = uuid.UUID("01932b1e-6a00-7000-8000-0000000000f0")
ANNA = uuid.UUID("01932b1e-6a00-7000-8000-0000000000a0")
MISHA = uuid.UUID("01932b1e-6a00-7000-8000-0000000000b0")
PROMISE = uuid.UUID("01932b1e-6a00-7000-8000-0000000000c0")
LEAST = {
    "id": "01932b1e-6a00-7000-8000-000000000001",
    "family": str(FAMILY),
    "form_version": "visit@2",
    "on": "2026-11-20",
    "outcome": "visit",
}
FROZEN = "О чём мы договорились: принести список кружков до 24 ноября"
FROZEN_SHA256 = hashlib.sha256(FROZEN.encode()).hexdigest()


@pytest.fixture(autouse=True)
def bare_application() -> Iterator[None]:
    """Flask-WTF wants an application around it; the form needs no database."""
    with Flask(__name__).test_request_context():
        yield


def posted(*more: tuple[str, str]) -> VisitForm:
    """Post the least visit with some fields added."""
    return visit_form(MultiDict([*LEAST.items(), *more]))


def answers(*more: tuple[str, str]) -> VisitAnswers:
    """Return what a form that holds together says."""
    form = posted(*more)
    assert form.validate(), form.errors
    return form.answers()


def test_statements_are_answered_for_the_family_or_for_one_child() -> None:
    said = answers(
        ("safety-worker_safe", "yes"),
        ("living-warm_rooms", "no"),
        ("living-warm_rooms-fact", "В спальне 14 градусов"),
        (f"living-own_sleeping_place@{MISHA}", "yes"),
    )

    assert said.statements == [
        StatementLine("safety", "worker_safe", "yes"),
        StatementLine("living", "warm_rooms", "no", fact="В спальне 14 градусов"),
        StatementLine("living", "own_sleeping_place", "yes", MISHA),
    ]


def test_the_same_as_last_time_is_an_answer_that_says_so() -> None:
    said = answers(
        ("living-electricity_on-same", "yes"),
        ("living-water_close", "no"),
        ("living-water_close-same", "yes"),
        ("health-strengths", f"sleeps_well@{MISHA}"),
        ("health-strengths-same", f"sleeps_well@{MISHA}"),
        ("health-strengths-same", "walks_daily"),
    )

    assert said.statements == [
        StatementLine("living", "electricity_on", "yes", carried=True),
        StatementLine("living", "water_close", "no"),
    ]
    health = next(section for section in said.sections if section.section == "health")
    assert health.strengths == [Item("sleeps_well", MISHA), Item("walks_daily", carried=True)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("living-own_sleeping_place", "yes"),
        (f"living-warm_rooms@{MISHA}", "yes"),
        ("living-warm_rooms", "perhaps"),
        ("living-warm_rooms-same", "not_known"),
        ("living-no_such_thing", "yes"),
        (f"health@{MISHA}-change", "worse"),
        (f"child_words@{MISHA}-context", "overheard"),
        (f"child_words@{MISHA}-present", "present_police"),
        (f"kept-{PROMISE}", "broken"),
        ("rights", "right_to_sing"),
        ("planned", "raid"),
        ("acquaint", "forced"),
        ("promises-0-side", "nobody"),
    ],
)
def test_an_answer_that_the_form_does_not_have_is_refused_by_its_name(name: str, value: str) -> None:
    form = posted((name, value), ("promises-0-what", "Позвонить"))

    assert not form.validate()
    assert name in form.sentences()


def test_a_text_that_is_too_long_is_refused_where_it_stands_and_kept() -> None:
    long = "я" * 5000
    form = posted((f"health@{MISHA}-fact", long))

    assert not form.validate()
    assert "длиннее 4000" in form.sentences()[f"health@{MISHA}-fact"][0]
    assert (f"health@{MISHA}-fact", long) in form.raw


def test_a_section_speaks_of_the_family_and_of_one_child_apart() -> None:
    said = answers(("health-fact", "Аптечка собрана"), (f"health@{MISHA}-fact", "У зубного в октябре"))

    facts = {section.member_id: section.fact for section in said.sections if section.section == "health"}
    assert facts == {None: "Аптечка собрана", MISHA: "У зубного в октябре"}


def test_a_childs_words_are_not_among_the_fields_that_stay_with_the_visit() -> None:
    words = f"child_words@{MISHA}"
    said = answers(
        (f"{words}-verbatim", "хочу на робототехнику"),
        (f"{words}-context", "asked"),
        (f"{words}-question", "Что любишь?"),
        (f"{words}-present", "present_mother"),
    )

    (line,) = said.child_words
    assert (line.member_id, line.verbatim, line.context, line.present) == (
        MISHA,
        "хочу на робототехнику",
        "asked",
        ["present_mother"],
    )
    assert "робототехнику" not in str(said.raw)


def test_a_promise_has_a_side_words_and_a_day_and_a_row_without_words_is_none() -> None:
    said = answers(
        ("promises-0-id", str(PROMISE)),
        ("promises-0-side", "ours"),
        ("promises-0-what", "Принести список кружков"),
        ("promises-0-due", "2026-11-24"),
        ("promises-1-side", "theirs"),
        ("promises-1-what", "  "),
        ("promises-1-due", ""),
    )

    assert said.promises == [
        PromiseLine(PROMISE, "ours", "Принести список кружков", due_on=dt.date(2026, 11, 24)),
    ]


def test_what_became_of_an_earlier_promise_is_told_with_its_reason() -> None:
    said = answers((f"kept-{PROMISE}", "not_yet"), (f"kept-{PROMISE}-reason", "promise_illness"))

    assert said.kept == [KeptLine(PROMISE, "not_yet", "promise_illness")]


def test_a_mark_is_bound_to_the_text_that_was_read() -> None:
    mark = ("acquaint_mark", "[[[10,20],[30,40]]]")
    said = answers(("acquaint", "mark_on_screen"), ("acquaint_text", FROZEN), ("acquaint_sha256", FROZEN_SHA256), mark)
    other = posted(
        ("acquaint", "mark_on_screen"), ("acquaint_text", FROZEN + "!"), ("acquaint_sha256", FROZEN_SHA256), mark
    )

    assert said.acquainted is not None
    assert (said.acquainted.sha256, said.acquainted.mark) == (FROZEN_SHA256, [[[10, 20], [30, 40]]])
    assert not other.validate()
    assert "Прочитайте его ещё раз" in other.sentences()["acquaint_text"][0]


@pytest.mark.parametrize(
    "mark", ["[[[1,2]", "[[[1]]]", "[[[-1,2]]]", '[[["a",2]]]', "[" * 5000, "{}{}", "[[[1,99999]]]"]
)
def test_a_mark_that_is_none_is_refused_and_breaks_nothing(mark: str) -> None:
    form = posted(("acquaint", "mark_on_screen"), ("acquaint_mark", mark))

    assert not form.validate()
    assert "acquaint_mark" in form.sentences()


def test_a_minor_marks_only_beside_the_representative() -> None:
    alone = posted(("acquaint", "mark_on_screen"), ("acquaint_beside", str(MISHA)))
    beside = posted(
        ("acquaint", "mark_on_screen"),
        ("acquaint_member", str(ANNA)),
        ("acquaint_beside", str(MISHA)),
        ("minor_opinion", "Согласен не во всём"),
    )

    assert not alone.validate()
    assert "законным представителем" in alone.sentences()["acquaint_beside"][0]
    assert beside.validate()


@pytest.mark.parametrize("outcome", ["sign_later", "not_signed", "disagree_with", "read_aloud_marked"])
def test_every_way_of_being_acquainted_is_equal(outcome: str) -> None:
    said = answers(("acquaint", outcome), ("acquaint_words", "подумаем"))

    assert said.acquainted is not None
    assert (said.acquainted.outcome, said.acquainted.words) == (outcome, "подумаем")


def test_a_visit_to_be_supplemented_says_so() -> None:
    assert answers(("finish", "later")).unfinished
    assert not answers().unfinished
