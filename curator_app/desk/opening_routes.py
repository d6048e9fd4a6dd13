"""«Открыть случай по постановлению»: from the page of what the family had until then."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, redirect
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases import by_resolution
from curator_app.cases.curators import seats
from curator_app.cases.opening import CASE, OF_AGE, Opening, Resolution, standing
from curator_app.cases.stepping import StepRefused, wrong_day
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.people_forms import LINE, TEXT, long, said_day, stripped
from curator_app.desk.taking import take
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.office_forms import DeskDay, DeskForm

blueprint = Blueprint("openings", __name__)


class OpeningForm(DeskForm):
    """The paper, whom it is about, and who carries the case."""

    number = StringField(filters=[stripped], validators=[DataRequired(texts.text("steps.wrong_needed")), long(LINE)])
    on = DeskDay(validators=[said_day()])
    wording = TextAreaField(filters=[stripped], validators=[long(TEXT)])
    children = SelectMultipleField()
    curator = SelectField()

    def offer(self, family: Family, opened: Opened) -> None:
        """Say which children and which curators may be chosen."""
        young = [one for one in family.children if one.died_on is None and (one.age(opened.on) or 0) < OF_AGE]
        self.children.choices = [(str(one.id), one.name) for one in young]
        free = seats(db.session(), family.territory_id, opened.on)
        self.curator.choices = [("", texts.text("opening.later")), *((one.key, one.words) for one in free)]
        self.today = opened.on

    def validate_on(self, field: DeskDay) -> None:
        """Refuse a day that has not come, or was too long ago."""
        if field.data and (wrong := wrong_day(field.data, self.today)):
            raise ValidationError(wrong)

    def validate_children(self, field: SelectMultipleField) -> None:
        """Ask for one at least: with none named it would be about all of them."""
        if not field.data:
            raise ValidationError(texts.text("opening.no_child"))


@blueprint.get("/subjects/<uuid:subject_id>/opening")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Offer the form to who may write the paper down, and say to others who may, or by what a case opens here."""
    opened, family = _opened(subject_id)
    form = OpeningForm(formdata=None, data={"on": opened.on})
    form.offer(family, opened)
    form.children.data = [value for value, _name in form.children.choices or ()]
    html = _page(opened, family, form)
    note_reading("case:opening", reader(), family_id=family.id, object_id=subject_id)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/opening")
@signed_in
def begin(subject_id: uuid.UUID) -> Any:
    """Open the case; name its curator where one was chosen."""
    opened, family = _opened(subject_id)
    form = OpeningForm()
    form.offer(family, opened)
    if not opened.hats & by_resolution.OPENERS:
        return _page(opened, family, form), 422
    if not form.validate():
        return _page(opened, family, form), 422
    on: date = form.on.data
    paper = Resolution(form.number.data or "", on, form.wording.data or "")
    named = [uuid.UUID(value) for value in form.children.data or ()]
    said = Opening(on, reader().person, reader().enrolment, resolution=paper, children=named)
    try:
        case = by_resolution.open_by_resolution(db.session(), family, said, reader())
        if form.curator.data:
            person, place = (uuid.UUID(key) for key in form.curator.data.split("@"))
            answers = {"person": person, "organisation": place, "number": paper.number}
            take(case, "curator_assigned", answers, on)
    except StepRefused as refusal:
        db.session.rollback()
        opened, family = _opened(subject_id)
        return _page(opened, family, form, refusal.sentence), 422
    where = f"/cases/{case.id}"
    db.session.commit()
    return redirect(where, 303)


def _opened(subject_id: uuid.UUID) -> tuple[Opened, Family]:
    opened = open_subject(subject_id, "early_help", "aftercare", "case")
    family = db.session.get(Family, opened.subject.family_id) if opened.subject.family_id else None
    if family is None or not opened.layers or not by_resolution.is_here(opened.subject, family):
        raise NotVisible
    return opened, family


def _page(opened: Opened, family: Family, form: OpeningForm, refusal: str = "") -> str:
    open_already = standing(db.session(), family.id, CASE) is not None
    not_yours = "" if opened.hats & by_resolution.OPENERS else texts.text("opening.not_yours")
    return htmx.page(
        "cases/opening.html",
        person=reader().person,
        office=True,
        subject=opened.subject,
        family=family,
        form=form,
        errors=form.sentences(),
        refusal=refusal,
        hindered=by_resolution.why_not(family.territory)
        or (texts.text("opening.is_open") if open_already and not refusal else "")
        or not_yours,
        today=opened.on,
    )
