"""For the matrix of layers: a plan that protects a child, what was found of it, and the emergency of an alarm."""

from __future__ import annotations

from datetime import timedelta

from curator_app.auth.models import Person
from curator_app.cases.safety_models import MeasureCheck, SafetyMeasure, SafetyPlan
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.subjects.models import Subject
from curator_app.urgent.episode_models import AlarmNotice
from curator_app.urgent.models import Alarm, AlarmStep
from tests.support.days import demo_day

PLAN = {"place_words": "МестоРебёнка", "with_whom": "СКемРебёнок"}
MEASURE = {"threat": "УгрозаРебёнку", "measure": "МераЗащиты", "who": "КтоЗащищает"}
PAPERS = {*PLAN.values(), *MEASURE.values()}
"""What the commission discusses, and with it everybody who may open the case."""
DEEPER = {"place_address": "АдресУбежища", "child_knows": "ЗнаниеРебёнка"}
NOTICE = {"accepted_by": "ПринявшийСообщение", "words": "СловаСообщения"}
ALARM = {*NOTICE.values(), "КонецЭпизода", "ДелоЭпизода"}
"""What the duty person reads too, on the alarm's own page."""
RAW = {*DEEPER.values(), *NOTICE.values(), "ПомехаМере", "КонецЭпизода", "ДелоЭпизода"}


def protect(subject: Subject, child: FamilyMember, author: Person) -> None:
    """Write every word somewhere."""
    on = demo_day()
    plan = SafetyPlan(
        subject_id=subject.id,
        kind="safety_plan",
        child_id=child.id,
        set_on=on,
        author_id=author.id,
        place="relatives",
        **PLAN,
        **DEEPER,
    )
    row = SafetyMeasure(**MEASURE, until_on=on + timedelta(days=9), agreed="in_person", agreed_on=on)
    row.checks.append(MeasureCheck(state="broken", fact="ПомехаМере", on=on, author_id=author.id))
    plan.measures.append(row)
    db.session.add(plan)
    _alarm(subject, author)


def _alarm(subject: Subject, author: Person) -> None:
    alarm = Alarm(
        id=uuid7(),
        family_id=subject.family_id,
        subject_id=subject.id,
        organisation_id=author.roles[0].organisation_id,
        author_id=author.id,
        raised_at=now(),
        received_at=now(),
        state="confirmed",
        closed_at=now(),
        confirmed_at=now(),
        confirmed_name="Главная И. О.",
        closing="КонецЭпизода",
    )
    said = {"addressee": "tell_police", "state": "told", "at": now(), "author_id": author.id}
    alarm.notices.append(AlarmNotice(**said, **NOTICE))
    done = {"text": "ДелоЭпизода"}
    alarm.steps.append(AlarmStep(id=uuid7(), kind="done", at=now(), author_id=author.id, data=done))
    db.session.add(alarm)
