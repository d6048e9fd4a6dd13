"""`flask backup`: a copy of the database and of the photo store that is opened and compared before it counts."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click
import pysqlite3.dbapi2 as sqlite
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from curator_app import texts
from curator_app.clock import now
from curator_app.database import begin_reading
from curator_app.extensions import db
from curator_app.storage import MissingObject, PhotoStore, local_store, photo_store
from curator_app.sync.backups import CopyDiffers, compare, note_verified
from curator_app.sync.models import Envelope
from curator_app.visits.jobs import key_of
from curator_app.visits.models import Photo

backup = AppGroup("backup", help="Резервная копия, которая проверена.")
FOLDER = click.Path(file_okay=False, path_type=Path)


@backup.command("make")
@click.argument("folder", type=FOLDER)
def make(folder: Path) -> None:
    """Copy the SQLite database and the photos into FOLDER, verify the copy and note it."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException(texts.text("backup.by_pg_dump"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"curator-{now():%Y%m%dT%H%M%SZ}.sqlite"
    _copy_database(Path(str(db.engine.url.database)), file)
    photos = local_store(folder / "photos")
    _copy_photos(photos)
    _verify(f"sqlite:///{file}", photos)


@backup.command("verify")
@click.argument("url")
@click.option("--photos", type=FOLDER, help="Папка с копией хранилища снимков.")
def verify(url: str, photos: Path | None) -> None:
    """Compare a restored copy (SQLite file or PostgreSQL database at URL) with this installation and note it."""
    _verify(url, local_store(photos) if photos else None)


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(backup)


def _copy_database(source: Path, target: Path) -> None:
    """Write a consistent copy while people work; it is on the disk when this returns."""
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(handle)
    with closing(sqlite.connect(str(source))) as connection:
        connection.isolation_level = None
        connection.execute("VACUUM INTO ?", (str(target),))
    for place in (target, target.parent):
        handle = os.open(place, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _copy_photos(target: PhotoStore) -> None:
    """Copy sealed photos, and the pictures that the folder has not yet: a scan of paper is only there."""
    begin_reading(db.session())
    sealed = db.session.scalars(select(Envelope.store_key).where(Envelope.store_key.is_not(None))).all()
    ready = db.session.scalars(select(Photo.id).where(Photo.state == "ready")).all()
    db.session.rollback()
    for key in (*map(str, sealed), *(key_of(photo, kind) for photo in ready for kind in ("full", "thumb"))):
        content = None if target.has(key) else _content(photo_store(), key)
        if content is not None:
            target.put(key, content)


def _verify(url: str, photos: PhotoStore | None) -> None:
    """Open the copy, compare, note, and say so; a copy that differs is said in one sentence."""
    name = make_url(url)
    if name.get_backend_name() == "sqlite" and not Path(name.database or "").is_file():
        raise click.ClickException(texts.text("backup.does_not_open"))
    engine = create_engine(name, module=sqlite) if name.get_backend_name() == "sqlite" else create_engine(name)
    begin_reading(db.session())
    try:
        with engine.connect() as copy:
            _refuse_damaged(copy)
            seq = compare(
                db.session(),
                copy,
                lambda key: _content(photo_store(), key),
                lambda key: _content(photos or photo_store(), key),
            )
    except CopyDiffers as refusal:
        words = texts.refusal(refusal.refusal, **refusal.values)
        raise click.ClickException(" ".join((words["what"], words["safe"], words["do"]))) from refusal
    except SQLAlchemyError as error:
        raise click.ClickException(texts.text("backup.does_not_open")) from error
    finally:
        engine.dispose()
        db.session.rollback()
    note_verified(db.session(), seq, name.database or "")
    db.session.commit()
    click.echo(texts.text("backup.verified", seq=seq))


def _refuse_damaged(copy: Connection) -> None:
    if copy.dialect.name == "sqlite" and copy.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
        raise CopyDiffers(seq=0)


def _content(store: PhotoStore, key: str) -> bytes | None:
    try:
        return store.get(key)
    except MissingObject:
        return None
