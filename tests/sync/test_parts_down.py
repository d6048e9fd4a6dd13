"""Parts of the installation that are down: text is still received, photos wait, nothing is said too early."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import text

from curator_app.extensions import db
from curator_app.sync.models import Envelope
from curator_app.visits.models import Photo
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support import people as cast
from tests.support.object_store import ObjectStore
from tests.sync.conftest import LocalPhone, enrol_phone
from tests.sync.live import family_at, phone_at
from tests.visits import pictures


def visit_with_photo(phone, family):
    photo, jpeg = uuid7(), pictures.jpeg()
    visit, body = visit_body(family, [(photo, jpeg)])
    return phone.seal("visit", body), phone.seal("photo", photo_body(photo, visit, jpeg))


def test_with_the_photo_folder_gone_text_is_received_and_the_photo_waits(phone, family, config, stored, work):
    visit, photo = visit_with_photo(phone, family)
    folder = config.data_folder / "photos"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("no folder", encoding="ascii")

    assert phone.patch(visit).json["state"] == "applied"
    refused = phone.patch(photo)
    assert (refused.status, "Retry-After" in refused.headers) == (503, True)
    assert stored(Envelope, kind="photo") == []

    folder.unlink()
    # Nothing is sent again: the bytes are all here, only the store was not.
    assert phone.patch(photo, phone.offset(photo.id)).status == 201
    work()
    assert [row.state for row in stored(Photo) if row.state == "ready"]


def test_a_store_that_dies_before_the_pictures_are_made_only_delays_them(phone, family, config, stored, work):
    visit, photo = visit_with_photo(phone, family)
    phone.patch(visit)
    phone.patch(photo)
    folder = config.data_folder / "photos"
    folder.rename(config.data_folder / "aside")
    work()
    assert stored(Envelope, kind="photo")[0].state == "received"

    (config.data_folder / "aside").rename(folder)
    release_claims(phone)
    work()

    assert stored(Envelope, kind="photo")[0].state == "applied"


def release_claims(phone) -> None:
    """Let the time pass after which a claimed photo is anybody's again."""
    with phone.app.app_context():
        db.session.execute(text("UPDATE envelope SET claimed_at = NULL"))
        db.session.commit()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_real_object_store_that_is_stopped_withholds_only_the_photos_receipt(make_app, config, tmp_path):
    folder = tmp_path / "objects"
    folder.mkdir()
    objects = ObjectStore(folder)
    objects.start()
    try:
        app = make_app(replace(config, **objects.settings("photos")))
        people = cast.settle(app)
        phone = LocalPhone(origin="http://localhost:8000", app=app, **enrol_phone(app, people.vera))
        visit, photo = visit_with_photo(phone, str(people.ryabinkiny.id))
        objects.stop()
        assert phone.patch(visit).json["state"] == "applied"
        assert phone.patch(photo).status == 503
        objects.start()
        assert phone.patch(photo, phone.offset(photo.id)).status == 201
    finally:
        objects.stop()


def test_without_a_queue_everything_is_received_and_the_sweep_makes_it_good(phone, family, stored, work):
    # The app fixture has no queue server at all; its live twin is killed below.
    visit, photo = visit_with_photo(phone, family)

    assert phone.patch(visit).json["state"] == "applied"
    assert phone.patch(photo).status == 201

    work()
    assert stored(Envelope, kind="photo")[0].state == "applied"


def test_a_queue_that_is_killed_does_not_stop_a_live_server(make_live_server):
    server = make_live_server()
    phone = phone_at(server)
    server.valkey.kill()
    visit, photo = visit_with_photo(phone, family_at(server))

    assert phone.send(visit)["state"] == "applied"
    assert phone.send(photo)["state"] == "received"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_locked_database_is_503_and_no_receipt(app, phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    with app.app_context(), db.engine.connect() as other:
        other.exec_driver_sql("SELECT 1")  # begins IMMEDIATE: the write lock is taken
        answer = phone.patch(envelope)

    assert (answer.status, "Retry-After" in answer.headers) == (503, True)
    assert "Curator-Receipt" not in answer.headers
    assert phone.patch(envelope, phone.offset(envelope.id)).status == 201


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_keeps_a_commit_through_a_power_cut(app):
    with app.app_context():
        assert db.session.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert db.session.execute(text("PRAGMA journal_mode")).scalar() == "wal"


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_postgresql_keeps_a_commit_through_a_power_cut(app):
    with app.app_context():
        assert db.session.execute(text("SHOW synchronous_commit")).scalar() == "on"
