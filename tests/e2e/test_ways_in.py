"""The ways into a vault: the passkey is gone, another one is made, new words are drawn; a phone without PRF."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Phone
from tests.support.server import LiveServer


@pytest.fixture
def at_more(phone: Phone) -> Phone:
    """Туманова's phone, open at «Ещё»."""
    phone.go("/more")
    return phone


def lose_passkeys(phone: Phone) -> None:
    """Delete every passkey of the phone, as a person may in its settings."""
    phone.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": phone.authenticator})


def step(phone: Phone, name: str) -> Locator:
    """Return a step of «Ключ и фраза»."""
    return phone.page.locator(f"[data-secret-step={name}]")


def prove_by_words(phone: Phone, words: list[str]) -> None:
    """Type the six words into the proof."""
    for field, word in zip(step(phone, "prove").locator("form input").all(), words, strict=True):
        field.fill(word)
    step(phone, "prove").locator("form button").click()


def draw_phrase(phone: Phone) -> list[str]:
    """Go on from the proof to the end of a new phrase; return it."""
    shown = step(phone, "words").locator("ol li")
    expect(shown).to_have_count(6)
    words = shown.all_inner_texts()
    step(phone, "words").locator("[data-next]").click()
    check = step(phone, "check")
    for field in range(2):
        label = check.locator(f"[data-fill={'label_a' if field == 0 else 'label_b'}]").inner_text()
        check.locator("[data-word]").nth(field).fill(words[int(label.split()[-1]) - 1])
    check.locator("[data-next]").click()
    expect(step(phone, "done")).to_be_visible()
    return words


def test_when_the_passkey_is_gone_the_words_open_and_a_new_passkey_is_made(at_more: Phone) -> None:
    phone = at_more
    phone.hide()
    lose_passkeys(phone)

    phone.page.locator('[data-open="key"]').click()
    message = phone.page.locator("#lock [data-fill=message]")
    expect(message).to_contain_text("резервной фразой")
    phone.unlock_by_phrase()

    phone.page.locator("[data-secret=key]").click()
    prove_by_words(phone, phone.words)
    step(phone, "key").locator("[data-next]").click()
    expect(step(phone, "done")).to_contain_text("Новый ключ открывает записи")
    step(phone, "done").locator("[data-next]").click()
    expect(phone.page.locator("#lock")).to_be_visible()
    phone.unlock()
    expect(phone.heading).to_have_text("Ещё")


def test_the_new_passkey_signs_in_as_well(at_more: Phone, server: LiveServer) -> None:
    phone = at_more
    phone.page.locator("[data-secret=key]").click()
    step(phone, "prove").locator("[data-prove-key]").click()
    step(phone, "key").locator("[data-next]").click()
    expect(step(phone, "done")).to_be_visible()
    phone.context.clear_cookies(name="__Host-s")

    phone.go("/today")

    answer = phone.context.request.get(f"{server.url}/session").json()
    assert answer["signed_in"] is True


def test_new_words_open_and_the_old_ones_do_not(at_more: Phone) -> None:
    phone = at_more
    old = phone.words
    phone.page.locator("[data-secret=phrase]").click()
    step(phone, "prove").locator("[data-prove-key]").click()
    phone.words = draw_phrase(phone)
    assert phone.words != old
    step(phone, "done").locator("[data-next]").click()

    phone.page.locator('[data-open="phrase"]').click()
    phone.type_phrase(old)
    expect(phone.page.locator("#lock [data-fill=message]")).to_contain_text("Фраза не подошла")
    phone.unlock_by_phrase()


def test_nothing_is_changed_without_an_old_way_in(at_more: Phone) -> None:
    phone = at_more
    phone.page.locator("[data-secret=phrase]").click()

    prove_by_words(phone, phone.words[::-1])

    expect(step(phone, "prove")).to_contain_text("Фраза не подошла. Ничего не изменилось")
    expect(step(phone, "words")).to_be_hidden()


def test_the_lock_takes_a_half_drawn_phrase_off_the_glass(at_more: Phone) -> None:
    phone = at_more
    phone.page.locator("[data-secret=phrase]").click()
    step(phone, "prove").locator("[data-prove-key]").click()
    words = step(phone, "words").locator("ol li")
    expect(words).to_have_count(6)
    drawn = " ".join(words.all_inner_texts())

    phone.hide()

    assert drawn.split()[0] not in phone.page.locator("body").inner_text().split()
    phone.unlock_by_phrase()


def test_without_prf_the_words_open_once_a_shift_and_a_code_covers_meanwhile(
    make_phone: Callable[..., Phone], server: LiveServer
) -> None:
    phone = make_phone(prf=False)
    phone.enrol(server.link("Туманова"))
    phone.page.locator("#lock [data-code]").fill("2580")
    phone.unlock_by_phrase()
    phone.hide()
    code = phone.page.locator("#lock [data-code-form]")

    code.locator("input").fill("1111")
    code.locator("button").click()
    expect(phone.page.locator("#lock [data-fill=message]")).to_contain_text("Осталось попыток: 4")
    code.locator("input").fill("2580")
    code.locator("button").click()
    expect(phone.heading).to_have_text("Сегодня")

    phone.hide()
    for left in (4, 3, 2, 1, 0):
        code.locator("input").fill("0000")
        code.locator("button").click()
        expect(phone.page.locator("#lock [data-fill=message]")).to_contain_text(f"попыток: {left}")
    expect(code).to_be_hidden()
    phone.unlock_by_phrase()
