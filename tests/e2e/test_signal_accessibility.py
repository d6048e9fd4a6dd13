"""The journal, a call, a signal, a notice and the page without an account, under axe; and the quick way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Person, Role, Territory
from curator_app.extensions import db
from curator_app.intake.models import NOTICE
from curator_app.intake.service import Child, Teller, Told, take_signal
from tests.e2e.accessibility import SHOTS, Inspect, Inspector
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer

DESK = {"width": 1280, "height": 900}


def look(inspector: Inspector, name: str) -> None:
    """Hold the page to everything, and take its picture as a desk shows it."""
    page = inspector.page
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    inspector.look(f"office {name}", themes=True)
    page.set_viewport_size(DESK)
    page.screenshot(path=SHOTS / f"office-{name.replace(' ', '-')}-1280.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK["width"], name


def people_the_office(server: LiveServer) -> tuple[str, str]:
    """Give Tumanova's organisation an intake officer and a specialist, and tell of a child twice; return addresses."""
    with server.app() as app, app.app_context():
        vera = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        place = vera.roles[0].organisation
        for name, role in (("Приёмова Мария Олеговна", "intake_officer"), ("Школьная Инна Петровна", "specialist")):
            known = db.session.scalars(select(Person).where(Person.name == name)).first()
            person = known or Person(name=name)
            if known is not None:
                continue
            person.roles.append(Role(organisation_id=place.id, role=role, since_on=date(2020, 1, 1)))
            db.session.add(person)
        db.session.flush()
        db.session.get_one(Territory, place.territory_id).public_signals = True
        told = Told(
            territory_id=place.territory_id,
            way=NOTICE,
            source="school",
            facts="Третий день в тонкой куртке.",
            known_on=demo_day(),
            safe_now="no",
            signs=("clothes",),
            children=(Child("Лопухов Егор", "9 лет"),),
            address="ул. Заречная, 14",
            teller=Teller("Таисия", "+7 913 777-13-13"),
        )
        signals = [take_signal(db.session(), told, person, None) for _ in range(2)]
        db.session.commit()
        return f"/signals/{signals[1].id}", f"/tell/{place.territory_id}"


def go(desk: Phone, path: str) -> None:
    """Open a page of the desk."""
    desk.page.goto(desk.origin + path)
    expect(desk.page.locator("h1")).to_be_visible()


def test_the_intakes_pages(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    signal, _tell = people_the_office(server)
    desk = make_phone()
    desk.enrol_office(server.link("Приёмова", "office"))
    inspector = inspect(desk)
    for name, path in (("signals", "/signals"), ("call", "/signals/new"), ("signal", signal)):
        go(desk, path)
        look(inspector, name)
    desk.page.get_by_role("button", name="Записать в журнал").click()
    expect(desk.page.get_by_role("button", name="Начать проверку")).to_be_visible()


def test_a_specialists_pages(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    people_the_office(server)
    desk = make_phone()
    desk.enrol_office(server.link("Школьная", "office"))
    inspector = inspect(desk)
    for name, path in (("notices", "/notices"), ("new notice", "/notices/new")):
        go(desk, path)
        look(inspector, name)
    desk.page.get_by_label("Что видели или слышали").fill("Неделю не был в школе.")
    desk.page.get_by_text("Не знаем", exact=True).click()
    desk.page.get_by_label("Откуда сведения").select_option("school")
    desk.page.get_by_role("button", name="Отправить извещение").click()
    expect(desk.page.get_by_text("Отправлено, ещё не прочитано")).to_be_visible()
    look(inspector, "notice")


def test_the_page_without_an_account(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    _signal, tell = people_the_office(server)
    visitor = make_phone()
    inspector = inspect(visitor)
    for name, path in (("tell", tell), ("tell child", f"{tell}/child"), ("tell where", "/tell")):
        go(visitor, path)
        look(inspector, name)
    page = visitor.page
    page.route("https://ya.ru/**", lambda route: route.fulfill(body="Погода"))
    go(visitor, f"{tell}/child")
    page.get_by_label("Что случилось?").fill("Мне страшно дома")
    page.get_by_role("link", name="Быстро уйти").click()
    page.wait_for_url("https://ya.ru/pogoda")
    page.go_back()
    assert "Мне страшно" not in page.content(), "what was typed is gone"
    go(visitor, f"{tell}/child")
    page.get_by_label("Что случилось?").fill("Мне страшно дома")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_role("heading", name="Мы получили твоё сообщение")).to_be_visible()
    look(inspector, "tell done")
