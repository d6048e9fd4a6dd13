"""Verbs of «Срочно»: what a phone says about an alarm is applied in any order and once; a named person answers it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Organisation, Person
from curator_app.clock import now, today
from curator_app.database import claim, insert_once, uuid7
from curator_app.errors import Conflict, NotVisible, Refused
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import assignments_of, record_event, subject_of_person
from curator_app.urgent.acts import AlarmAct
from curator_app.urgent.models import CANCELLED, CONFIRMED, OPEN, Alarm, AlarmStep

PASSED = "duty_passed"
RAISE = "raise"
CANCEL = "cancel"
_KINDS = {RAISE: "raised", CANCEL: "cancelled"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it, from which browser, and when it came."""

    author: Person
    enrolment: Enrolment | None
    received_at: datetime
    phone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it belongs: the subject whose event it is, and the organisation whose duty person answers."""

    subject: Subject
    organisation: Organisation
    family_id: uuid.UUID | None


def record_alarm(session: Session, act: AlarmAct, sender: Sender) -> Alarm:
    """Apply what a phone says about an alarm; any act makes the alarm if it is not here yet.

    Raises NotVisible when the family never was the author's, Conflict when the id is another's alarm.
    """
    place = place_of(session, act.family_id, sender)
    raised_at = act.raised_at or sender.phone_at or sender.received_at
    is_new = insert_once(
        session,
        Alarm,
        id=act.id,
        family_id=place.family_id,
        subject_id=place.subject.id,
        organisation_id=place.organisation.id,
        author_id=sender.author.id,
        enrolment_id=sender.enrolment.id if sender.enrolment else None,
        raised_at=raised_at,
        received_at=sender.received_at,
        need=act.need,
    )
    alarm = session.get_one(Alarm, act.id)
    if alarm.author_id != sender.author.id or alarm.family_id != place.family_id:
        raise Conflict
    if is_new:
        _write_down(session, alarm, "alarm_raised", at=raised_at, person=sender.author, enrolment=sender.enrolment)
    elif act.need:
        alarm.need = act.need
    _lines(session, alarm, act, sender)
    if act.act == CANCEL:
        _cancel(session, alarm, act, sender)
    return alarm


def mark_seen(session: Session, alarm: Alarm, person: Person) -> None:
    """Write down that the duty person looks at it: the first of them, once."""
    at = now()
    if claim(session, Alarm, alarm.id, when={"seen_at": None}, then={"seen_at": at, "seen_by_id": person.id}):
        add_step(session, alarm, "seen", person, at=at)
        record(session, "alarm:seen", person_id=person.id, family_id=alarm.family_id, object_id=alarm.id)


def answer_alarm(session: Session, alarm: Alarm, person: Person, *, how: str, reply: str, passed_to: str) -> None:
    """Answer as a named person; the alarm is confirmed unless it was passed on and nobody has answered there yet.

    Raises Refused when it is passed on to nobody. A cancelled alarm stays cancelled, the answer is kept.
    """
    if how == PASSED and not passed_to:
        raise Refused(fields={"passed_to": "Не указано, кому передали. Впишите должность и фамилию."})
    mark_seen(session, alarm, person)
    at = now()
    add_step(session, alarm, how, person, at=at, reply=reply, to=passed_to)
    if how == PASSED and not reply:
        return
    named = {"confirmed_how": how, "confirmed_at": at, "confirmed_by_id": person.id, "reply": reply}
    named["confirmed_name"] = passed_to if how == PASSED else ", ".join(filter(None, (person.name, person.post)))
    if claim(session, Alarm, alarm.id, when={"state": OPEN}, then={"state": CONFIRMED, **named}):
        _write_down(session, alarm, "alarm_confirmed", at=at, person=person)
    else:
        claim(session, Alarm, alarm.id, when={"state": CONFIRMED}, then=named)


def place_of(session: Session, family_id: uuid.UUID | None, sender: Sender) -> Place:
    """Return where something of this author belongs; raise NotVisible when the family never was theirs.

    A family that was handed over meanwhile still counts: who calls for help at its door is heard.
    """
    if family_id is not None:
        mine = assignments_of(session, family_id, sender.author)
        if not mine:
            raise NotVisible
        current = _current(mine)
        return Place(current.subject, current.organisation, family_id)
    roles = [role for role in sender.author.roles if role.is_held(today(role.organisation.territory.zone))]
    if not roles:
        raise NotVisible
    organisation = roles[0].organisation
    return Place(subject_of_person(session, sender.author, organisation.territory), organisation, None)


def add_step(session: Session, alarm: Alarm, kind: str, author: Person, *, at: datetime, **data: Any) -> None:
    """Append a line of ours to an alarm."""
    said = {name: value for name, value in data.items() if value}
    session.add(AlarmStep(id=uuid7(), alarm_id=alarm.id, kind=kind, at=at, author_id=author.id, data=said))


def _current(mine: Sequence[Assignment]) -> Assignment:
    held = [one for one in mine if one.covers(today(one.subject.territory.zone))]
    return held[0] if held else max(mine, key=lambda one: one.since_on)


def _lines(session: Session, alarm: Alarm, act: AlarmAct, sender: Sender) -> None:
    """Add the author's lines that are not here yet, by the ids that the phone gave them."""
    at = act.at or sender.phone_at or sender.received_at
    own: dict[str, Any] = {"facts": act.facts} if act.facts else {}
    if act.act == CANCEL:
        own |= {"reason": act.reason, "told": act.told}
    lines = [(act.step, _KINDS.get(act.act, "facts"), own)] if own or act.act in _KINDS else []
    for call in act.calls:
        said = {"who": call.who, "when": call.when, "said": call.said, "outcome": call.outcome}
        lines.append((call.id, "call", said))
    for key, kind, data in lines:
        insert_once(
            session, AlarmStep, id=key, alarm_id=alarm.id, kind=kind, at=at, author_id=sender.author.id, data=data
        )


def _cancel(session: Session, alarm: Alarm, act: AlarmAct, sender: Sender) -> None:
    at = act.at or sender.phone_at or sender.received_at
    then = {"state": CANCELLED, "cancelled_at": at, "cancel_reason": act.reason}
    if any(claim(session, Alarm, alarm.id, when={"state": state}, then=then) for state in (OPEN, CONFIRMED)):
        _write_down(session, alarm, "alarm_cancelled", at=at, person=sender.author, enrolment=sender.enrolment)


def _write_down(
    session: Session, alarm: Alarm, event: str, *, at: datetime, person: Person, enrolment: Enrolment | None = None
) -> None:
    """Write the event of the subject and the row of the audit trail. Neither says what happened there."""
    subject = session.get_one(Subject, alarm.subject_id)
    on = at.astimezone(ZoneInfo(subject.territory.zone)).date()
    record_event(subject, event, on=on, at=at, data={"alarm": str(alarm.id)}, author=person, enrolment=enrolment)
    record(
        session,
        event.replace("_", ":", 1),
        person_id=person.id,
        enrolment_id=enrolment.id if enrolment else None,
        family_id=alarm.family_id,
        object_id=alarm.id,
    )
