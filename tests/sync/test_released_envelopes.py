"""What the client of every release sealed is opened, checked and applied by this server, byte for byte, for ever."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import FIELD, Enrolment, Person
from curator_app.cases.safety_models import SafetyPlan
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.models import Signal
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import record_event
from curator_app.sync.models import APPLIED, Envelope
from curator_app.urgent.models import Alarm
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.models import Contact, Photo, Visit
from curator_app.visits.planning_models import PlannedVisit
from tests.protocol_client import Sealed
from tests.support.databases import ROOT
from tests.support.people import People
from tests.sync.conftest import LocalPhone

RELEASES = sorted((ROOT / "tests" / "queue_fixtures").glob("*/envelopes.json"))
STEPS = (
    ("acquaintance", CaseAcquaintance, "words"),
    ("measure", SafetyPlan, "with_whom"),
    ("signal", Signal, "facts"),
    ("plan", PlannedVisit, "word"),
)
"""What a form of one screen becomes, and what of it is asked for here."""


@dataclass
class Kept:
    """One release's envelopes at a server of today."""

    phone: LocalPhone
    envelopes: list[dict[str, Any]]

    def sealed(self, one: dict[str, Any]) -> Sealed:
        return Sealed(one["id"], base64.b64decode(one["header"]), base64.b64decode(one["sealed"]))

    def of(self, kind: str) -> list[dict[str, str]]:
        """Return what its records of a kind say, field by field."""
        return [dict(one["fields"]) for one in self.envelopes if one["kind"] == kind]


@pytest.fixture(params=RELEASES, ids=[path.parent.name for path in RELEASES])
def kept(request: pytest.FixtureRequest, app: Flask, people: People) -> Kept:
    value = json.loads(request.param.read_text(encoding="utf-8"))
    cookie = secrets.token_urlsafe(32)
    with app.app_context():
        keys = app.config["CURATOR"].keys_folder
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        (keys / f"sync-{value['server']['kid']}.pem").write_text(value["server"]["pem"])
        settle_family(people.vera, uuid.UUID(value["family"]))
        row = Enrolment(person_id=people.vera.id, short=value["short"], kind=FIELD)
        row.signing_key = base64.urlsafe_b64decode(value["signing_key"] + "=")
        row.upload_token_hash = hashlib.sha256(cookie.encode()).digest()
        db.session.add(row)
        db.session.commit()
    phone = LocalPhone(
        "http://localhost:8000", value["short"], cookie, ec.generate_private_key(ec.SECP256R1()), app=app
    )
    return Kept(phone, value["envelopes"])


def settle_family(person: Person, key: uuid.UUID) -> None:
    """Give the person a case of the family that the envelopes name."""
    mine = db.session.scalars(select(Assignment).where(Assignment.person_id == person.id)).first()
    assert mine is not None
    place = {"territory_id": mine.subject.territory_id}
    db.session.add(Family(id=key, surname="Проверкины", **place))
    db.session.flush()
    subject = Subject(kind="case", family_id=key, procedure="kochki_2020@1", **place)
    db.session.add(subject)
    db.session.flush()
    record_event(subject, "registered", on=date(2026, 1, 1))
    about = {"organisation_id": mine.organisation_id, "role": "case_curator", "since_on": date(2026, 1, 1)}
    db.session.add(Assignment(subject_id=subject.id, person_id=person.id, **about))


def test_everything_that_a_release_sealed_is_applied(kept, stored, work):
    for one in kept.envelopes:
        assert kept.phone.patch(kept.sealed(one)).status == 201
    work()

    assert {(row.kind, row.state) for row in stored(Envelope)} == {(one["kind"], APPLIED) for one in kept.envelopes}
    visits = {str(row.id): row for row in stored(Visit)}
    for said in kept.of("visit"):
        assert dict(visits[said["id"]].fields).items() >= said.items()
    contacts = {str(row.id): row.summary for row in stored(Contact)}
    assert [contacts[said["id"]] for said in kept.of("contact")] == [said["summary"] for said in kept.of("contact")]
    alarms = {str(row.id): row.need for row in stored(Alarm)}
    assert [alarms[said["id"]] for said in kept.of("alarm")] == [said["need"] for said in kept.of("alarm")]
    for kind, model, words in STEPS:
        rows = {str(row.id): getattr(row, words) for row in stored(model)}
        assert [rows[said["id"]] for said in kept.of(kind)] == [said[words] for said in kept.of(kind)]
    numbers = {row.data.get("record"): row.data.get("number") for row in stored(Event, type="resolution_received")}
    assert [numbers[said["id"]] for said in kept.of("acknowledgement")] == [
        said["number"] for said in kept.of("acknowledgement")
    ]


def test_its_pictures_are_shown(kept, stored, work):
    for one in kept.envelopes:
        kept.phone.patch(kept.sealed(one))
    work()

    announced = {said["photos-0-id"]: said["photos-0-sha256"] for said in kept.of("visit") if "photos-0-id" in said}
    photos = {str(row.id): row for row in stored(Photo) if str(row.id) in announced}
    assert {key: row.sha256 for key, row in photos.items()} == announced
    assert {row.state for row in photos.values()} == {"ready"}


def test_its_envelopes_may_come_twice_and_backwards(kept, stored, work):
    for _ in range(2):
        for one in reversed(kept.envelopes):
            assert kept.phone.patch(kept.sealed(one)).status in {200, 201}
        work()

    assert {row.state for row in stored(Envelope)} == {APPLIED}
    mine = {said["id"] for said in kept.of("visit")}
    assert len([row for row in stored(Visit) if str(row.id) in mine]) == len(mine)
