"""The morning's letter: how much waits and until when, without names unless the territory decided otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app import mail
from curator_app.auth.models import Person
from curator_app.config import Config
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.reminders.models import Parcel, Reminder
from curator_app.reminders.places import Places
from curator_app.reminders.sending import GONE, NOTHING, SENT, Outcome
from curator_app.subjects.doors import subject_is_visible_to
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject
from curator_app.texts import tables, text

LINES = 20
"""So many are listed; a longer letter is not read."""
READ = 500


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is owed: its last day, what it is called in the document, whose it is where that may be said."""

    due_on: date | None
    """None where the document names no day: such a thing is never late."""
    since: date
    """When it arose."""
    title: str
    family: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """What waits for a person, the oldest day first, and how much of it is not about a duty."""

    lines: Sequence[Line]
    other: int

    @property
    def late(self) -> int:
        """How many days have passed."""
        return sum(1 for one in self.lines if one.is_late)

    @property
    def soon(self) -> int:
        """How many days come near."""
        return sum(1 for one in self.lines if one.due_on and not one.is_late)

    @property
    def undated(self) -> int:
        """How many have no day: they are to be done, and no day passes."""
        return sum(1 for one in self.lines if one.due_on is None)

    @property
    def total(self) -> int:
        """How much there is in all."""
        return len(self.lines) + self.other


def send(session: Session, parcel: Parcel, at: datetime) -> Outcome:
    """Send a parcel as a letter; raise MailLater for a server that does not answer now."""
    config: Config = current_app.config["CURATOR"]
    person = session.get_one(Person, parcel.person_id)
    if not mail.is_on(config) or not person.email:
        return NOTHING
    letter = _urgent_letter(session, person, parcel, at) if parcel.reminder_id else None
    if parcel.reminder_id is None:
        digest = digest_of(session, person, at)
        letter = _digest_letter(config, person, parcel, digest) if digest.total else None
    # A letter is written; the server may take its time without anybody waiting for our rows.
    session.commit()
    if letter is None:
        return NOTHING
    try:
        mail.send(config, letter)
    except mail.MailRefused:
        return GONE
    return SENT


def digest_of(session: Session, person: Person, at: datetime) -> Digest:
    """Return what waits for a person; a duty is one line however often it was said."""
    place = Places(session).of_person(person.id)
    on = at.astimezone(place.zone).date()
    waiting = session.scalars(Reminder.waiting_for(person, on).order_by(Reminder.id.desc()).limit(READ)).all()
    ids = {one.duty_id for one in waiting if one.duty_id}
    seen = select(DutyRow).join(Subject, Subject.id == DutyRow.subject_id).where(DutyRow.id.in_(ids))
    seen = seen.where(subject_is_visible_to(person, on) | (Subject.person_id == person.id))
    duties = session.scalars(seen.options(joinedload(DutyRow.subject))).all()
    names = _names(session, duties) if place.rhythm.names_in_mail else {}
    lines = [_line(duty, on, names) for duty in duties]
    return Digest(
        sorted(lines, key=lambda one: (one.due_on or one.since, one.title)),
        sum(1 for one in waiting if not one.duty_id),
    )


def _line(duty: DutyRow, on: date, names: dict[uuid.UUID, str]) -> Line:
    family = names.get(duty.subject.family_id or duty.subject_id, "")
    return Line(duty.due_on, duty.opened_on, _title(duty), family, duty.due_on is not None and duty.due_on < on)


def _title(duty: DutyRow) -> str:
    try:
        rules = load_profile(duty.procedure).duties
    except FileError:
        rules = ()
    return next((rule.title for rule in rules if rule.id == duty.rule), text("duties.unreadable"))


def _names(session: Session, duties: Sequence[DutyRow]) -> dict[uuid.UUID, str]:
    ids = {duty.subject.family_id for duty in duties}
    return dict(session.execute(select(Family.id, Family.surname).where(Family.id.in_(ids))).all())


def _digest_letter(config: Config, person: Person, parcel: Parcel, digest: Digest) -> mail.Letter:
    shown = {"digest": digest, "lines": digest.lines[:LINES], "more": max(0, len(digest.lines) - LINES)}
    return _letter(config, person.email, parcel.id, text("letters.subject", n=digest.total), "digest", **shown)


def _urgent_letter(session: Session, person: Person, parcel: Parcel, at: datetime) -> mail.Letter | None:
    """Write what does not wait; None where it was read or is over."""
    on = at.astimezone(Places(session).of_person(person.id).zone).date()
    query = Reminder.waiting_for(person, on).where(Reminder.id == parcel.reminder_id)
    one = session.scalars(query).first()
    if one is None:
        return None
    config: Config = current_app.config["CURATOR"]
    words = tables()["letters"]["urgent"]
    said = words.get(one.kind, words["other"])
    return _letter(config, person.email, parcel.id, text("letters.urgent_subject"), "urgent", said=said)


def code_letter(config: Config, email: str, code: str, key: uuid.UUID) -> mail.Letter:
    """Write the letter with the code that proves an address."""
    return _letter(config, email, key, text("letters.code.subject", code=code), "code", code=code)


def _letter(config: Config, to: str, key: uuid.UUID, subject: str, template: str, **shown: object) -> mail.Letter:
    settings = f"{config.public_url}/reminders/settings"
    known = {"link": f"{config.public_url}/today", "settings": settings, **shown}
    plain = render_template(f"mail/{template}.txt", **known)
    html = render_template(f"mail/{template}.html", **known)
    headers = {"List-Unsubscribe": f"<{settings}>"}
    return mail.Letter(to, subject, plain, html, f"{key}@{config.rp_id}", headers)
