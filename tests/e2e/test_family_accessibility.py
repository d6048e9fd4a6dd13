"""The pages round a family under axe: before the door, a contact, promises and cautions with their small forms."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.accessibility import Inspect
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer


def open_details(phone: Phone) -> None:
    """Open every fold of the page."""
    phone.page.evaluate("document.querySelectorAll('#app details').forEach((fold) => { fold.open = true; })")


def test_on_a_phone(phone: Phone, inspect: Inspect) -> None:
    phone.unlock()
    inspector = inspect(phone)
    open_details(phone)
    inspector.look("today with promises", themes=True)
    walk.open_family(phone, "Кедровы")
    open_details(phone)
    inspector.look("dossier with promises", themes=True)
    phone.page.locator("#app .foot a", has_text="Перед дверью").click()
    expect(phone.heading).to_have_text("Перед дверью")
    inspector.look("before the door", themes=True)
    phone.page.locator("#app main a", has_text="Другой контакт").click()
    form = phone.page.locator("#contact-form")
    form.locator("textarea").first.fill("длинноесловобезпробелов" * 4)
    phone.page.locator("[data-finish]").click()
    expect(form.locator("[data-error-for=kind]")).to_be_visible()
    inspector.look("contact without its kind")
    form.locator(".chip").first.click()
    inspector.look("contact", themes=True)


def test_at_the_office(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Туманова", "office"))
    inspector = inspect(desk)
    open_details(desk)
    inspector.look("office today with promises", themes=True)
    desk.page.locator("a", has_text="Кедровы").first.click()
    expect(desk.heading).to_have_text("Кедровы")
    desk.page.locator("#cautions summary").click()
    desk.page.locator("#cautions form button", has_text="Записать").click()
    expect(desk.page.locator("#cautions .wrong").first).to_be_visible()
    inspector.look("office caution refused")
    open_details(desk)
    inspector.look("office dossier with promises")
    path = desk.page.url
    desk.page.locator("#app a[href^='/duties/']").first.click()
    expect(desk.heading).to_have_text("Почему такой срок")
    open_details(desk)
    inspector.look("why such a day", themes=True)
    desk.page.goto(f"{path}/door")
    inspector.look("office before the door")
    desk.page.goto(f"{path}/contact")
    desk.page.locator("[data-finish]").click()
    expect(desk.page.locator("#app .note[role=alert]")).to_be_visible()
    inspector.look("office contact refused", themes=True)
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]
