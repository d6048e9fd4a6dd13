"""Phones for sync tests: the independent client, spoken to the application in this process."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from curator_app.auth.models import Enrolment, Person
from curator_app.extensions import db
from curator_app.subjects.models import Assignment
from curator_app.sync import jobs
from curator_app.sync.models import Envelope
from curator_app.visits.models import Visit
from tests.protocol_client import Answer, Phone
from tests.support import people as cast
from tests.support.people import People


@dataclass
class LocalPhone(Phone):
    """The protocol client, without the network between."""

    app: Flask | None = None

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        assert self.app is not None
        client = self.app.test_client(use_cookies=False)
        sent = {"Cookie": self._cookie(), **self.extra_headers, **(headers or {})}
        response = client.open(path, method=method, data=body, headers=sent, base_url="http://localhost:8000")
        return Answer(response.status_code, dict(response.headers), response.data)


def enrol_phone(app: Flask, person: Person) -> dict[str, Any]:
    """Give a person a field enrolment; return what the phone then has: short name, cookie, signing key."""
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    enrolment = cast.enrol(app, person, signing_key=point)
    cookie = secrets.token_urlsafe(32)
    with app.app_context():
        row = db.session.get_one(Enrolment, enrolment.id)
        row.upload_token_hash = hashlib.sha256(cookie.encode()).digest()
        db.session.commit()
    return {"enrolment": enrolment.short, "cookie": cookie, "signing_key": key}


@pytest.fixture
def people(app: Flask) -> People:
    return cast.settle(app)


@pytest.fixture
def phone_of(app: Flask) -> Callable[[Person], LocalPhone]:
    """Make another phone of a person."""
    return lambda person: LocalPhone(origin="http://localhost:8000", app=app, **enrol_phone(app, person))


@pytest.fixture
def phone(phone_of: Callable[[Person], LocalPhone], people: People) -> LocalPhone:
    """Vera's phone."""
    return phone_of(people.vera)


@pytest.fixture
def family(people: People) -> str:
    """A family of Vera's, as the phone names it."""
    return str(people.ryabinkiny.id)


@pytest.fixture
def stored(app: Flask) -> Callable[..., list[Any]]:
    """Read rows beside the application: `stored(Visit)`, `stored(Envelope, state="applied")`."""

    def read(model: type, **values: object) -> list[Any]:
        with app.app_context():
            rows = list(db.session.scalars(select(model).filter_by(**values).order_by(model.id).options(undefer("*"))))
            db.session.expunge_all()
            return rows

    return read


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """Do what the worker would do."""

    def run() -> None:
        with app.app_context():
            jobs.apply_pending()
            jobs.drain_photos()

    return run


def visits_of(stored: Callable[..., list[Any]]) -> list[Visit]:
    """Return the visits that came by envelope, not the demonstration's."""
    mine = {row.about_id for row in stored(Envelope, kind="visit")}
    return [visit for visit in stored(Visit) if visit.id in mine]


def hand_over(app, person: Person, on: date) -> None:
    """End every assignment of a person on that day."""
    with app.app_context():
        for row in db.session.query(Assignment).filter_by(person_id=person.id):
            row.until_on = on
        db.session.commit()
