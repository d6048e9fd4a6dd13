"""«Территории», an administrator's business: where, by which clock, under which procedure, whom «Срочно» calls."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request

from curator_app import htmx, texts
from curator_app.audit.service import note_reading
from curator_app.auth.access import get_visible, reader, signed_in
from curator_app.auth.models import Territory
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.people import pages, service, territories
from curator_app.people.access import administers
from curator_app.people.forms import MAX_CHARS, TerritoryForm, said
from curator_app.urgent.content import content

blueprint = Blueprint("territories", __name__)

NEW = {"zone": "Europe/Moscow", "photos": "on", "public_signals": "off", "unconfirmed_months": "6", "kept_years": "5"}

_NUMBER = re.compile(r"\+?[0-9][0-9 ()\-]{1,30}(,? ?доб\.? ?[0-9]{1,6})?")


@dataclass(frozen=True)
class Number:
    """One line of whom «Срочно» calls."""

    id: str
    label: str
    name: str
    number: str
    wrong: str = ""


@blueprint.get("/territories")
@signed_in
@administers
def index() -> str:
    """Show the territories."""
    html = _page(
        "people/territories.html", territories=service.territories(db.session()), title_of=territories.title_of
    )
    note_reading("territories:listed", reader())
    return html


@blueprint.get("/territories/new")
@signed_in
@administers
def new() -> str:
    """Offer the form of a new territory."""
    form = _offered(Territory(), TerritoryForm(formdata=None, data=NEW))
    return _form_page(None, form, _numbers({}))


@blueprint.post("/territories")
@signed_in
@administers
def create() -> Any:
    """Make a territory."""
    return _save(Territory(directory={}), fresh=True)


@blueprint.get("/territories/<uuid:territory_id>")
@signed_in
@administers
def show(territory_id: uuid.UUID) -> str:
    """Show one territory to be changed."""
    one = get_visible(Territory, territory_id)
    photos = "on" if one.photos_on else "off"
    data = {"name": one.name, "zone": one.zone, "procedure": one.procedure, "photos": photos}
    data |= {"public_signals": "on" if one.public_signals else "off", "unconfirmed_months": str(one.unconfirmed_months)}
    data |= {"kept_years": str(one.kept_years)}
    form = _offered(one, TerritoryForm(formdata=None, data=data))
    return _form_page(one, form, _numbers(one.directory.get("roles", {})))


@blueprint.post("/territories/<uuid:territory_id>")
@signed_in
@administers
def change(territory_id: uuid.UUID) -> Any:
    """Change a territory; what people out there would feel is asked first."""
    return _save(get_visible(Territory, territory_id), fresh=False)


def _save(one: Territory, *, fresh: bool) -> Any:
    form, numbers = _offered(one, TerritoryForm()), _posted_numbers()
    shown = None if fresh else one
    if not form.validate() or any(line.wrong for line in numbers):
        return _form_page(shown, form, numbers), 422
    wanted = territories.Wanted(
        form.name.data or "",
        form.zone.data,
        form.procedure.data,
        form.photos.data == "on",
        {line.id: {"name": line.name, "number": line.number} for line in numbers if line.number},
        form.public_signals.data == "on" if form.public_signals.data else bool(one.public_signals),
        int(form.unconfirmed_months.data or one.unconfirmed_months or 6),
        int(form.kept_years.data or one.kept_years or 5),
    )
    answer = request.form.get("sure")
    if answer == "no":
        return _form_page(shown, form, numbers)
    harms = [] if fresh else territories.harms(one, wanted)
    if harms and answer != "yes":
        return _sure_page(one, harms)
    try:
        territories.save(db.session(), one, wanted, reader())
    except Refused as refusal:
        db.session.rollback()
        return _form_page(shown, form, numbers, pages.sentences(refusal)), 422
    db.session.commit()
    return redirect("/territories", 303)


def _sure_page(one: Territory, harms: list[territories.Harm]) -> str:
    return _page(
        "people/territory_sure.html",
        one=one,
        harms=harms,
        cases=territories.begun_cases(db.session(), one),
        words_of={"zone": _zone_words, "procedure": territories.title_of, "photos_on": _photos_words},
        posted=[(name, value) for name, value in request.form.items() if name not in {"csrf_token", "sure"}],
    )


def _form_page(
    one: Territory | None, form: TerritoryForm, numbers: list[Number], errors: dict[str, list[str]] | None = None
) -> str:
    return _page(
        "people/territory.html",
        one=one,
        form=form,
        numbers=numbers,
        errors=errors or form.sentences(),
        organisations=territories.organisations_in(db.session(), one) if one else [],
    )


def _offered(one: Territory, form: TerritoryForm) -> TerritoryForm:
    """Offer the zones and procedures there are, and what the territory has even if it is none of them any more."""
    zones = dict.fromkeys([*texts.tables()["territories"]["zones"], *([one.zone] if one.zone else [])])
    known = dict.fromkeys([*territories.procedures(), *([one.procedure] if one.procedure else [])])
    # A new one has none yet: it is chosen, never left as it happened to stand.
    asked = [] if one.procedure else [("", texts.text("territories.choose"))]
    procedures = [(name, territories.title_of(name)) for name in known]
    form.offer([(zone, _zone_words(zone)) for zone in zones], [*asked, *procedures])
    return form


def _numbers(kept: dict[str, dict[str, str]]) -> list[Number]:
    """Return a line for each role that a territory fills in."""
    lines = [(role["id"], role["label"]) for role in content()["roles"] if not role.get("fixed")]
    known = [(key, label, kept.get(key, {})) for key, label in lines]
    return [Number(key, label, of.get("name", ""), of.get("number", "")) for key, label, of in known]


def _posted_numbers() -> list[Number]:
    lines = []
    for line in _numbers({}):
        name = request.form.get(f"name-{line.id}", "").strip()[:MAX_CHARS]
        number = request.form.get(f"number-{line.id}", "").strip()
        wrong = said("number") if (number or name) and not _NUMBER.fullmatch(number) else ""
        lines.append(Number(line.id, line.label, name, number[:MAX_CHARS], wrong))
    return lines


def _zone_words(zone: str) -> str:
    words: str = texts.tables()["territories"]["zones"].get(zone, zone)
    return words


def _photos_words(on: object) -> str:
    words: str = texts.tables()["territories"]["photos"]["on" if on else "off"]
    return words


def _page(template: str, **context: object) -> str:
    return htmx.page(template, person=reader().person, office=True, **context)
