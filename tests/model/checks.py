"""When everything is quiet: what phones and server must agree on. A check raises AssertionError with what is wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from curator_app.auth.models import Enrolment, Person, Role
from curator_app.extensions import db
from curator_app.storage import photo_store
from curator_app.subjects.models import Event
from curator_app.sync.envelopes import open_sealed
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, RECEIVED, Envelope
from curator_app.sync.service import state_of
from curator_app.urgent.models import Alarm
from curator_app.visits.models import Contact, Photo, Visit
from tests.model.hands import Hand, record_of
from tests.model.world import World
from tests.support.days import demo_day

MODELS: dict[str, Any] = {"visit": Visit, "contact": Contact, "alarm": Alarm}
READABLE = ("wraps", "fragments", "drafts", "photos", "copies", "outbox", "sealed")
MADE_BY = {"visit": "visit_made", "contact": "contact_made", "alarm": "alarm_raised"}


@dataclass(frozen=True)
class Theirs:
    """One curator's side and the server's, beside each other."""

    hand: Hand
    rows: dict[str, dict[str, Any]]
    """What still lies on the phone, by envelope."""
    envelopes: dict[str, Envelope]

    def sealed(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return every envelope of a kind that was ever seen on the phone."""
        return {key: row for key, row in self.hand.sealed.items() if row["kind"] == kind}


def check(world: World) -> None:
    """Check everything."""
    for hand in world.hands:
        seen = hand.look()
        assert not seen["drafts"], "a draft was not finished before the check"
        _check_one(world, hand, seen["rows"])
    for hand, _ in world.retired:
        left = hand.phone.do("look", short=hand.short)["stores"]
        assert not any(left[store] for store in READABLE), f"a phone that was switched off still holds {left}"
        _check_one(world, hand, [])


def _check_one(world: World, hand: Hand, rows: list[dict[str, Any]]) -> None:
    with world.looking() as app:
        mine = select(Envelope).join(Enrolment).where(Enrolment.short == hand.short).options(undefer(Envelope.body))
        envelopes = {str(row.envelope_id): row for row in db.session.scalars(mine)}
        theirs = Theirs(hand, {row["id"]: row for row in rows}, envelopes)
        _nothing_lost(theirs)
        _nothing_stuck(theirs)
        _one_effect_each(theirs)
        _pictures_whole(theirs, app)
        _refusals_seen(theirs, world)
        _both_sides_agree(theirs)


def _nothing_lost(theirs: Theirs) -> None:
    missing = theirs.hand.sealed.keys() - theirs.envelopes.keys()
    assert not missing, f"sealed on the phone and not at the server: {[theirs.hand.sealed[key] for key in missing]}"
    for key, envelope in theirs.envelopes.items():
        sha = theirs.hand.sealed[key]["sha256"]
        assert hashlib.sha256(envelope.body or b"").digest() == envelope.digest or envelope.kind == "photo"
        assert json.loads(envelope.header)["id"] == key
        assert envelope.digest.hex() == _hex(sha), f"other bytes under {key}"


def _nothing_stuck(theirs: Theirs) -> None:
    waiting = [row for row in theirs.rows.values() if row["state"] not in {"on_server", "needs_you"}]
    assert not waiting, f"still on the phone: {waiting}"
    without = [row for row in theirs.rows.values() if row["receipt"] is None]
    assert not without, f"without a receipt: {without}"
    applied = {str(row.about_id) for row in theirs.envelopes.values() if row.kind == "visit" and row.state == APPLIED}
    for key, envelope in theirs.envelopes.items():
        its_visit = theirs.hand.sealed[key]["visit"] if envelope.kind == "photo" else None
        waits = envelope.kind == "photo" and its_visit not in applied
        assert envelope.state != RECEIVED or waits, f"received and not applied: {key} {envelope.reasons}"


def _one_effect_each(theirs: Theirs) -> None:
    """Each record that was applied is there once, says what was written, and made one event; there are no others."""
    enrolment = db.session.scalars(select(Enrolment.id).where(Enrolment.short == theirs.hand.short)).one()
    for kind, model in MODELS.items():
        rows = {str(row.id): row for row in db.session.scalars(select(model).where(model.enrolment_id == enrolment))}
        sealed = {key: row for key, row in theirs.sealed(kind).items() if theirs.envelopes[key].state == APPLIED}
        repaired = {key for key in sealed if _is_repaired(theirs.envelopes[key])}
        applied = {record_of(row): row for key, row in sealed.items() if key not in repaired}
        assert rows.keys() == applied.keys(), f"{kind}: {rows.keys() ^ applied.keys()} on one side only"
        for key, row in applied.items():
            _says_the_same(rows[key], dict(row["fields"]))
        if kind == "visit":
            _corrections_follow(theirs, rows, applied)
        events = select(Event.data).where(Event.enrolment_id == enrolment, Event.type == MADE_BY[kind])
        counts = Counter(data[kind] for data in db.session.scalars(events))
        once = Counter(rows.keys())
        assert counts == once, f"{kind}: events {counts - once} too many, {once - counts} too few"


def _corrections_follow(theirs: Theirs, visits: dict[str, Visit], applied: dict[str, dict[str, Any]]) -> None:
    """A correction of what was applied stands in its place; every other record stands for itself."""
    for key, row in applied.items():
        former = theirs.hand.sealed.get(row["supersedes"] or "")
        if former and record_of(former) in applied:
            assert str(visits[key].supersedes_id) == record_of(former), f"{key} does not follow what it corrects"
    followed = {visit.supersedes_id for visit in visits.values()}
    for visit in visits.values():
        assert (visit.superseded_at is not None) == (visit.id in followed), f"{visit.id} is current and corrected"


def _says_the_same(row: Any, fields: dict[str, str]) -> None:
    if isinstance(row, Visit):
        assert dict(row.fields).items() >= fields.items(), (row.fields, fields)
    elif isinstance(row, Contact):
        assert row.summary == fields["summary"]
    else:
        acts = {step.kind for step in row.steps}
        assert fields["act"] != "cancel" or "cancelled" in acts


def _pictures_whole(theirs: Theirs, app: Flask) -> None:
    """Every picture of an applied visit was made, and what the store keeps sealed is what the phone sealed."""
    by_photo = {row["photo"]: key for key, row in theirs.sealed("photo").items()}
    for key, row in theirs.sealed("visit").items():
        said = dict(row["fields"])
        if theirs.envelopes[key].state != APPLIED or _is_repaired(theirs.envelopes[key]):
            continue
        for name, photo_id in said.items():
            if not (name.startswith("photos-") and name.endswith("-id")):
                continue
            photo = db.session.get(Photo, uuid.UUID(photo_id))
            assert photo is not None, f"{photo_id} was announced and is not there"
            assert photo.state == "ready", f"{photo_id} is {photo.state}"
            assert photo.sha256 == said[name.replace("-id", "-sha256")]
            envelope = theirs.envelopes[by_photo[photo_id]]
            private = app.extensions["key_ring"].private(envelope.kid)
            _, body = open_sealed(private, envelope.header, photo_store().get(envelope.store_key or ""))
            content = body.partition(b"\n")[2]
            assert hashlib.sha256(content).hexdigest() == photo.sha256, f"{photo_id} has other bytes"


def _refusals_seen(theirs: Theirs, world: World) -> None:
    """What was refused had to be, stands before its author and the head, and the phone says so."""
    on = demo_day()
    author = db.session.get_one(Person, theirs.hand.person.id)
    places = [role.organisation_id for role in author.roles]
    head = db.session.scalars(
        select(Person).join(Role).where(Role.role == "head", Role.organisation_id.in_(places))
    ).one()
    seen = [
        set(db.session.scalars(Envelope.visible_to(person, on).with_only_columns(Envelope.id)))
        for person in (author, head)
    ]
    for key, envelope in theirs.envelopes.items():
        sealed = theirs.hand.sealed[key]
        if envelope.state != NEEDS_REPAIR:
            assert envelope.state in {APPLIED, RECEIVED}, f"{key} is {envelope.state}"
            continue
        fields = dict(sealed["fields"])
        expected = record_of(sealed) in theirs.hand.rejectable or world.was_handed_over(fields["family"])
        assert expected, f"refused without a reason of ours: {envelope.reasons}"
        assert all(envelope.id in rows for rows in seen), f"{key} was refused and somebody does not see it"
        row = theirs.rows.get(key)
        assert row is None or row["trouble"] in {"parked_need_fix", "family_handed_over"}, row


def _both_sides_agree(theirs: Theirs) -> None:
    for key, row in theirs.rows.items():
        envelope = theirs.envelopes[key]
        server = state_of(envelope)
        phone = {name: row["receipt"].get(name) for name in server}
        if phone["state"] == APPLIED and row["applied"]:
            # Once applied a phone asks no more: what is said of it later is the office's.
            server, phone = ({name: one[name] for name in ("state", "number")} for one in (server, phone))
        assert phone == server, f"{key}: the phone has {phone}, the server {server}"
        assert row["applied"] == (envelope.state == APPLIED)


def _is_repaired(envelope: Envelope) -> bool:
    return any(reason.get("code") == "repaired" for reason in envelope.reasons)


def _hex(text: str) -> str:
    return base64.b64decode(text).hex()
