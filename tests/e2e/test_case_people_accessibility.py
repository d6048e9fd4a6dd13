"""A head changes a case's curator in a real browser; the pages of its people and papers stand under axe."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.cases.models import PaperCopy
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from tests.e2e.accessibility import Inspect
from tests.e2e.test_people_accessibility import go, look, people_the_lists
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer


def case_with_a_copy(server: LiveServer) -> str:
    """Return the id of the Ryabinkins' case, of which a copy is on its way."""
    with server.app() as app, app.app_context():
        query = select(Subject.id).join(Family, Family.id == Subject.family_id)
        key = db.session.scalars(query.where(Family.surname == "Рябинкины", Subject.kind == "case")).one()
        said = {"paper": "resolution", "addressee": "Школа «Выдумщик»", "way": "by_hand", "number": "114"}
        db.session.add(PaperCopy(subject_id=key, sent_on=demo_day(), **said))
        db.session.commit()
        return str(key)


def test_a_head_changes_the_curator(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    people_the_lists(server)
    case = case_with_a_copy(server)
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    inspector, page = inspect(desk), desk.page
    go(desk, f"/subjects/{case}/curator")
    page.locator("#app form button.go").click()
    # What was wrong stands at the top and has the focus; each line of it leads to its field.
    listed = page.locator("[data-wrongs]")
    expect(listed).to_be_focused()
    expect(listed.locator("a")).to_have_text("Новый куратор: Заполните это поле")
    look(inspector, "curator refused")
    listed.locator("a").click()
    expect(page.locator("select[name=person]")).to_be_focused()
    page.locator("select[name=person]").select_option(index=1)
    page.locator("select[name=ground]").select_option("curator_left")
    page.locator("textarea[name=under_way]").fill("Запись к врачу на среду")
    page.locator("#app form button.go").click()
    expect(desk.heading).to_contain_text("Случай")
    look(inspector, "case with a new curator")
    page.locator("#app a[href^='/handovers/']").click()
    expect(desk.heading).to_have_text("Записка новому куратору")
    look(inspector, "handover")
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]


def test_the_pages_of_a_case(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    case = case_with_a_copy(server)
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    inspector, page = inspect(desk), desk.page
    go(desk, f"/subjects/{case}/copies")
    look(inspector, "copies")
    go(desk, f"/subjects/{case}/services")
    page.locator("#app form button.go").click()
    expect(page.locator("input[name=what]").first).to_be_visible()
    page.locator("#app form button.go").click()
    expect(page.locator(".wrong").first).to_be_visible()
    look(inspector, "services refused")
    go(desk, f"/subjects/{case}/group")
    page.locator("#app form label.chip").first.click()
    page.locator("#app form button.go").click()
    expect(desk.heading).to_contain_text("Случай")
    go(desk, f"/subjects/{case}/group")
    look(inspector, "working group")
    page.goto(desk.origin + "/people")
    page.locator("#app main a.row", has_text="Туманова").click()
    page.locator("#app main a[href$='/cases']").click()
    expect(desk.heading).to_have_text("Передать случаи")
    look(inspector, "cases to hand over")
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]
