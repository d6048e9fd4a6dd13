"""Android takes the page while its camera is open, or freezes it: what was there is there, and work goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.outbox import states, wait_until
from tests.e2e.photos import TILES, go_to_photos
from tests.support import walk
from tests.support.browser import ARGUMENTS, CHROMIUM, SCREEN, Phone, phone_of
from tests.support.server import LiveServer
from tests.visits.pictures import jpeg

WORDS = "Мама показала квитанцию"


@pytest.fixture
def own_phone(playwright: Playwright, server: LiveServer, tmp_path: Path) -> Iterator[Phone]:
    """A phone of this test alone, with a browser of its own: its pages do not live to the end."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=CHROMIUM, args=list(ARGUMENTS), viewport=SCREEN, locale="ru-RU"
    )
    phone = phone_of(context, server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    yield phone
    context.close()


def test_the_page_that_died_behind_the_camera_comes_back_to_the_photo_step(own_phone: Phone, tmp_path: Path) -> None:
    picture = tmp_path / "room.jpg"
    picture.write_bytes(jpeg())
    page = own_phone.page
    walk.open_family(own_phone, "Рябинкины")
    walk.begin_visit(own_phone)
    walk.meet(own_phone, who="")
    walk.step(own_phone, walk.SECTION)
    page.locator(walk.FACT).press_sequentially(WORDS)
    walk.add_photos(own_phone, [picture])
    with page.expect_file_chooser():
        page.locator("[data-photo-input=file]").evaluate("(input) => input.click()")
    page.wait_for_timeout(1000)  # opening a camera takes a phone longer than that

    words = own_phone.words
    walk.kill_renderers(own_phone.context)
    phone = walk.phone_of_new_page(own_phone.context, own_phone.origin, words)
    phone.page.goto(f"{phone.origin}/today")
    phone.unlock_by_phrase()

    phone.page.locator("[data-draft-slot] [data-resume]").click()
    state = phone.page.locator("[data-photo-state]")
    expect(state).to_have_text("Снимок не дошёл от камеры. Остальное на месте. Снять ещё раз?")
    expect(phone.page.locator("[data-step=photos]")).to_be_visible()
    expect(phone.page.locator(TILES)).to_have_count(1)
    walk.step(phone, walk.SECTION)
    expect(phone.page.locator(walk.FACT)).to_have_value(WORDS)


def test_a_call_and_a_check_in_that_were_half_written_come_back(own_phone: Phone) -> None:
    page = own_phone.page
    urgent = f"{own_phone.origin}{page.locator('.chooser a').first.get_attribute('href')}"
    page.locator("a[href='/check-in']").click()
    page.locator(".chip", has_text="Выбрать время").click()
    page.locator("#check-in-form [name=time]").fill("23:59")
    page.locator(".chip", has_text="Рябинкины").click()
    page.wait_for_timeout(1600)
    own_phone.go("/today")
    page.locator("summary", has_text="Срочно").click()
    page.locator(".chooser a").first.click()
    page.locator("[name=facts_seen]").fill(WORDS)
    page.locator("[name='ui.who']").fill("Дежурная, Норина")
    page.locator("[name='ui.said']").press_sequentially("Сказала: перезвонят")
    page.wait_for_timeout(1600)

    words = own_phone.words
    walk.kill_renderers(own_phone.context)
    phone = walk.phone_of_new_page(own_phone.context, own_phone.origin, words)
    phone.page.goto(urgent)
    phone.unlock_by_phrase()

    expect(phone.page.locator("[name=facts_seen]")).to_have_value(WORDS)
    expect(phone.page.locator("[name='ui.who']")).to_have_value("Дежурная, Норина")
    expect(phone.page.locator("[name='ui.said']")).to_have_value("Сказала: перезвонят")
    phone.page.goto(f"{phone.origin}/check-in")
    phone.unlock_by_phrase()
    expect(phone.page.locator("#check-in-form [name=time]")).to_have_value("23:59")
    expect(phone.page.locator("#check-in-form [name=time]")).to_be_visible()
    expect(phone.page.locator(".chip", has_text="Рябинкины").locator("input")).to_be_checked()


def test_a_chooser_that_was_only_closed_is_no_lost_picture(walker: Phone) -> None:
    go_to_photos(walker)
    walk.allow_photos(walker)
    with walker.page.expect_file_chooser() as chooser:
        walker.page.locator("[data-photo-input=file]").evaluate("(input) => input.click()")
    assert chooser.value
    walker.page.locator("[data-photo-input=file]").evaluate("(input) => input.dispatchEvent(new Event('cancel'))")
    walker.page.wait_for_timeout(1600)

    walker.go("/today")
    walker.page.locator("[data-draft-slot] [data-resume]").click()

    expect(walker.page.locator("[data-step=photos]")).to_be_visible()
    expect(walker.page.locator("[data-photo-state]")).to_be_hidden()


def test_a_page_frozen_to_save_the_battery_goes_on_where_it_stood(walker: Phone) -> None:
    walk.take_kit(walker)
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker, who="")
    walker.go_offline()
    walk.finish(walker)
    assert states(walker) == ["waiting"]
    walker.page.locator("#app a[href='/today']").first.click()
    walk.open_family(walker, "Чижовы")
    walk.begin_visit(walker)
    walk.meet(walker, who="")
    walk.step(walker, walk.SECTION)
    walker.page.locator(walk.FACT).press_sequentially(WORDS)

    walker.go_online()  # sending has just begun
    walker.cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(2)
    walker.cdp.send("Page.setWebLifecycleState", {"state": "active"})

    walker.page.locator(walk.FACT).press_sequentially("!")
    walk.saved(walker)
    expect(walker.page.locator(walk.FACT)).to_have_value(f"{WORDS}!")
    wait_until(walker, lambda: states(walker) == ["on_server"], 40)
