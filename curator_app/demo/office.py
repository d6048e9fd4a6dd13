"""What lies on the desks of the demonstration's offices: questions, orders, decisions, courts, copies, calls."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.cases.channel_models import FamilyRequest
from curator_app.cases.course_models import CaseClosing
from curator_app.cases.models import PaperCopy
from curator_app.cases.placement_models import ContactSchedule, CourtDate, ScheduledContact
from curator_app.clock import now, today
from curator_app.database import uuid7
from curator_app.families.models import Family
from curator_app.intake.check_models import Decision, Inquiry, Order
from curator_app.intake.models import PASSED, Signal
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.numbers import next_in
from curator_app.subjects.service import record_event
from curator_app.urgent.episode_models import AlarmNotice
from curator_app.urgent.models import CONFIRMED, Alarm, AlarmStep

CONTENT = Path(__file__).with_name("office.toml")
HOUR = time(11, 40)
Entry = dict[str, Any]


def put_office(session: Session) -> None:
    """Put what concerns the families and signals that are here."""
    for name, entries in _content().items():
        for entry in entries:
            subject = _subject(session, entry)
            if subject is not None:
                PUT[name](session, subject, _dated(subject, entry))
    session.flush()


def _subject(session: Session, entry: Entry) -> Subject | None:
    """Return the family's case, or the signal in which the child is named; None where the demonstration has neither."""
    if "family" in entry:
        case = select(Subject).join(Family, Family.id == Subject.family_id).where(Subject.kind == "case")
        return session.scalars(case.where(Family.surname == entry["family"])).first()
    signals = session.scalars(select(Signal))
    return next((one.subject for one in signals if entry["signal"] in [child["name"] for child in one.children]), None)


def _dated(subject: Subject, entry: Entry) -> Entry:
    """Return the entry's own words, with days in place of «so many days ago»."""
    on = today(subject.territory.zone)
    said: Entry = {}
    for name, value in entry.items():
        plain, _, way = name.rpartition("_")
        if way in {"ago", "in"} and plain:
            said[plain if plain == "on" else f"{plain}_on"] = on + timedelta(days=value if way == "in" else -value)
        elif name not in {"family", "signal"}:
            said[name] = value
    return said


def _inquiry(session: Session, subject: Subject, said: Entry) -> None:
    answered = said.pop("answered_on", None)
    session.add(Inquiry(subject=subject, answered_at=_at(subject, answered) if answered else None, **said))
    data = {"body": said["addressee"]}
    record_event(subject, "information_requested", on=said["asked_on"], data=data)
    if answered:
        record_event(subject, "information_given", on=answered, data=data | {"what": said["answer"]})


def _order(session: Session, subject: Subject, said: Entry) -> None:
    session.add(Order(subject=subject, **said))


def _court(session: Session, subject: Subject, said: Entry) -> None:
    session.add(CourtDate(**_of_case(session, subject), **said))


def _copy(session: Session, subject: Subject, said: Entry) -> None:
    session.add(PaperCopy(subject=subject, **said))


def _closing(session: Session, subject: Subject, said: Entry) -> None:
    session.add(CaseClosing(subject_id=subject.id, decided_by_id=_worker(session, subject).person_id, **said))


def _request(session: Session, subject: Subject, said: Entry) -> None:
    received, answered = said.pop("received_on"), said.pop("answered_on", None)
    worker = _worker(session, subject)
    session.add(
        FamilyRequest(
            family_id=subject.family_id,
            organisation_id=worker.organisation_id,
            territory_id=subject.territory_id,
            received_at=_at(subject, received),
            answered_at=_at(subject, answered) if answered else None,
            **said,
        )
    )


def _meeting(session: Session, subject: Subject, said: Entry) -> None:
    members = {one.name: one.id for one in session.get_one(Family, subject.family_id).members}
    own = _of_case(session, subject)
    pair = {"member_id": members[said.pop("child")], "with_id": members[said.pop("with_whom")]}
    turn = {"on": said.pop("met_on"), "words": said.pop("words"), "author_id": own["author_id"]}
    row = ContactSchedule(**own, **pair, **said)
    row.meetings.append(ScheduledContact(took_place=True, **turn))
    session.add(row)


def _decision(session: Session, case: Subject, said: Entry) -> None:
    """Let a case have come from a signal that somebody decided."""
    known, facts, source = (said.pop(name) for name in ("known_on", "facts", "source"))
    subject = Subject(kind="signal", territory=case.territory, procedure=case.procedure)
    subject.family_id, subject.closed_on = case.family_id, said["decided_on"]
    session.add(subject)
    session.flush()
    signal = Signal(subject=subject, territory=case.territory, way="notice", source=source, known_on=known, facts=facts)
    signal.received_at = signal.registered_at = _at(subject, known)
    signal.year, signal.number = known.year, next_in(session, f"signal:{case.territory_id}", known.year)
    signal.children, signal.adults, signal.address = [], "", ""
    signal.safe_now, signal.state = "yes", PASSED
    signal.family_id, signal.leads_to_id = case.family_id, case.id
    session.add_all([signal, Decision(subject_id=subject.id, leads_to_id=case.id, **said)])


def _alarm(session: Session, subject: Subject, said: Entry) -> None:
    """Let somebody have called, and somebody else have answered within minutes."""
    worker, at = _worker(session, subject), _at(subject, today(subject.territory.zone) - timedelta(days=said["ago"]))
    steps = [(0, "raised", {}), (4, "seen", {}), (6, "duty_took", {"reply": said["reply"]})]
    if "done" in said:
        steps += [(80, "done", {"text": said["done"]}), (95, "closed", {"text": said["closing"], "by": "Дежурный"})]
    alarm = Alarm(id=uuid7(), subject_id=subject.id, family_id=subject.family_id, need=said["need"], state=CONFIRMED)
    alarm.organisation_id, alarm.author_id = worker.organisation_id, worker.person_id
    alarm.raised_at = alarm.received_at = at
    alarm.seen_at, alarm.confirmed_at = at + timedelta(minutes=4), at + timedelta(minutes=6)
    alarm.confirmed_how, alarm.reply = "duty_took", said["reply"]
    alarm.confirmed_name = worker.person.short_name
    for minutes, kind, data in steps:
        moment = {"at": at + timedelta(minutes=minutes), "author_id": worker.person_id}
        alarm.steps.append(AlarmStep(id=uuid7(), kind=kind, data=data, **moment))
    if "told" in said:
        moment = {"at": at + timedelta(minutes=20), "author_id": worker.person_id}
        told = {"addressee": said["told"], "state": "told", "how": "told_by_phone", "accepted_by": "дежурный"}
        alarm.notices.append(AlarmNotice(**told, **moment))
        alarm.closed_at, alarm.closing = at + timedelta(minutes=95), said["closing"]
        alarm.closed_as_decided_by = worker.person.short_name
    session.add(alarm)


def _of_case(session: Session, subject: Subject) -> dict[str, Any]:
    author = _worker(session, subject).person_id
    return {"subject_id": subject.id, "family_id": subject.family_id, "author_id": author}


def _worker(session: Session, subject: Subject) -> Assignment:
    query = select(Assignment).where(Assignment.subject_id == subject.id, Assignment.role == "case_curator")
    return session.scalars(query.order_by(Assignment.since_on.desc()).limit(1)).one()


def _at(subject: Subject, on: Any) -> datetime:
    return min(datetime.combine(on, HOUR, ZoneInfo(subject.territory.zone)), now())


@lru_cache
def _content() -> dict[str, list[Entry]]:
    return tomllib.loads(CONTENT.read_text(encoding="utf-8"))


PUT: dict[str, Callable[[Session, Subject, Entry], None]] = {
    "inquiry": _inquiry,
    "order": _order,
    "court": _court,
    "copy": _copy,
    "closing": _closing,
    "request": _request,
    "meeting": _meeting,
    "decision": _decision,
    "alarm": _alarm,
}
