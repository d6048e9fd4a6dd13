"""The page of a case, of early help or of aftercare: whose turn it is, what is owed, what can be recorded, what was."""

from __future__ import annotations

import uuid

from flask import Blueprint, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.steps import step_for
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.case_history import told
from curator_app.desk.case_sections import SECTIONS
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.layers import sight_of
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import load_profile

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/<uuid:subject_id>")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show a subject's page, with what the reader's layers open of it."""
    opened, session = open_subject(subject_id, "case", "early_help", "aftercare"), db.session()
    subject, person = opened.subject, reader().person
    family = session.get(Family, subject.family_id) if subject.family_id else None
    child, narrows = _child(), {one.id: one for one in family.children} if family and opened.layers else {}
    if child is not None and child not in narrows:
        raise NotVisible
    found = {name: section(session, opened) for name, section in SECTIONS.items() if name != "history"}
    sight = sight_of(session, person, opened.on, [family] if family else [])
    html = htmx.page(
        "cases/show.html",
        person=person,
        office=True,
        subject=subject,
        family=family,
        raw="raw" in opened.layers,
        card="shared" in opened.layers,
        protects=_protects(opened),
        address=sight.address(family) if family else "",
        profile=load_profile(subject.procedure),
        hats=opened.hats,
        layers=opened.layers,
        sections=found | {"history": told(session, opened, child)},
        narrows=list(narrows.values()),
        zone=subject.territory.zone,
        today=opened.on,
    )
    note_reading("case:read", reader(), family_id=subject.family_id, object_id=subject_id)
    return html


def _protects(opened: Opened) -> bool:
    """Tell whether the reader may write first measures down."""
    step = step_for("first_measures_set", opened.subject.kind)
    return step is not None and bool(opened.hats & set(step.by))


def _child() -> uuid.UUID | None:
    """Return whom the timeline is narrowed to; raise NotVisible for what names nobody."""
    said = request.args.get("child", "")
    try:
        return uuid.UUID(said) if said else None
    except ValueError:
        raise NotVisible from None
