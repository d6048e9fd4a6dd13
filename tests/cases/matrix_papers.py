"""Papers of a check, the brief between curators, what a family wrote itself: each field with a word of its own."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from curator_app.auth.models import Organisation
from curator_app.cases.channel_models import FamilyRequest
from curator_app.cases.models import Handover
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.intake.check_models import FAMILY, Finding, Inquiry, Investigation, SurveyAct
from curator_app.intake.models import Signal
from curator_app.subjects.models import Subject
from tests.support.days import demo_day
from tests.support.story_world import World

BRIEF = {"under_way": "БрифНачато", "careful": "БрифОсторожно", "contacts": "БрифКонтакты"}
REQUEST = {"words": "СловаСемьи", "contact": "КонтактСемьи", "answer": "ОтветСемье"}
SURVEY = {"child_health": "АктЗдоровье", "mother": "АктМать", "conclusion": "АктВывод"}
FINDING = {"fact": "ФактПризнака", "source": "ИсточникПризнака"}
GROUP = {"members": "СоставРасследования"}
PLAN = {"what": "ДелоРасследования", "who": "КтоРасследует"}
QUESTION, ANSWER = "ВопросОргану", "ОтветОргана"
WHY_REPLACED = "ПричинаСмены"
"""Of the brief's row; who may read why reads it in the timeline."""
ASKED, ANSWERED_BY = "АдресатЗапроса", "КтоОтветил"

CARRIES = frozenset({"Кураторова", "Сменщиков", "Главная"})
OFFICE = frozenset({"Секретарёва", "Председателев", "Окошкин"})
INTAKE = "Окошкин"
ANSWERS_FAMILIES = frozenset({"Главная", "Секретарёва", "Председателев"})
"""Who reads what a family wrote: never its curator."""


def words_of(surname: str) -> set[str]:
    """Return the words of these papers that one of the case's readers may read."""
    found = {QUESTION, ASKED, ANSWERED_BY} if surname in CARRIES | OFFICE else set()
    if surname in CARRIES:
        found |= {ANSWER, *BRIEF.values()}
    if surname == INTAKE:
        found.add(ANSWER)  # it asks the bodies; the commission does not read what they answered
    if surname in OFFICE:
        found |= {*SURVEY.values(), *FINDING.values(), *GROUP.values(), *PLAN.values()}
    if surname in ANSWERS_FAMILIES:
        found |= {*REQUEST.values()}
    return found


def all_words() -> set[str]:
    """Return every word of these papers."""
    tables = (BRIEF, REQUEST, SURVEY, FINDING, GROUP, PLAN)
    return {QUESTION, ANSWER, ASKED, ANSWERED_BY, WHY_REPLACED} | {word for table in tables for word in table.values()}


def write(world: World, subject: Subject, signal: Signal) -> None:
    """Write these papers about a case and the signal from which it came."""
    on, people = demo_day(), world.people
    centre = db.session.scalars(select(Organisation).where(Organisation.kind == "social_service")).one()
    given = {"subject_id": subject.id, "from_id": people["Сменщиков"], "to_id": people["Кураторова"], "on": on}
    db.session.add(Handover(**given, ground="family_request", reason=WHY_REPLACED, **BRIEF))
    asked = {"family_id": subject.family_id, "territory_id": subject.territory_id, "organisation_id": centre.id}
    moments = {"received_at": now(), "answered_at": now()}
    db.session.add(FamilyRequest(**asked, **moments, kind="change", **REQUEST))
    drawn = {"surveyed_on": on, "drawn_up_on": on, "surveyed_by": "Окошкин И. О."}
    db.session.add(SurveyAct(subject_id=signal.id, form="survey@1", answers=SURVEY, **drawn))
    marked = {"instruments": "instruments_content@1", "item": "ci_hungry", "mark": "mark_present", "seen_on": on}
    for child in (FAMILY, 0):
        db.session.add(Finding(subject_id=signal.id, child=child, **marked, **FINDING))
    db.session.add(Investigation(subject_id=signal.id, formed_on=on, plan=[PLAN], **GROUP))
    inquiry = {"organisation_id": centre.id, "addressee": ASKED, "question": QUESTION, "answer": ANSWER}
    inquiry |= {"asked_on": on, "due_on": on, "answered_at": now(), "answered_by": ANSWERED_BY}
    db.session.add(Inquiry(subject_id=subject.id, **inquiry))
    db.session.flush()


def ids() -> dict[str, list[uuid.UUID]]:
    """Return the ids by which their pages are opened."""
    return {
        "act_id": list(db.session.scalars(select(SurveyAct.id))),
        "handover_id": list(db.session.scalars(select(Handover.id))),
        "request_id": list(db.session.scalars(select(FamilyRequest.id))),
    }
