"""Acquainting, the family's card and what it opens, under axe: on a phone, at a desk, in a family's own browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.e2e.accessibility import Inspect
from tests.support import walk
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer


def test_on_a_phone(phone: Phone, inspect: Inspect) -> None:
    phone.unlock()
    inspector = inspect(phone)
    walk.open_family(phone, "Кедровы")
    phone.page.locator("#app main a", has_text="Ознакомить семью").click()
    phone.page.locator("[data-finish]").click()
    expect(phone.page.locator("[data-error-for=about]")).to_be_visible()
    inspector.look("acquaintance", themes=True)
    phone.page.goto(f"{phone.origin}/more")
    phone.unlock()
    phone.page.locator("#app main a", has_text="Сообщить о другой семье").click()
    phone.page.locator("[data-finish]").click()
    expect(phone.page.locator("[data-error-for=facts]")).to_be_visible()
    inspector.look("signal on a phone", themes=True)


def test_a_family_writes_by_its_card_and_the_head_answers(
    make_phone: Callable[..., Phone], browser: Browser, server: LiveServer, inspect: Inspect
) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    inspector = inspect(desk)
    desk.page.goto(f"{desk.origin}/families")
    desk.page.locator("#app main a", has_text="Рябинкины").first.click()
    desk.page.locator("#app main a", has_text="Карточка семьи").click()
    expect(desk.page.locator("svg.qr")).to_be_visible()
    inspector.look("family card", themes=True)
    number = desk.page.locator(".card-code").inner_text().replace(" ", "")

    family = open_phone(browser, server.url)
    page = family.page
    page.goto(f"{family.origin}/card#{number}")
    expect(page.get_by_role("heading", name="Ваша карточка")).to_be_visible()
    expect(page.get_by_text("Просим другого куратора")).to_be_visible()
    assert number not in page.url
    theirs = inspect(family)
    theirs.look("family page", themes=True)
    page.get_by_text("Хотим прийти, когда решают про нас").click()
    page.get_by_label("Своими словами").fill("Когда заседание?")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Ответа ещё нет")).to_be_visible()

    desk.page.goto(f"{desk.origin}/requests")
    inspector.look("family requests", themes=True)
    desk.page.locator("#app main a", has_text="Хотим прийти, когда решают про нас").click()
    desk.page.get_by_label("Ответ семье").fill("В четверг в десять, приходите")
    inspector.look("family request", themes=True)
    desk.page.get_by_role("button", name="Ответить").click()
    expect(desk.page.get_by_text("Обращений без ответа нет")).to_be_visible()

    page.reload()
    expect(page.get_by_text("В четверг в десять, приходите")).to_be_visible()
    theirs.look("family page with an answer")
    page.get_by_role("button", name="Закрыть страницу").click()
    expect(page.get_by_label("Номер с карточки")).to_be_visible()
    theirs.look("family page closed", themes=True)
    family.context.close()
