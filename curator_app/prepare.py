"""Bring the database up to date, and fill an empty one with the demonstration."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from curator_app.config import Config
from curator_app.demo import load as demo
from curator_app.demo.load import Invitation
from curator_app.extensions import db
from curator_app.families.findable import make_findable, nothing_findable
from curator_app.reminders.push_keys import private_pem

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
POLL_SECONDS = 0.5
PATIENT_POLLS = 20


class DatabaseDown(Exception):
    """The database does not answer; the message is a Russian sentence."""


def prepare_database(app: Flask) -> list[Invitation]:
    """Migrate, install the demonstration when nobody is there yet, and return its invitations.

    Raises DatabaseDown when the database does not answer.
    """
    with app.app_context():
        make_push_key()
        try:
            if not is_migrated():
                upgrade(str(MIGRATIONS))
                if nothing_findable(db.session()):
                    make_findable(db.session())
                    db.session.commit()
            if not demo.is_empty(db.session()):
                return []
            invitations = demo.install(db.session())
            db.session.commit()
        except OperationalError as error:
            message = "База данных не отвечает: проверьте DATABASE_URL и запущен ли её сервер."
            raise DatabaseDown(message) from error
        finally:
            db.session.remove()
        return invitations


def make_push_key() -> None:
    """Make the key that push services know us by, unless there is one; needs an application context."""
    config: Config = current_app.config["CURATOR"]
    private_pem(config.keys_folder)


def migrate_database() -> None:
    """Bring the tables up to date; needs an application context."""
    if not is_migrated():
        upgrade(str(MIGRATIONS))


def wait_for_database(app: Flask) -> None:
    """Return when the database answers and has every table this code knows; say so once when that takes long."""
    with app.app_context():
        for poll in itertools.count(1):
            try:
                if is_migrated():
                    return
            except OperationalError:
                pass  # not up yet, or gone for a moment
            if poll == PATIENT_POLLS:
                app.logger.warning("still waiting for the database, or for its migration")
            time.sleep(POLL_SECONDS)


def is_migrated() -> bool:
    """Tell whether the newest migration has been run; needs an application context."""
    newest = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == newest
