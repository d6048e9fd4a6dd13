"""What stands around a photo, at every width: the permission, the viewfinder, the family's look, the editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.e2e.accessibility import Inspector
from tests.e2e.photos import TILES, go_to_photos, picture_of_last_time
from tests.support import walk
from tests.support.browser import CAMERA, Phone, launch
from tests.support.server import LiveServer


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium with a camera."""
    made = launch(playwright, *CAMERA)
    yield made
    made.close()


def test_the_photo_step_and_what_takes_the_whole_glass(walker: Phone, server: LiveServer, tmp_path: Path) -> None:
    page = walker.page
    inspector = Inspector(page, walker.cdp)
    picture_of_last_time(walker, server, tmp_path, "place_sleeping")
    go_to_photos(walker)
    walk.allow_photos(walker, place="place_sleeping", purpose="purpose_need_help")
    page.locator("[data-permission] summary").click()
    page.locator("[data-last-agreed]").click()
    inspector.look("photo permission", themes=True)
    page.locator("[data-photo-camera]").click()
    page.wait_for_function("() => document.querySelector('.cam video')?.videoWidth > 0")
    for count in (1, 2):
        page.locator("[data-shutter]").click()
        expect(page.locator("[data-thumbs] li")).to_have_count(count)
    inspector.look("photo viewfinder", themes=True)
    page.locator(".cam .shoot [data-close]").click()
    expect(page.locator(TILES)).to_have_count(2)
    inspector.look("photo tiles", themes=True)
    page.locator("[data-photo-show]").first.click()
    inspector.look("photo for the family", themes=True)
    page.locator("[data-answer=shown]").click()
    page.locator("[data-photo-edit]").first.click()
    page.locator(".edit canvas").click()
    inspector.look("photo hide", themes=True)
    page.locator(".edit").get_by_text("Обрезать", exact=True).click()
    inspector.look("photo cut", themes=True)

    assert inspector.findings == []
