"""The lock: what closes it, what opens it, and that nothing stands on the glass or in the page meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.outbox import wait_until
from tests.support.browser import Phone
from tests.support.server import LiveServer

MINUTE_MS = 60_000
OUT_OF_SIGHT = """(hidden) => {
  Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
LATER = "(ms) => { const now = Date.now; Date.now = () => now() + ms; }"


def out_of_sight(page: Page) -> None:
    """Let the page believe that another app lies over it."""
    page.evaluate(f"() => ({OUT_OF_SIGHT})(true)")


def back_in_sight(page: Page) -> None:
    """Let the page believe that it is looked at again."""
    page.evaluate(f"() => ({OUT_OF_SIGHT})(false)")


@pytest.fixture
def open_phone(walker: Phone) -> Phone:
    """Туманова's phone, open at «Семьи»."""
    walker.go("/families")
    return walker


def test_hiding_empties_the_page_and_the_same_page_comes_back(open_phone: Phone) -> None:
    name = open_phone.page.locator("#app a[href^='/families/']").first.inner_text().split()[0]

    open_phone.hide()

    assert open_phone.page.locator("#app").inner_html() == ""
    assert name not in open_phone.page.content()
    assert name not in open_phone.page.title()
    open_phone.unlock()
    assert open_phone.page.url.endswith("/families")
    expect(open_phone.page.locator("#app")).to_contain_text(name)


def test_out_of_sight_covers_at_once_and_locks_after_three_minutes(open_phone: Phone) -> None:
    page = open_phone.page
    out_of_sight(page)
    expect(page.locator("#cover")).to_be_visible()

    back_in_sight(page)
    expect(page.locator("#cover")).to_be_hidden()
    expect(open_phone.heading).to_be_visible()

    out_of_sight(page)
    page.evaluate(LATER, 3 * MINUTE_MS)
    back_in_sight(page)
    expect(page.locator("#lock")).to_be_visible()
    assert page.locator("#app").inner_html() == ""


def test_nothing_is_painted_before_the_clock_has_decided(open_phone: Phone) -> None:
    page = open_phone.page
    out_of_sight(page)
    page.evaluate(LATER, 4 * MINUTE_MS)

    seen = page.evaluate(f"() => {{ ({OUT_OF_SIGHT})(false); return document.querySelector('#cover').hidden; }}")

    assert seen is False
    expect(page.locator("#lock")).to_be_visible()


def test_ten_minutes_without_a_touch_lock(open_phone: Phone) -> None:
    open_phone.page.evaluate(LATER, 10 * MINUTE_MS)
    expect(open_phone.page.locator("#lock")).to_be_visible(timeout=20_000)


def test_one_tab_locks_the_other(open_phone: Phone) -> None:
    other = open_phone.context.new_page()
    other.goto(f"{open_phone.origin}/today")
    other.locator('[data-open="phrase"]').click()
    for field, word in enumerate(open_phone.words):
        other.locator("#lock [data-word]").nth(field).fill(word)
    other.locator("#lock [data-phrase] [type=submit]").click()
    expect(other.locator("#app h1")).to_be_visible()

    open_phone.page.bring_to_front()
    open_phone.hide()

    expect(other.locator("#lock")).to_be_visible()
    assert other.locator("#app").inner_html() == ""


def test_a_finger_that_is_not_recognised_opens_nothing_and_says_what_to_do(phone: Phone) -> None:
    phone.go("/families")
    phone.hide()
    phone.finger(recognised=False)

    phone.page.locator('[data-open="key"]').click()

    message = phone.page.locator("#lock [data-fill=message]")
    expect(message).to_contain_text("Телефон не подтвердил ключ")
    expect(message).to_contain_text("резервной фразой")
    expect(phone.page.locator("#app")).to_be_hidden()


def test_a_wrong_phrase_opens_nothing_and_burns_no_try(open_phone: Phone) -> None:
    open_phone.hide()
    open_phone.page.locator('[data-open="phrase"]').click()
    open_phone.type_phrase(open_phone.words[::-1])
    expect(open_phone.page.locator("#lock [data-fill=message]")).to_contain_text("Фраза не подошла")

    open_phone.type_phrase([word.upper() for word in open_phone.words])

    expect(open_phone.heading).to_be_visible()


def test_without_a_network_the_finger_opens_and_signing_in_waits(open_phone: Phone) -> None:
    open_phone.wait_for_shell()
    open_phone.go_offline()
    open_phone.page.reload()
    open_phone.unlock()
    assert open_phone.page.url.endswith("/families")
    expect(open_phone.page.locator("#app [data-age]")).to_contain_text("обновлено сегодня")

    # The session died meanwhile: the copy stays readable, one touch brings it back.
    open_phone.context.clear_cookies(name="__Host-s")
    open_phone.go_online()
    open_phone.page.locator("#app a[href='/today']").first.click()
    note = open_phone.page.locator("#app [data-note]")
    expect(note).to_contain_text("Войдите")
    note.locator("[data-note-act]").click()
    expect(note).to_have_count(0)
    expect(open_phone.heading).to_have_text("Сегодня")


def test_signing_out_locks_and_ends_the_session(open_phone: Phone, server: LiveServer) -> None:
    open_phone.go("/more")
    open_phone.page.locator("[data-sign-out]").click()

    expect(open_phone.page.locator("#lock")).to_be_visible()
    # The lock does not wait for a network.
    session = f"{server.url}/session"
    wait_until(open_phone, lambda: open_phone.context.request.get(session).json()["signed_in"] is False)
