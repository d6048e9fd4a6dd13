"""«Сроки хранения» at the commission: whose content may be erased, and the acts by which it was."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, get_visible, own_today, reader, signed_in
from curator_app.cases import retention
from curator_app.cases.course_models import KEEPING_ROLES, RetentionAct
from curator_app.cases.ending_forms import EraseForm
from curator_app.desk.course_pages import Asking, ask
from curator_app.errors import Conflict, NotVisible
from curator_app.extensions import db
from curator_app.visits.withdrawal import take_all_back

blueprint = Blueprint("retention", __name__)


@blueprint.get("/retention")
@signed_in
@at_a_desk(*KEEPING_ROLES)
def index() -> str:
    """Show whose term is over, and the acts."""
    person, on, session = reader().person, own_today(), db.session()
    try:
        after = uuid.UUID(request.args.get("after", ""))
    except ValueError:
        after = None
    found, acts = retention.over(session, person, on, after), retention.acts(session, person, on)
    html = htmx.page("cases/course/retention.html", person=person, office=True, found=found, acts=acts)
    note_reading("retention:listed", reader())
    return html


@blueprint.route("/retention/<uuid:family_id>", methods=["GET", "POST"])
@signed_in
@at_a_desk(*KEEPING_ROLES)
def erase(family_id: uuid.UUID) -> Any:
    """Erase a family's content by an act."""
    session, on = db.session(), own_today()
    one = retention.over_of(session, reader().person, on, family_id)
    if one is None:
        raise NotVisible
    words = texts.tables()["course"]["retention"]
    facts = [
        (texts.text("course.retention.closed", day=f"{one.closed_on:%d.%m.%Y}"), one.family.surname),
        (texts.text("course.retention.kept_until", day=f"{one.kept_until:%d.%m.%Y}"), one.family.territory.name),
    ]
    back, here = ("/retention", words["title"]), f"/retention/{family_id}"
    page = Asking(words["erase_title"], here, back, words["sure"], facts=facts, save=words["erase"])
    form = EraseForm(today=on)
    if not form.validate_on_submit():
        return (ask(form, page), 422) if form.is_submitted() else ask(form, page)
    try:
        take_all_back(session, family_id)
        act = retention.erase(session, one, form.basis.data or "", on, reader())
    except Conflict:
        session.rollback()
        return redirect("/retention", 303)
    where = f"/retention/acts/{act.id}"
    session.commit()
    return redirect(where, 303)


@blueprint.get("/retention/acts/<uuid:act_id>")
@signed_in
@at_a_desk(*KEEPING_ROLES)
def act(act_id: uuid.UUID) -> str:
    """Show an act, to be printed."""
    row = get_visible(RetentionAct, act_id)
    html = htmx.page("cases/course/act.html", person=reader().person, office=True, act=row)
    note_reading("retention:act", reader(), family_id=row.family_id, object_id=act_id)
    return html
