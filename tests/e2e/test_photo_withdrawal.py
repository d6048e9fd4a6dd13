"""A family takes a picture back: from the dossier, and nothing of it stays on any phone after its next contact."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Person, SignIn
from curator_app.extensions import db
from curator_app.storage import MissingObject, photo_store
from curator_app.sync.jobs import erase_withdrawn
from curator_app.visits.jobs import key_of
from curator_app.visits.models import Photo
from curator_app.visits.withdrawal import withdraw
from tests.e2e.outbox import SHORT, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.visits.pictures import jpeg

STORES = ("fragments", "photos", "outbox", "sealed", "copies")
HELD = """([short, stores]) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = async () => {
    const transaction = opening.result.transaction(stores);
    const found = {};
    for (const store of stores) {
      const rows = await new Promise((next) => {
        const all = transaction.objectStore(store).getAll();
        all.onsuccess = () => next(all.result);
      });
      found[store] = rows.map(({ id, name, kind }) => ({ id: id ?? name, kind }));
    }
    opening.result.close();
    resolve(found);
  };
})"""
ORDER = """([short, ids]) => new Promise((resolve) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('meta', 'readwrite');
    transaction.objectStore('meta').put(ids, 'erase_photos');
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


def held(phone: Phone) -> dict[str, list[dict[str, Any]]]:
    """Return what lies on the phone, by store: ids (or names) and kinds."""
    found: dict[str, list[dict[str, Any]]] = phone.page.evaluate(HELD, [phone.page.evaluate(SHORT), list(STORES)])
    return found


def ids(rows: list[dict[str, Any]]) -> set[str]:
    return {row["id"] for row in rows}


def carriers(phone: Phone) -> set[str]:
    """Return the outbox's envelopes that carry a picture."""
    return {row["id"] for row in held(phone)["outbox"] if row["kind"] == "photo"}


@pytest.fixture
def photo(walker: Phone, server: LiveServer, tmp_path: Path) -> uuid.UUID:
    """A picture of the Рябинкины that arrived, whose thumbnail is in the kit and whose copy is in the outbox."""
    (tmp_path / "kitchen.jpg").write_bytes(jpeg((900, 600)))
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker, who="")
    walk.add_photos(walker, [tmp_path / "kitchen.jpg"])
    walk.finish(walker)
    wait_until(walker, lambda: bool(ready(server)))
    walker.go("/today")
    walk.take_kit(walker)
    return ready(server)[0]


def ready(server: LiveServer) -> list[uuid.UUID]:
    """Return the pictures that can be shown, the last one first."""
    with server.app() as app, app.app_context():
        found = select(Photo.id).where(Photo.state == "ready").order_by(Photo.created_at.desc())
        return list(db.session.scalars(found))


def take_back_elsewhere(server: LiveServer, photo: uuid.UUID) -> None:
    """Do what the dossier's button does in another browser."""
    with server.app() as app, app.app_context():
        by = db.session.scalars(select(SignIn).join(Person).where(Person.name.startswith("Туманова"))).first()
        assert by is not None
        withdraw(db.session(), db.session.get_one(Photo, photo), by)
        db.session.commit()


def hear_from_the_server(phone: Phone) -> None:
    """Make contact: «Отправить сейчас» says hello whether or not anything waits."""
    phone.page.locator(".bar a", has_text="Отправка").click()
    phone.page.locator("[data-send-now]").click()


def test_it_is_taken_back_from_the_dossier_and_leaves_the_phone(
    walker: Phone, server: LiveServer, photo: uuid.UUID
) -> None:
    before = held(walker)
    walk.open_family(walker, "Рябинкины")
    shown = walker.page.locator(f"img[data-photo='{photo}']")
    expect(shown.first).not_to_have_js_property("naturalWidth", 0)

    entry = walker.page.locator("[data-visit]", has=shown)
    entry.locator("summary", has_text="Семья отозвала разрешение").click()
    entry.locator("button", has_text="Удалить").click()

    expect(walker.page.locator("#app")).to_contain_text("Снимок удалён по просьбе семьи")
    expect(shown).to_have_count(0)
    hear_from_the_server(walker)
    wait_until(walker, lambda: not carriers(walker))

    after = held(walker)
    assert ids(before["fragments"]) - ids(after["fragments"]), "the thumbnail is still in the kit"
    assert len(before["sealed"]) - len(after["sealed"]) == 1
    assert len(before["copies"]) - len(after["copies"]) == 1
    assert after["photos"] == []
    with server.app() as app, app.app_context():
        erase_withdrawn()
        for size in ("thumb", "full"):
            with pytest.raises(MissingObject):
                photo_store().get(key_of(photo, size))


def test_a_phone_that_was_elsewhere_erases_it_at_its_next_contact(
    walker: Phone, server: LiveServer, photo: uuid.UUID
) -> None:
    walk.open_family(walker, "Рябинкины")
    walker.go_offline()
    take_back_elsewhere(server, photo)
    shown = walker.page.locator(f"img[data-photo='{photo}']").first
    expect(shown).not_to_have_js_property("naturalWidth", 0)

    walker.go_online()
    hear_from_the_server(walker)
    wait_until(walker, lambda: not carriers(walker))
    walker.go_offline()
    walker.page.locator(".bar a", has_text="Семьи").click()
    walker.page.locator("#app main a", has_text="Рябинкины").first.click()

    expect(walker.heading).to_have_text("Рябинкины")
    expect(walker.page.locator("#app [data-photo]").first).to_have_js_property("naturalWidth", 0)


def test_an_order_that_came_to_a_locked_phone_is_followed_before_anything_is_shown(
    walker: Phone, photo: uuid.UUID
) -> None:
    walk.open_family(walker, "Рябинкины")
    walker.hide()
    walker.go_offline()
    walker.page.evaluate(ORDER, [walker.page.evaluate(SHORT), [str(photo)]])

    walker.unlock()

    expect(walker.heading).to_have_text("Рябинкины")
    assert carriers(walker) == set()
    expect(walker.page.locator(f"img[data-photo='{photo}']").first).to_have_js_property("naturalWidth", 0)
