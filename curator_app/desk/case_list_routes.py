"""«Случаи» at the office: what goes on, alarms and passed days first, narrowed by what stands in the address."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request

from curator_app import htmx, texts
from curator_app.audit.service import not_too_fast, note_reading
from curator_app.auth.access import own_today, reader, reads, signed_in
from curator_app.auth.models import HEAD, Person
from curator_app.desk.case_list import COUNTED, CasePage, case_page, found_cases
from curator_app.desk.case_list_wanted import Wanted, choices, may_list
from curator_app.errors import NotVisible, TooFast
from curator_app.extensions import db
from curator_app.families.search import MOST
from curator_app.subjects.line_models import LINED, reach_of

blueprint = Blueprint("case_list", __name__)

MOST_TEXT = 100
SEARCHES, WITHIN = 60, timedelta(minutes=1)
"""As many as of families: nobody types faster."""


@blueprint.get("/cases")
@signed_in
def index() -> str:
    """Show the open cases of those whom the reader answers for."""
    person, on = reader().person, own_today()
    if reader().enrolment.is_field or not may_list(person, on):
        raise NotVisible
    page = case_page(db.session(), person, on, _wanted(), _uuid("after"))
    html = _html(page)
    note_reading("cases:listed", reader())
    return html


@blueprint.post("/cases/find")
@reads
@signed_in
def find() -> Any:
    """Show the cases of families that fit what was typed. Posted: a name has no place in an address or a log."""
    person, on = reader().person, own_today()
    if reader().enrolment.is_field or not may_list(person, on):
        raise NotVisible
    text, wanted = request.form.get("text", "").strip()[:MOST_TEXT], _wanted()
    if not text:
        return redirect(narrowed(wanted), 303)
    try:
        not_too_fast(db.session(), "cases:searched", reader().person_id, most=SEARCHES, within=WITHIN)
    except TooFast as refusal:
        wait = texts.refusal("search_too_fast", n=refusal.retry_after_seconds)
        sent = {"Retry-After": str(refusal.retry_after_seconds)}
        return _html(CasePage([]), text, wait), refusal.status, sent
    html = _html(found_cases(db.session(), person, on, wanted, text), text)
    note_reading("cases:searched", reader())
    # The filters stay in the address, the words do not.
    return html, 200, {"HX-Push-Url": narrowed(wanted)}


def _html(page: CasePage, text: str = "", wait: Any = None) -> str:
    person, on, wanted = reader().person, own_today(), _wanted()
    return htmx.page(
        "cases/index.html",
        person=person,
        office=True,
        wanted=wanted,
        narrowed=narrowed,
        page=page,
        choices=choices(db.session(), reach_of(db.session(), person, on), on, wanted),
        heads=person.has_role(HEAD, on),
        today=on,
        asked=text,
        wait=wait,
        most=MOST,
        counted=f"{COUNTED:,}".replace(",", "\N{NO-BREAK SPACE}"),
    )


@blueprint.app_template_global()
def lists_cases(person: Person) -> bool:
    """Tell whether the head of a page offers «Случаи»."""
    return may_list(person, own_today())


def narrowed(wanted: Wanted, path: str = "/cases", **more: object) -> str:
    """Return the address of the list as it is narrowed, with something said otherwise."""
    pairs = {**asdict(wanted), **more}
    said = urlencode([(name, "1" if value is True else str(value)) for name, value in pairs.items() if value])
    return f"{path}?{said}" if said else path


def _wanted() -> Wanted:
    """Read what the address asks for; what it cannot mean asks for nothing."""
    given = request.values
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
        return uuid.UUID(request.values.get(name, ""))
    except ValueError:
        return None
