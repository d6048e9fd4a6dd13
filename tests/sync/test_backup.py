"""A backup counts when it was opened and compared; last night's is set up again, and phones bring what it lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from curator_app.extensions import db
from curator_app.sync.models import VerifiedBackup
from curator_app.visits.models import Visit
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.sync.live import family_at, phone_at
from tests.visits.pictures import jpeg


def flask(app, *words):
    """Run a command as whoever runs the installation does."""
    return app.test_cli_runner().invoke(args=["backup", *map(str, words)])


@pytest.fixture
def sent(phone, family, work):
    """A visit with its photo, received and made; their receipts."""
    photo, content = uuid7(), jpeg()
    visit, body = visit_body(family, [(photo, content)])
    answers = [
        phone.patch(phone.seal("visit", body)),
        phone.patch(phone.seal("photo", photo_body(photo, visit, content))),
    ]
    work()
    return [answer.json for answer in answers]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_copy_that_was_compared_lets_phones_go(app, phone, sent, tmp_path, stored):
    assert phone.hello()["safe_through"] == 0

    made = flask(app, "make", tmp_path / "night")

    assert made.exit_code == 0, made.output
    assert phone.hello()["safe_through"] == sent[1]["seq"]
    (copy,) = (tmp_path / "night").glob("*.sqlite")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [row.name for row in stored(VerifiedBackup)] == [str(copy)]
    copied = [one for one in (tmp_path / "night" / "photos").rglob("*") if one.is_file()]
    assert sorted(one.suffix for one in copied) == ["", ".jpg", ".webp"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE envelope SET body = x'00' WHERE kind = 'visit'",
        "DELETE FROM envelope WHERE kind = 'visit'",
        "UPDATE envelope SET digest = x'00' WHERE kind = 'photo'",
        "DELETE FROM visit",
    ],
)
@pytest.mark.usefixtures("sent")
def test_a_copy_that_lost_anything_does_not_count(app, phone, tmp_path, harm, stored):
    flask(app, "make", tmp_path / "night")
    (copy,) = (tmp_path / "night").glob("*.sqlite")
    with app.app_context():
        db.session.execute(text("DELETE FROM verified_backup"))
        db.session.commit()
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        connection.execute(text(harm))
    engine.dispose()

    verified = flask(app, "verify", f"sqlite:///{copy}", "--photos", tmp_path / "night" / "photos")

    assert verified.exit_code == 1
    assert "Копия отличается от того, что здесь" in verified.output
    assert "Телефоны ничего не отпустили." in verified.output
    assert stored(VerifiedBackup) == []
    assert phone.hello()["safe_through"] == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.usefixtures("sent")
def test_a_photo_that_the_copy_lacks_or_has_wrong_does_not_count(app, tmp_path):
    flask(app, "make", tmp_path / "night")
    (copy,) = (tmp_path / "night").glob("*.sqlite")
    photos = tmp_path / "night" / "photos"
    (sealed,) = (one for one in (photos / "sealed").rglob("*") if one.is_file())

    sealed.write_bytes(b"other bytes")
    assert flask(app, "verify", f"sqlite:///{copy}", "--photos", photos).exit_code == 1
    sealed.unlink()
    assert flask(app, "verify", f"sqlite:///{copy}", "--photos", photos).exit_code == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.usefixtures("sent")
def test_what_is_no_copy_is_said_in_a_sentence(app, tmp_path):
    (tmp_path / "no.sqlite").write_text("none", encoding="ascii")

    for name in ("no.sqlite", "missing.sqlite"):
        said = flask(app, "verify", f"sqlite:///{tmp_path / name}")
        assert (said.exit_code, "Копия не открывается" in said.output) == (1, True)


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.usefixtures("sent")
def test_on_postgresql_a_restored_copy_is_compared(app, phone, databases, database_url, tmp_path):
    assert "pg_dump" in flask(app, "make", tmp_path / "night").output
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    copy = databases.cluster.create(make_url(database_url).database)

    verified = flask(app, "verify", databases.cluster.url(copy))

    assert verified.exit_code == 0, verified.output
    assert phone.hello()["safe_through"] == 2
    databases.cluster.drop(copy)


def test_last_nights_backup_gets_the_days_records_again_from_the_phones(make_live_server, tmp_path):
    server = make_live_server()
    phone, family = phone_at(server), family_at(server)
    evening = phone.seal("visit", visit_body(family, good_today="вечер")[1])
    phone.send(evening)
    with server.app() as app:
        assert flask(app, "make", tmp_path / "night").exit_code == 0
    safe = phone.hello()["safe_through"]
    day = [phone.seal("visit", visit_body(family, good_today=f"день {n}")[1]) for n in range(3)]
    numbers = [phone.send(envelope)["number"] for envelope in day]

    server.stop()
    restore(tmp_path / "night", Path(str(database_of(server))))
    server.start()

    receipts = phone.receipts([evening.id, *(one.id for one in day)])
    assert [receipts["receipts"][one.id]["state"] for one in (evening, *day)] == ["applied", *["unknown"] * 3]
    assert receipts["safe_through"] <= safe
    again = [phone.send(envelope) for envelope in day]
    assert [one["state"] for one in again] == ["applied"] * 3
    assert [phone.send(envelope)["id"] for envelope in day] == [one.id for one in day]
    assert [one["number"] for one in again] == numbers
    with server.app() as app, app.app_context():
        said = sorted(
            visit.value("good_today") for visit in db.session.query(Visit).filter(Visit.phone_at.is_not(None))
        )
        assert said == ["вечер", "день 0", "день 1", "день 2"]


def restore(folder, database):
    """Put the copy in the place of the database, as the manual says."""
    for old in database.parent.glob(f"{database.name}*"):
        old.unlink()
    (copy,) = folder.glob("*.sqlite")
    shutil.copyfile(copy, database)


def database_of(server):
    with server.app() as app, app.app_context():
        return db.engine.url.database
