"""The emergency that an alarm opens: who must be told now, who was told when, what was done, and how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curator_app import texts
from curator_app.audit.service import record
from curator_app.auth.models import Person
from curator_app.clock import now
from curator_app.database import claim
from curator_app.errors import Refused
from curator_app.procedures.profile_definition import Source
from curator_app.procedures.profiles_loader import ProfileError, load_profile
from curator_app.subjects.models import Subject
from curator_app.urgent import content
from curator_app.urgent.episode_models import MUST, NOT_NEEDED, OTHER, TOLD, AlarmNotice
from curator_app.urgent.models import OPEN, Alarm
from curator_app.urgent.service import add_step

OF_ROLE = {"kdn_commission": "tell_commission", "working_group": "tell_group"}
"""Whom a procedure's own duty after an alarm names, as an addressee."""
RAISED = "alarm_raised"
MOST_SHOWN = 20
STATES = frozenset({MUST, TOLD, NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said of one addressee."""

    addressee: str
    state: str
    at: datetime
    name: str = ""
    how: str = ""
    accepted_by: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """One body as the episode stands: why it might have to be told, and what was last said of it."""

    id: str
    label: str
    about: str
    rule: Source | None
    """Where the procedure itself says so."""
    is_typical: bool
    """Named by the typical set for what was needed; a person decides all the same."""
    last: AlarmNotice | None

    @property
    def state(self) -> str:
        """One of must, told and not_needed; "" as long as nobody decided."""
        if self.last is not None:
            return self.last.state
        return MUST if self.rule or self.is_typical else ""


def addressees(session: Session, alarm: Alarm) -> list[Addressee]:
    """Return every body that may have to be told: those that must be and were not stand first."""
    last = {(one.addressee, one.name): one for one in alarm.notices}
    rules = _rules(session, alarm)
    typical = content.typical_addressees(alarm.need)
    found = [
        Addressee(
            one["id"], one["label"], one["about"], rules.get(one["id"]), one["id"] in typical, last.get((one["id"], ""))
        )
        for one in content.addressees()
        if one["id"] != "tell_group" or one["id"] in rules or (one["id"], "") in last
    ]
    others = [
        Addressee(OTHER, name, "", None, is_typical=False, last=line)
        for (key, name), line in last.items()
        if key == OTHER
    ]
    order = {MUST: 0, TOLD: 1, "": 2, NOT_NEEDED: 3}
    return sorted([*found, *others], key=lambda one: order[one.state])


def alarms_of(session: Session, subject_id: uuid.UUID) -> Sequence[Alarm]:
    """Return a subject's newest alarms, those first whose emergency goes on."""
    query = select(Alarm).where(Alarm.subject_id == subject_id)
    query = query.order_by(Alarm.closed_at.is_not(None), Alarm.received_at.desc()).limit(MOST_SHOWN)
    loaded = selectinload(Alarm.notices), selectinload(Alarm.author), selectinload(Alarm.steps)
    return session.scalars(query.options(*loaded)).all()


def waiting(session: Session, alarm: Alarm) -> list[Addressee]:
    """Return who must be told and was not."""
    return [one for one in addressees(session, alarm) if one.state == MUST]


def tell(session: Session, alarm: Alarm, person: Person, said: Notice) -> AlarmNotice:
    """Write down what became of telling somebody; raise Refused for words that do not hold."""
    wrong = dict(_wrong(alarm, said))
    if wrong:
        raise Refused(fields=wrong)
    values = {name: getattr(said, name) for name in ("addressee", "name", "state", "how", "accepted_by", "words")}
    line = AlarmNotice(alarm_id=alarm.id, at=said.at, author_id=person.id, **values)
    alarm.notices.append(line)
    session.flush()
    _note(session, alarm, person, "alarm:notice", {"addressee": said.addressee, "state": said.state})
    return line


def note_done(session: Session, alarm: Alarm, person: Person, words: str) -> None:
    """Write down what was done; raise Refused for nothing."""
    if not words:
        raise Refused(fields={"done": texts.text("episode.nothing_done")})
    add_step(session, alarm, "done", person, at=now(), text=words)
    _note(session, alarm, person, "alarm:done", {})


def close(session: Session, alarm: Alarm, person: Person, words: str, decided_by: str) -> None:
    """End the episode as a named person decided; raise Refused while somebody waits for an answer or a notice."""
    wrong = {}
    if alarm.state == OPEN:
        wrong["words"] = texts.text("episode.nobody_answered")
    elif left := waiting(session, alarm):
        wrong["words"] = texts.text("episode.not_told", who=", ".join(one.label for one in left))
    elif not words:
        wrong["words"] = texts.text("episode.no_words")
    if not decided_by:
        wrong["decided_by"] = texts.text("episode.no_name")
    if wrong:
        raise Refused(fields=wrong)
    then = {"closed_at": now(), "closed_by_id": person.id, "closing": words, "closed_as_decided_by": decided_by}
    if claim(session, Alarm, alarm.id, when={"closed_at": None}, then=then):
        add_step(session, alarm, "closed", person, at=now(), text=words, by=decided_by)
        _note(session, alarm, person, "alarm:closed", {})


def _wrong(alarm: Alarm, said: Notice) -> Mapping[str, str]:
    known = {one["id"] for one in content.addressees()} | {OTHER}
    wrong = {}
    if said.addressee not in known or said.state not in STATES or (said.how and said.how not in content.ways()):
        wrong["addressee"] = texts.text("episode.unknown")
    if said.addressee == OTHER and not said.name:
        wrong["name"] = texts.text("episode.no_addressee")
    if said.state == TOLD and not said.accepted_by:
        wrong["accepted_by"] = texts.text("episode.nobody_accepted")
    if said.state == NOT_NEEDED and not said.words:
        wrong["words"] = texts.text("episode.no_reason")
    if said.at > now():
        wrong["at"] = texts.text("episode.in_future")
    if said.state == TOLD and said.at.date() < alarm.raised_at.date() and said.at < alarm.raised_at:
        wrong["at"] = texts.text("episode.too_early")
    return wrong


def _rules(session: Session, alarm: Alarm) -> dict[str, Source]:
    """Return whom the procedure itself wants told after an alarm, with where it says so."""
    subject = session.get_one(Subject, alarm.subject_id)
    try:
        profile = load_profile(subject.procedure)
    except ProfileError:
        return {}
    found: dict[str, Source] = {}
    for duty in profile.duties:
        if duty.subject == subject.kind and RAISED in duty.after and duty.source:
            found |= {OF_ROLE[role]: duty.source for role in duty.participants if role in OF_ROLE}
    return found


def _note(session: Session, alarm: Alarm, person: Person, act: str, data: dict[str, str]) -> None:
    record(session, act, person_id=person.id, family_id=alarm.family_id, object_id=alarm.id, data=data)
