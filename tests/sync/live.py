"""A phone at a live server: enrolled beside it, spoken to over real sockets."""

from __future__ import annotations

from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.families.models import Family
from tests.protocol_client import Phone
from tests.support.server import LiveServer
from tests.sync.conftest import enrol_phone


def phone_at(server: LiveServer, surname: str = "Туманова") -> Phone:
    """Enrol a phone of the demonstration's curator."""
    with server.app() as app:
        with app.app_context():
            person = db.session.scalars(select(Person).where(Person.name.startswith(surname))).one()
            db.session.expunge(person)
        return Phone(origin=f"http://127.0.0.1:{server.port}", **enrol_phone(app, person))


def family_at(server: LiveServer, surname: str = "Рябинкины") -> str:
    """Return the id of a family of the demonstration."""
    with server.app() as app, app.app_context():
        return str(db.session.scalars(select(Family.id).where(Family.surname == surname)).one())
