"""A curator of the model test: a person, their phone, the bad network before it, and what they know to be done."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import FIELD, Enrolment, Person, Role
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import CASE_ROLES, Assignment, Subject
from tests.model.phones import Died, Phone
from tests.support.proxy import FaultProxy

KILL_WITHIN_SECONDS = 0.06


@dataclass
class Hand:
    """`done`: records that the phone said are sealed; `begun`: those it said are kept as drafts.

    `sealed`: every envelope that was ever seen on this phone, by its id; `rejectable`: records that may be refused.
    """

    person: Person
    short: str
    phone: Phone
    proxy: FaultProxy
    families: list[tuple[str, str]]
    done: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    rejectable: set[str] = field(default_factory=set)
    sealed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def open(self) -> None:
        """Switch the phone on if it is off, and unlock it."""
        if not self.phone.is_on:
            self.phone.start()
        self.phone.do("unlock", short=self.short)

    def do(self, act: str, /, **given: Any) -> Any:
        """Do an act on the open phone."""
        self.open()
        return self.phone.do(act, **given)

    def do_and_die(self, act: str, after: float, /, **given: Any) -> Any:
        """Begin an act and pull the battery a moment later; return its result if it was told, else None."""
        self.open()
        number = self.phone.begin(act, **given)
        time.sleep(after * KILL_WITHIN_SECONDS)
        self.phone.kill()
        try:
            result = self.phone.result(number)
        except Died:
            result = None
        self.look()
        return result

    def look(self) -> dict[str, Any]:
        """See what lies on the phone; nothing that was acknowledged may be missing there."""
        seen: dict[str, Any] = self.do("look", short=self.short)
        self.sealed |= {row["id"]: row for row in seen["rows"]}
        records = {record_of(row) for row in self.sealed.values()}
        drafts = {draft["id"] for draft in seen["drafts"]}
        assert self.done <= records, f"said to be done and not sealed: {self.done - records}"
        lost = self.begun - drafts - records
        assert not lost, f"said to be kept and gone: {lost}"
        both = drafts & {record_of(row) for row in seen["rows"]}
        assert not both, f"sealed and still a draft: {both}"
        self.done |= records
        return seen


def record_of(row: dict[str, Any]) -> str:
    """Return the id of what an envelope is about: the visit's, the photo's, the alarm's own."""
    return str(row["photo"] if row["kind"] == "photo" else dict(row["fields"])["id"])


def settle(app: Flask, surname: str, phone: Phone, proxy: FaultProxy, sync: dict[str, str]) -> Hand:
    """Enrol a person's phone as a finished ceremony leaves it."""
    short, key, token = secrets.token_hex(4), uuid.uuid4(), secrets.token_urlsafe(32)
    phone.cookie = f"__Secure-outbox-{short}={token}"
    phone.start()
    signing = phone.do("enrol", id=str(key), short=short, sync=sync)
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.name.startswith(surname))).one()
        row = Enrolment(id=key, person_id=person.id, short=short, kind=FIELD)
        row.signing_key = _bytes(signing)
        row.upload_token_hash = hashlib.sha256(token.encode()).digest()
        db.session.add(row)
        mine = (
            select(Family.id, Family.surname)
            .join(Subject, Subject.family_id == Family.id)
            .join(Assignment, Assignment.subject_id == Subject.id)
            .where(Assignment.person_id == person.id, Assignment.role.in_(CASE_ROLES), Assignment.until_on.is_(None))
        )
        families = [(str(one), name) for one, name in db.session.execute(mine.order_by(Family.surname))]
        _give_head(person)
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    return Hand(person, short, phone, proxy, families)


def _give_head(person: Person) -> None:
    """Somebody leads the organisation: what is refused is to be seen by two."""
    place = person.roles[0].organisation_id
    led = select(Role.id).where(Role.organisation_id == place, Role.role == "head")
    if db.session.scalars(led).first() is None:
        head = Person(name=f"Главная {person.short_name}")
        head.roles.append(Role(organisation_id=place, role="head", since_on=date(2020, 1, 1)))
        db.session.add(head)


def phone_behind(folder: Path, port: int, client: Path) -> tuple[Phone, FaultProxy]:
    """Make a phone whose every byte goes through a proxy of its own."""
    proxy = FaultProxy(port)
    return Phone(folder, f"http://127.0.0.1:{proxy.port}", client), proxy


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
