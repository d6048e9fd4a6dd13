"""What a curator wants to know in twenty seconds before a door: read from the last visits, nothing made up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from curator_app.desk.service import last_photos
from curator_app.families.models import Caution, Family
from curator_app.procedures.form_definition import Section
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.agreements import Promise
from curator_app.visits.before import before_visit
from curator_app.visits.meetings import Meeting, agreed_meetings
from curator_app.visits.models import Observation, Photo, SectionNote, Visit

BETTER = "better"


@dataclass(frozen=True, slots=True)
class Line:
    """What one section says of the family, or of one of its people (`who`, "" for all)."""

    section: Section
    who: str
    words: str
    fact: str
    on: date


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the page shows; `last` is the last visit that took place."""

    last: Visit | None
    improved: list[Line]
    worries: list[Line]
    promises: Sequence[Promise]
    meeting: Meeting | None
    cautions: list[Caution]
    photos: Sequence[Photo]

    @property
    def in_pair(self) -> bool:
        """Tell whether nobody should go there alone."""
        return any(caution.kind == "caution_go_in_pair" for caution in self.cautions)


def brief(session: Session, family: Family, on: date, form_version: str) -> Brief:
    """Gather the page for that day; sections are those of the form in force."""
    before = before_visit(session, family)
    sections = load_form(form_version).sections
    names = {member.id: member.name for member in family.members}
    return Brief(
        last=before.previous,
        improved=_improved(before.previous, sections, names) if before.previous else [],
        worries=_worries(before.visits, sections, names),
        promises=before.promises,
        meeting=agreed_meetings(session, [family.id], on).get(family.id),
        cautions=family.cautions_on(on),
        photos=last_photos(session, family),
    )


def _improved(visit: Visit, sections: Sequence[Section], names: dict[uuid.UUID, str]) -> list[Line]:
    """Return what worked at a visit: its strengths, and the facts of what was found better."""
    lines = []
    for section in sections:
        for member, (seen, notes) in _by_member(visit, section.id).items():
            words = _words(visit, seen, "strength", [note.strengths_own for note in notes])
            fact = " ".join(note.fact for note in notes if note.change == BETTER and note.fact)
            if words or fact:
                lines.append(Line(section, _name(names, member), words or fact, fact if words else "", visit.on))
    return lines


def _worries(visits: Sequence[Visit], sections: Sequence[Section], names: dict[uuid.UUID, str]) -> list[Line]:
    """Return the open worries of each section as the last visit that looked at it left them."""
    lines = []
    for section in sections:
        visit = next((one for one in visits if _by_member(one, section.id)), None)
        if visit is None:
            continue
        for member, (seen, notes) in _by_member(visit, section.id).items():
            words = _words(visit, seen, "worry", [note.worries_own for note in notes])
            if words:
                lines.append(Line(section, _name(names, member), words, "", visit.on))
    return lines


Said = tuple[list[Observation], list[SectionNote]]


def _by_member(visit: Visit, section: str) -> dict[uuid.UUID | None, Said]:
    """Return what a visit says in a section by whom it is about, the whole family first."""
    found: dict[uuid.UUID | None, Said] = {}
    for seen in (one for one in visit.observations if one.section == section):
        found.setdefault(seen.member_id, ([], []))[0].append(seen)
    for note in (one for one in visit.notes if one.section == section):
        found.setdefault(note.member_id, ([], []))[1].append(note)
    return dict(sorted(found.items(), key=lambda item: item[0] is not None))


def _words(visit: Visit, seen: list[Observation], side: str, own: list[str]) -> str:
    form = load_form(visit.form_version)
    skips = {chip.id for section in form.sections for chip in (*section.strengths, *section.worries) if chip.skip}
    labels = [form.label(one.item) for one in seen if one.side == side and one.item not in skips]
    return ". ".join(
        [*([", ".join([labels[0], *(label.lower() for label in labels[1:])])] if labels else []), *filter(None, own)]
    )


def _name(names: dict[uuid.UUID, str], member: uuid.UUID | None) -> str:
    return names.get(member, "") if member else ""
