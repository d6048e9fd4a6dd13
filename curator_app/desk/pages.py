"""A family's pages as text: the same function serves a route and the field kit, so they cannot differ."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from curator_app import htmx, texts
from curator_app.auth.models import SignIn
from curator_app.cases import handovers
from curator_app.cases.safety_view import of_family
from curator_app.clock import today
from curator_app.desk import lists, service
from curator_app.desk.day import day_of
from curator_app.desk.day_pages import territory_of
from curator_app.desk.whereabouts import away_among
from curator_app.extensions import db
from curator_app.families.layers import sight_of
from curator_app.families.models import Family
from curator_app.families.search import MOST
from curator_app.intake.investigating import looked_into_by
from curator_app.procedures.form_definition import Chip
from curator_app.procedures.forms_loader import load_form
from curator_app.procedures.term_words import term_of
from curator_app.subjects.reasons import began_by, owed_among
from curator_app.subjects.service import is_assigned
from curator_app.urgent.duty import keeps_duty
from curator_app.visits.agreements import Promise
from curator_app.visits.before import open_promises
from curator_app.visits.forms import form_in_force
from curator_app.visits.planning_pages import working_days
from curator_app.visits.promises import own_lines
from curator_app.visits.service import to_supplement

OFFICE_ROWS = 50
PHONE_ROWS = 200


def today_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render «Сегодня» of a person."""
    on = zone_today(reader)
    turns = lists.turns_of(db.session(), reader.person, on, _most(reader))
    promises = own_lines(db.session(), reader.person, on)
    return _render(
        "today.html",
        reader,
        kit=kit,
        day=day_of(db.session(), reader.person, on, turns, working_days(territory_of(reader.person))),
        rows=turns.rows,
        whole=turns.is_whole,
        today=on,
        promises=promises,
        investigations=looked_into_by(db.session(), reader.person, on) if not reader.enrolment.is_field else (),
        briefs=handovers.waiting_for(db.session(), reader.person),
        tick=True,
        reasons=_reasons(promises),
        unfinished=to_supplement(db.session(), reader.person, on),
        keeps_duty=keeps_duty(reader.person, on),
    )


def families_html(reader: SignIn, *, kit: bool = False, after: uuid.UUID | None = None) -> str:
    """Render a page of the list of a person's families: by surname, those behind the family `after`."""
    on = zone_today(reader)
    page = lists.family_page(db.session(), reader.person, on, _most(reader), after)
    return _render("families/index.html", reader, kit=kit, page=page, rows=page.rows, today=on, asked="")


def found_html(reader: SignIn, asked: str) -> str:
    """Render what a search found: into the list's page as it stands, or as a page of its own without scripts."""
    on = zone_today(reader)
    if not asked.strip():
        page = lists.family_page(db.session(), reader.person, on, _most(reader))
    else:
        page = lists.FamilyPage(lists.found_families(db.session(), reader.person, on, asked))
    return _found(reader, page, asked, on)


def too_fast_html(reader: SignIn, asked: str, seconds: int) -> str:
    """Render the list's place while one has to wait: what was typed stays where it was typed."""
    refusal = texts.refusal("search_too_fast", n=seconds)
    return _found(reader, lists.FamilyPage([]), asked, zone_today(reader), refusal=refusal)


def _found(reader: SignIn, page: lists.FamilyPage, asked: str, on: date, **more: object) -> str:
    shown = {"most_found": MOST, "page": page, "rows": page.rows, "today": on}
    context: dict[str, object] = {**shown, "asked": asked.strip(), **more}
    if not htmx.wants_fragment():
        return _render("families/index.html", reader, kit=False, **context)
    return htmx.fragment("families/_found.html", office=not reader.enrolment.is_field, **context)


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
        subjects=[] if reader.enrolment.is_field else service.subjects_of(db.session(), family, reader.person),
        away=away_among(db.session(), [family.id], on, [family.id] if raw else [])[family.id],
        duties=owed_among(db.session(), reader.person, [family.id], on)[family.id],
        began_by=began_by,
        term_of=term_of,
        cautions=family.cautions_on(on),
        handover=handovers.waiting_in(db.session(), reader.person, family.id) if raw else None,
        plans=of_family(db.session(), family, reader.person, on, raw=raw),
        values={},
        errors={},
        curator=service.curator_of(db.session(), family, on),
        entries=service.timeline(db.session(), family, reader.person, zone_today(reader), raw=raw),
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
        entries=service.timeline(db.session(), family, reader.person, zone_today(reader), raw=raw),
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


def _most(reader: SignIn) -> int:
    """Return how many families one page shows: a phone takes all of its curator's along."""
    return PHONE_ROWS if reader.enrolment.is_field else OFFICE_ROWS


def zone_today(reader: SignIn) -> date:
    """Return today where the person works."""
    roles = reader.person.roles
    return today(roles[0].organisation.territory.zone if roles else "Europe/Moscow")


def _render(template: str, reader: SignIn, *, kit: bool, **context: object) -> str:
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    return render(template, person=reader.person, office=office, **context)
