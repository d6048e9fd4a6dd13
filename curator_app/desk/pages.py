"""A family's pages as text: the same function serves a route and the field kit, so they cannot differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from curator_app import htmx
from curator_app.auth.models import SignIn
from curator_app.clock import today
from curator_app.desk import service
from curator_app.extensions import db
from curator_app.families.layers import sight_of
from curator_app.families.models import Family
from curator_app.procedures.form_definition import Chip
from curator_app.procedures.forms_loader import load_form
from curator_app.subjects.service import is_assigned
from curator_app.visits.agreements import Promise
from curator_app.visits.before import open_promises
from curator_app.visits.forms import form_in_force
from curator_app.visits.promises import own_lines
from curator_app.visits.service import to_supplement


def today_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render «Сегодня» of a person."""
    on = zone_today(reader)
    rows = service.families_of(db.session(), reader.person, on)
    promises = own_lines(db.session(), reader.person, on)
    return _render(
        "today.html",
        reader,
        kit=kit,
        rows=rows,
        today=on,
        promises=promises,
        tick=True,
        reasons=_reasons(promises),
        unfinished=to_supplement(db.session(), reader.person, on),
    )


def families_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render the list of a person's families."""
    on = zone_today(reader)
    rows = sorted(service.families_of(db.session(), reader.person, on), key=lambda row: row.family.surname)
    return _render("families/index.html", reader, kit=kit, rows=rows, today=on)


def dossier_html(reader: SignIn, family: Family, *, kit: bool = False) -> str:
    """Render a family's dossier with its timeline; without the raw layer, the shared card."""
    on = today(family.territory.zone)
    sight = sight_of(db.session(), reader.person, zone_today(reader), [family])
    raw = sight.sees_raw(family)
    promises = open_promises(db.session(), family) if raw else []
    return _render(
        "families/show.html",
        reader,
        kit=kit,
        family=family,
        raw=raw,
        writes=is_assigned(db.session(), family.id, reader.person, on),
        address=sight.address(family),
        promises=promises,
        reasons=_reasons(promises),
        tick=True,
        cautions=family.cautions_on(on),
        values={},
        errors={},
        curator=service.curator_of(db.session(), family, on),
        entries=service.timeline(db.session(), family, raw=raw),
        version=service.timeline_version(db.session(), family),
        today=on,
    )


def timeline_html(reader: SignIn, family: Family) -> str:
    """Render the timeline alone, for the head's page that watches it."""
    raw = sight_of(db.session(), reader.person, zone_today(reader), [family]).sees_raw(family)
    return htmx.fragment(
        "families/_timeline.html",
        person=reader.person,
        curator=service.curator_of(db.session(), family, zone_today(reader)),
        family=family,
        raw=raw,
        entries=service.timeline(db.session(), family, raw=raw),
        version=service.timeline_version(db.session(), family),
        today=today(family.territory.zone),
        office=not reader.enrolment.is_field,
    )


def outbox_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render the frame of «Отправка»; the phone fills it from its own queue."""
    return _render("outbox.html", reader, kit=kit)


def more_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render «Ещё»."""
    return _render("more.html", reader, kit=kit)


def _reasons(promises: Sequence[Promise]) -> tuple[Chip, ...]:
    """Return what may have hindered a promise, in the words of the form in force where the first family lives."""
    return load_form(form_in_force(promises[0].family.territory)).promise_reasons if promises else ()


def zone_today(reader: SignIn) -> date:
    """Return today where the person works."""
    roles = reader.person.roles
    return today(roles[0].organisation.territory.zone if roles else "Europe/Moscow")


def _render(template: str, reader: SignIn, *, kit: bool, **context: object) -> str:
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    return render(template, person=reader.person, office=office, **context)
