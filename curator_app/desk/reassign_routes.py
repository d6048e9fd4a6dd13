"""Several cases of one curator go to another at once: a head's business, each case by the same step."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import at_a_desk, get_visible, own_today, reader, signed_in
from curator_app.auth.models import HEAD, Person
from curator_app.cases import curators
from curator_app.cases.stepping import StepRefused
from curator_app.desk.people_forms import CasesForm
from curator_app.desk.taking import take
from curator_app.extensions import db
from curator_app.procedures.profiles_loader import load_profile

blueprint = Blueprint("reassigning", __name__)
heads = at_a_desk(HEAD)


@blueprint.get("/people/<uuid:person_id>/cases")
@signed_in
@heads
def show(person_id: uuid.UUID) -> str:
    """Show the cases of a curator, and offer to hand some of them over."""
    curator, carried = _carried(person_id)
    chosen = [str(one.subject_id) for one, _family in carried]
    html = _page(curator, carried, CasesForm(formdata=None, data={"on": own_today(), "cases": chosen}))
    note_reading("people:cases", reader(), object_id=person_id)
    return html


@blueprint.post("/people/<uuid:person_id>/cases")
@signed_in
@heads
def hand_over(person_id: uuid.UUID) -> Any:
    """Hand the chosen cases over to another curator; all of them or none."""
    curator, carried = _carried(person_id)
    form = CasesForm()
    _offer(form, carried)
    if not form.validate():
        return _page(curator, carried, form), 422
    chosen = [pair for pair in carried if str(pair[0].subject_id) in form.cases.data]
    if not chosen:
        return _page(curator, carried, form, texts.text("curators.hand_over.none_chosen")), 422
    for one, family in chosen:
        try:
            take(one.subject, "curator_replaced", form.answers(), form.on.data)
        except StepRefused as refusal:
            why = texts.text("curators.hand_over.of_case", family=family.surname, why=refusal.sentence)
            db.session.rollback()
            return _page(*_carried(person_id), form, why), 422
    db.session.commit()
    return redirect(f"/people/{person_id}", 303)


def _carried(person_id: uuid.UUID) -> tuple[Person, list[curators.Carried]]:
    curator = db.session.get(Person, person_id)
    carried = curators.carried_by(db.session(), curator, reader().person, own_today()) if curator else []
    # Who works here no more is on no list of people; what they left behind has to go to somebody all the same.
    return (curator, carried) if curator and carried else (get_visible(Person, person_id), carried)


def _offer(form: CasesForm, carried: list[curators.Carried]) -> None:
    """Offer the curators of the territories, and the grounds of the procedures, that these cases are of."""
    territories = {one.subject.territory_id for one, _family in carried}
    found = {seat.key: seat for key in territories for seat in curators.seats(db.session(), key, own_today())}
    found = {key: seat for key, seat in found.items() if seat.person.id not in {one.person_id for one, _f in carried}}
    keys = dict.fromkeys(one.subject.procedure for one, _family in carried)
    grounds = {one.id: one for key in keys for one in load_profile(key).replacement_grounds}
    form.offer(found.values(), list(grounds.values()), curators.loads(db.session(), found.values(), own_today()))


def _page(curator: Person, carried: list[curators.Carried], form: CasesForm, refusal: str = "") -> str:
    _offer(form, carried)
    return htmx.page(
        "cases/hand_over.html",
        person=reader().person,
        office=True,
        one=curator,
        carried=carried,
        form=form,
        errors=form.sentences(),
        refusal=refusal,
        today=own_today(),
    )
