"""A one-time link makes a browser somebody's phone or desk: in that order, once, and without giving a secret away."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.support.browser import Phone, open_phone
from tests.support.proxy import FaultProxy
from tests.support.server import LiveServer

VAULT_SECRET = """async () => {
  const salt = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('curator/vault/v1'));
  const publicKey = { challenge: new Uint8Array(32), rpId: 'localhost', userVerification: 'required',
                      extensions: { prf: { eval: { first: salt } } } };
  const given = await navigator.credentials.get({ publicKey });
  return [...new Uint8Array(given.getClientExtensionResults().prf.results.first)];
}"""
DATABASES = "async () => (await indexedDB.databases()).map((each) => each.name)"
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def test_a_phone_is_enrolled_and_opens_by_the_finger(phone: Phone) -> None:
    expect(phone.page.locator("#lock")).to_be_visible()
    expect(phone.page.locator("#app")).to_be_hidden()

    phone.unlock()

    expect(phone.page.locator("#lock")).to_be_hidden()
    expect(phone.heading).to_have_text("Сегодня")


def test_the_vaults_secret_stands_in_no_request(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    phone.page.on("request", note)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    phone.hide()
    phone.unlock()

    secret = bytes(phone.page.evaluate(VAULT_SECRET))

    bodies = b"\n".join(request.url.encode() + (request.post_data_buffer or b"") for request in sent)
    assert len(secret) == 32
    assert b"/sign-in/finish" in bodies
    for spelling in (
        secret,
        secret.hex().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        b'"prf"',
    ):
        assert spelling not in bodies


def test_the_token_reaches_the_server_in_no_address(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    link = server.link("Туманова")
    phone.enrol(link)
    phone.unlock()

    assert link.split("#")[1] not in server.log.read_text(encoding="utf-8", errors="replace")


def test_a_link_works_once(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    link = server.link("Туманова")
    make_phone().enrol(link)
    second = make_phone()

    second.page.goto(link)

    expect(second.step("refusal")).to_contain_text("По этой ссылке уже вошли")


def test_a_page_that_dies_on_the_way_burns_no_link(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    link = server.link("Туманова")
    phone.enrol_to_words(link)

    phone.page.goto("about:blank")
    phone.enrol(link)

    phone.unlock()


def test_the_words_are_typed_back_before_anything_is_done(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    phone.enrol_to_words(server.link("Туманова"))
    words = phone.words
    phone.press_next("phrase")

    phone.type_back(["неверно"] * 6)

    check = phone.step("phrase_check")
    expect(check.locator("[data-fill=wrong]")).to_be_visible()
    check.locator("[data-again]").click()
    expect(phone.step("phrase").locator("ol li")).to_have_text(words)
    phone.press_next("phrase")
    phone.type_back(words)
    expect(phone.step("done")).to_be_visible()


def test_four_letters_are_enough_to_type_a_word(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    phone.enrol_to_words(server.link("Туманова"))
    words = phone.words
    phone.press_next("phrase")
    check = phone.step("phrase_check")
    asked = [int(place) for place in re.findall(r"\d", check.locator("[data-fill=text]").inner_text())]

    for field, place in enumerate(asked):
        check.locator("[data-word]").nth(field).press_sequentially(words[place - 1][:4])

    for field, place in enumerate(asked):
        expect(check.locator("[data-word]").nth(field)).to_have_value(words[place - 1])


def test_without_prf_the_phrase_alone_opens(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone(prf=False)
    phone.enrol(server.link("Туманова"))

    expect(phone.page.locator('[data-open="key"]')).to_be_hidden()
    phone.unlock_by_phrase()

    expect(phone.heading).to_have_text("Сегодня")


def test_the_office_gets_a_passkey_and_a_session_and_nothing_else(
    make_phone: Callable[..., Phone], server: LiveServer
) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))

    expect(desk.page.locator("h1").first).to_be_visible()
    assert desk.page.evaluate(DATABASES) == ["curator"]
    assert desk.page.evaluate(WORKERS) == 0
    desk.page.context.clear_cookies()
    desk.page.goto(f"{server.url}/families")
    desk.page.locator("[data-sign-in]").click()
    desk.page.wait_for_url("**/families")
    expect(desk.page.locator("h1").first).to_be_visible()


def test_a_window_inside_another_app_is_sent_to_the_browser(browser: Browser, server: LiveServer) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Version/4.0 Chrome/140.0 Mobile Safari/537.36; wv)"
    context = browser.new_context(user_agent=agent)
    link = server.link("Туманова")
    page = context.new_page()

    page.goto(link)

    expect(page.locator('[data-enrol-step="refusal"]')).to_contain_text("внутри другого приложения")
    context.close()
    other = open_phone(browser, server.url)
    other.enrol(link)
    other.context.close()


def test_a_cut_link_is_told_so(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    phone.page.goto(f"{server.url}/enrol")
    expect(phone.step("refusal")).to_contain_text("В ссылке не хватает части")


@pytest.fixture
def proxied(make_live_server: Callable[..., LiveServer]) -> Iterator[tuple[LiveServer, FaultProxy]]:
    """A server that the browser reaches through a link with faults."""
    proxy = FaultProxy(target=0)
    server = make_live_server(PUBLIC_URL=f"http://localhost:{proxy.port}")
    proxy.target = server.port
    yield server, proxy
    proxy.close()


def test_a_lost_last_answer_costs_a_touch_and_no_link(browser: Browser, proxied: tuple[LiveServer, FaultProxy]) -> None:
    far, proxy = proxied
    phone = open_phone(browser, far.url)
    phone.enrol_to_words(far.link("Туманова"))
    phone.press_next("phrase")
    proxy.aim, proxy.drop_answers = b"POST /enrol/finish", 1

    phone.type_back(phone.words)
    # The browser repeats a request by itself when a used connection dies: the link is spent, by us.
    expect(phone.step("passkey").locator("[data-fill=wrong]")).to_contain_text("Связь пропала")
    phone.press_next("passkey")
    phone.press_next("done")

    phone.page.wait_for_url("**/today")
    phone.unlock()
    assert proxy.counts["swallowed"] >= 1
    phone.context.close()
