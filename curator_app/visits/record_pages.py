"""Pages of one recorded visit, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.auth.models import SignIn, Territory
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.forms import form_in_force
from curator_app.visits.models import Visit

_NAMES = re.compile(r'\bname="([^"]+)"')
FROZEN = frozenset({"acquaint_text", "acquaint_sha256", "acquaint_mark"})
NOT_TAKEN_OVER = frozenset({"id", "finish", "csrf_token"})


def record_html(reader: SignIn, visit: Visit) -> str:
    """Render one version of a visit, with the way to its neighbours."""
    newer = db.session.scalars(select(Visit).where(Visit.supersedes_id == visit.id)).first()
    return _page("visits/record.html", reader, visit, newer=newer)


def leaflet_html(reader: SignIn, visit: Visit) -> str:
    """Render the family's sheet of a recorded visit."""
    return _page("visits/leaflet.html", reader, visit, good=list(_strengths(visit)))


def _strengths(visit: Visit) -> Iterator[str]:
    """Yield what works, with the person it is about; that nothing was seen is no strength."""
    form = load_form(visit.form_version)
    skips = {chip.id for section in form.sections for chip in section.strengths if chip.skip}
    names = {member.id: member.name for member in visit.family.members}
    for one in visit.observations:
        if one.side == "strength" and one.item not in skips:
            label = form.label(one.item)
            yield f"{names[one.member_id]}: {label.lower()}" if one.member_id in names else label


def blank_html(reader: SignIn) -> str:
    """Render the form in force where the reader works, as paper."""
    roles = reader.person.roles
    territory = roles[0].organisation.territory if roles else Territory(visit_form="")
    form = load_form(form_in_force(territory))
    return htmx.page("visits/blank.html", form=form, person=reader.person, office=not reader.enrolment.is_field)


def amend_values(visit: Visit) -> MultiDict[str, str]:
    """Return what a visit says, as the form posts it, under an id of its own; a child's words come back from apart."""
    values = MultiDict((name, value) for name, value in visit.fields if name not in NOT_TAKEN_OVER)
    values["id"] = str(uuid7())
    for words in visit.child_words:
        for key in ("verbatim", "context", "question", "wish"):
            if getattr(words, key):
                values.add(f"child_words@{words.member_id}-{key}", getattr(words, key))
        for one in words.present:
            values.add(f"child_words@{words.member_id}-present", one)
    return values


class Said(Protocol):
    """What somebody wrote before: a recorded visit, or one that waits for a repair."""

    @property
    def fields(self) -> Sequence[Sequence[str]]:
        """The posted pairs as they came."""

    def value(self, name: str) -> str:
        """Return one of them, or an empty string."""


def carried_fields(visit: Said, posted: MultiDict[str, str], asked: str) -> Iterator[tuple[str, str]]:
    """Yield what the corrected version said where the office's form (as HTML) asks nothing: photos, a frozen text.

    The text and its mark stay with the answer they were given for; another answer is about no text.
    """
    names = {*_NAMES.findall(asked), *posted, *NOT_TAKEN_OVER}
    same_answer = posted.get("acquaint", "") == visit.value("acquaint")
    for name, value in visit.fields:
        if name not in names and (same_answer or name not in FROZEN):
            yield name, value


def _page(template: str, reader: SignIn, visit: Visit, **context: object) -> str:
    return htmx.page(
        template,
        visit=visit,
        family=visit.family,
        person=reader.person,
        office=not reader.enrolment.is_field,
        form=load_form(visit.form_version),
        today=today(visit.family.territory.zone),
        **context,
    )
