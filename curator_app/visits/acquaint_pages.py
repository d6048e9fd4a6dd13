"""The forms of an acquaintance and of a receipt as text, for a route and for the field kit alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.auth.models import SignIn
from curator_app.cases.channel_pages import card_words
from curator_app.cases.stepping import ground_of, hindrance
from curator_app.cases.steps import steps
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.acquaint_form import ACQUAINTANCE_FORM, RECEIPT_FORM
from curator_app.visits.acquainting import ACQUAINTED, RECEIVED, acts_done, open_case

Errors = Mapping[str, Sequence[str]]


def acquaintance_html(
    reader: SignIn,
    family: Family,
    *,
    kit: bool = False,
    values: MultiDict[str, str] | None = None,
    errors: Errors | None = None,
    home: str = "",
) -> str:
    """Render the form of an act. On a phone it holds no id: the phone mints it when the first word is typed."""
    case = open_case(db.session(), family)
    ground = ground_of(db.session(), case) if case else None
    return _render(
        "visits/acquaintance.html",
        reader,
        family,
        kit=kit,
        values=values,
        errors=errors,
        home=home or f"/families/{family.id}/acquaintances",
        form_version=ACQUAINTANCE_FORM,
        acts=acts_done(ground) if ground else [],
        why_not=hindrance(ground, ACQUAINTED, steps()[ACQUAINTED]) if ground else "",
        receives=ground is not None and ground.knows(RECEIVED, steps()[RECEIVED]),
        card=card_words(family),
    )


def receipt_html(
    reader: SignIn,
    family: Family,
    *,
    kit: bool = False,
    values: MultiDict[str, str] | None = None,
    errors: Errors | None = None,
    home: str = "",
) -> str:
    """Render «Постановление получено»."""
    case = open_case(db.session(), family)
    ground = ground_of(db.session(), case) if case else None
    if ground and not ground.knows(RECEIVED, steps()[RECEIVED]):
        ground = None
    received = [fact.on for fact in ground.facts if fact.type == RECEIVED] if ground else []
    return _render(
        "visits/acknowledgement.html",
        reader,
        family,
        kit=kit,
        values=values,
        errors=errors,
        home=home or f"/families/{family.id}/acknowledgements",
        form_version=RECEIPT_FORM,
        received=received,
        receives=ground is not None,
        why_not=hindrance(ground, RECEIVED, steps()[RECEIVED]) if ground else "",
    )


def _render(
    template: str,
    reader: SignIn,
    family: Family,
    *,
    kit: bool,
    values: MultiDict[str, str] | None,
    errors: Errors | None,
    **more: object,
) -> str:
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    return render(
        template,
        family=family,
        office=office,
        person=reader.person,
        values=values or MultiDict([("id", str(uuid7()))] if office else []),
        errors=errors or {},
        today=today(family.territory.zone),
        **more,
    )
