"""Sections of a case page: who works with it, its children, its papers, social services."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.auth.access import reader
from curator_app.cases import by_resolution, copies, curators, groups, handovers
from curator_app.cases.models import CaseChild, CaseFile
from curator_app.cases.opening import CASE, standing
from curator_app.cases.services import programmes_of
from curator_app.cases.stepping import ground_of
from curator_app.desk.case_access import Opened
from curator_app.families.models import Family
from curator_app.procedures.facts import Fact


def people(session: Session, opened: Opened) -> dict[str, Any] | None:
    """Return the curator, who stands in, the working group, and a brief that waits to be read."""
    if opened.subject.kind != "case":
        return None
    subject, handover = opened.subject, handovers.last_of(session, opened.subject)
    mine = handover is not None and reader().person_id in (handover.from_id, handover.to_id)
    return {
        "curator": curators.curator_on(session, subject, opened.on),
        "substitutes": curators.substitutes_of(session, subject, opened.on),
        "group": groups.group_of(session, subject),
        "handover": handover,
        "opens_handover": mine or "head" in opened.hats,
    }


def children(session: Session, opened: Opened) -> list[CaseChild] | None:
    """Return the children of the case, in the order of the card."""
    if opened.subject.kind == "aftercare":
        return None
    query = select(CaseChild).where(CaseChild.subject_id == opened.subject.id).options(joinedload(CaseChild.member))
    found = sorted(session.scalars(query), key=lambda row: row.member.position)
    return found or None


def papers(session: Session, opened: Opened) -> dict[str, Any] | None:
    """Return on what paper the case stands, where copies are, and whether the bank of data has it."""
    if opened.subject.kind != "case":
        return None
    subject = opened.subject
    sent = copies.copies_of(session, subject)
    facts = ground_of(session, subject).facts
    return {
        "file": session.scalars(select(CaseFile).where(CaseFile.subject_id == subject.id)).first(),
        "copies": len(sent),
        "waiting": sum(1 for copy in sent if copy.received_on is None),
        "entered": _last(facts, "registry_entered"),
        "removed": _removed(facts),
    }


def opening(session: Session, opened: Opened) -> bool | None:
    """Tell that this reader may open a case by a resolution here; None leaves it out."""
    family = session.get(Family, opened.subject.family_id) if opened.subject.family_id else None
    if family is None or not by_resolution.is_here(opened.subject, family):
        return None
    if not opened.hats & by_resolution.OPENERS or by_resolution.why_not(family.territory):
        return None
    return True if standing(session, family.id, CASE) is None else None


def services(session: Session, opened: Opened) -> dict[str, Any] | None:
    """Return the recognised need and the programmes, where there is one or the other."""
    if opened.subject.kind != "case":
        return None
    recognised = _last(ground_of(session, opened.subject).facts, "need_recognised")
    found = programmes_of(session, opened.subject)
    return {"recognised": recognised, "programmes": found} if recognised or found else None


def _last(facts: Any, event: str) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.type == event), None)


def _removed(facts: Any) -> Fact | None:
    """Return the removal, unless it was entered again since."""
    last = next((fact for fact in reversed(facts) if fact.type in {"registry_entered", "registry_removed"}), None)
    return last if last is not None and last.type == "registry_removed" else None
