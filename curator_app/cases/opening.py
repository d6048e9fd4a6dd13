"""Open a case or begin early help: the subject under the territory's procedure, children, number, first events."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.audit.service import record
from curator_app.auth.models import Enrolment, Organisation, Person
from curator_app.cases.models import CaseChild, CaseFile
from curator_app.cases.stepping import StepRefused
from curator_app.cases.steps import known_in
from curator_app.database import insert_once
from curator_app.errors import Conflict, Refused
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family, FamilyMember
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile, profile_of
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.numbers import NumberSeries, next_in
from curator_app.subjects.service import record_event

CASE = "case"
EARLY_HELP = "early_help"
OWNER = "early_help_owner"
OF_AGE = 18
NEVER_ANEW = 0
"""A case's number does not begin anew each year: «Случай № 17» says which."""
OPENED_BY = ("resolution_adopted", "registered", "case_opened")
"""What a case begins with, as far as its document knows it, in this order."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A commission's resolution: no sitting is kept here, only what it adopted."""

    number: str
    on: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """On what ground work begins, about whom, and who decided."""

    on: date
    by: Person | None = None
    enrolment: Enrolment | None = None
    at: datetime | None = None
    decided: Mapping[str, str] = field(default_factory=dict)
    """Classification of the profile → the value decided for the family."""
    about: Mapping[uuid.UUID, Mapping[str, str]] = field(default_factory=dict)
    """The same for one child, by the member's id."""
    reason: str = ""
    resolution: Resolution | None = None
    children: Collection[uuid.UUID] = ()
    """Members of the family; none named: all who are not of age."""
    signal: Subject | None = None


def open_case(session: Session, family: Family, opening: Opening) -> Subject:
    """Open a case for a family.

    Raises Conflict where one is open, Refused for a child that is not of the family and, whatever it follows from,
    without the resolution that the document wants.
    """
    # Two who decide at once: the second waits here and finds the first one's case.
    session.execute(select(Family.id).where(Family.id == family.id).with_for_update(key_share=True))
    if standing(session, family.id, CASE) is not None:
        raise Conflict("case_is_open")
    _refuse_without_paper(profile_of(family.territory.procedure), opening)
    subject = _begin(session, family, CASE, opening)
    profile = load_profile(subject.procedure)
    family.case_no = file_of(session, subject).number
    family.level = next(iter(opening.decided.values()), family.level)
    family.stage = next((stage.id for stage in profile.stages if stage.subject == CASE), "")
    _record_decisions(subject, opening)
    _record_opening(subject, profile, opening)
    keep_findable(session, family)
    _note(session, "case:opened", subject, opening)
    return subject


def open_early_help(
    session: Session,
    family: Family,
    opening: Opening,
    owner: Person | None = None,
    organisation: Organisation | None = None,
) -> Subject:
    """Begin early help for a family in an owner's hands; the family is asked for its consent next.

    Raises Conflict where early help or a case is under way.
    """
    session.execute(select(Family.id).where(Family.id == family.id).with_for_update(key_share=True))
    for kind in (CASE, EARLY_HELP):
        if standing(session, family.id, kind) is not None:
            raise Conflict("case_is_open" if kind == CASE else "early_help_is_open")
    subject = _begin(session, family, EARLY_HELP, opening)
    family.level = next(iter(opening.decided.values()), family.level)
    family.stage = EARLY_HELP
    if owner is not None and organisation is not None:
        session.add(_assigned(subject, owner, organisation, opening.on))
    _record_decisions(subject, opening)
    _note(session, "early_help:opened", subject, opening)
    return subject


def standing(session: Session, family_id: uuid.UUID, kind: str) -> Subject | None:
    """Return the family's case (or early help) that is not closed."""
    query = select(Subject).where(Subject.family_id == family_id, Subject.kind == kind, Subject.closed_on.is_(None))
    return session.scalars(query.limit(1)).first()


def file_of(session: Session, subject: Subject) -> CaseFile:
    """Return the cover of a case or of early help."""
    return session.scalars(select(CaseFile).where(CaseFile.subject_id == subject.id)).one()


def _begin(session: Session, family: Family, kind: str, opening: Opening) -> Subject:
    territory = family.territory
    subject = Subject(
        kind=kind, family_id=family.id, territory=territory, procedure=profile_of(territory.procedure).key
    )
    session.add(subject)
    session.flush()
    decision, paper = opening.signal, opening.resolution
    session.add(
        CaseFile(
            subject_id=subject.id,
            number=_number(session, family, kind),
            opened_on=opening.on,
            ground="resolution" if paper else "decision",
            reason=opening.reason,
            resolution_no=paper.number if paper else "",
            resolution_on=paper.on if paper else None,
            resolution_text=paper.text if paper else "",
            signal_id=decision.id if decision else None,
            opened_by_id=opening.by.id if opening.by else None,
        )
    )
    for child in _children(family, opening):
        said = opening.about.get(child.id, {})
        row = CaseChild(subject_id=subject.id, member_id=child.id, since_on=opening.on)
        row.status = next(iter(said.values()), "")
        session.add(row)
    session.flush()
    return subject


def by_resolution(profile: Profile) -> frozenset[str]:
    """Return the events by which the document lets a commission's resolution open a case; empty where none does."""
    return frozenset({"resolution_adopted", "registered"}) & known_in(profile, CASE)


def rule_of(profile: Profile) -> str:
    """Return the place where the document says with what a case begins; empty where it says none."""
    begins = by_resolution(profile) or {"case_opened"}
    entries = [stage for stage in profile.stages if begins & set(stage.begins_with)]
    rule = next((one for one in entries if one.source), None)
    if rule is None or rule.source is None:
        return ""
    place = {"ref": rule.source.ref, "quote": rule.source.quote, "procedure": profile.short_title}
    return " " + texts.text("steps.rule", title=rule.title, **place)


def _refuse_without_paper(profile: Profile, opening: Opening) -> None:
    """Refuse a case that no resolution opens, where the document wants one."""
    if opening.resolution is None and by_resolution(profile):
        raise StepRefused(texts.text("opening.needs_resolution") + rule_of(profile), field_name="resolution_no")


def _children(family: Family, opening: Opening) -> list[FamilyMember]:
    if not opening.children:
        return [one for one in family.children if (one.age(opening.on) or 0) < OF_AGE]
    named = [one for one in family.children if one.id in set(opening.children)]
    if len(named) != len(set(opening.children)):
        raise Refused(fields={"children": "not_of_the_family"})
    return named


def _number(session: Session, family: Family, kind: str) -> int:
    """Take the next number of the territory; families that came with numbers of their own keep theirs apart."""
    series = f"{kind}:{family.territory_id}"
    known = (NumberSeries.series == series) & (NumberSeries.year == NEVER_ANEW)
    if kind == CASE and session.scalars(select(NumberSeries.id).where(known)).first() is None:
        taken = select(func.max(Family.case_no)).where(Family.territory_id == family.territory_id)
        # By an id that both of two first ones know: the row is made once.
        key = uuid.uuid5(family.territory_id, kind)
        insert_once(session, NumberSeries, id=key, series=series, year=NEVER_ANEW, last=session.scalar(taken) or 0)
    return next_in(session, series, NEVER_ANEW)


def _record_decisions(subject: Subject, opening: Opening) -> None:
    """Write who decided which level: rules that ask for one read it from the case's own events."""
    by = opening.by.short_name if opening.by else ""
    for about, said in (({}, opening.decided), *(({"child": str(key)}, value) for key, value in opening.about.items())):
        if said:
            data = {**said, **about, "by": by, "reason": opening.reason}
            _record(subject, "risk_decided", opening, data)


def _record_opening(subject: Subject, profile: Profile, opening: Opening) -> None:
    known = known_in(profile, CASE)
    paper = opening.resolution
    told: dict[str, Any] = {"number": paper.number, "about": "opening"} if paper else {}
    for name in OPENED_BY:
        if name in known and (paper or name != "resolution_adopted"):
            on = paper.on if paper and name == "resolution_adopted" else opening.on
            _record(subject, name, opening, told, on)


def _record(subject: Subject, name: str, opening: Opening, data: dict[str, Any], on: date | None = None) -> None:
    at = opening.at if on in (None, opening.on) else None
    kept = {key: value for key, value in data.items() if value}
    record_event(subject, name, on=on or opening.on, at=at, data=kept, author=opening.by, enrolment=opening.enrolment)


def _assigned(subject: Subject, owner: Person, organisation: Organisation, on: date) -> Assignment:
    return Assignment(subject=subject, person=owner, organisation=organisation, role=OWNER, since_on=on)


def _note(session: Session, act: str, subject: Subject, opening: Opening) -> None:
    record(
        session,
        act,
        person_id=opening.by.id if opening.by else None,
        enrolment_id=opening.enrolment.id if opening.enrolment else None,
        family_id=subject.family_id,
        object_id=subject.id,
    )
