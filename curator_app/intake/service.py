"""Take in what is told of a child: the one verb behind a notice, a call, a phone's envelope and the public page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session, object_session

from curator_app import texts
from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Person, SignIn, Territory
from curator_app.cases.hats import REPORTER
from curator_app.cases.stepping import Actor, take_step
from curator_app.cases.steps import known_in
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.errors import Conflict, Refused
from curator_app.families.findable import learn
from curator_app.intake.models import (
    CALL,
    CHECKING,
    NOTICE,
    PASSED,
    PHONE,
    SENT,
    TAKEN,
    Informant,
    Signal,
    signal_word,
)
from curator_app.intake.words import rows_of
from curator_app.procedures.profiles_loader import load_profile, newest_key
from curator_app.procedures.toml_files import FileError
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.numbers import next_in


@dataclass(frozen=True, slots=True)
class Child:
    """A child as told: a name as far as known, an age in words, where it goes to school."""

    name: str
    age: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who told it and how to ask back; nobody has to say it."""

    name: str = ""
    contact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a signal says. `id` comes from a phone, so that what is delivered twice is one signal."""

    territory_id: uuid.UUID
    way: str
    """notice | call | phone | public."""
    source: str
    facts: str
    known_on: date
    known_at: datetime | None = None
    safe_now: str = "unknown"
    signs: tuple[str, ...] = ()
    measures: str = ""
    children: tuple[Child, ...] = ()
    adults: str = ""
    address: str = ""
    phone: str = ""
    teller: Teller | None = None
    id: uuid.UUID | None = None
    phone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand it is, and which browser: nobody's for the public page and for a job."""

    person: Person | None = None
    enrolment: Enrolment | None = None


def hand_of(by: SignIn) -> Hand:
    """Return whose session it is."""
    return Hand(by.person, by.enrolment)


def take_signal(session: Session, told: Told, by: Person | None, enrolment: Enrolment | None) -> Signal:
    """Keep what was told and begin its clock; what is delivered again is returned as it stands.

    `by` is who writes: a specialist her own notice, an intake officer what a caller says, nobody on the public page.
    Raises Conflict when the id is taken by somebody else's signal, Refused for a day or hour that has not come.
    """
    known = session.get(Signal, told.id) if told.id else None
    if known is not None:
        if by is None or known.author_id != by.id:
            raise Conflict
        return known
    if told.id and session.get(Subject, told.id) is not None:
        raise Conflict
    territory = session.get_one(Territory, told.territory_id)
    at = now()
    _refuse_future(told, territory, at)
    subject = _subject(session, territory, told.id or uuid7())
    hand = Hand(by, enrolment)
    signal = _signal(told, subject, at, hand)
    session.add(signal)
    if told.teller and (told.teller.name or told.teller.contact or told.teller.note):
        said = told.teller
        session.add(Informant(signal=signal, name=said.name, contact=said.contact, note=said.note))
    session.flush()
    _keep_words(session, signal)
    if by is not None and told.way in {NOTICE, PHONE}:
        _assign_reporter(session, signal, by)
    happened(signal, "signal_known", told.known_at or told.known_on, hand, source=_source(told))
    if told.way != CALL:
        happened(signal, "signal_sent", at, hand, to=texts.text("signals.to.intake"))
    # It has reached the office, whether or not anybody reads it today.
    happened(signal, "signal_received", at, hand)
    note(session, "signal:told", signal, hand, way=told.way)
    return signal


def register(session: Session, signal: Signal, by: SignIn) -> None:
    """Write a signal into the journal of its territory's year; a second time changes nothing."""
    hold(session, signal)
    if signal.number is not None:
        return
    at = now()
    signal.year = at.astimezone(ZoneInfo(signal.territory.zone)).year
    signal.number = next_in(session, f"signal:{signal.territory_id}", signal.year)
    signal.registered_at, signal.registered_by_id, signal.state = at, by.person_id, TAKEN
    happened(signal, "signal_registered", at, hand_of(by), number=signal.journal_no)
    note(session, "signal:registered", signal, hand_of(by))


def hold(session: Session, signal: Signal) -> None:
    """Let nobody else register or settle a signal meanwhile: a second one waits, and finds what the first did."""
    session.refresh(signal, with_for_update=True)


def begin_check(session: Session, signal: Signal, by: SignIn) -> None:
    """Say that somebody looks into it: the one who told reads «проверяется»."""
    if signal.state in {SENT, PASSED} or not signal.is_open:
        raise Refused(fields={"check": "register_first" if signal.state == SENT else "decided_already"})
    if signal.state == TAKEN:
        signal.state = CHECKING
        note(session, "signal:checking", signal, hand_of(by))


def looked_into(session: Session, subject: Subject) -> None:
    """Note that a step of the check was taken: whoever told the signal reads «проверяется», nobody has to press it."""
    signal = session.get(Signal, subject.id) if subject.kind == "signal" else None
    if signal is not None and signal.state == TAKEN:
        signal.state = CHECKING


def _source(told: Told) -> str:
    """Say where it comes from as a journal does: an event is read by people."""
    return str(texts.tables()["signals"]["sources"].get(told.source, told.source))


def _refuse_future(told: Told, territory: Territory, at: datetime) -> None:
    if told.known_on > at.astimezone(ZoneInfo(territory.zone)).date():
        raise Refused(fields={"known_on": "date_in_future"})
    if told.known_at is not None and told.known_at > at:
        raise Refused(fields={"known_time": "date_in_future"})


def _subject(session: Session, territory: Territory, key: uuid.UUID) -> Subject:
    subject = Subject(id=key, kind="signal", territory=territory, procedure=newest_key(territory.procedure))
    session.add(subject)
    session.flush()
    return subject


def _signal(told: Told, subject: Subject, at: datetime, hand: Hand) -> Signal:
    return Signal(
        subject=subject,
        territory=subject.territory,
        way=told.way,
        source=told.source,
        known_on=told.known_on,
        known_at=told.known_at,
        received_at=at,
        phone_at=told.phone_at,
        facts=told.facts,
        signs=list(told.signs),
        safe_now=told.safe_now,
        measures=told.measures,
        children=[{"name": one.name, "age": one.age, "place": one.place} for one in told.children],
        adults=told.adults,
        address=told.address,
        phone=told.phone,
        author_id=hand.person.id if hand.person else None,
        enrolment_id=hand.enrolment.id if hand.enrolment else None,
        organisation_id=_workplace(hand.person, subject.territory_id, told.known_on),
    )


def _assign_reporter(session: Session, signal: Signal, by: Person) -> None:
    """Let whoever reported it take the steps that her document gives her: the line of feedback is hers, no dossier."""
    if signal.organisation_id is not None:
        session.add(
            Assignment(
                subject_id=signal.id,
                person_id=by.id,
                organisation_id=signal.organisation_id,
                role=REPORTER,
                since_on=signal.known_on,
            )
        )


def _workplace(by: Person | None, territory_id: uuid.UUID, on: date) -> uuid.UUID | None:
    """Return where the person works: in the signal's territory if she does there."""
    roles = [role for role in by.roles if role.is_held(on)] if by else []
    roles.sort(key=lambda role: role.organisation.territory_id != territory_id)
    return roles[0].organisation_id if roles else None


def happened(signal: Signal, event_type: str, when: datetime | date, hand: Hand, **data: Any) -> None:
    """Record what happened to a signal, on a day or at an instant, where the territory's document speaks of it.

    What comes in by itself is the intake's step, whoever's hand it was.
    """
    session, subject = object_session(signal), signal.subject
    if session is None or event_type not in _known(subject):
        return
    at = when if isinstance(when, datetime) else None
    on = at.astimezone(ZoneInfo(signal.territory.zone)).date() if at else when
    by = Actor(hand.person, hand.enrolment, hats=frozenset({"intake"}))
    take_step(session, subject, event_type, data, on=on, at=at, by=by, effects={})


def _known(subject: Subject) -> frozenset[str]:
    try:
        return known_in(load_profile(subject.procedure), subject.kind)
    except FileError:
        return frozenset()


def _keep_words(session: Session, signal: Signal) -> None:
    names = [str(child.get("name", "")) for child in signal.children]
    rows = rows_of(names, signal.adults, signal.address, signal.phone)
    if rows:
        values = [{"place": place, "word": word, "signal_id": signal.id} for place, word in sorted(rows)]
        session.execute(insert(signal_word), values)
        learn(session, {word for _place, word in rows})


def note(session: Session, act: str, signal: Signal, hand: Hand, **data: Any) -> None:
    """Write a change into the trail."""
    record(
        session,
        act,
        person_id=hand.person.id if hand.person else None,
        enrolment_id=hand.enrolment.id if hand.enrolment else None,
        object_id=signal.id,
        family_id=signal.family_id,
        data=data,
    )
