"""A server that takes only small photos gets smaller copies; nobody is asked, and the original stays on the phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect

from curator_app.extensions import db
from curator_app.sync.models import Envelope
from curator_app.visits.models import Photo
from tests.e2e.outbox import SHORT, finish_visit, states, visits_with, wait_until
from tests.e2e.test_outbox import prepare
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer

LIMIT_KB = 150
COPIES = """(short) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction(['copies', 'outbox']);
    const copies = transaction.objectStore('copies').getAll();
    const rows = transaction.objectStore('outbox').getAll();
    transaction.oncomplete = () => {
      resolve({
        sizes: Object.fromEntries(copies.result.map(({ id, ct }) => [id, ct.byteLength])),
        photos: rows.result.filter(({ kind }) => kind === 'photo')
          .map(({ id, original, size, n }) => ({ id, original, size, n })),
      });
      opening.result.close();
    };
  };
})"""


def test_a_photo_too_large_goes_as_a_smaller_copy_without_a_word(
    browser: Browser, make_live_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    server = make_live_server(PHOTO_LIMIT_KB=str(LIMIT_KB))
    phone = open_phone(browser, server.url)
    phone.enrol(server.link("Туманова"))
    prepare(phone)
    picture = tmp_path / "room.jpg"
    Image.effect_noise((1500, 1100), 60).convert("RGB").save(picture, quality=85)

    finish_visit(phone, "большой снимок", picture)

    wait_until(phone, lambda: states(phone) == ["on_server", "on_server"], 60)
    wait_until(phone, lambda: visits_with(server, "большой снимок")[0][1] == ["ready"])
    kept = held(phone)
    (photo,) = kept["photos"]
    assert photo["size"] <= LIMIT_KB * 1024
    assert photo["n"] == 2, "its place in the phone's own count, whatever the clock says"
    assert kept["sizes"][photo["original"]] > 2 * LIMIT_KB * 1024, "the original is still on the phone"
    with server.app() as app, app.app_context():
        row = db.session.query(Photo).filter_by(state="ready").order_by(Photo.created_at.desc()).first()
        envelope = db.session.query(Envelope).filter_by(about_id=row.id).one()
        assert envelope.reasons == [{"code": "photo_made_smaller"}]
    expect(phone.page.locator("#app [data-status-line]")).to_have_text("Всё отправлено")
    phone.context.close()


def held(phone: Phone) -> dict[str, Any]:
    """Return the photos' rows and how large each copy under the vault's key is."""
    found: dict[str, Any] = phone.page.evaluate(COPIES, phone.page.evaluate(SHORT))
    return found
