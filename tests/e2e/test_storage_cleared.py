"""The browser's data were cleared: the server still knows how much the phone had announced, and says so."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

# What «очистить историю» takes: everything of the site but what the authenticator keeps.
CLEAR = "Storage.clearDataForOrigin"


def test_what_the_phone_had_announced_is_named_at_sign_in_and_at_the_next_enrolment(
    phone: Phone, server: LiveServer, make_phone: Callable[..., Phone]
) -> None:
    phone.unlock()
    walk.take_kit(phone)
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.saved(phone)
    phone.page.wait_for_timeout(1600)
    phone.go("/outbox")
    phone.page.locator("#app [data-send-now]").click()
    expect(phone.page.locator("#app [data-send-now]")).to_be_enabled(timeout=20_000)  # the draft is announced

    phone.page.goto("about:blank")
    phone.cdp.send(CLEAR, {"origin": phone.origin, "storageTypes": "all"})
    phone.page.goto(f"{phone.origin}/today")
    phone.page.wait_for_url("**/sign-in*")
    phone.page.locator("[data-sign-in]").click()

    said = phone.page.locator("#sign-in [data-fill=message]")
    expect(said).to_contain_text("На телефоне была 1 неотправленная запись")

    fresh = make_phone()
    fresh.enrol_to_words(server.link("Туманова"))
    fresh.press_next("phrase")
    fresh.type_back(fresh.words)
    done = fresh.step("done")
    expect(done.locator("[data-fill=wrong]")).to_contain_text("На телефоне была 1 неотправленная запись")
    expect(done.locator("[data-fill=wrong]")).to_contain_text("Всё, что дошло до сервера, цело")
