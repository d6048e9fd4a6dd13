"""How a case ends and what comes after, at a desk: the decision, help afterwards, the card index."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, get_visible, own_today, reader, signed_in
from curator_app.cases import aftercare, card_index, closing
from curator_app.cases.course_models import FileControl
from curator_app.cases.ending_forms import AftercareForm, ReviewForm, closing_form, offer_outcomes
from curator_app.cases.opening import OF_AGE
from curator_app.desk.course_pages import Asking, Opening, ask, opening_of, take, why_not
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.vocabulary import meaning_in

blueprint = Blueprint("endings", __name__)

BEGINS_AFTERCARE = frozenset({"commission", "intake", "head"})


@blueprint.route("/subjects/<uuid:subject_id>/closing", methods=["GET", "POST"])
@signed_in
def closing_page(subject_id: uuid.UUID) -> Any:
    """Decide how a case goes on or ends."""
    opening = opening_of(subject_id)
    subject, on = opening.opened.subject, opening.opened.on
    profile, mine = (
        load_profile(subject.procedure),
        {one.member_id for one in closing.children_of(db.session(), subject)},
    )
    children = [one for one in opening.family.children if (one.id in mine if mine else (one.age(on) or 0) < OF_AGE)]
    form = closing_form(children)(today=on, data={"on": on})
    form.offer_for(profile)
    offer_outcomes(form)
    words = texts.tables()["course"]["closing"]
    page = Asking(
        words["title"],
        f"/subjects/{subject_id}/closing",
        (opening.own, texts.text("course.back")),
        words["intro"],
        why_not(opening, closing.DECIDED),
        _decisions(opening),
    )
    if page.hindered or not form.validate_on_submit():
        return _answer(form, page)
    return _taken(opening, closing.DECIDED, form, page)


@blueprint.route("/cases/<uuid:subject_id>/aftercare", methods=["GET", "POST"])
@signed_in
def begin(subject_id: uuid.UUID) -> Any:
    """Begin help after a case."""
    opening = opening_of(subject_id)
    if not opening.opened.hats & BEGINS_AFTERCARE:
        raise NotVisible
    session, subject, on = db.session(), opening.opened.subject, opening.opened.on
    form = AftercareForm(today=on, data={"since_on": on, "every_days": 30})
    form.offer(aftercare.owners_in(session, subject.territory_id, on))
    page = Asking(
        texts.text("course.aftercare.begin"),
        f"/cases/{subject_id}/aftercare",
        (opening.own, texts.text("course.back")),
        texts.text("course.aftercare.intro"),
        "" if leads_to_aftercare(opening) else texts.text("course.aftercare.not_decided"),
    )
    if page.hindered or not form.validate_on_submit():
        return _answer(form, page)
    try:
        made = aftercare.begin(session, subject, form.owners[form.owner.data], form.plan(), reader())
    except Refused as refusal:
        return ask(form, page, refusal), 422
    where = f"/cases/{made.id}" if "commission" in opening.opened.hats else opening.own
    session.commit()
    return redirect(where, 303)


@blueprint.get("/file-control")
@signed_in
@at_a_desk("commission_secretary", "commission_chair")
def cards() -> str:
    """Show the card index."""
    person, on = reader().person, own_today()
    try:
        after = uuid.UUID(request.args.get("after", ""))
    except ValueError:
        after = None
    found = card_index.cards(db.session(), person, on, after)
    html = htmx.page("cases/course/cards.html", person=person, office=True, found=found, today=on, far=card_index.FAR)
    note_reading("file_control:listed", reader())
    return html


@blueprint.route("/file-control/<uuid:row_id>", methods=["GET", "POST"])
@signed_in
@at_a_desk("commission_secretary", "commission_chair")
def look_again(row_id: uuid.UUID) -> Any:
    """Name another day on which somebody looks."""
    row = get_visible(FileControl, row_id)
    shown = row.review_on if row.review_on != card_index.FAR else None
    form = ReviewForm(today=own_today(), data={"review_on": shown})
    title, back = texts.text("course.card_index.change"), texts.text("course.card_index.title")
    page = Asking(title, f"/file-control/{row_id}", ("/file-control", back))
    if not form.validate_on_submit():
        return _answer(form, page)
    card_index.look_again(db.session(), row, form.review_on.data, reader())
    db.session.commit()
    return redirect("/file-control", 303)


def leads_to_aftercare(opening: Opening) -> bool:
    """Tell whether the last decision is to help the family on, and nobody does yet."""
    session, subject = db.session(), opening.opened.subject
    row = closing.standing_decision(session, subject)
    outcomes = load_profile(subject.procedure).closing_outcomes
    wanted = row is not None and any(one.id == row.outcome and one.leads_to == "aftercare" for one in outcomes)
    return wanted and not any(one.subject.closed_on is None for one in aftercare.plans_after(session, subject))


def _decisions(opening: Opening) -> list[tuple[str, str]]:
    """Return what was decided before, for who decides again."""
    profile = load_profile(opening.opened.subject.procedure)
    titles = {one.id: one.title for one in profile.closing_outcomes}
    rows = closing.decisions_of(db.session(), opening.opened.subject)
    return [(f"{meaning_in(profile, closing.DECIDED)}, {row.on:%d.%m.%Y}", titles.get(row.outcome, "")) for row in rows]


def _taken(opening: Opening, event: str, form: Any, page: Asking) -> Any:
    where = opening.own
    try:
        take(opening, event, form.answers(), form.on.data)
    except Refused as refusal:
        db.session.rollback()
        return ask(form, page, refusal), 422
    db.session.commit()
    return redirect(where, 303)


def _answer(form: Any, page: Asking) -> Any:
    return (ask(form, page), 422) if form.is_submitted() else ask(form, page)
