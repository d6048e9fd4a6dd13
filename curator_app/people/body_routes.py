"""«Комиссия и группы» of a territory: seats with their first and last days."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, redirect
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, reader, signed_in
from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.clock import today
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.people import bodies, pages
from curator_app.people.access import administers
from curator_app.people.forms import DayField, EndForm, OfficeForm, said
from curator_app.subjects.models import Assignment

blueprint = Blueprint("seats", __name__)

Errors = dict[str, list[str]]


class SeatForm(OfficeForm):
    """Who comes in, as what, from which day to which."""

    seat = SelectField(validate_choice=False)
    role = SelectField(validate_choice=False)
    since = DayField(validators=[InputRequired(said("day"))])
    until = DayField(validators=[Optional()])

    def offer(self, body: bodies.Body, free: list[tuple[Person, Organisation]]) -> None:
        """Say who may be chosen, and as what."""
        words = [(f"{one.id}@{place.id}", f"{one.name}, {place.name}") for one, place in free]
        self.seat.choices = [("", texts.text("steps.choose")), *words]
        self.role.choices = [(role, texts.text(f"people.roles.{role}")) for role in reversed(body.roles)]

    def validate_seat(self, field: SelectField) -> None:
        """Refuse who was not offered, and nobody."""
        if not field.data or field.data not in [value for value, _words in field.choices or ()]:
            raise ValidationError(said("person"))

    def validate_role(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        if field.data not in [value for value, _words in field.choices or ()]:
            raise ValidationError(said("role"))

    def validate_until(self, field: DayField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(said("until"))


@blueprint.get("/territories/<uuid:territory_id>/bodies")
@signed_in
@administers
def index(territory_id: uuid.UUID) -> str:
    """Show who sits in the commission and in the groups."""
    html = _page(get_visible(Territory, territory_id))
    note_reading("seats:listed", reader(), object_id=territory_id)
    return html


@blueprint.post("/territories/<uuid:territory_id>/bodies/<uuid:body_id>")
@signed_in
@administers
def sit(territory_id: uuid.UUID, body_id: uuid.UUID) -> Any:
    """Give somebody a seat."""
    territory, body = _found(territory_id, body_id)
    form = SeatForm()
    free = bodies.people_in(db.session(), territory, today(territory.zone))
    form.offer(body, free)
    if not form.validate():
        return _page(territory, body_id, form, form.sentences()), 422
    person, place = next(one for one in free if form.seat.data == f"{one[0].id}@{one[1].id}")
    seat = bodies.Seat(person, place, form.role.data, form.since.data, form.until.data)
    try:
        bodies.sit(db.session(), body, seat, reader())
    except Refused as refusal:
        db.session.rollback()
        return _page(get_visible(Territory, territory_id), body_id, form, pages.sentences(refusal)), 422
    return _done(territory_id)


@blueprint.post("/territories/<uuid:territory_id>/bodies/<uuid:body_id>/<uuid:row_id>/end")
@signed_in
@administers
def leave(territory_id: uuid.UUID, body_id: uuid.UUID, row_id: uuid.UUID) -> Any:
    """Let a seat end with a day."""
    territory, body = _found(territory_id, body_id)
    form, row = EndForm(), _row(body, row_id)
    errors = {} if form.validate() else form.sentences()
    if not errors:
        errors = _refused(lambda last: bodies.leave(db.session(), row, last, reader()), form.until.data)
    if errors:
        return _page(territory, body_id, None, {"end": errors["until"]}), 422
    return _done(territory_id)


@blueprint.post("/territories/<uuid:territory_id>/bodies/<uuid:body_id>/<uuid:row_id>/keep")
@signed_in
@administers
def keep(territory_id: uuid.UUID, body_id: uuid.UUID, row_id: uuid.UUID) -> Any:
    """Take the end of a seat back."""
    territory, body = _found(territory_id, body_id)
    row = _row(body, row_id)
    errors = _refused(lambda _day: bodies.keep(db.session(), body, row, reader()), date.max)
    if errors:
        return _page(territory, body_id, None, {"end": next(iter(errors.values()))}), 422
    return _done(territory_id)


def _refused(act: Any, day: date) -> Errors:
    try:
        act(day)
    except Refused as refusal:
        return pages.sentences(refusal)
    return {}


def _done(territory_id: uuid.UUID) -> Any:
    db.session.commit()
    return redirect(f"/territories/{territory_id}/bodies", 303)


def _found(territory_id: uuid.UUID, body_id: uuid.UUID) -> tuple[Territory, bodies.Body]:
    territory = get_visible(Territory, territory_id)
    there = bodies.bodies_in(db.session(), territory, today(territory.zone))
    body = next((one for one in there if one.made.id == body_id), None)
    if body is None:
        raise NotVisible
    return territory, body


def _row(body: bodies.Body, row_id: uuid.UUID) -> Role | Assignment:
    row = next((one for one in body.rows if one.id == row_id), None)
    if row is None:
        raise NotVisible
    return row


def _page(
    territory: Territory, wrong_in: uuid.UUID | None = None, form: SeatForm | None = None, errors: Errors | None = None
) -> str:
    on = today(territory.zone)
    free = bodies.people_in(db.session(), territory, on)
    shown = []
    for body in bodies.bodies_in(db.session(), territory, on):
        mine = body.made.id == wrong_in
        asked = form if mine and form is not None else SeatForm(formdata=None, data={"since": on})
        asked.offer(body, free)
        shown.append((body, asked, errors or {} if mine else {}))
    return htmx.page("people/bodies.html", person=reader().person, office=True, one=territory, shown=shown, today=on)
