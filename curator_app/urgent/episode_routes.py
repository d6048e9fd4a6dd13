"""What the duty person writes down while an emergency lasts: who was told, what was done, how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request

from curator_app.auth.access import reader, signed_in
from curator_app.clock import now
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.urgent import content, episode, pages
from curator_app.urgent.models import Alarm
from curator_app.urgent.routes import answered_by_me

blueprint = Blueprint("episode", __name__)

MAX_LINE_CHARS, MAX_TEXT_CHARS = 300, 2000


@blueprint.app_template_filter()
def need_words(need: str) -> str:
    """Name what was needed; an alarm that did not say is «Срочно»."""
    return content.label("needs", need) or str(content.content()["entry"]["label"])


@blueprint.app_template_filter()
def addressee_words(addressee: str) -> str:
    """Name a body; "" for one that is named by its own line."""
    return next((one["label"] for one in content.addressees() if one["id"] == addressee), "")


@blueprint.post("/duty/alarms/<uuid:alarm_id>/notices")
@signed_in
def tell(alarm_id: uuid.UUID) -> Any:
    """Write down that a body was told, must be told or need not be."""
    return _write(alarm_id, lambda row: episode.tell(db.session(), row, reader().person, _notice(row)))


@blueprint.post("/duty/alarms/<uuid:alarm_id>/done")
@signed_in
def done(alarm_id: uuid.UUID) -> Any:
    """Write down what was done."""
    words = _posted("done", MAX_TEXT_CHARS)
    return _write(alarm_id, lambda row: episode.note_done(db.session(), row, reader().person, words))


@blueprint.post("/duty/alarms/<uuid:alarm_id>/close")
@signed_in
def close(alarm_id: uuid.UUID) -> Any:
    """End the emergency as a named person decided."""
    words, decided_by = _posted("words", MAX_TEXT_CHARS), _posted("decided_by", MAX_LINE_CHARS)
    return _write(alarm_id, lambda row: episode.close(db.session(), row, reader().person, words, decided_by))


def _write(alarm_id: uuid.UUID, act: Callable[[Alarm], object]) -> Any:
    """Do it and show the alarm's page again; what does not hold stands beside what was typed."""
    row = answered_by_me(alarm_id)
    try:
        act(row)
    except Refused as refusal:
        db.session.rollback()
        typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
        wrong = pages.Wrong(request.path.rpartition("/")[2], refusal.fields, typed)
        return pages.alarm_html(reader(), answered_by_me(alarm_id), wrong=wrong), 422
    db.session.commit()
    return redirect(f"/duty/alarms/{alarm_id}", 303)


def _notice(row: Alarm) -> episode.Notice:
    words = {name: _posted(name, MAX_LINE_CHARS) for name in ("addressee", "name", "state", "how", "accepted_by")}
    return episode.Notice(**words, at=_moment(row), words=_posted("words", MAX_TEXT_CHARS))


def _moment(row: Alarm) -> datetime:
    """Return the moment as it was typed by the territory's clock; one that cannot be read is now."""
    try:
        typed = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        return now()
    return typed.replace(tzinfo=ZoneInfo(row.organisation.territory.zone))


def _posted(name: str, most: int) -> str:
    return request.form.get(name, "").strip()[:most]
