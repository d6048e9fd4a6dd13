"""First measures written in a family's home without a network stand on the desk's page after it is back."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.cases.safety_models import SafetyMeasure
from curator_app.extensions import db
from tests.e2e.outbox import rows, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer

MEASURE = "Ночует у бабушки до пятницы"


def set_measures(server: LiveServer) -> list[str]:
    with server.app() as app, app.app_context():
        return list(db.session.scalars(select(SafetyMeasure.measure).where(SafetyMeasure.measure == MEASURE)))


def test_without_a_network_they_are_sealed_and_reach_the_desk_once(walker: Phone, server: LiveServer) -> None:
    page = walker.page
    page.set_viewport_size({"width": 390, "height": 844})
    walk.take_kit(walker)
    walker.go_offline()
    walk.open_family(walker, "Рябинкины")
    page.locator("#app main a", has_text="Меры безопасности").click()
    form = page.locator("#measure-form")
    page.locator("[data-finish]").click()
    expect(form.locator("[data-error-for=child]")).to_contain_text("о каком ребёнке")
    form.locator("label", has=page.locator("[name=child]")).first.click()
    form.get_by_text("У родственников").click()
    form.locator("[name=with_whom]").fill("бабушка")
    until = (demo_day() + timedelta(days=3)).isoformat()
    for name, value in {"threat": "Дома нет света", "measure": MEASURE, "who": "бабушка", "until_on": until}.items():
        form.locator(f"[name=measures-0-{name}]").fill(value)

    page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    assert [row["kind"] for row in rows(walker)] == ["measure"]

    walker.go_online()
    wait_until(walker, lambda: set_measures(server) == [MEASURE])
    page.goto(f"{walker.origin}/families")
    walker.unlock()
    walk.open_family(walker, "Рябинкины")
    expect(page.locator("#app main").get_by_text(MEASURE).first).to_be_visible()
