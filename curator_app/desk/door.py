"""«Перед дверью» as text, for a route and for the field kit alike."""

from __future__ import annotations

from curator_app import htmx
from curator_app.auth.models import SignIn
from curator_app.cases import handovers
from curator_app.cases.safety_view import of_family
from curator_app.clock import today
from curator_app.desk.before_door import brief
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.service import is_assigned
from curator_app.visits.forms import form_in_force


def door_html(reader: SignIn, family: Family, *, kit: bool = False) -> str:
    """Render what one wants to know before knocking; the reader sees the raw layer of this family."""
    on = today(family.territory.zone)
    render = htmx.fragment if kit else htmx.page
    return render(
        "families/door.html",
        family=family,
        address=family.address,
        plans=of_family(db.session(), family, reader.person, on, raw=True),
        handover=handovers.waiting_in(db.session(), reader.person, family.id),
        brief=brief(db.session(), family, on, form_in_force(family.territory)),
        writes=is_assigned(db.session(), family.id, reader.person, on),
        office=not reader.enrolment.is_field,
        person=reader.person,
        today=on,
    )
