"""«Случаи» at the office: what goes on, alarms and passed days first, narrowed by what stands in the address."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from urllib.parse import urlencode

from flask import Blueprint, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import own_today, reader, signed_in
from curator_app.auth.models import HEAD, Person
from curator_app.desk.case_list import Wanted, case_page, choices, may_list
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.subjects.line_models import LINED

blueprint = Blueprint("case_list", __name__)


@blueprint.get("/cases")
@signed_in
def index() -> str:
    """Show the open cases of those whom the reader answers for."""
    person, on = reader().person, own_today()
    if reader().enrolment.is_field or not may_list(person, on):
        raise NotVisible
    wanted = _wanted()
    html = htmx.page(
        "cases/index.html",
        person=person,
        office=True,
        wanted=wanted,
        narrowed=narrowed,
        page=case_page(db.session(), person, on, wanted, _uuid("after")),
        choices=choices(db.session(), person, on),
        heads=person.has_role(HEAD, on),
        today=on,
    )
    note_reading("cases:listed", reader())
    return html


@blueprint.app_template_global()
def lists_cases(person: Person) -> bool:
    """Tell whether the head of a page offers «Случаи»."""
    return may_list(person, own_today())


def narrowed(wanted: Wanted, **more: object) -> str:
    """Return the address of the list as it is narrowed, with something said otherwise."""
    pairs = {**asdict(wanted), **more}
    said = urlencode([(name, "1" if value is True else str(value)) for name, value in pairs.items() if value])
    return f"/cases?{said}" if said else "/cases"


def _wanted() -> Wanted:
    """Read what the address asks for; what it cannot mean asks for nothing."""
    given = request.args
    return Wanted(
        late=given.get("late") == "1",
        kind=given.get("kind", "") if given.get("kind") in LINED else "",
        stage=given.get("stage", "")[:80],
        territory=_uuid("territory"),
        organisation=_uuid("organisation"),
        curator=_uuid("curator"),
    )


def _uuid(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return None
