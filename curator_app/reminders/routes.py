"""«Напоминания»: what was said, the newest first; how much of it waits stands in the navigation."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Flask, redirect, request

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, own_today, own_zone, reader, signed_in
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.reminders import lines
from curator_app.reminders.delays import may_explain
from curator_app.reminders.models import Reminder
from curator_app.reminders.support import is_offered

blueprint = Blueprint("reminders", __name__)


@blueprint.get("/reminders")
@signed_in
def index() -> str:
    """Show a page of one's reminders."""
    if reader().enrolment.is_field and not htmx.wants_fragment():
        # A phone's whole page would show itself without a finger.
        raise NotVisible
    after = request.args.get("after", type=uuid.UUID)
    shown = lines.page_of(db.session(), reader().person, own_today(), after, phone=reader().enrolment.is_field)
    waiting = lines.unread(db.session(), reader().person, own_today())
    html = _page("reminders/index.html", shown=shown, waiting=waiting, later=after is not None)
    note_reading("reminders:listed", reader())
    return html


@blueprint.post("/reminders/read")
@signed_in
def read_all() -> Any:
    """Mark everything as read."""
    lines.mark_read(db.session(), reader().person, own_today())
    db.session.commit()
    return redirect("/reminders", 303)


@blueprint.post("/reminders/<uuid:reminder_id>/read")
@signed_in
def read(reminder_id: uuid.UUID) -> Any:
    """Mark one as read and lead to what it is about."""
    one = get_visible(Reminder, reminder_id)
    lines.mark_read(db.session(), reader().person, own_today(), one.id)
    path = lines.path_for(db.session(), one, reader().person, own_today(), phone=reader().enrolment.is_field)
    db.session.commit()
    return redirect(path, 303)


@blueprint.get("/reminders/count")
@signed_in
def count() -> Any:
    """Give the number for the navigation and the app's badge."""
    waiting = lines.unread(db.session(), reader().person, own_today())
    return {"waiting": waiting}


def register(app: Flask) -> None:
    """Let every page say how much waits, and moments by the reader's clock."""
    app.jinja_env.globals["reminders_waiting"] = lambda person: lines.unread(db.session(), person, own_today())
    app.jinja_env.globals["own_zone"] = own_zone
    app.jinja_env.globals["explains_delay"] = lambda person, duty: may_explain(db.session(), person, duty, own_today())
    app.jinja_env.globals["support_offered"] = lambda person: is_offered(db.session(), person)


def _page(template: str, **context: object) -> str:
    office = not reader().enrolment.is_field
    return htmx.page(template, person=reader().person, office=office, **context)
