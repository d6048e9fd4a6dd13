"""A family takes its permission back: nothing of the picture is left at the server, that there was one stays."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from curator_app.auth.models import FIELD, Territory
from curator_app.extensions import db
from curator_app.storage import PhotoStore, StoreDown, photo_store
from curator_app.subjects.models import Event
from curator_app.sync import jobs
from curator_app.sync.models import Envelope
from curator_app.visits.jobs import develop
from curator_app.visits.models import Photo, Visit
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support import people as cast
from tests.support.people import ORIGIN
from tests.visits import pictures

CAPTION = "Снимок-канарейка у печи"
WORDS = {"photos-0-caption": CAPTION, "photos-0-taken_at": "2026:11:20"}


@pytest.fixture
def sealed(phone, family):
    """A visit with one captioned photo: (visit's envelope, photo's envelope, photo id)."""
    photo, jpeg = uuid7(), pictures.camera_jpeg((900, 600), 1)
    visit, body = visit_body(
        family, [(photo, jpeg)], **{"photos-0-caption": CAPTION, "photos-0-taken_at": "2026:11:20"}
    )
    part = phone.seal("photo", photo_body(photo, visit, jpeg))
    return phone.seal("visit", body, parts=[part.id]), part, photo


@pytest.fixture
def vera(app, people):
    """Vera at her phone, with a session and its token."""
    client = cast.sign_in(app, people.vera, FIELD)
    client.token = client.get("/session", base_url=ORIGIN).json["csrf"]
    return client


def take_back(client, photo):
    headers = {"X-CSRFToken": client.token, "Referer": f"{ORIGIN}/today"}
    return client.post(f"/photos/{photo}/withdraw", headers=headers, base_url=ORIGIN)


def keys_of(app):
    """Everything that lies in the photo store."""
    with app.app_context():
        folder = app.config["CURATOR"].data_folder / "photos"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def erase(app):
    with app.app_context():
        return jobs.erase_withdrawn()


def test_pictures_sealed_bytes_and_words_go_and_the_event_stays(app, phone, vera, sealed, stored, work):
    visit, part, photo = sealed
    phone.patch(visit)
    phone.patch(part)
    work()
    assert len(keys_of(app)) == 3

    assert take_back(vera, photo).status_code == 303
    assert erase(app) == 1

    assert keys_of(app) == []
    (row,) = [one for one in stored(Photo) if str(one.id) == photo]
    assert (row.state, row.caption, row.sha256, row.taken_at) == ("withdrawn", "", "", "")
    assert row.erased_at is not None
    assert CAPTION not in str([one.fields for one in stored(Visit)])
    (event,) = stored(Event, type="photo_withdrawn")
    assert event.data == {"photo": photo, "visit": str(row.visit_id)}


def test_a_photo_that_was_taken_back_is_shown_to_nobody(phone, vera, sealed, family, work):
    visit, part, photo = sealed
    phone.patch(visit)
    phone.patch(part)
    work()
    take_back(vera, photo)

    for size in ("thumb", "full"):
        assert vera.get(f"/photos/{photo}/{size}", base_url=ORIGIN).status_code == 404
    dossier = vera.get(f"/families/{family}", headers={"HX-Request": "true"}, base_url=ORIGIN).text
    assert "Снимок удалён по просьбе семьи" in dossier
    assert CAPTION not in dossier


def test_bytes_that_come_after_the_permission_was_taken_back_are_dropped(app, phone, vera, sealed, work):
    visit, part, photo = sealed
    phone.patch(visit)
    take_back(vera, photo)
    phone.patch(part)
    work()
    erase(app)

    assert keys_of(app) == []
    answer = phone.receipts([part.id])["receipts"][part.id]
    assert (answer["state"], answer["reasons"]) == ("applied", [{"code": "photo_withdrawn"}])


def test_pictures_made_while_the_permission_was_taken_back_are_erased_as_well(app, phone, vera, sealed, stored, work):
    visit, part, photo = sealed
    phone.patch(visit)
    phone.patch(part)
    work()
    take_back(vera, photo)
    erase(app)
    with app.app_context():
        (envelope,) = db.session.scalars(select(Envelope).where(Envelope.kind == "photo"))
        (row,) = db.session.scalars(select(Photo).where(Photo.withdrawn_at.is_not(None)))
        jobs._show(envelope.id, row.id, develop(photo_store(), row.id, pictures.jpeg()))
    assert keys_of(app) != []

    assert erase(app) == 1

    assert keys_of(app) == []
    assert [one.state for one in stored(Photo) if str(one.id) == photo] == ["withdrawn"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_store_that_is_down_is_asked_again(app, phone, vera, sealed, work, monkeypatch):
    visit, part, photo = sealed
    phone.patch(visit)
    phone.patch(part)
    work()
    take_back(vera, photo)

    def down(_store, _key):
        raise StoreDown

    with monkeypatch.context() as patch:
        patch.setattr(PhotoStore, "delete", down)
        assert erase(app) == 0
    assert keys_of(app) != []

    assert erase(app) == 1
    assert keys_of(app) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_taking_back_twice_is_one_event(phone, vera, sealed, stored):
    visit, _, photo = sealed
    phone.patch(visit)

    assert [take_back(vera, photo).status_code for _ in range(2)] == [303, 303]

    assert len(stored(Event, type="photo_withdrawn")) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_contact_names_what_is_to_go_from_the_phone(phone, phone_of, people, vera, sealed):
    visit, _, photo = sealed
    phone.patch(visit)
    take_back(vera, photo)

    for _ in range(2):
        assert phone.hello(unsent=0)["erase"] == [photo]
    assert phone_of(people.igor).hello(unsent=0)["erase"] == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_sealed_copy_of_the_visit_still_counts_as_the_same_visit(phone, vera, sealed, family, stored):
    visit, part, photo = sealed
    jpeg = pictures.camera_jpeg((900, 600), 1)
    phone.patch(visit)
    take_back(vera, photo)
    (row,) = [one for one in stored(Visit) if one.enrolment_id]
    _, body = visit_body(family, [(photo, jpeg)], id=str(row.id), **WORDS)
    anew = phone.patch(phone.seal("visit", body, parts=[part.id])).json

    assert anew["state"] == "applied", anew


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_where_a_territory_takes_no_photos_the_text_stands_and_the_bytes_are_dropped(
    app, phone, vera, family, sealed, stored, work
):
    with app.app_context():
        for territory in db.session.scalars(select(Territory)):
            territory.photos_on = False
        db.session.commit()
    visit, part, photo = sealed

    assert phone.patch(visit).json["state"] == "applied"
    phone.patch(part)
    work()

    assert keys_of(app) == []
    (row,) = [one for one in stored(Photo) if str(one.id) == photo]
    assert (row.state, row.refusal) == ("refused", "В вашей территории снимки не делают.")
    assert phone.receipts([part.id])["receipts"][part.id]["reasons"] == [{"code": "photos_off"}]
    dossier = vera.get(f"/families/{family}", headers={"HX-Request": "true"}, base_url=ORIGIN).text
    assert "В вашей территории снимки не делают. Текст посещения принят." in dossier
    assert "не смог открыть" not in dossier


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_correction_from_an_older_copy_does_not_bring_the_words_back(phone, vera, sealed, family, stored):
    visit, _, photo = sealed
    phone.patch(visit)
    take_back(vera, photo)
    _, body = visit_body(family, [(photo, pictures.camera_jpeg((900, 600), 1))], **WORDS)

    assert phone.patch(phone.seal("visit", body, supersedes=visit.id)).json["state"] == "applied"

    (row,) = [one for one in stored(Photo) if str(one.id) == photo]
    assert (row.state, row.caption, row.sha256) == ("withdrawn", "", "")
    fields = [one.fields for one in stored(Visit)]
    assert CAPTION not in str(fields)
    assert ["photos-0-id", photo] in fields[-1]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_photos_switched_off_later_leave_older_ones_as_they_are(app, phone, vera, sealed, family, stored, work):
    visit, part, photo = sealed
    phone.patch(visit)
    phone.patch(part)
    work()
    with app.app_context():
        for territory in db.session.scalars(select(Territory)):
            territory.photos_on = False
        db.session.commit()
    again, body = visit_body(family, [(photo, pictures.camera_jpeg((900, 600), 1))])
    correction = phone.seal("visit", body, supersedes=visit.id)

    assert phone.patch(correction).json["state"] == "applied"
    assert [one.state for one in stored(Photo, visit_id=uuid.UUID(again))] == ["ready"]

    take_back(vera, photo)
    third = phone.seal("visit", visit_body(family, [(photo, b"")])[1], supersedes=correction.id)
    assert phone.patch(third).json["state"] == "applied"
    assert [one.state for one in stored(Photo) if str(one.id) == photo] == ["withdrawn"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sealed_bytes_not_opened_yet_are_done_with_once_they_are_erased(app, phone, vera, sealed, work):
    visit, part, photo = sealed
    phone.patch(part)
    work()  # opened, and waiting for its visit
    phone.patch(visit)
    take_back(vera, photo)

    erase(app)
    work()

    assert keys_of(app) == []
    answer = phone.receipts([part.id])["receipts"][part.id]
    assert (answer["state"], answer["reasons"]) == ("applied", [{"code": "photo_withdrawn"}])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_picture_that_does_not_open_stays_taken_back(app, phone, vera, family, stored, work, monkeypatch):
    photo, broken = uuid7(), b"no picture at all"
    visit, body = visit_body(family, [(photo, broken)])
    phone.patch(phone.seal("visit", body))
    part = phone.seal("photo", photo_body(photo, visit, broken))
    phone.patch(part)

    def meanwhile(store, key, content):
        take_back(vera, photo)
        return develop(store, key, content)

    monkeypatch.setattr(jobs, "develop", meanwhile)
    work()
    erase(app)

    assert [one.state for one in stored(Photo) if str(one.id) == photo] == ["withdrawn"]
    assert keys_of(app) == []
    assert phone.receipts([part.id])["receipts"][part.id]["state"] == "applied"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_bytes_of_a_picture_that_did_not_open_can_be_taken_back_too(app, phone, vera, family, work):
    photo, broken = uuid7(), b"no picture at all"
    visit, body = visit_body(family, [(photo, broken)])
    phone.patch(phone.seal("visit", body))
    phone.patch(phone.seal("photo", photo_body(photo, visit, broken)))
    work()
    assert len(keys_of(app)) == 1

    dossier = vera.get(f"/families/{family}", headers={"HX-Request": "true"}, base_url=ORIGIN).text
    assert f"/photos/{photo}/withdraw" in dossier
    take_back(vera, photo)
    erase(app)

    assert keys_of(app) == []
