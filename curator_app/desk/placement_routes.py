"""Where the children of a case live, at a desk: places, days in court, meetings with the parents."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases import courts, placement, seeing
from curator_app.cases.placement_forms import (
    BecameForm,
    ChangeForm,
    CourtForm,
    EndForm,
    MeetingsForm,
    SeenForm,
    TurnForm,
    WhereForm,
    known_of,
)
from curator_app.cases.placement_models import ContactSchedule, CourtDate, Placement
from curator_app.cases.steps import step_for
from curator_app.desk.course_pages import Asking, Opening, ask, opening_of, said, take
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db

blueprint = Blueprint("placement", __name__)

Row = Placement | CourtDate | ContactSchedule


@blueprint.get("/subjects/<uuid:subject_id>/placement")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show where each child is."""
    opening = _opened(subject_id)
    html = _page(opening, _change(opening, posted=False), {})
    note_reading("placement:read", reader(), family_id=opening.family.id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/placement")
@signed_in
def change(subject_id: uuid.UUID) -> Any:
    """Write down that a child was taken from home, placed, or came back."""
    opening = _opened(subject_id)
    form = _change(opening, posted=True)
    if not form.validate():
        return _page(opening, form, form.sentences()), 422
    try:
        take(opening, form.event.data, form.answers(), form.on.data)
    except Refused as refusal:
        db.session.rollback()
        again = _opened(subject_id)
        return _page(again, form, said(refusal), getattr(refusal, "sentence", "")), 422
    db.session.commit()
    return redirect(f"/subjects/{subject_id}/placement", 303)


@blueprint.route("/placements/<uuid:row_id>", methods=["GET", "POST"])
@signed_in
def correct(row_id: uuid.UUID) -> Any:
    """Put right what is known of a place."""
    row, opening = _own(Placement, row_id)
    form = WhereForm(today=opening.opened.on, data=known_of(row))
    form.offer()
    page = _asking(opening, "placement.corrected", f"/placements/{row_id}", row.member.name)
    if not form.validate_on_submit():
        return _answer(form, page)
    placement.correct(db.session(), row, form.place(row.kind, row.since_on), reader())
    return _done(opening)


@blueprint.route("/placements/<uuid:row_id>/seen", methods=["GET", "POST"])
@signed_in
def seen(row_id: uuid.UUID) -> Any:
    """Write down that somebody was with the child there."""
    row, opening = _own(Placement, row_id)
    form = SeenForm(today=opening.opened.on, data={"on": opening.opened.on})
    page = _asking(opening, "placement.visit", f"/placements/{row_id}/seen", row.member.name)
    if not form.validate_on_submit():
        return _answer(form, page)
    placement.visited(db.session(), row, form.on.data, form.words.data or "", reader())
    return _done(opening)


@blueprint.route("/subjects/<uuid:subject_id>/courts", methods=["GET", "POST"])
@signed_in
def announce(subject_id: uuid.UUID) -> Any:
    """Write a day in court down."""
    opening = opening_of(subject_id, raw=True)
    form = CourtForm(today=opening.opened.on)
    form.offer_for(opening.family)
    page = _asking(opening, "courts.add", f"/subjects/{subject_id}/courts", texts.text("course.courts.intro"))
    if not form.validate_on_submit():
        return _answer(form, page)
    courts.announce(db.session(), opening.opened.subject, form.announced(), reader())
    return _done(opening)


@blueprint.route("/courts/<uuid:row_id>", methods=["GET", "POST"])
@signed_in
def settle(row_id: uuid.UUID) -> Any:
    """Say what became of a day in court."""
    row, opening = _own(CourtDate, row_id)
    form = BecameForm(today=opening.opened.on)
    form.offer()
    page = _asking(opening, "courts.became", f"/courts/{row_id}", texts.text(f"course.courts.abouts.{row.about}"))
    if not form.validate_on_submit():
        return _answer(form, page)
    try:
        courts.settle(db.session(), row, form.became(), reader())
    except Refused as refusal:
        return ask(form, page, refusal), 422
    return _done(opening)


@blueprint.route("/subjects/<uuid:subject_id>/meetings", methods=["GET", "POST"])
@signed_in
def agree(subject_id: uuid.UUID) -> Any:
    """Write down how often a child and somebody of the family see each other."""
    opening = opening_of(subject_id, raw=True)
    form = MeetingsForm(today=opening.opened.on, data={"since_on": opening.opened.on, "every_days": 7})
    form.offer_for(opening.family)
    page = _asking(opening, "seeing.add", f"/subjects/{subject_id}/meetings", texts.text("course.seeing.intro"))
    if not form.validate_on_submit():
        return _answer(form, page)
    seeing.agree(db.session(), opening.opened.subject, form.agreed(), reader())
    return _done(opening)


@blueprint.route("/meetings/<uuid:row_id>", methods=["GET", "POST"])
@signed_in
def tell(row_id: uuid.UUID) -> Any:
    """Say of one meeting whether it took place."""
    row, opening = _own(ContactSchedule, row_id)
    form = TurnForm(today=opening.opened.on, data={"on": opening.opened.on})
    form.offer()
    page = _asking(opening, "seeing.tell", f"/meetings/{row_id}", f"{row.member.name}, {row.with_whom.name}")
    if not form.validate_on_submit():
        return _answer(form, page)
    took_place = form.took_place.data == "yes"
    seeing.tell(db.session(), row, form.on.data, form.words.data or "", reader(), took_place=took_place)
    return _done(opening)


@blueprint.route("/meetings/<uuid:row_id>/end", methods=["GET", "POST"])
@signed_in
def end(row_id: uuid.UUID) -> Any:
    """Let a schedule hold no more."""
    row, opening = _own(ContactSchedule, row_id)
    form = EndForm(today=opening.opened.on, data={"on": opening.opened.on})
    page = _asking(opening, "seeing.end", f"/meetings/{row_id}/end", f"{row.member.name}, {row.with_whom.name}")
    if not form.validate_on_submit():
        return _answer(form, page)
    seeing.end(db.session(), row, form.on.data, form.words.data or "", reader())
    return _done(opening)


def _opened(subject_id: uuid.UUID) -> Opening:
    """Return a case whose places the reader may read, or at least write down."""
    opening, step = opening_of(subject_id), step_for("child_placed", "case")
    if not opening.raw and not (step and opening.opened.hats & set(step.by)):
        raise NotVisible
    return opening


def _own(model: type[Any], row_id: uuid.UUID) -> tuple[Any, Opening]:
    """Return a row of the raw layer with the case to which it belongs; a stranger finds none."""
    row = db.session.get(model, row_id)
    if row is None:
        raise NotVisible
    return row, opening_of(row.subject_id, raw=True)


def _change(opening: Opening, *, posted: bool) -> ChangeForm:
    on = opening.opened.on
    form = ChangeForm(today=on) if posted else ChangeForm(formdata=None, today=on, data={"on": on})
    form.offer_for(opening.family)
    return form


def _page(opening: Opening, form: ChangeForm, errors: dict[str, list[str]], refusal: str = "") -> str:
    session, family, on = db.session(), opening.family, opening.opened.on
    places = placement.placements_of(session, family.id)
    return htmx.page(
        "cases/course/placement.html",
        person=reader().person,
        office=True,
        opening=opening,
        family=family,
        form=form,
        errors=errors,
        refusal=refusal,
        places=places,
        court_dates=courts.court_dates_of(session, family.id) if opening.raw else [],
        meetings=[seeing.standing(one, on) for one in seeing.schedules_of(session, family.id)] if opening.raw else [],
        today=on,
    )


def _asking(opening: Opening, title: str, here: str, intro: str) -> Asking:
    back = (f"/subjects/{opening.opened.subject.id}/placement", texts.text("course.placement.title"))
    return Asking(texts.text(f"course.{title}"), here, back, intro)


def _answer(form: Any, page: Asking) -> Any:
    return (ask(form, page), 422) if form.is_submitted() else ask(form, page)


def _done(opening: Opening) -> Any:
    where = f"/subjects/{opening.opened.subject.id}/placement"
    db.session.commit()
    return redirect(where, 303)
