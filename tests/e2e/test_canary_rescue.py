"""A name written into a visit is in no rescued file, on no page that brings it, on no disk and in no log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from curator_app.auth.models import OFFICE
from tests.e2e.canary import CYRILLIC, NAMES, WORDS, holdings, names_in
from tests.e2e.outbox import finish_visit, visits_with
from tests.e2e.test_canary import OpenProfile, open_profile, profile, rename
from tests.support import walk
from tests.support.browser import Phone, open_phone, phone_of
from tests.support.disk_search import search_folder
from tests.support.server import LiveServer

__all__ = ["open_profile", "profile"]


def save(phone: Phone, selector: str, folder: Path) -> Path:
    """Save the file and put it where the test can look into it, under the name that it has on the phone."""
    with phone.page.expect_download() as download:
        phone.page.locator(selector).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_rescued_file_tells_nothing(
    browser: Browser,
    make_live_server: Callable[..., LiveServer],
    open_profile: OpenProfile,
    profile: Path,
    tmp_path: Path,
) -> None:
    server = make_live_server()
    rename(server)
    phone = phone_of(open_profile(), server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    walk.open_family(phone, WORDS)
    walk.begin_visit(phone)
    phone.go_offline()
    finish_visit(phone, WORDS)
    phone.page.locator("#app [data-status-link]").click()
    phone.page.locator("[data-outbox-list=open] summary").click()
    expect(phone.page.locator("[data-outbox-list=open]")).to_contain_text(WORDS)
    phone.page.locator("[data-outbox-rescue] > summary").click()
    files = tmp_path / "files"
    files.mkdir()
    save(phone, "[data-rescue-save]", files)

    phone.page.goto(f"{server.url}/rescue")
    expect(phone.page.locator("[data-rescue-page] [data-fill=count]")).to_have_text("Ждут отправки: 1")
    file = save(phone, "[data-rescue=save]", files)
    assert search_folder(files, NAMES) == []
    assert names_in(holdings(phone)) == set()
    phone.context.close()
    assert search_folder(profile, NAMES) == []

    desk = open_phone(browser, server.url)
    desk.enrol_office(server.link("Осокина", OFFICE))
    desk.page.goto(f"{server.url}/rescued")
    desk.page.locator("input[type=file]").set_input_files(file)
    desk.page.locator("form .btn.go").click()
    expect(desk.page.locator("[data-rescued-report]")).to_contain_text("Внесено записей и снимков: 1")
    assert CYRILLIC not in desk.page.content()
    desk.context.close()
    assert len(visits_with(server, WORDS)) == 1
    assert search_folder(server.log.parent, NAMES, but=["curator.sqlite"]) == []
