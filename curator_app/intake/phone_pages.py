"""The form by which somebody on the road tells of another family, for the field kit and for a phone that is online."""

from __future__ import annotations

from flask import Blueprint, redirect
from sqlalchemy import select

from curator_app import htmx
from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.auth.models import Organisation, Person, Role, SignIn, Territory
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.intake.notice_routes import SOURCE_OF

blueprint = Blueprint("phone_signal", __name__)

FORM_VERSION = "signal@1"
CHILDREN = 2


def own_territories(person: Person) -> list[Territory]:
    """Return the territories in which the person works: where what she tells is taken in."""
    mine = select(Organisation.territory_id).join(Role, Role.organisation_id == Organisation.id)
    mine = mine.where(Role.person_id == person.id)
    return list(db.session.scalars(select(Territory).where(Territory.id.in_(mine)).order_by(Territory.name)))


def signal_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render the form. It holds no id: the phone mints one at the first word."""
    roles = reader.person.roles
    on = today(roles[0].organisation.territory.zone if roles else "Europe/Moscow")
    held = [role for role in roles if role.is_held(on)]
    render = htmx.fragment if kit else htmx.page
    return render(
        "signals/phone.html",
        person=reader.person,
        office=False,
        raw=False,
        form_version=FORM_VERSION,
        territories=own_territories(reader.person),
        source=SOURCE_OF.get(held[0].organisation.kind, "") if held else "",
        children=range(CHILDREN),
    )


@blueprint.get("/signal")
@signed_in
def new() -> object:
    """Show the form on a phone; at a desk a notice has a page of its own."""
    if not reader().enrolment.is_field:
        return redirect("/notices/new", 303)
    html = signal_html(reader())
    note_reading("signal:begun", reader())
    return html
