"""A photo before it leaves: the family sees it, what should not be seen is burnt out, what it does not want goes."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import Select, select

from curator_app.extensions import db
from curator_app.visits.models import Photo
from tests.e2e.outbox import states, wait_until
from tests.e2e.photos import TILES, choose, expect_tiles, on_disk
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.visits.pictures import jpeg

WIDTH = """(width) => document.querySelector('[data-photo-list] img')?.naturalWidth === width"""
# How dark the darkest pixel is, 0…255.
DARKEST = """(picture) => {
  const { naturalWidth: width = picture.width, naturalHeight: height = picture.height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return data.reduce((least, value, at) => (at % 4 === 0 ? Math.min(least, value) : least), 255);
}"""


def test_what_the_family_saw_is_recorded_and_what_it_does_not_want_goes(
    at_photos: Phone, server: LiveServer, tmp_path: Path
) -> None:
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / name).write_bytes(jpeg())
    choose(at_photos, tmp_path / "1.jpg", tmp_path / "2.jpg")
    expect_tiles(at_photos, 2)
    at_photos.page.locator("[data-photo-field=caption]").first.fill("Показали бабушке")
    shown = at_photos.page.get_by_role("dialog", name="Снимок для семьи")

    at_photos.page.locator("[data-photo-show]").first.click()
    shown.get_by_role("button", name="Семья посмотрела").click()
    expect(at_photos.page.locator(f"{TILES} [data-fill=shown]").first).to_be_visible()
    expect(at_photos.page.locator(f"{TILES} [data-fill=shown]").last).to_be_hidden()
    at_photos.page.locator("[data-photo-show]").last.click()
    shown.get_by_role("button", name="Удалить по просьбе семьи").click()

    expect(at_photos.page.locator(TILES)).to_have_count(1)
    expect(at_photos.page.locator("[data-undo]")).to_be_visible()
    expect(at_photos.page.locator("[data-undo]")).to_have_count(0, timeout=12_000)
    walk.finish(at_photos)
    wait_until(at_photos, lambda: states(at_photos) == ["on_server", "on_server"])
    with server.app() as app, app.app_context():
        photo = db.session.scalars(select(Photo).where(Photo.caption == "Показали бабушке")).one()
        assert photo.shown
        assert photo.allowed_by_id is not None


def test_what_is_hidden_or_cut_off_is_burnt_in_before_anything_leaves(
    at_photos: Phone, server: LiveServer, tmp_path: Path
) -> None:
    (tmp_path / "1.jpg").write_bytes(marked())
    choose(at_photos, tmp_path / "1.jpg")
    expect_tiles(at_photos, 1)
    image = at_photos.page.locator(f"{TILES} img")
    assert image.evaluate(DARKEST) < 60
    at_photos.page.locator("[data-photo-field=caption]").fill("Бумага на столе")

    at_photos.page.locator("[data-photo-edit]").click()
    editor = at_photos.page.get_by_role("dialog", name="Обрезать или скрыть")
    box = editor.locator("canvas").bounding_box()
    assert box is not None
    at_photos.page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    editor.get_by_text("Обрезать", exact=True).click()
    for _ in range(2):
        editor.get_by_role("button", name="Справа: обрезать").click()
    editor.locator("[data-save]").click()
    expect(editor).to_have_count(0)

    at_photos.page.wait_for_function(WIDTH, arg=720)
    assert image.evaluate(DARKEST) > 120
    assert len(on_disk(at_photos)) == 1
    walk.finish(at_photos)
    wait_until(at_photos, lambda: states(at_photos) == ["on_server", "on_server"])
    with server.app() as app, app.app_context():
        size = select(Photo.width, Photo.height).where(Photo.caption == "Бумага на столе", Photo.state == "ready")
        wait_until(at_photos, lambda: found(size) == [(720, 600)])


def test_marks_are_taken_back_step_by_step_until_saved(at_photos: Phone, tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(marked())
    choose(at_photos, tmp_path / "1.jpg")
    expect_tiles(at_photos, 1)
    before = on_disk(at_photos)
    at_photos.page.locator("[data-photo-edit]").click()
    editor = at_photos.page.get_by_role("dialog", name="Обрезать или скрыть")
    undo, canvas = editor.locator("[data-back]"), editor.locator("canvas")
    darkest = canvas.evaluate(DARKEST)

    canvas.focus()
    canvas.press("ArrowLeft")
    canvas.press(" ")
    editor.get_by_text("Обрезать", exact=True).click()
    editor.get_by_role("button", name="Сверху: обрезать").click()
    undo.click()
    expect(undo).to_be_enabled()
    undo.click()

    expect(undo).to_be_disabled()
    expect(editor.locator("[data-save]")).to_be_disabled()
    assert canvas.evaluate(DARKEST) == darkest
    editor.get_by_text("Не менять").click()
    assert on_disk(at_photos) == before


def found(query: Select[int | None, int | None]) -> list[tuple[int | None, int | None]]:
    """Ask anew: the worker writes meanwhile."""
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(query)]


def marked() -> bytes:
    """A light sheet with a small black mark a quarter of the way from its upper left corner."""
    sheet = Image.new("RGB", (800, 600), "white")
    sheet.paste((0, 0, 0), (190, 140, 210, 160))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=95)
    return stream.getvalue()
