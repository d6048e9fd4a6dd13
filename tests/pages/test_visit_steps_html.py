"""The visit form as the server writes it: all of it without a script in the office, the older release on request."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import FIELD
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.procedures.forms_loader import load_form
from curator_app.visits.agreements import Promise
from curator_app.visits.models import Visit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

HX = {"HX-Request": "true"}


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


@pytest.fixture
def vera(app: Flask, people: People) -> FlaskClient:
    return sign_in(app, people.vera)


def form_of(client: FlaskClient, people: People, **headers: str) -> str:
    """Return the page of Рябинкины's form."""
    answer = client.get(f"/families/{people.ryabinkiny.id}/visit", base_url=ORIGIN, headers=headers)
    assert answer.status_code == 200
    return answer.text


def children(app: Flask, people: People) -> list[str]:
    """Return the ids of the family's children."""
    with app.app_context():
        query = select(FamilyMember.id).where(
            FamilyMember.family_id == people.ryabinkiny.id, FamilyMember.kind == "child"
        )
        return [str(one) for one in db.session.scalars(query)]


def test_the_phone_and_the_office_have_every_step_in_its_order(app: Flask, people: People, vera: FlaskClient) -> None:
    steps = list(load_form("visit@2").steps)
    phone = form_of(sign_in(app, people.vera, FIELD), people, **HX)

    assert [one for one in re.findall(r'data-step="(\w+)"', phone) if one in steps] == steps
    office = [one for one in re.findall(r'data-step="(\w+)"', form_of(vera, people)) if one in steps]
    assert office == [step for step in steps if step in office]
    assert {"meeting", "living", "health", "promises", "child_words", "next"} < set(office)


def test_the_office_sees_the_panels_of_all_children_and_no_pills_that_only_a_script_switches(
    app: Flask, people: People, vera: FlaskClient
) -> None:
    page = form_of(vera, people)

    for child in children(app, people):
        panels = re.findall(rf'<div data-panel="{child}"([^>]*)>', page)
        assert panels
        assert not [attributes for attributes in panels if "hidden" in attributes]
    assert "data-people" not in page
    assert "data-ready" not in page


def test_nothing_is_chosen_beforehand_but_what_the_page_shows(app: Flask, people: People) -> None:
    page = form_of(sign_in(app, people.vera, FIELD), people, **HX)

    chosen = re.findall(r'<input[^>]* name="([^"]+)"[^>]* checked', page)

    assert [name for name in chosen if not name.startswith("ui.") and name != "acquaint_beside"] == []


def test_the_office_without_a_script_makes_promises_in_its_empty_rows(
    app: Flask, people: People, vera: FlaskClient
) -> None:
    page = form_of(vera, people)
    sides = dict(re.findall(r'name="(promises-\d+-side)" value="(\w+)"', page))
    assert set(sides.values()) == {"ours", "theirs"}
    theirs = next(name for name, side in sides.items() if side == "theirs").removesuffix("side")
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page))
    typed = {"on": demo_day().isoformat(), "outcome": "visit", f"{theirs}what": "Убрать лекарства"}

    answer = vera.post(f"/families/{people.ryabinkiny.id}/visits", data={**hidden, **typed}, base_url=ORIGIN)

    assert answer.status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Promise).where(Promise.what == "Убрать лекарства")).one()
        assert made.side == "theirs"


def test_a_refused_form_comes_back_with_statements_children_and_promises(
    app: Flask, people: People, vera: FlaskClient
) -> None:
    child = children(app, people)[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', form_of(vera, people)))
    typed = {
        "on": demo_day().isoformat(),
        "outcome": "",
        "living-electricity_on": "no",
        "living-electricity_on-fact": "Нет с утра",
        f"health@{child}-fact": "Кашляет",
        "promises-0-what": "Позвонить врачу",
        f"child_words@{child}-verbatim": "«Горло болит»",
        "next_reason": "next_support",
        "ui.living": "all",
    }

    answer = vera.post(f"/families/{people.ryabinkiny.id}/visits", data={**hidden, **typed}, base_url=ORIGIN)

    assert answer.status_code == 422
    for words in ("Нет с утра", "Кашляет", "Позвонить врачу", "«Горло болит»"):
        assert f">{words}</textarea>" in answer.text
    for name, value in (("living-electricity_on", "no"), ("next_reason", "next_support")):
        assert re.search(rf'name="{name}" value="{value}" checked', answer.text)


def test_what_only_the_page_shows_is_not_kept(app: Flask, people: People, vera: FlaskClient) -> None:
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', form_of(vera, people)))
    typed = {"on": demo_day().isoformat(), "outcome": "visit", "ui.living": "all", "family_goal": "Дрова"}

    vera.post(f"/families/{people.ryabinkiny.id}/visits", data={**hidden, **typed}, base_url=ORIGIN)

    with app.app_context():
        [made] = [one for one in db.session.scalars(select(Visit)) if one.value("family_goal") == "Дрова"]
        assert not [name for name, _ in made.fields if name.startswith("ui.")]


def test_a_territory_that_keeps_the_first_release_is_asked_its_questions_only(app: Flask, people: People) -> None:
    with app.app_context():
        db.session.get_one(Family, people.ryabinkiny.id).territory.visit_form = "visit@1"
        db.session.commit()

    page = form_of(sign_in(app, people.vera, FIELD), people, **HX)

    known = list(load_form("visit@1").steps)
    assert [one for one in re.findall(r'data-step="(\w+)"', page) if one not in {"tasks", "leaflet"}] == known
    assert 'name="form_version" value="visit@1"' in page
    names = {name for name in re.findall(r'name="([\w@.-]+)"', page) if not name.startswith("ui.photo")}
    assert not [name for name in names if "@" in name or name.endswith("-same") or name.startswith(("ui.", "promises"))]
