"""Who carries a case: the first curator, the next one on the document's grounds, the brief between them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.cases import curators, handovers
from curator_app.cases.models import Handover
from curator_app.cases.stepping import StepRefused
from curator_app.clock import today
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.people_forms import BriefForm, CuratorForm
from curator_app.desk.taking import take
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import load_profile
from curator_app.subjects.reasons import duties_of
from curator_app.visits.before import open_promises

blueprint = Blueprint("curators", __name__)
DECIDE = frozenset({"commission", "intake", "head"})


@blueprint.get("/subjects/<uuid:subject_id>/curator")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show who carries the case, and offer to who may decide it to name the first one or the next."""
    opened = _opened(subject_id)
    html = _page(opened, _offered(opened, CuratorForm(formdata=None, data={"on": opened.on})))
    note_reading("case:curator", reader(), family_id=opened.subject.family_id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/curator")
@signed_in
def change(subject_id: uuid.UUID) -> Any:
    """Name the first curator, or the next one."""
    opened = _opened(subject_id)
    form = _offered(opened, CuratorForm())
    if not form.validate():
        return _page(opened, form), 422
    event = "curator_replaced" if curators.curator_on(db.session(), opened.subject, opened.on) else "curator_assigned"
    try:
        take(opened.subject, event, form.answers(), form.on.data)
    except StepRefused as refusal:
        db.session.rollback()
        return _page(_opened(subject_id), form, refusal), 422
    db.session.commit()
    return redirect(f"/cases/{subject_id}", 303)


@blueprint.get("/subjects/<uuid:subject_id>/handover")
@signed_in
def last(subject_id: uuid.UUID) -> Any:
    """Go to the last brief of a case."""
    found = handovers.last_of(db.session(), _opened(subject_id).subject)
    if found is None:
        raise NotVisible
    return redirect(f"/handovers/{found.id}", 303)


@blueprint.get("/handovers/<uuid:handover_id>")
@signed_in
def brief(handover_id: uuid.UUID) -> str:
    """Show the brief that one curator leaves to the next; who wrote it may go on until it was read."""
    one = _handover(handover_id)
    family_id = one.subject.family_id
    html = _brief_page(one, BriefForm(formdata=None, obj=one))
    note_reading("handover:read", reader(), family_id=family_id, object_id=handover_id)
    return html


@blueprint.post("/handovers/<uuid:handover_id>")
@signed_in
def write(handover_id: uuid.UUID) -> Any:
    """Write the brief."""
    one, form = _handover(handover_id), BriefForm()
    if not form.validate():
        return _brief_page(one, form), 422
    handovers.write(db.session(), one, form.brief(), reader())
    db.session.commit()
    return redirect(f"/handovers/{handover_id}", 303)


@blueprint.post("/handovers/<uuid:handover_id>/reading")
@signed_in
def acknowledge(handover_id: uuid.UUID) -> Any:
    """Acknowledge the brief: the new curator has read it."""
    query = handovers.handovers_visible_to(reader().person, own_today())
    one = db.session.scalars(query.where(Handover.id == handover_id, Handover.to_id == reader().person_id)).first()
    if one is None:
        raise NotVisible
    # Also from a phone, where the brief stands in the dossier.
    where = f"/families/{one.subject.family_id}" if request.form.get("in_dossier") else f"/handovers/{handover_id}"
    take(one.subject, "handover_acknowledged", {}, today(one.subject.territory.zone))
    db.session.commit()
    if request.form.get("in_dossier") and htmx.wants_fragment():
        return htmx.fragment("families/_handover.html", handover=one, office=not reader().enrolment.is_field)
    return redirect(where, 303)


def _opened(subject_id: uuid.UUID) -> Opened:
    opened = open_subject(subject_id, "case")
    if "papers" not in opened.layers:
        raise NotVisible
    return opened


def _offered(opened: Opened, form: CuratorForm) -> CuratorForm:
    subject = opened.subject
    standing = curators.curator_on(db.session(), subject, opened.on)
    grounds = load_profile(subject.procedure).replacement_grounds if standing else ()
    seats = curators.seats(db.session(), subject.territory_id, opened.on)
    form.offer(seats, grounds, curators.loads(db.session(), seats, opened.on))
    return form


def _page(opened: Opened, form: CuratorForm, refusal: StepRefused | None = None) -> str:
    session, subject = db.session(), opened.subject
    line = curators.curators_of(session, subject)
    standing = next((one for one in line if one.covers(opened.on)), None)
    errors = form.sentences() | {name: [said] for name, said in (refusal.fields if refusal else {}).items()}
    return htmx.page(
        "cases/curator.html",
        person=reader().person,
        office=True,
        subject=subject,
        profile=load_profile(subject.procedure),
        standing=standing,
        before=[one for one in line if one is not standing],
        substitutes=curators.substitutes_of(session, subject, opened.on),
        handover=handovers.last_of(session, subject),
        decides=bool(opened.hats & DECIDE),
        heads="head" in opened.hats,
        briefs=bool(opened.hats & {"head"}),
        form=form,
        errors=errors,
        refusal=refusal.sentence if refusal and not refusal.fields else "",
        today=opened.on,
    )


def _handover(handover_id: uuid.UUID) -> Handover:
    """Return a brief that the reader wrote, received or answers for; at a desk."""
    by = reader()
    if by.enrolment.is_field:
        raise NotVisible
    query = handovers.handovers_visible_to(by.person, own_today()).where(Handover.id == handover_id)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotVisible
    return found


def _brief_page(one: Handover, form: BriefForm) -> str:
    session, by = db.session(), reader()
    family = session.get_one(Family, one.subject.family_id)
    # What the case owes is for who carries it now; who left it has no business with it any more.
    carries = session.scalars(Family.raw_visible_to(by.person, own_today()).where(Family.id == family.id)).first()
    return htmx.page(
        "cases/handover.html",
        person=by.person,
        office=True,
        one=one,
        family=family,
        form=form,
        errors=form.sentences(),
        writes=by.person_id != one.to_id and one.acknowledged_at is None,
        reads=by.person_id == one.to_id and one.acknowledged_at is None,
        owed=duties_of(session, one.subject, own_today()) if carries else None,
        promises=open_promises(session, family) if carries else None,
        zone=family.territory.zone,
        today=own_today(),
    )
