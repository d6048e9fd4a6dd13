"""The level or category is decided anew in the middle of the work: it rises, falls, or early help becomes a case."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from curator_app import texts
from curator_app.cases import closing
from curator_app.cases.models import CaseChild
from curator_app.cases.noting import hand_of
from curator_app.cases.opening import EARLY_HELP, Opening, by_resolution, open_case, rule_of, standing
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.families.models import Family
from curator_app.procedures.profile_definition import Classification, Value
from curator_app.procedures.profiles_loader import profile_of
from curator_app.subjects.service import record_event

KINDS = frozenset({"case", "early_help"})
"""A signal's first level is its check's business."""
CASE = "case"


def decided(taken: Taken) -> None:
    """Let the family, or one child, have the level that a person decided upon."""
    if taken.subject.kind not in KINDS or taken.subject.family_id is None:
        return
    said = [(one, value) for one in taken.profile.classifications for value in one.values if _is(taken, one, value)]
    if not said:
        raise StepRefused(texts.text("steps.wrong_needed"), field_name=taken.profile.classifications[0].id)
    taken.data.setdefault("by", taken.by.short_name if taken.by else "")
    child = taken.answers.get("child")
    if child:
        _of_child(taken, uuid.UUID(str(child)), said[0][1].id)
        return
    family = taken.session.get_one(Family, taken.subject.family_id)
    whole = [(one, value) for one, value in said if one.scope != "child"]
    if whole:
        family.level = whole[0][1].id
    if taken.subject.kind == EARLY_HELP and any(value.opens == CASE for _one, value in said):
        _becomes_case(taken, family, {one.id: value.id for one, value in said})


def _is(taken: Taken, one: Classification, value: Value) -> bool:
    return taken.answers.get(one.id) == value.id


def _of_child(taken: Taken, member_id: uuid.UUID, status: str) -> None:
    own = select(CaseChild).where(CaseChild.subject_id == taken.subject.id, CaseChild.member_id == member_id)
    row = taken.session.scalars(own).first()
    if row is not None:
        row.status = status


def _becomes_case(taken: Taken, family: Family, decided_as: dict[str, str]) -> None:
    """End early help and open a case by the same decision: the document's terms run from it."""
    session, subject = taken.session, taken.subject
    document = profile_of(family.territory.procedure)
    if by_resolution(document):
        # A level alone opens nothing there: the paper is asked for on a page of its own.
        words = texts.text("opening.level_needs_resolution") + rule_of(document)
        raise StepRefused(words, field_name=next(iter(decided_as)))
    data = {"outcome": "raised"}
    record_event(subject, "early_help_closed", on=taken.on, data=data, author=taken.by, enrolment=taken.enrolment)
    closing.end(session, subject, taken.on, hand_of(taken))
    session.flush()
    if standing(session, family.id, CASE) is None:
        reason = str(taken.answers.get("reason", ""))
        opening = Opening(taken.on, taken.by, taken.enrolment, at=taken.at, decided=decided_as, reason=reason)
        open_case(session, family, opening)


EFFECTS: dict[str, Effect] = {"risk_decided": decided}
