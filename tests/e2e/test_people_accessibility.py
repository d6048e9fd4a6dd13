"""People, phones, organisations, a link, and the doors of a phone that is prepared or over, under axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import FIELD, Enrolment, Person, Role
from curator_app.clock import now
from curator_app.extensions import db
from tests.e2e.accessibility import SHOTS, Inspect, Inspector
from tests.support.browser import Phone
from tests.support.server import LiveServer

DESK = {"width": 1280, "height": 900}


def look(inspector: Inspector, name: str) -> None:
    """Hold the page to everything, and take its picture as a desk shows it."""
    page = inspector.page
    page.evaluate("document.querySelectorAll('#app details').forEach((fold) => { fold.open = true; })")
    inspector.look(f"office {name}", themes=True)
    page.set_viewport_size(DESK)
    page.screenshot(path=SHOTS / f"office-{name.replace(' ', '-')}-1280.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= DESK["width"], name


def people_the_lists(server: LiveServer) -> None:
    """Give the organisation a second curator and an administrator, and Туманова phones in every state."""
    with server.app() as app, app.app_context():
        head = db.session.scalars(select(Role).where(Role.role == "head")).first()
        for name, role in (("Берёзкина Алла Юрьевна", "case_curator"), ("Админова Анна Ивановна", "administrator")):
            person = Person(name=name)
            person.roles.append(
                Role(organisation_id=head.organisation_id, role=role, since_on=date(2020, 1, 1), until_on=None)
            )
            db.session.add(person)
        vera = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        ago = now() - timedelta(days=12)
        for n, (state, way) in enumerate((("active", ""), ("draining", "lost"), ("draining", "handed_in"))):
            said = {"unsent": n + 1, "oldest": ago.isoformat(), "counts": {"drafts": n}, "version": "a1b2c3"}
            until = now() + timedelta(days=20) if way else None
            row = Enrolment(person_id=vera.id, short=f"0000000{n}", kind=FIELD, label="Android · Chrome", state=state)
            row.drain_way, row.accepts_until, row.last_contact_at, row.phone_state = way, until, ago, said
            db.session.add(row)
        db.session.commit()


def go(desk: Phone, path: str) -> None:
    """Open a page of the desk."""
    desk.page.goto(desk.origin + path)
    expect(desk.heading).to_be_visible()


def test_the_heads_pages(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    people_the_lists(server)
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    inspector = inspect(desk)
    go(desk, "/phones")
    look(inspector, "phones")
    desk.page.locator("#app th a", has_text="Туманова").first.click()
    expect(desk.page.locator("dl.facts")).to_be_visible()
    look(inspector, "phone")
    desk.page.locator("a[href$='off?way=lost']").click()
    expect(desk.heading).to_have_text("Потерян")
    look(inspector, "phone before it is off")
    go(desk, "/people")
    look(inspector, "people")
    desk.page.locator("#app main a.row", has_text="Туманова").click()
    expect(desk.heading).to_contain_text("Туманова")
    person = desk.page.url
    desk.page.locator("#app a[href$='/stand-in']").click()
    expect(desk.heading).to_have_text("Назначить замену")
    desk.page.locator("input[name=until]").fill("2020-01-01")
    look(inspector, "stand in")
    desk.page.locator("#app form button.go").click()
    expect(desk.page.locator(".wrong").first).to_be_visible()
    look(inspector, "stand in refused")
    desk.page.locator("input[name=until]").fill("2040-01-01")
    desk.page.locator("#app form button.go").click()
    expect(desk.page.locator("button[value=field]")).to_be_visible()
    look(inspector, "person")
    desk.page.goto(person)
    desk.page.locator("button[value=field]").click()
    expect(desk.page.locator("svg.qr")).to_be_visible()
    look(inspector, "link")
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]


def test_the_administrators_pages(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Админова", "office"))
    inspector = inspect(desk)
    pages = {"/territories": "territories", "/territories/new": "new territory", "/people/new": "new person"}
    for path, name in (pages | {"/organisations": "organisations"}).items():
        go(desk, path)
        look(inspector, name)
    desk.page.locator("#app main a.row").first.click()
    expect(desk.page.locator("select[name=kind]")).to_be_visible()
    look(inspector, "organisation")
    go(desk, "/territories")
    desk.page.locator("#app main a.row", has_text="Небывалый").click()
    desk.page.locator("select[name=photos]").select_option("off")
    desk.page.locator("#app form button.go").click()
    expect(desk.heading).to_have_text("Проверьте, прежде чем менять")
    look(inspector, "territory before it changes")


def test_the_doors_of_a_phone(phone: Phone, inspect: Inspect) -> None:
    inspector = inspect(phone)
    phone.go("/more")
    phone.page.locator("[data-wipe]").click()
    expect(phone.page.locator("[data-wipe-yes]")).to_be_visible()
    phone.page.locator("[data-secret=phrase]").click()
    expect(phone.page.locator("[data-prove-key]")).to_be_visible()
    inspector.look("more with questions", themes=True)
    phone.page.locator("[data-prove-key]").click()
    expect(phone.page.locator("[data-secret-step=words] ol li")).to_have_count(6)
    inspector.look("more with new words")
    phone.page.locator("[data-wipe-yes]").click()
    expect(phone.page.locator("#lock h1")).to_contain_text("Устройство отключено", timeout=20_000)
    inspector.look("lock closed", themes=True)
    phone.page.goto(f"{phone.origin}/sign-in")
    expect(phone.page.locator("[data-sign-in]")).to_be_enabled()
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line]


def test_a_phone_that_waits_to_be_prepared(phone: Phone, inspect: Inspect) -> None:
    inspector = inspect(phone)
    phone.page.goto("about:blank")
    phone.cdp.send("Storage.clearDataForOrigin", {"origin": phone.origin, "storageTypes": "all"})
    phone.page.goto(f"{phone.origin}/sign-in")
    phone.page.locator("[data-sign-in]").click()
    expect(phone.page.locator("[data-prepare]")).to_be_visible()
    inspector.look("prepare")
    phone.page.locator("[data-prepare]").click()
    expect(phone.step("wait")).to_be_visible()
    inspector.look("prepare waits", themes=True)
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line]
