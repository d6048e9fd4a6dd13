"""«Спасённые записи»: what a phone could not send is brought to the office as a file.

The file stays sealed for whoever brings it: here too only the server opens an envelope, and says of it no more than
«Нужно поправить» does. Its author is the enrolment whose signature verifies; what nobody signed is not even kept.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from flask import Blueprint, current_app, request
from sqlalchemy import select

from curator_app import htmx
from curator_app.audit.service import note_reading, record
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.auth.models import Enrolment, Person, Role
from curator_app.database import begin_reading
from curator_app.errors import CuratorError, NotVisible, Refused
from curator_app.extensions import db
from curator_app.storage import StoreDown
from curator_app.sync import rescue_file, service
from curator_app.sync.envelopes import Header, Unreadable, is_signed_by, open_sealed
from curator_app.sync.keeping import apply_whole, hold, keep_whole
from curator_app.sync.kinds import bytes_limit
from curator_app.sync.models import NEEDS_REPAIR, UNREADABLE
from curator_app.sync.rescue_file import Damaged, Rescued

blueprint = Blueprint("rescue", __name__)

AFTER_REVOKING = "sealed_after_revoking"
"""Somebody wrote it on a phone that the office had switched off: a person decides what it is worth."""
BRINGERS = ("head", "administrator")
FILE_BYTES = 160 * 1024 * 1024
"""A hundred photos of the largest kind come to twice a phone's own limit of unfinished uploads, in base64."""


class FileTooLarge(CuratorError):
    """More than a phone's queue can be."""

    status = 413
    refusal = "rescue_too_large"


@dataclass(frozen=True, slots=True)
class Author:
    """An enrolment as a file names it: only its key decides whether it wrote something."""

    enrolment_id: uuid.UUID
    signing_key: bytes | None
    name: str
    revoked_at: datetime | None

    def sealed_too_late(self, header: Header) -> bool:
        """Tell whether it was sealed, by the phone's own clock, after the phone was switched off."""
        return self.revoked_at is not None and header.created_at > self.revoked_at


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that came whole and does not apply: what it is, never what it says."""

    kind: str
    number: str | None
    author: str
    reasons: list[dict[str, Any]]


@dataclass
class Report:
    """What became of a file: how many came now and were here before, what was set aside, what is not kept and why."""

    announced: int | None
    seen: int = 0
    came: int = 0
    known: int = 0
    aside: list[SetAside] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def missing(self) -> int:
        """How many the phone put in and the file has no more."""
        return max(0, (self.announced or 0) - self.seen)


@blueprint.app_template_global()
def brings_rescued(person: Person) -> bool:
    """Tell whether the person may bring a rescued file today."""
    return bool(_organisations(person, own_today()))


def let_file_in() -> None:
    """Let the form that brings a rescued file be larger than a form of text; refuse a larger one unread."""
    if request.endpoint == "rescue.bring":
        request.max_content_length = FILE_BYTES
        if (request.content_length or 0) > FILE_BYTES:
            raise FileTooLarge


@blueprint.get("/rescued")
@signed_in
def index() -> str:
    """Show where a rescued file is brought."""
    _may_bring()
    html = _page()
    note_reading("rescued:opened", reader())
    return html


@blueprint.post("/rescued")
@signed_in
def bring() -> str | tuple[str, int]:
    """Take every envelope of a file that is genuine and new, each by itself, and say what became of them."""
    organisations = _may_bring()
    given = request.files.get("file")
    if given is None or not given.filename:
        return _page(wrong="rescue_no_file"), Refused.status
    try:
        count = rescue_file.announced(given.stream)
    except rescue_file.NotARescueFile:
        return _page(wrong="rescue_not_ours"), Refused.status
    except rescue_file.NewerRescueFile:
        return _page(wrong="rescue_newer"), Refused.status
    who = {"person_id": reader().person_id, "enrolment_id": reader().enrolment_id}
    report = _take(given.stream, Report(count), organisations)
    numbers = {"came": report.came, "known": report.known, "aside": len(report.aside), "refused": dict(report.refused)}
    record(db.session(), "rescued:brought", **who, data=numbers)
    db.session.commit()
    return _page(report=report)


def _take(file: IO[bytes], report: Report, organisations: list[uuid.UUID]) -> Report:
    """Go through a file; one bad record never stops the rest."""
    authors: dict[str, Author | None] = {}
    for found in rescue_file.envelopes(file):
        report.seen += 1
        if isinstance(found, Damaged):
            report.refused[found.code] += 1
            continue
        short = found.header.enrolment
        if short not in authors:
            authors[short] = _author(short, organisations)
        try:
            _take_one(report, found, authors[short])
        except StoreDown:
            db.session.rollback()
            report.refused["store_down"] += 1
    return report


def _take_one(report: Report, found: Rescued, author: Author | None) -> None:
    """Keep and apply one envelope as an upload would be."""
    refusal = _refusal(found, author)
    if refusal is not None or author is None:
        report.refused[refusal or "stranger"] += 1
        return
    if not _is_new(report, found, author):
        return
    kept = keep_whole(author.enrolment_id, found.header, found.digest, found.sealed)
    if kept is None:
        # The phone itself was first with it in this very moment.
        if _is_new(report, found, author):
            report.refused["again"] += 1
        return
    report.came += 1
    late = author.sealed_too_late(found.header)
    receipt = hold(*kept, AFTER_REVOKING) if late else apply_whole(*kept, found.header)
    if receipt["state"] in {NEEDS_REPAIR, UNREADABLE}:
        report.aside.append(SetAside(found.header.kind, receipt["number"], author.name, receipt["reasons"]))


def _is_new(report: Report, found: Rescued, author: Author) -> bool:
    """Tell whether the server has nothing under this id yet; note what it has."""
    begin_reading(db.session())
    here = service.envelope_of(db.session(), author.enrolment_id, found.header.id)
    if here is None:
        db.session.rollback()
        return True
    if (here.digest, here.header) == (found.digest, found.header.raw):
        report.known += 1
    else:
        report.refused["other_content"] += 1
    db.session.rollback()
    return False


def _refusal(found: Rescued, author: Author | None) -> str | None:
    """Return why an envelope is not kept; None for one that this enrolment sealed for this server.

    An upload is believed by its cookie and set aside later. A file has none: kept unseen, it could occupy an id under
    which the phone's own record is still to come.
    """
    if author is None:
        return "stranger"
    if len(found.sealed) > bytes_limit(found.header.kind, current_app.config["CURATOR"].photo_bytes_limit):
        return "too_large"
    private = current_app.extensions["key_ring"].private(found.header.kid)
    if private is None:
        return "unknown_key"
    try:
        signature, body = open_sealed(private, found.header.raw, found.sealed)
    except Unreadable:
        return "does_not_open"
    return None if _signed(author, found.header, body, signature) else "signature"


def _signed(author: Author, header: Header, body: bytes, signature: bytes) -> bool:
    return is_signed_by(author.signing_key, header.raw, body, signature)


def _author(short: str, organisations: list[uuid.UUID]) -> Author | None:
    """Return an enrolment of somebody who works or worked there; a phone that was revoked since is one too."""
    begin_reading(db.session())
    row = db.session.scalars(
        select(Enrolment).where(
            Enrolment.short == short,
            Enrolment.person_id.in_(select(Role.person_id).where(Role.organisation_id.in_(organisations))),
        )
    ).first()
    author = Author(row.id, row.signing_key, row.person.short_name, row.revoked_at) if row else None
    db.session.rollback()
    return author


def _organisations(person: Person, on: date) -> list[uuid.UUID]:
    return [role.organisation_id for role in person.roles if role.role in BRINGERS and role.is_held(on)]


def _may_bring() -> list[uuid.UUID]:
    """Return the organisations whose phones' files the reader may bring; raise NotVisible for everybody else."""
    found = [] if reader().enrolment.is_field else _organisations(reader().person, own_today())
    if not found:
        raise NotVisible
    return found


def _page(*, report: Report | None = None, wrong: str | None = None) -> str:
    return htmx.page("sync/rescued.html", report=report, wrong=wrong, person=reader().person, office=True)
