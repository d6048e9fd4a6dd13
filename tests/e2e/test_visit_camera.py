"""The viewfinder in the page: allowed first, several in a row, nothing left running when the phone is put away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.visits.models import Photo
from tests.e2e.outbox import states, wait_until
from tests.e2e.photos import TILES, go_to_photos, picture_of_last_time
from tests.support import walk
from tests.support.browser import CAMERA, Phone, launch
from tests.support.server import LiveServer

# Every stream that the page was given, so that a test can ask whether its tracks still run.
WATCH = """() => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  globalThis.tracks = [];
  devices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    globalThis.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
REFUSE = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };
}"""
RUNNING = "() => globalThis.tracks.filter(({ readyState }) => readyState === 'live').length"
PLAYING = "() => (document.querySelector('.cam video')?.videoWidth ?? 0) > 0"
HIDE_PAGE = """() => {
  Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SHOW_PAGE = """() => {
  delete document.hidden;
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium with a camera."""
    made = launch(playwright, *CAMERA)
    yield made
    made.close()


@pytest.fixture
def at_photos(at_photos: Phone) -> Phone:
    """Туманова's phone at the photo step, its camera watched."""
    at_photos.page.evaluate(WATCH)
    return at_photos


def open_camera(phone: Phone) -> Locator:
    """Press «Снять» and wait until the viewfinder shows something."""
    phone.page.locator("[data-photo-camera]").click()
    phone.page.wait_for_function(PLAYING)
    return phone.page.locator(".cam")


def running(phone: Phone) -> int:
    """How many tracks of the camera run."""
    count: int = phone.page.evaluate(RUNNING)
    return count


def test_nothing_can_be_taken_before_an_adult_allowed_this_place_for_this_purpose(at_photos: Phone) -> None:
    camera = at_photos.page.locator("[data-photo-camera]")
    chooser = at_photos.page.locator("[data-photo-input=file]")
    asked = at_photos.page.locator("[data-permission]")
    sentence = asked.locator("[data-say-full]")
    expect(camera).to_be_disabled()
    expect(chooser).to_be_disabled()
    expect(asked.locator("[data-say-any]")).to_contain_text("Можно снять это место?")

    walk.allow_photos(at_photos, place="place_sleeping", purpose="purpose_need_help", who="не снимаем")
    expect(sentence).to_contain_text("Можно снять спальное место? Это нужно, чтобы попросить для вас помощь.")
    expect(camera).to_be_disabled()
    walk.allow_photos(at_photos, place="place_sleeping", purpose="purpose_need_help", who="Анна")
    expect(camera).to_be_enabled()
    expect(chooser).to_be_enabled()

    asked.get_by_text("Кухня", exact=True).click()

    expect(camera).to_be_disabled()
    expect(asked.locator("[data-ask=who]:checked")).to_have_count(0)


def test_only_adults_of_the_family_are_asked(at_photos: Phone, server: LiveServer) -> None:
    with server.app() as app, app.app_context():
        people = db.session.scalars(select(FamilyMember).where(FamilyMember.name.in_(["Анна"]))).all()
        children = db.session.scalars(select(FamilyMember).where(FamilyMember.kind == "child")).all()
        adults, others = {str(one.id) for one in people}, {str(one.id) for one in children}

    offered = at_photos.page.locator("[data-ask=who]").evaluate_all("all => all.map(({ value }) => value)")

    assert adults & set(offered)
    assert not others & set(offered)


def test_several_are_taken_in_a_row_and_carry_place_purpose_and_permission(
    at_photos: Phone, server: LiveServer
) -> None:
    walk.allow_photos(at_photos, place="place_sleeping", purpose="purpose_need_help", who="Анна")
    at_photos.go_offline()
    camera = open_camera(at_photos)

    for count in (1, 2):
        camera.locator("[data-shutter]").click()
        expect(camera.locator("[data-thumbs] li")).to_have_count(count)
    camera.get_by_text("Готово").click()

    expect(camera).to_have_count(0)
    expect(at_photos.page.locator(TILES)).to_have_count(2)
    assert running(at_photos) == 0
    expect(at_photos.page.locator(TILES).first).to_contain_text("Анна")
    expect(at_photos.page.locator("[data-step=photos]")).to_be_visible()
    at_photos.go_online()
    walk.finish(at_photos)
    wait_until(at_photos, lambda: states(at_photos) == ["on_server"] * 3)
    with server.app() as app, app.app_context():
        photos = db.session.scalars(select(Photo).where(Photo.place == "place_sleeping")).all()
        anna = db.session.scalars(select(FamilyMember.id).where(FamilyMember.name == "Анна")).all()
        assert [photo.purpose for photo in photos] == ["purpose_need_help"] * 2
        assert {photo.allowed_by_id for photo in photos} <= set(anna)
        assert all(photo.taken_at.startswith("20") for photo in photos)
        assert not any(photo.shown for photo in photos)


def test_a_place_allowed_earlier_is_not_asked_again(at_photos: Phone) -> None:
    walk.allow_photos(at_photos, place="place_sleeping", purpose="purpose_better")
    open_camera(at_photos).locator("[data-shutter]").click()
    expect(at_photos.page.locator("[data-thumbs] li")).to_have_count(1)
    at_photos.page.locator(".cam").get_by_text("Готово").click()
    expect(at_photos.page.locator(TILES)).to_have_count(1)
    walk.allow_photos(at_photos, place="place_study", purpose="purpose_better")

    camera = open_camera(at_photos)
    expect(camera.locator("[data-places] label")).to_have_text(["Место для учёбы", "Спальное место"])
    camera.get_by_text("Спальное место").click()
    camera.locator("[data-shutter]").click()

    expect(camera.locator("[data-thumbs] li")).to_have_text(["Спальное место"])
    camera.get_by_text("Готово").click()
    second = at_photos.page.locator(TILES).nth(1)
    expect(second.locator("[data-photo-field=place]:checked")).to_have_value("place_sleeping")


def test_putting_the_phone_away_stops_the_camera_and_clears_the_glass(at_photos: Phone) -> None:
    walk.allow_photos(at_photos)
    camera = open_camera(at_photos)
    assert running(at_photos) == 1

    at_photos.page.evaluate(HIDE_PAGE)

    expect(camera).to_have_count(0)
    assert running(at_photos) == 0
    expect(at_photos.page.locator("#cover")).to_be_visible()
    at_photos.page.evaluate(SHOW_PAGE)
    expect(at_photos.page.locator("[data-step=photos]")).to_be_visible()


def test_hiding_from_the_viewfinder_locks_and_stops_the_camera(at_photos: Phone) -> None:
    walk.allow_photos(at_photos)
    camera = open_camera(at_photos)

    camera.locator("[data-hide]").click()

    expect(at_photos.page.locator("#lock")).to_be_visible()
    expect(camera).to_have_count(0)
    assert running(at_photos) == 0
    at_photos.unlock()
    expect(at_photos.page.locator("[data-photo-camera]")).to_be_enabled()


def test_back_leaves_the_viewfinder_and_stays_in_the_step(at_photos: Phone) -> None:
    walk.allow_photos(at_photos)
    camera = open_camera(at_photos)

    at_photos.page.go_back()

    expect(camera).to_have_count(0)
    assert running(at_photos) == 0
    expect(at_photos.page.locator("[data-step=photos]")).to_be_visible()


def test_the_draft_is_on_the_disk_before_the_camera_opens(at_photos: Phone) -> None:
    walk.allow_photos(at_photos)
    open_camera(at_photos)

    at_photos.page.reload()
    at_photos.unlock()
    at_photos.page.locator("[data-resume]").first.click()

    expect(at_photos.page.locator("[data-ask=place]:checked")).to_have_value("place_kitchen")
    expect(at_photos.page.locator("[data-photo-camera]")).to_be_enabled()


def test_a_refused_camera_is_said_and_the_phones_own_is_offered(at_photos: Phone) -> None:
    at_photos.page.evaluate(REFUSE)
    walk.allow_photos(at_photos)

    at_photos.page.locator("[data-photo-camera]").click()

    expect(at_photos.page.locator("[data-photo-state]")).to_have_text(
        "Камера закрыта для приложения. Запись можно вести без снимков."
        " Откройте доступ в настройках телефона или снимите обычной камерой."
    )
    with at_photos.page.expect_file_chooser():
        at_photos.page.locator("[data-photo-input=camera]").click()


def test_last_times_picture_lies_over_the_viewfinder_only_if_the_family_agrees(
    walker: Phone, server: LiveServer, tmp_path: Path
) -> None:
    picture_of_last_time(walker, server, tmp_path, "place_study")
    at_photos = go_to_photos(walker)
    offer = at_photos.page.locator("[data-last-agreed]")
    walk.allow_photos(at_photos, place="place_wiring")
    expect(offer).to_be_hidden()
    walk.allow_photos(at_photos, place="place_study")
    expect(offer).to_be_visible()
    camera = open_camera(at_photos)
    expect(camera.locator("img.last")).to_be_hidden()
    camera.get_by_text("Готово").click()

    offer.click()
    camera = open_camera(at_photos)

    last = camera.locator("img.last")
    expect(last).to_be_visible()
    assert last.evaluate("({ naturalWidth }) => naturalWidth") > 0
    expect(camera).to_contain_text("Поверх — снимок")
    camera.get_by_role("button", name="Прошлый снимок").click()
    expect(last).to_be_hidden()
