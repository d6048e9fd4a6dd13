"""«Проверьте»: all of it read back, strengths first; hints are advice; the family's view; «Готово, допишу»."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.e2e.outbox import PATIENCE_SECONDS
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

OWN = f"textarea[name='{walk.SECTION}-worries_own']"


@pytest.fixture
def visit(walker: Phone) -> Phone:
    """A visit with something of everything the first section asks."""
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker)
    section = walk.step(walker, walk.SECTION)
    section.get_by_text("Дома тепло", exact=True).click()
    section.get_by_text("Долг за свет", exact=True).click()
    section.get_by_text("Лучше", exact=True).first.click()
    walker.page.locator(walk.FACT).fill("Квитанция: долг 2 900 ₽")
    walker.page.locator(OWN).fill("В доме бардак, мама пьяная, отец неизвестен, явно врёт")
    return walker


def part(phone: Phone, name: str) -> Locator:
    """One list of the page."""
    return phone.page.locator(f"[data-check={name}]")


def heights(places: list[Locator]) -> list[float]:
    """Where on the page each of them begins."""
    boxes = [place.bounding_box() for place in places]
    return [box["y"] for box in boxes if box]


def test_everything_is_read_back_strengths_first(visit: Phone) -> None:
    walk.step(visit, "check")

    expect(part(visit, "meeting")).to_contain_text("Анна")
    expect(part(visit, "strengths")).to_contain_text("Дома тепло")
    expect(part(visit, "worries")).to_contain_text("Долг за свет")
    expect(part(visit, "better")).to_contain_text("Жильё, занятость, доход: лучше")
    expect(part(visit, "facts")).to_contain_text("долг 2 900 ₽")
    order = heights([part(visit, name) for name in ("strengths", "worries", "facts")])
    assert order == sorted(order)
    expect(visit.page.locator("[data-check-part]", has=part(visit, "promises"))).to_be_hidden()


def test_all_parts_are_read_back_and_the_family_sees_its_share(visit: Phone) -> None:
    page = visit.page
    living = walk.step(visit, "living")
    bed = living.locator("fieldset", has_text="Есть своё спальное место").locator("[data-about=Соня]")
    changed = bed.get_by_text("Изменилось", exact=True)
    if changed.is_visible():  # last time's answer stands there
        changed.click()
    bed.locator("input[value=no]").locator("xpath=..").click()
    bed.locator("textarea").fill("Спит с мамой")
    walk.step(visit, "voice")
    page.locator("textarea[name=family_goal]").fill("Своя кровать Соне")
    promises = walk.step(visit, "promises")
    promises.locator("[data-side=ours] [data-add-promise]").click()
    promises.locator("[data-side=ours] textarea").last.fill("Найти кровать")
    words = walk.step(visit, "child_words")
    for closed in words.locator("details:not([open]) > summary").all():
        closed.click()
    words.locator("textarea[name$=-verbatim]").first.fill("хочу на робототехнику")
    walk.step(visit, "check")

    expect(part(visit, "statements")).to_contain_text("Соня: Есть своё спальное место: нет")
    expect(part(visit, "statements")).to_contain_text("Спит с мамой")
    expect(part(visit, "promises")).to_contain_text("Найти кровать")
    expect(part(visit, "voice")).to_contain_text("Своя кровать Соне")
    expect(part(visit, "child")).to_contain_text("Миша")
    expect(page.locator("[data-step=check]")).not_to_contain_text("робототехнику")
    page.locator(".family-view > summary").click()
    letter = page.locator("[data-family-view]")
    for line in ("Соня: есть своё спальное место — пока нет. Спит с мамой", "Своя кровать Соне", "Найти кровать"):
        expect(letter).to_contain_text(line)


def test_hints_are_three_and_each_can_be_left_or_silenced(visit: Phone) -> None:
    walk.step(visit, "check")
    hints = visit.page.locator("[data-wording-list] > li")
    expect(hints).to_have_count(3)
    expect(hints.first).to_contain_text("бардак")

    hints.first.get_by_text("Оставить", exact=True).click()
    expect(hints).to_have_count(3)
    expect(hints.first).to_contain_text("пьяная")
    hints.first.get_by_text("Не подсказывать это слово").click()

    expect(hints.first).to_contain_text("отец неизвестен")
    walk.step(visit, "meeting")
    walk.step(visit, "check")
    expect(visit.page.locator("[data-wording]")).not_to_contain_text("пьяная")


def test_a_hint_leads_to_its_word_with_the_advice(visit: Phone) -> None:
    walk.step(visit, "check")

    visit.page.locator("[data-wording-offer]").first.click()

    field = visit.page.locator(OWN)
    expect(field).to_be_focused()
    chosen = field.evaluate("(box) => box.value.slice(box.selectionStart, box.selectionEnd)")
    assert chosen == "бардак"
    expect(visit.page.locator("[data-wording-advice]")).to_contain_text("вещи на полу")


def test_hints_are_there_without_a_network_and_never_keep_anybody(visit: Phone) -> None:
    visit.wait_for_shell()
    visit.go_offline()
    walk.step(visit, "check")
    expect(visit.page.locator("[data-wording-list] > li")).to_have_count(3)

    visit.page.locator("[data-finish]:visible").click()

    expect(visit.heading).to_have_text("Готово, запечатано")


def test_the_family_would_see_what_works_first_and_whom_to_call(visit: Phone) -> None:
    walk.step(visit, "check")
    visit.page.locator(".family-view > summary").click()

    letter = visit.page.locator("[data-family-view]")
    expect(letter.locator("h3")).to_have_text(
        ["Мы встретились", "Что у вас получается", "Что стало лучше", "Что пока трудно", "Кому позвонить"]
    )
    expect(letter).to_contain_text("8-800-2000-122")


def test_a_leaflet_shows_what_was_agreed_on_one_page_of_a5(visit: Phone) -> None:
    walk.step(visit, "check")
    walk.step(visit, "leaflet")
    leaflet = visit.page.locator("[data-leaflet]")
    expect(leaflet.locator("h2")).to_contain_text("О чём мы договорились")
    expect(leaflet).to_contain_text("Дома тепло")
    expect(leaflet).not_to_contain_text("бардак")
    expect(leaflet).to_contain_text("Если опасно прямо сейчас: 112")

    visit.page.emulate_media(media="print")

    expect(leaflet).to_be_visible()
    expect(visit.page.locator("[data-print]")).to_be_hidden()
    paper = visit.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 1
    visit.page.emulate_media(media="screen")


def test_what_is_to_be_finished_later_says_so_on_the_server(visit: Phone, server: LiveServer) -> None:
    walk.step(visit, "check")

    visit.page.locator("[data-finish-later]").click()

    expect(visit.heading).to_have_text("Готово, запечатано")
    state = visit.page.locator("[data-fill=status]")
    expect(state).to_have_text("На сервере", timeout=PATIENCE_SECONDS * 1000)
    with server.app() as app, app.app_context():
        newest = db.session.scalars(select(Visit).order_by(Visit.received_at.desc())).first()
        assert newest is not None
        assert newest.unfinished
