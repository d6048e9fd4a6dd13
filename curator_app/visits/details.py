"""The parts of a visit below its heading: what is stored of each, and what becomes of earlier promises."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.cases.safety import Found, Heard, set_aside, tell_measures
from curator_app.errors import Refused
from curator_app.families.models import FamilyMember
from curator_app.visits.agreements import Acquaintance, Promise
from curator_app.visits.answers import KeptLine, PromiseLine, SectionAnswers, VisitAnswers
from curator_app.visits.models import ChildWords, Mention, Observation, Photo, SectionNote, Statement, Visit

KEPT = "kept"
DROPPED = "dropped"


def refuse_strangers(session: Session, answers: VisitAnswers) -> None:
    """Raise Refused when the record speaks of people who are not of this family, or a child allowed a photo."""
    named = _named(answers)
    allowed_by = {line.allowed_by_id for line in answers.photos if line.allowed_by_id}
    if not named | allowed_by:
        return
    members = session.execute(
        select(FamilyMember.id, FamilyMember.kind).where(FamilyMember.family_id == answers.family_id)
    )
    kinds = {row.id: row.kind for row in members}
    if (named | allowed_by) - kinds.keys():
        raise Refused(fields={"who_home": "Отмечен человек, которого нет в этой семье."})
    if any(kinds[member] != "adult" for member in allowed_by):
        raise Refused(fields={"photos": "Снимать разрешает взрослый: ребёнок разрешить за семью не может."})


def add_details(session: Session, visit: Visit, answers: VisitAnswers, corrected: Visit | None) -> None:
    """Hang everything that was said onto a new visit; `corrected` is the version it takes the place of."""
    for section in answers.sections:
        _add_section(visit, section)
    for position, line in enumerate(answers.statements):
        visit.statements.append(Statement(position=position, **asdict(line)))
    said = [("topic", item) for item in answers.topics] + [("right", item) for item in answers.rights]
    for position, (kind, item) in enumerate(said):
        visit.mentions.append(Mention(kind=kind, item=item, position=position))
    _add_photos(visit, answers, corrected)
    if answers.acquainted is not None:
        visit.acquaintance = Acquaintance(**asdict(answers.acquainted))
    _add_child_words(visit, answers, corrected)
    _add_promises(session, visit, answers, corrected)
    for kept in answers.kept:
        _tell_promise(session, visit, kept)
    _add_found(session, visit, answers, corrected)


def _add_found(session: Session, visit: Visit, answers: VisitAnswers, corrected: Visit | None) -> None:
    """Note what was found of the measures that protect a child; what the corrected version said counts no more."""
    if corrected is not None:
        set_aside(session, corrected.id)
    if answers.measures:
        session.flush()  # the lines refer to the visit
        found = [Found(line.measure_id, line.state, line.fact) for line in answers.measures]
        tell_measures(session, found, Heard(visit.family_id, visit.on, visit.author_id, visit_id=visit.id))


def _named(answers: VisitAnswers) -> set[uuid.UUID]:
    items = [item for section in answers.sections for item in (*section.strengths, *section.worries)]
    named = {*answers.who_home, *(item.member_id for item in items), *(one.member_id for one in answers.sections)}
    named |= {one.member_id for one in answers.statements} | {one.member_id for one in answers.child_words}
    if answers.acquainted is not None:
        named |= {answers.acquainted.member_id, answers.acquainted.beside_id}
    return {member for member in named if member is not None}


def _add_section(visit: Visit, section: SectionAnswers) -> None:
    if section.is_empty:
        return
    for side, items in (("strength", section.strengths), ("worry", section.worries)):
        for item in items:
            visit.observations.append(
                Observation(section=section.section, side=side, position=len(visit.observations), **asdict(item))
            )
    note = {key: value for key, value in asdict(section).items() if key not in {"strengths", "worries"}}
    visit.notes.append(SectionNote(position=len(visit.notes), **note))


def _add_photos(visit: Visit, answers: VisitAnswers, corrected: Visit | None) -> None:
    """Announce photos; of a corrected visit those still listed go along, with what has become of them."""
    earlier = {photo.id: photo for photo in corrected.photos} if corrected else {}
    for position, line in enumerate(answers.photos):
        photo = earlier.get(line.id) or Photo(**asdict(line))
        photo.position = position
        visit.photos.append(photo)


def _add_child_words(visit: Visit, answers: VisitAnswers, corrected: Visit | None) -> None:
    """Keep a child's words; a correction that does not speak of a child leaves the child's words as they were."""
    lines = [asdict(line) for line in answers.child_words]
    spoken_of = {line["member_id"] for line in lines}
    for earlier in corrected.child_words if corrected else []:
        if earlier.member_id not in spoken_of:
            names = ("member_id", "verbatim", "context", "question", "present", "wish")
            lines.append({name: getattr(earlier, name) for name in names})
    visit.child_words.extend(ChildWords(position=position, **line) for position, line in enumerate(lines))


def _add_promises(session: Session, visit: Visit, answers: VisitAnswers, corrected: Visit | None) -> None:
    """Store new promises; of a corrected visit those still listed go along, and the others are dropped."""
    earlier = {promise.id: promise for promise in corrected.promises} if corrected else {}
    known = set(earlier)
    for position, line in enumerate(answers.promises):
        promise = earlier.pop(line.id, None) or _new_promise(session, visit, line)
        promise.side, promise.what, promise.who, promise.due_on = line.side, line.what, line.who, line.due_on
        promise.position = position
        visit.promises.append(promise)
    for promise in earlier.values():
        promise.state, promise.closed_on = DROPPED, visit.on
    hear_what_was_told(session, [promise for promise in visit.promises if promise.id not in known])


def _new_promise(session: Session, visit: Visit, line: PromiseLine) -> Promise:
    # An id that is taken already belongs to another record: this promise gets one of its own.
    own_id = {} if session.get(Promise, line.id) else {"id": line.id}
    return Promise(family_id=visit.family_id, author_id=visit.author_id, made_on=visit.on, **own_id)


def _tell_promise(session: Session, visit: Visit, told: KeptLine) -> None:
    """Note what became of a promise, unless a later visit has said it already: records come in any order."""
    promise = session.get(Promise, told.promise_id)
    if promise is None or promise.family_id != visit.family_id or promise.state == DROPPED or not told.state:
        return
    last = session.get(Visit, promise.told_by_id) if promise.told_by_id else None
    if last is not None and last.on > visit.on:
        return
    _tell(promise, told.state, told.reason, visit.on, visit.id)


def hear_what_was_told(session: Session, promises: Iterable[Promise]) -> None:
    """Tell new promises of one record what later visits have already said of them: records come in any order."""
    new = {str(promise.id): promise for promise in promises if promise.id is not None}
    first = next(iter(new.values()), None)
    if first is None:
        return
    later = select(Visit.id, Visit.on, Visit.fields).where(Visit.family_id == first.family_id)
    later = later.where(Visit.on >= first.made_on, Visit.superseded_at.is_(None)).order_by(Visit.on, Visit.received_at)
    with session.no_autoflush:
        visits = session.execute(later).all()
    for visit_id, on, fields in visits:
        said = {name: value for name, value in fields if name.startswith("kept-")}
        for key, promise in new.items():
            if said.get(f"kept-{key}"):
                _tell(promise, said[f"kept-{key}"], said.get(f"kept-{key}-reason", ""), on, visit_id)


def _tell(promise: Promise, state: str, reason: str, on: date, visit_id: uuid.UUID) -> None:
    promise.state, promise.reason = state, reason
    promise.closed_on = on if state == KEPT else None
    promise.told_by_id = visit_id
