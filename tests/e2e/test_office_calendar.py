"""«Календарь» in a real browser: a day is put right and taken back without a new page; narrow, wide, every theme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from curator_app.auth.models import METHODOLOGIST, Person, Role
from curator_app.extensions import db
from tests.e2e.accessibility import SHOTS, Inspector
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer

WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def desk(browser: Browser, server: LiveServer) -> Iterator[Phone]:
    """A methodologist's desk; it must not complain."""
    with server.app() as app, app.app_context():
        person = db.session.scalars(select(Person).where(Person.name.startswith("Осокина"))).one()
        organisation = person.roles[0].organisation_id
        given = {"organisation_id": organisation, "since_on": date(2020, 1, 1)}
        db.session.add(Role(person_id=person.id, role=METHODOLOGIST, **given))
        db.session.commit()
    made = open_phone(browser, server.url)
    made.enrol_office(server.link("Осокина", "office"))
    made.page.set_viewport_size(WIDE)
    yield made
    complaints = list(made.complaints)
    made.context.close()
    assert complaints == []


def test_a_methodologist_puts_a_day_right_and_takes_it_back(desk: Phone, server: LiveServer) -> None:
    page = desk.page
    page.goto(f"{server.url}/calendar?year=2026&layer=ru")
    page.locator("#app").evaluate("(app) => { app.dataset.same = 'page'; }")
    page.get_by_label("Какой день").fill("2026-11-15")
    page.get_by_label("Почему день такой").fill("День посёлка")
    page.get_by_label("Чем установлено").fill("Закон от 01.10.2026 № 5")

    page.get_by_role("button", name="Поправить", exact=True).click()
    expect(page.locator("#on-wrong")).to_contain_text("Этот день и так нерабочий")
    page.get_by_label("Какой день").fill("2026-11-13")
    page.get_by_role("button", name="Поправить", exact=True).click()

    expect(page.locator(".put-right")).to_contain_text("День посёлка")
    expect(page.locator("#app[data-same=page]")).to_have_count(1)
    inspector = Inspector(page, desk.cdp)
    inspector.look("office calendar", themes=True)
    page.set_viewport_size(WIDE)
    page.screenshot(path=SHOTS / "office-calendar-1280.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
    page.get_by_role("button", name="Убрать поправку: пт 13 ноября").click()
    expect(page.locator(".put-right")).to_have_count(0)
    page.get_by_role("link", name="2027").click()
    expect(page.get_by_text("Предварительный год")).to_be_visible()
    inspector.look("office calendar provisional")
    assert inspector.findings == []
