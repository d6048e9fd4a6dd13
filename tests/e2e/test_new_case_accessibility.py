"""A case by a resolution for a family that is not known: in a real browser from the list to the case, and under axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.extensions import db
from tests.e2e.accessibility import Inspect
from tests.support.browser import Phone
from tests.support.server import LiveServer


def secretary(server: LiveServer) -> str:
    """Give the district a document by which a resolution opens cases, and a secretary; return her surname."""
    with server.app() as app, app.app_context():
        territory = db.session.scalars(select(Territory)).first()
        assert territory is not None
        territory.procedure = "kochki_2020"
        place, person = (
            Organisation(name="КДН", kind="commission", territory=territory),
            Person(name="Секретарёва Инна"),
        )
        db.session.add_all([place, person])
        db.session.flush()
        held = {"person_id": person.id, "organisation_id": place.id, "since_on": date(2020, 1, 1)}
        db.session.add(Role(role="commission_secretary", **held))
        db.session.commit()
    return "Секретарёва"


def test_a_family_that_looks_known_is_shown_before_its_case_is_opened(
    make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect
) -> None:
    desk = make_phone()
    desk.enrol_office(server.link(secretary(server), "office"))
    page, inspector = desk.page, inspect(desk)
    page.goto(f"{server.url}/cases")
    page.get_by_role("link", name="Новый случай по постановлению").click()
    expect(desk.heading).to_have_text("Новый случай по постановлению")
    inspector.look("new case", themes=True)

    for name, value in {"surname": "Рябинкина", "children-0-name": "Миша", "number": "7-п"}.items():
        page.locator(f"[name={name!r}]").fill(value)
    page.get_by_role("button", name="Открыть случай").click()
    expect(page.get_by_text("Похоже, это уже известно")).to_be_visible()
    inspector.look("new case known")
    page.get_by_role("button", name="Это другая семья, открыть случай").click()

    expect(desk.heading).to_contain_text("Случай №")
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}$"))
