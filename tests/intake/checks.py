"""What tests of a check share: a signal in the journal, and forms as a browser posts them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.auth.models import OFFICE, Enrolment, SignIn, Territory
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.intake.models import Signal
from curator_app.intake.service import register, take_signal
from curator_app.subjects.models import Event
from tests.intake.conftest import Office, told
from tests.support.people import ORIGIN

HTMX = {"HX-Request": "true"}


def journal_line(app: Flask, office: Office, procedure: str = "", **changes: object) -> uuid.UUID:
    """Take a signal in and write it into the journal; return its id. `procedure` puts the territory under another."""
    with app.app_context():
        session = db.session()
        if procedure:
            session.get_one(Territory, office.territory.id).procedure = procedure
        enrolment = Enrolment(person_id=office.intake.id, short=uuid.uuid4().hex[:8], kind=OFFICE)
        session.add(enrolment)
        session.flush()
        by = SignIn(person_id=office.intake.id, enrolment=enrolment, last_seen_at=now())
        session.add(by)
        session.flush()
        signal = take_signal(session, told(office, **changes), None, None)
        register(session, signal, by)
        session.commit()
        return signal.id


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Post a form as htmx does."""
    return client.post(path, data=fields, headers=HTMX, base_url=ORIGIN)


def get(client: FlaskClient, path: str) -> TestResponse:
    """Ask for a page as htmx does."""
    return client.get(path, headers=HTMX, base_url=ORIGIN)


def signal_events(app: Flask, key: uuid.UUID) -> list[tuple[str, dict[str, Any]]]:
    """Return what happened to a subject, in order of recording."""
    with app.app_context():
        rows = db.session.scalars(select(Event).where(Event.subject_id == key).order_by(Event.no))
        return [(row.type, row.data) for row in rows]


def signal(app: Flask, key: uuid.UUID) -> Signal:
    """Return a signal as it stands."""
    with app.app_context():
        found = db.session.get_one(Signal, key)
        db.session.expunge(found)
        return found
