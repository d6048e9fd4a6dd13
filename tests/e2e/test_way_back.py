"""Every passkey is gone and so is the session: the sign-in page says whom to ask, and the link they give works."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.browser import Phone
from tests.support.server import LiveServer


def lose_everything(phone: Phone) -> None:
    """Lose the passkeys, the storage and the session, as with a phone in a river."""
    phone.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": phone.authenticator})
    phone.page.goto("about:blank")
    phone.cdp.send("Storage.clearDataForOrigin", {"origin": phone.origin, "storageTypes": "all"})
    phone.context.clear_cookies()


def test_who_has_no_key_and_no_session_comes_back_by_a_link(
    phone: Phone, make_phone: Callable[..., Phone], server: LiveServer
) -> None:
    phone.unlock()
    lose_everything(phone)

    phone.page.goto(f"{server.url}/sign-in")
    way_back = phone.page.get_by_role("region", name="Ключа больше нет?")
    expect(way_back).to_contain_text("попросите новую ссылку у руководителя или администратора")
    expect(way_back).to_contain_text("Всё, что вы отправили, на месте")
    phone.page.locator("[data-sign-in]").click()
    expect(phone.page.locator("[data-fill=message]")).to_be_visible()
    expect(way_back).to_be_visible()

    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    desk.page.goto(f"{server.url}/people")
    desk.page.locator("#app main a.row", has_text="Туманова").click()
    desk.page.locator("button[value=field]").click()
    link = desk.page.get_by_label("Одноразовая ссылка")
    expect(link).to_have_value(re.compile("/enrol#"))

    phone.enrol(link.input_value())
    phone.unlock()

    expect(phone.heading).to_have_text("Сегодня")
    expect(phone.page.locator("#app main")).to_contain_text("Рябинкины")
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line and "403" not in line]
