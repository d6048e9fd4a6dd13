"""Sending from a real phone: offline, locked, with the page gone, over a bad network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.outbox import finish_visit, rows, states, visits_with, wait_until
from tests.support.browser import Phone, open_phone
from tests.support.proxy import PORTAL, FaultProxy, status_answer
from tests.support.server import LiveServer


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture as a camera makes it."""
    path = tmp_path_factory.mktemp("photo") / "room.jpg"
    Image.effect_noise((1200, 900), 60).convert("RGB").save(path, quality=85)
    return path


@pytest.fixture
def ready(walker: Phone) -> Phone:
    """A phone with everything taken along, open at a visit form, without a network."""
    take_along(walker)
    walker.go_offline()
    return walker


def prepare(phone: Phone) -> None:
    """Unlock, take the kit along and open a visit form."""
    phone.unlock()
    take_along(phone)


def take_along(phone: Phone) -> None:
    """Take the kit along and open a visit form."""
    phone.page.locator("[data-kit]").first.click()
    expect(phone.page.locator("[data-kit-progress]")).to_contain_text("Готово к работе без связи", timeout=30_000)
    phone.wait_for_shell()
    phone.go("/families")
    href = phone.page.locator("#app a[href^='/families/']").first.get_attribute("href")
    phone.go(f"{href}/visit")
    expect(phone.page.locator("#visit-form")).to_be_attached()


def test_a_visit_made_offline_goes_out_with_its_photo(ready: Phone, server: LiveServer, photo: Path) -> None:
    finish_visit(ready, "без связи", photo)
    assert states(ready) == ["waiting", "waiting"]
    state = ready.page.locator("#app a[data-outbox-state]")
    expect(state).to_have_attribute("data-state", "waiting")
    expect(ready.page.locator("#app [data-status-line]")).to_have_text("Нет связи. Работайте, отправим сами")

    ready.go_online()

    expect(state).to_have_attribute("data-state", "on_server", timeout=20_000)
    expect(state).to_contain_text("№ 2026-")
    expect(ready.page.locator("#app [data-status-line]")).to_have_text("Всё отправлено")
    wait_until(ready, lambda: visits_with(server, "без связи")[0][1] == ["ready"])


def test_a_locked_phone_sends(ready: Phone, server: LiveServer) -> None:
    finish_visit(ready, "под замком")
    ready.hide()
    ready.go_online()
    wait_until(ready, lambda: states(ready) == ["on_server"])
    assert len(visits_with(server, "под замком")) == 1


def test_the_page_may_be_gone(phone: Phone, server: LiveServer) -> None:
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "без страницы")
    other = phone.context.new_page()
    phone.page.close()
    phone.go_online()
    wait_until(phone, lambda: len(visits_with(server, "без страницы")) == 1)
    other.close()


def test_the_page_of_sending_tells_the_whole_way(ready: Phone) -> None:
    finish_visit(ready, "страница")
    ready.page.locator("#app [data-status-link]").click()
    row = ready.page.locator("[data-outbox-list=open] [data-state]")
    expect(row).to_have_attribute("data-state", "waiting")
    expect(row).to_contain_text("Посещение · на телефоне")
    expect(ready.page.locator("[data-outbox-count]")).to_have_text("1")

    ready.go_online()

    done = ready.page.locator("[data-outbox-list=done] [data-state]")
    expect(done.first).to_contain_text("Получено сервером в", timeout=20_000)
    expect(ready.page.locator("[data-outbox-empty]")).to_be_visible()


def test_who_has_to_sign_in_is_asked_and_loses_nothing(ready: Phone, server: LiveServer) -> None:
    finish_visit(ready, "войти")
    ready.page.locator("#app [data-status-link]").click()
    ready.context.clear_cookies()
    ready.go_online()
    note = ready.page.locator("[data-note]")
    expect(note).to_contain_text("Нужно войти, чтобы отправить записи: 1")
    expect(ready.page.locator("#app [data-status-line]")).to_contain_text("Нужно войти")

    note.locator("[data-note-act]").click()

    expect(ready.page.locator("[data-outbox-list=done] [data-state]").first).to_be_visible(timeout=20_000)
    assert len(visits_with(server, "войти")) == 1
    expect(note).to_have_count(0)


@pytest.fixture
def link(make_live_server: Callable[..., LiveServer]) -> Iterator[tuple[FaultProxy, LiveServer]]:
    """The way between a phone and its server, for the network to be bad on."""
    proxy = FaultProxy(target=0)
    server = make_live_server(PUBLIC_URL=f"http://localhost:{proxy.port}")
    proxy.target = server.port
    yield proxy, server
    proxy.close()


def test_a_bad_network_loses_nothing_and_doubles_nothing(
    browser: Browser, link: tuple[FaultProxy, LiveServer], photo: Path
) -> None:
    proxy, server = link
    walker = open_phone(browser, server.url)
    walker.enrol(server.link("Туманова"))
    prepare(walker)
    send = walker.page.locator("#app [data-send-now]")
    proxy.answer_always = PORTAL
    finish_visit(walker, "плохая сеть", photo)
    walker.page.locator("#app [data-status-link]").click()
    expect(walker.page.locator("[data-note]")).to_contain_text("Сеть просит войти")
    proxy.answer_always = None

    for trouble in (
        {"answers": [status_answer("503 Service Unavailable", "Retry-After: 1")]},
        {"cut_up_after": 900},
        {"drop_answers": 1},
        {"flip_up_at": 1500},
        {"cut_up_after": 60_000},
        {},
    ):
        for name, value in trouble.items():
            setattr(proxy, name, value)
        send.click()
        expect(send).to_be_enabled(timeout=90_000)

    wait_until(walker, lambda: states(walker) == ["on_server", "on_server"], 60)
    wait_until(
        walker, lambda: visits_with(server, "плохая сеть") == [(visits_with(server, "плохая сеть")[0][0], ["ready"])]
    )
    assert [row["trouble"] for row in rows(walker)] == [None, None]
    walker.context.close()


def test_a_network_that_sends_us_elsewhere_gets_nothing(browser: Browser, link: tuple[FaultProxy, LiveServer]) -> None:
    proxy, server = link
    walker = open_phone(browser, server.url)
    walker.enrol(server.link("Туманова"))
    prepare(walker)
    proxy.aim = b"P"  # every call that carries something: hello and the upload alike
    proxy.answer_always = status_answer("302 Found", f"Location: {server.url}/elsewhere")
    finish_visit(walker, "чужой адрес")
    walker.page.locator("#app [data-status-link]").click()
    expect(walker.page.locator("[data-note]")).to_contain_text("чужой адрес", timeout=20_000)
    assert states(walker) == ["waiting"]

    proxy.heal()
    walker.page.locator("#app [data-send-now]").click()

    wait_until(walker, lambda: states(walker) == ["on_server"], 60)
    assert len(visits_with(server, "чужой адрес")) == 1
    walker.context.close()


def test_a_server_out_of_reach_keeps_everything_on_the_phone(
    browser: Browser, link: tuple[FaultProxy, LiveServer]
) -> None:
    proxy, server = link
    walker = open_phone(browser, server.url)
    walker.enrol(server.link("Туманова"))
    prepare(walker)
    proxy.refuse = True
    finish_visit(walker, "недоступен")
    expect(walker.page.locator("#app [data-status-line]")).to_contain_text("Нет связи", timeout=20_000)
    assert states(walker) == ["waiting"]

    proxy.heal()
    walker.page.locator("#app [data-status-link]").click()
    walker.page.locator("#app [data-send-now]").click()

    wait_until(walker, lambda: states(walker) == ["on_server"], 60)
    assert len(visits_with(server, "недоступен")) == 1
    walker.context.close()
