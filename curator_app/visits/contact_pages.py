"""The form of a contact as text, for a route and for the field kit alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from curator_app import htmx
from curator_app.auth.models import SignIn
from curator_app.cases.safety import plans_in_force
from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.procedures.contact_form import NEWEST_CONTACT, load_contact_form

PROMISES_OF_A_SIDE = 2


def contact_form_html(
    reader: SignIn,
    family: Family,
    *,
    kit: bool = False,
    values: MultiDict[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    home: str = "",
) -> str:
    """Render the form for one family. On a phone it holds no id: the phone mints it when the first word is typed.

    `home` is where it is posted to, if not as a new record of the family.
    """
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    return render(
        "visits/contact.html",
        form=load_contact_form(NEWEST_CONTACT),
        family=family,
        home=home or f"/families/{family.id}/contacts",
        office=office,
        person=reader.person,
        values=values or MultiDict([("id", str(uuid7()))] if office else []),
        errors=errors or {},
        today=today(family.territory.zone),
        rows_of_a_side=PROMISES_OF_A_SIDE,
        plans=plans_in_force(db.session(), [family.id]),
    )
