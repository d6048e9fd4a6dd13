"""Who a person is to a subject, and how deep they may look."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import HEAD, Organisation, Person
from curator_app.cases.steps import Hat, Layer
from curator_app.subjects.doors import COMMISSION_ROLES, FAMILY_WIDE, INTAKE_ROLE
from curator_app.subjects.models import HEADED_ROLES, STAND_IN, Assignment, Subject

RESOURCE_CENTRE_ROLE = "resource_centre"
REPORTER = "signal_author"
"""Assignment of the specialist who reported a signal: the line of feedback is theirs, nothing of the family is."""

OF_ASSIGNMENT: dict[str, tuple[Hat, ...]] = {
    "case_curator": ("curator",),
    "substitute": ("substitute",),
    "early_help_owner": ("owner",),
    STAND_IN: ("owner",),
    "group_member": ("group",),
    "group_chair": ("group", "group_chair"),
    REPORTER: ("specialist",),
}
RAW: frozenset[Hat] = frozenset({"curator", "substitute", "owner", "head"})
SHARED: frozenset[Hat] = RAW | {"group", "group_chair"}
PAPERS: frozenset[Hat] = SHARED | {"commission", "intake"}
COMMISSION: frozenset[Hat] = frozenset({"commission"})
INTAKE: frozenset[Hat] = frozenset({"intake"})
GROUP: frozenset[Hat] = frozenset({"group", "group_chair"})
OWED_BY: dict[str, frozenset[Hat]] = {
    "case_curator": frozenset({"curator", "substitute"}),
    "family_help_centre": frozenset({"curator", "substitute"}),
    "patronage_body": frozenset({"curator", "substitute"}),
    "responsible_specialist": frozenset({"owner"}),
    "responsible_organisation": frozenset({"owner"}),
    "kdn_commission": COMMISSION,
    "intake_officer": INTAKE,
    "single_window": INTAKE,
    "working_group": GROUP,
    "group_member": GROUP,
    "group_secretary": GROUP,
    "investigation_group": GROUP,
    "group_chair": frozenset({"group_chair"}),
    "resource_centre": frozenset({"resource_centre"}),
    "institution_director": frozenset({"head"}),
}
"""Who of the app's people a document's role is; another body acts outside it, and its turn is said by name."""
OF_HEADS = frozenset({HEAD, *(role for role, hats in OWED_BY.items() if "head" in hats)})
"""Roles of documents, and our own word, that mean whoever leads the organisation which carries a subject."""


def hats_of(session: Session, person: Person, subject: Subject, on: date) -> frozenset[Hat]:
    """Return what the person is to the subject on that day; empty for a stranger."""
    found: set[Hat] = set()
    led = {role.organisation_id for role in person.roles if role.role == HEAD and role.is_held(on)}
    for one in _assignments(session, subject, on):
        if one.person_id == person.id:
            found.update(OF_ASSIGNMENT.get(one.role, ()))
        if one.role in HEADED_ROLES and one.organisation_id in led:
            found.add("head")
    found |= _office_hats(session, person, subject, on)
    if subject.kind == "early_help":
        found -= {"head", "commission"}
    return frozenset(found)


def layers_of(hats: frozenset[Hat]) -> frozenset[Layer]:
    """Return the layers that open to somebody with these hats."""
    found: set[Layer] = set()
    if hats & PAPERS:
        found.add("papers")
    if hats & SHARED:
        found.add("shared")
    if hats & RAW:
        found.add("raw")
    if "intake" in hats:
        found.add("intake")
    return frozenset(found)


def _assignments(session: Session, subject: Subject, on: date) -> list[Assignment]:
    """Return the assignments that are in force: the subject's own, and of a case or aftercare all of its family's."""
    query = select(Assignment).where(Assignment.since_on <= on)
    query = query.where(Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    if subject.kind in FAMILY_WIDE and subject.family_id is not None:
        query = query.join(Subject).where(Subject.family_id == subject.family_id, Subject.kind.in_(FAMILY_WIDE))
    else:
        query = query.where(Assignment.subject_id == subject.id)
    return list(session.scalars(query))


def _office_hats(session: Session, person: Person, subject: Subject, on: date) -> set[Hat]:
    """Return what the person's office in the subject's territory makes them."""
    wanted: dict[str, Hat] = dict.fromkeys(COMMISSION_ROLES, "commission")
    wanted |= {INTAKE_ROLE: "intake", RESOURCE_CENTRE_ROLE: "resource_centre"}
    held = [role for role in person.roles if role.role in wanted and role.is_held(on)]
    if not held:
        return set()
    here = select(Organisation.id).where(Organisation.territory_id == subject.territory_id)
    places = set(session.scalars(here.where(Organisation.id.in_([role.organisation_id for role in held]))))
    return {wanted[role.role] for role in held if role.organisation_id in places}
