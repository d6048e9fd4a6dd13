"""«Новый случай по постановлению»: of a family that is not known here, and of which nobody told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request
from sqlalchemy import select

from curator_app import htmx
from curator_app.audit.service import note_reading, record
from curator_app.auth.access import at_a_desk, own_today, reader, signed_in
from curator_app.auth.models import Person, Territory
from curator_app.cases import by_resolution
from curator_app.cases.models import CaseFile
from curator_app.cases.opening import Opening
from curator_app.cases.stepping import StepRefused
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.desk.new_case_form import ROWS, NewCaseForm
from curator_app.desk.taking import take
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.about import make_family
from curator_app.intake.duplicates import Alike, Sought, alike
from curator_app.intake.journal import outcomes_for, territories_taken_in
from curator_app.subjects.doors import COMMISSION_ROLES, INTAKE_ROLE, subjects_of_family
from curator_app.subjects.models import Subject

blueprint = Blueprint("new_case", __name__)
OPENERS = (*COMMISSION_ROLES, INTAKE_ROLE)


@blueprint.app_template_global()
def opens_by_resolution(person: Person) -> bool:
    """Tell whether one of the reader's districts opens cases by a resolution."""
    return any(not by_resolution.why_not(one) for one in _territories(person))


@blueprint.get("/cases/new")
@signed_in
@at_a_desk(*OPENERS)
def show() -> str:
    """Offer the form; where the document wants a signal, say so."""
    form = _offered(NewCaseForm(formdata=None, data={"key": str(uuid7()), "children": [{}] * ROWS, "on": own_today()}))
    note_reading("case:opening", reader())
    return _page(form)


@blueprint.post("/cases/new")
@signed_in
@at_a_desk(*OPENERS)
def begin() -> Any:
    """Make the family and open its case, unless it looks known and nobody has said that it is another one."""
    form = _offered(NewCaseForm())
    if "more" in request.form:
        form.more()
        return _page(form)
    errors = form.troubles()
    if errors:
        return _page(form, errors=errors), 422
    _hold(form.territory.data)
    made = _made_already(form)
    if made is not None:
        return redirect(f"/cases/{made}", 303)
    known = () if request.form.get("sure") == "yes" else _likenesses(form.sought())
    if known:
        record(db.session(), "case:compared", person_id=reader().person_id, data={"found": len(known)})
        db.session.commit()
        return _page(form, known=known)
    try:
        case = _open(form)
    except StepRefused as refusal:
        db.session.rollback()
        return _page(_offered(form), refusal=refusal.sentence), 422
    where = f"/cases/{case.id}"
    db.session.commit()
    return redirect(where, 303)


def _open(form: NewCaseForm) -> Subject:
    """Make the family, open the case, name its curator; raises StepRefused, and the caller takes all of it back."""
    session, by, paper = db.session(), reader(), form.paper()
    free = form.family_id()
    key = free if free is not None and session.get(Family, free) is None else uuid7()
    territory = form.places[form.territory.data]
    family, _ = make_family(session, territory, form.card(), key)
    opening = Opening(paper.on, by.person, by.enrolment, resolution=paper)
    case = by_resolution.open_by_resolution(session, family, opening, by)
    if form.curator.data:
        person, place = (uuid.UUID(one) for one in form.curator.data.split("@"))
        answers = {"person": person, "organisation": place, "number": paper.number}
        take(case, "curator_assigned", answers, paper.on)
    return case


def _hold(territory_id: str) -> None:
    """Let two who name a family of one district at once come one after another: the second finds the first one's."""
    here = select(Territory.id).where(Territory.id == uuid.UUID(territory_id))
    db.session.execute(here.with_for_update(key_share=True))


def _made_already(form: NewCaseForm) -> uuid.UUID | None:
    """Return the case that this very page has opened: a second press of its button opens none."""
    mine = CaseFile.opened_by_id == reader().person_id
    query = select(Subject.id).join(CaseFile, CaseFile.subject_id == Subject.id)
    return db.session.scalars(query.where(Subject.family_id == form.family_id(), mine)).first()


def _likenesses(sought: Sought) -> list[Alike]:
    """Return what looks the same, as far as the reader may know of it: early help is for intake alone."""
    takes_in, found = _takes_in(sought.territory_id), []
    for one in alike(db.session(), sought):
        if one.family is None or takes_in:
            found.append(one)
            continue
        seen = set(db.session.scalars(subjects_of_family(reader().person, own_today(), one.family.id)))
        if seen:
            found.append(replace(one, work=[work for work in one.work if work in seen]))
    return found


def _ways(known: Iterable[Alike]) -> dict[uuid.UUID, uuid.UUID]:
    """Return for each family the newest of its subjects that the reader may open."""
    person, on = reader().person, own_today()
    families = [one.family.id for one in known if one.family is not None]
    seen = {key: db.session.scalars(subjects_of_family(person, on, key)).all() for key in families}
    return {key: subjects[-1].id for key, subjects in seen.items() if subjects}


def _takes_in(territory_id: uuid.UUID) -> bool:
    mine = territories_taken_in(db.session(), reader().person, own_today(), intake_only=True)
    return territory_id in {one.id for one in mine}


def _territories(person: Person) -> list[Territory]:
    return territories_taken_in(db.session(), person, own_today(), intake_only=False)


def _offered(form: NewCaseForm) -> NewCaseForm:
    form.offer(db.session(), _territories(reader().person), _day())
    return form


def _day() -> date:
    """Return the day that it is somewhere in the reader's districts: a paper of this morning there is not ahead."""
    return max((today(one.zone) for one in _territories(reader().person)), default=own_today())


def _page(
    form: NewCaseForm, *, known: Sequence[Alike] = (), errors: dict[str, list[str]] | None = None, refusal: str = ""
) -> str:
    session, person = db.session(), reader().person
    why_not = [by_resolution.why_not(one) for one in form.places.values()]
    chosen = form.territory.data
    return htmx.page(
        "cases/new.html",
        person=person,
        office=True,
        form=form,
        known=known,
        ways=_ways(known),
        sees_all=chosen in form.places and _takes_in(uuid.UUID(chosen)),
        outcome_words=outcomes_for(session, person, own_today()),
        errors=errors or {},
        refusal=refusal,
        hindered=why_not[0] if all(why_not) else "",
        today=form.today,
    )
