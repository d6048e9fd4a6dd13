"""What the tests of photos ask a phone: its tiles and what lies on its disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Photo
from tests.e2e.outbox import SHORT, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.visits.pictures import jpeg

SHOWN = """(count) => {
  const pictures = [...document.querySelectorAll('[data-photo-list] img')];
  return pictures.filter(({ naturalWidth }) => naturalWidth > 0).length === count;
}"""
TILES = "[data-photo-list] > [data-photo-tile]"
PHOTOS = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const all = opening.result.transaction('photos').objectStore('photos').getAll();
    all.onsuccess = () => {
      const plain = ({ ct }) => new Uint8Array(ct)[0] === 0xff && new Uint8Array(ct)[1] === 0xd8;
      resolve(all.result.map((row) => ({ size: row.size, kind: row.ct.constructor.name, plain: plain(row) })));
      opening.result.close();
    };
  };
})"""


def go_to_photos(phone: Phone) -> Phone:
    """Begin a visit to the Рябинкины from «Сегодня» and go to its photo step."""
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    walk.meet(phone, who="")
    walk.step(phone, "photos")
    return phone


def choose(phone: Phone, *files: Path) -> None:
    """Give the file chooser's answer for a place that was allowed."""
    walk.allow_photos(phone)
    phone.page.locator("[data-photo-input=file]").set_input_files(files)


def expect_tiles(phone: Phone, count: int) -> None:
    """Wait for so many tiles with their pictures shown."""
    expect(phone.page.locator(TILES)).to_have_count(count, timeout=20_000)
    phone.page.wait_for_function(SHOWN, arg=count)


def on_disk(phone: Phone) -> list[dict[str, Any]]:
    """Return what lies in the photos' store."""
    found: list[dict[str, Any]] = phone.page.evaluate(PHOTOS, phone.page.evaluate(SHORT))
    return found


def picture_of_last_time(phone: Phone, server: LiveServer, folder: Path, place: str) -> None:
    """Make a visit to the Рябинкины with a photo of that place, and wait until the server can show it."""
    path = folder / "last.jpg"
    path.write_bytes(jpeg())
    go_to_photos(phone)
    walk.add_photos(phone, [path], place)
    walk.finish(phone)
    with server.app() as app, app.app_context():
        wait_until(phone, lambda: place in places_shown())
    phone.go("/today")


def places_shown() -> set[str]:
    """Places of which the server has a picture to show; it is asked anew, since the worker writes meanwhile."""
    db.session.rollback()
    return set(db.session.scalars(select(Photo.place).where(Photo.state == "ready")))
