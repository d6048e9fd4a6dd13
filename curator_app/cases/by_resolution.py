"""A case that a commission's resolution opens and no signal: after other help, or for a family nobody told of."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.auth.models import Territory
from curator_app.cases import aftercare, closing
from curator_app.cases.noting import Hand
from curator_app.cases.opening import EARLY_HELP, Opening, by_resolution, open_case, rule_of
from curator_app.cases.stepping import StepRefused
from curator_app.cases.steps import Hat
from curator_app.clock import today
from curator_app.errors import Conflict
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import profile_of
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event

OPENERS: frozenset[Hat] = frozenset({"commission", "intake"})
"""Who writes a resolution down; of early help the commission knows nothing, its intake has the paper."""
BEFORE = (EARLY_HELP, aftercare.AFTERCARE)
"""What helped a family until its case begins."""


def is_here(subject: Subject, family: Family) -> bool:
    """Tell whether the family is still of the district that had this: what was closed before a move stays behind."""
    return subject.territory_id == family.territory_id


def why_not(territory: Territory) -> str:
    """Return why no resolution opens a case in the district, in words with the rule; empty where one does."""
    document = profile_of(territory.procedure)
    if by_resolution(document):
        return ""
    return texts.text("opening.not_by_resolution", procedure=document.short_title) + rule_of(document)


def open_by_resolution(session: Session, family: Family, opening: Opening, by: Hand) -> Subject:
    """Open the case and let what helped before end today; raises StepRefused and changes nothing."""
    refusal = why_not(family.territory)
    if refusal:
        raise StepRefused(refusal)
    try:
        case = open_case(session, family, opening)
    except Conflict as conflict:
        raise StepRefused(texts.text("opening.is_open")) from conflict
    on = today(family.territory.zone)
    helps = select(Subject).where(Subject.family_id == family.id, Subject.kind.in_(BEFORE), Subject.closed_on.is_(None))
    for one in session.scalars(helps).all():
        _end(session, one, on, by)
    return case


def _end(session: Session, subject: Subject, on: date, by: Hand) -> None:
    early = subject.kind == EARLY_HELP
    event, data = ("early_help_closed", {"outcome": "raised"}) if early else (aftercare.ENDED, {"ended_as": "case"})
    record_event(subject, event, on=on, data=data, author=by.person, enrolment=by.enrolment)
    if early:
        closing.end(session, subject, on, by)
    else:
        aftercare.finish(session, subject, "case", on, by)
