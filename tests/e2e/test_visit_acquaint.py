"""«Прочитали вместе»: what was read stays as it was read; a mark belongs to its hash; all answers are equal."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.agreements import Acquaintance
from tests.e2e.outbox import PATIENCE_SECONDS
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer


@pytest.fixture
def visit(walker: Phone) -> Phone:
    """A visit that stands at «Прочитали вместе»."""
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker)
    walk.step(walker, walk.SECTION).get_by_text("Дома тепло", exact=True).click()
    read_together(walker)
    return walker


def read_together(phone: Phone) -> None:
    """Open the step by way of «Проверьте»."""
    walk.step(phone, "check")
    walk.step(phone, "acquaint")
    expect(letter(phone)).to_contain_text("Дома тепло")


def letter(phone: Phone) -> Locator:
    """The text that is read."""
    return phone.page.locator("[data-acquaint-text]")


def answer(phone: Phone, words: str) -> None:
    """Say how it was."""
    phone.page.locator("[data-acquaint-options] .chip", has_text=words).click()
    expect(phone.page.locator("[data-acquaint-frozen]")).to_contain_text("Текст закреплён")


def kept(phone: Phone, name: str) -> str:
    """What a field that nobody sees holds."""
    return str(phone.page.locator(f"input[type=hidden][name={name}]").input_value())


def draw(phone: Phone) -> None:
    """Draw one stroke by finger and wait until it is kept."""
    canvas = phone.page.locator("canvas.mark")
    canvas.scroll_into_view_if_needed()
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    assert box
    mouse = phone.page.mouse
    mouse.move(box["x"] + 30, box["y"] + 40)
    mouse.down()
    mouse.move(box["x"] + 120, box["y"] + 80, steps=8)
    mouse.up()
    expect(phone.page.locator("input[name=acquaint_mark]")).not_to_have_value("")


def test_the_text_stands_above_equal_answers_and_none_is_chosen(visit: Phone) -> None:
    page = visit.page
    chips = page.locator("[data-acquaint-options] .chip")

    expect(chips).to_have_text(
        [
            "Подписали на бумаге, 2 экз.",
            "Прочитали вслух",
            "Отметка на экране",
            "Подпишут позже",
            "Не подписали",
            "Не согласны с…",
        ]
    )
    expect(page.locator("[name=acquaint]:checked")).to_have_count(0)
    sizes = {(round(box["width"]), round(box["height"])) for chip in chips.all() if (box := chip.bounding_box())}
    assert len(sizes) == 1
    text, first = letter(visit).bounding_box(), chips.first.bounding_box()
    assert text
    assert first
    assert text["y"] + text["height"] <= first["y"]


def test_an_answer_freezes_the_text_with_its_hash_and_both_arrive(visit: Phone, server: LiveServer) -> None:
    answer(visit, "Подписали на бумаге")
    text = kept(visit, "acquaint_text")
    assert "– Дома тепло" in text
    assert kept(visit, "acquaint_sha256") == hashlib.sha256(text.encode()).hexdigest()

    walk.finish(visit)

    expect(visit.page.locator("[data-fill=status]")).to_have_text("На сервере", timeout=PATIENCE_SECONDS * 1000)
    with server.app() as app, app.app_context():
        row = db.session.scalars(select(Acquaintance)).one()
        assert (row.outcome, row.text, row.mark) == ("paper_two_copies", text, [])
        db.session.delete(row)
        db.session.commit()


def test_a_change_afterwards_makes_the_text_stale_and_takes_the_mark(visit: Phone) -> None:
    page = visit.page
    answer(visit, "Отметка на экране")
    draw(visit)
    section = walk.step(visit, walk.SECTION)
    section.get_by_text("Есть запас еды", exact=True).click()

    read_again = walk.step(visit, "check")
    expect(read_again).to_be_visible()
    walk.step(visit, "acquaint")

    expect(page.locator("[data-acquaint-stale]")).to_contain_text("Прочитайте текст вместе ещё раз")
    expect(page.locator("[name=acquaint]:checked")).to_have_count(0)
    assert [kept(visit, f"acquaint_{name}") for name in ("text", "sha256", "mark")] == ["", "", ""]
    expect(letter(visit)).to_contain_text("Есть запас еды")
    answer(visit, "Прочитали вслух")
    expect(page.locator("[data-acquaint-stale]")).to_be_hidden()


def test_what_the_family_does_not_see_leaves_the_reading_as_it_was(visit: Phone) -> None:
    answer(visit, "Подпишут позже")
    walk.step(visit, walk.SECTION)
    visit.page.locator(f"textarea[name='{walk.SECTION}-conclusion']").fill("Рассрочка не нужна")
    walk.step(visit, "check")

    expect(visit.page.locator("[data-check=acquaint]")).to_contain_text("Подпишут позже")


def test_the_mark_survives_the_lock_in_units_of_no_screen(visit: Phone) -> None:
    answer(visit, "Отметка на экране")
    draw(visit)
    strokes = kept(visit, "acquaint_mark")
    walk.saved(visit)
    visit.page.wait_for_timeout(1800)

    visit.hide()
    visit.unlock()

    expect(visit.page.locator("canvas.mark")).to_be_visible()
    assert kept(visit, "acquaint_mark") == strokes
    painted = "(canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    assert visit.page.locator("canvas.mark").evaluate(painted)


def test_another_answer_takes_the_mark_away(visit: Phone) -> None:
    answer(visit, "Отметка на экране")
    draw(visit)

    answer(visit, "Не подписали")

    expect(visit.page.locator("[data-mark]")).to_be_hidden()
    expect(visit.page.locator("input[name=acquaint_mark]")).to_have_value("")


def test_a_minor_marks_only_beside_an_adult_and_speaks_apart(visit: Phone) -> None:
    page = visit.page
    beside = page.locator("[data-beside] input[name=acquaint_beside]")
    expect(beside.last).to_be_disabled()

    page.locator(".chip", has=page.locator("[name=acquaint_member]")).first.click()

    expect(beside.last).to_be_enabled()
    expect(page.locator("[name=minor_opinion]")).to_be_editable()
