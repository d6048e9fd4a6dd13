"""Photos of a visit: allowed first, small and sealed at once, taken away with a way back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from curator_app.auth.models import Territory
from curator_app.extensions import db
from curator_app.visits.models import Photo
from tests.e2e.outbox import states, wait_until
from tests.e2e.photos import TILES, choose, expect_tiles, on_disk
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.visits.pictures import camera_jpeg, jpeg, png


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of 12 megapixels, taken upright, with time and place in its EXIF."""
    path = tmp_path_factory.mktemp("camera") / "IMG_1.jpg"
    path.write_bytes(camera_jpeg())
    return path


def test_a_photo_is_small_upright_and_encrypted_before_it_is_shown(at_photos: Phone, picture: Path) -> None:
    choose(at_photos, picture)
    expect_tiles(at_photos, 1)

    image = at_photos.page.locator(f"{TILES} img")
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1200, 1600]
    (stored,) = on_disk(at_photos)
    assert stored["kind"] == "ArrayBuffer"
    assert not stored["plain"]
    assert stored["size"] < 1_000_000


def test_what_a_photo_shows_is_tapped_kept_and_sent(at_photos: Phone, server: LiveServer, picture: Path) -> None:
    walk.add_photos(at_photos, [picture])
    at_photos.page.locator("[data-photo-field=caption]").fill("Окно заклеено")
    at_photos.hide()
    at_photos.unlock()
    expect(at_photos.page.locator("[data-photo-field=place][value=place_kitchen]")).to_be_checked()
    expect(at_photos.page.locator("[data-photo-field=caption]")).to_have_value("Окно заклеено")
    expect(walk.step(at_photos, "check").locator("[data-check=photos]")).to_contain_text("1 снимок: кухня")

    walk.finish(at_photos)

    wait_until(at_photos, lambda: states(at_photos) == ["on_server", "on_server"])
    with server.app() as app, app.app_context():
        photo = db.session.scalars(select(Photo).where(Photo.caption == "Окно заклеено")).one()
        assert (photo.place, photo.purpose) == ("place_kitchen", "purpose_better")
        assert photo.taken_at == "2026:11:22 14:05:00"
    assert on_disk(at_photos) == []


def test_several_come_one_after_another_and_a_wrong_file_stops_none(at_photos: Phone, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("1.jpg", "letter.jpg", "2.png")]
    for path, content in zip(files, (jpeg(), "это не снимок".encode(), png()), strict=True):
        path.write_bytes(content)

    choose(at_photos, *files)

    expect_tiles(at_photos, 2)
    expect(at_photos.page.locator("[data-photo-state]")).to_contain_text("Этот файл не похож на снимок. Запись цела.")
    assert len(on_disk(at_photos)) == 2


def test_a_photo_taken_away_comes_back_or_goes_for_good(at_photos: Phone, tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / name).write_bytes(jpeg())
    choose(at_photos, tmp_path / "1.jpg", tmp_path / "2.jpg")
    expect_tiles(at_photos, 2)
    remove = at_photos.page.locator("[data-photo-remove]").first

    remove.click()
    expect(at_photos.page.locator(TILES)).to_have_count(1)
    at_photos.page.locator("[data-undo]").click()
    expect_tiles(at_photos, 2)
    remove.click()

    expect(at_photos.page.locator("[data-undo]")).to_have_count(0, timeout=12_000)
    wait_until(at_photos, lambda: len(on_disk(at_photos)) == 1)
    expect(at_photos.page.locator(TILES)).to_have_count(1)


def test_a_page_that_died_behind_the_camera_says_that_the_photo_did_not_come(at_photos: Phone) -> None:
    walk.allow_photos(at_photos)
    at_photos.page.locator("[data-photo-camera]").click()
    expect(at_photos.page.locator("[data-photo-state]")).to_contain_text("Камера внутри приложения не открылась")
    with at_photos.page.expect_file_chooser():
        at_photos.page.locator("[data-photo-input=camera]").click()
    walk.saved(at_photos)

    at_photos.go("/today")
    at_photos.page.locator("[data-draft-slot] [data-resume]").click()

    expect(at_photos.page.locator("[data-step=photos]")).to_be_visible()
    expect(at_photos.page.locator("[data-photo-state]")).to_have_text(
        re.compile("Снимок не дошёл от камеры. Остальное на месте")
    )


def test_a_photo_still_on_its_way_is_waited_for(at_photos: Phone, picture: Path) -> None:
    walk.allow_photos(at_photos)
    at_photos.go_offline()
    walk.step(at_photos, "check")
    at_photos.page.locator("[data-photo-input=file]").set_input_files([picture, picture])
    at_photos.page.evaluate(
        "document.querySelector('#visit-form').requestSubmit(document.querySelector('[data-finish]'))"
    )

    expect(at_photos.heading).to_have_text("Готово, запечатано", timeout=30_000)

    assert states(at_photos) == ["waiting"] * 3
    assert on_disk(at_photos) == []


def test_without_an_adult_there_is_no_camera_and_the_way_on_is_without_photos(at_photos: Phone) -> None:
    walk.allow_photos(at_photos, who="Взрослого нет")

    expect(at_photos.page.locator("[data-photo-camera]")).to_be_disabled()
    expect(at_photos.page.locator("[data-photo-input=file]")).to_be_disabled()
    at_photos.page.get_by_text("Без фото", exact=True).click()
    expect(at_photos.page.locator("[data-step=tasks]")).to_be_visible()


def test_a_territory_without_photos_asks_for_none(walker: Phone, server: LiveServer) -> None:
    photos(server, on=False)
    try:
        walk.open_family(walker, "Рябинкины")
        walk.begin_visit(walker)
        walk.meet(walker, who="")
        row = walker.page.locator("[data-step=tasks] [data-go-step=photos]")
        step = walk.step(walker, "photos")
        expect(step).to_contain_text("В вашей территории снимки не делают")
        expect(step.locator("input, [data-photo-camera]")).to_have_count(0)
        expect(row).not_to_contain_text("не начато", ignore_case=True)
        expect(row).to_have_text(re.compile("не делают"))
        walk.finish(walker)
    finally:
        photos(server, on=True)


def photos(server: LiveServer, *, on: bool) -> None:
    """Switch photos on or off for every territory."""
    with server.app() as app, app.app_context():
        db.session.execute(update(Territory).values(photos_on=on))
        db.session.commit()
