"""A signal about another family on a phone: written without a network, kept, sealed, taken in once."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.intake.models import PHONE, Signal
from tests.e2e.outbox import rows, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

FACTS = "Двое детей одни у дороги, старшему лет семь"


def open_signal(phone: Phone) -> None:
    """Go to the form by «Ещё»."""
    phone.page.locator("#app .bar a", has_text="Ещё").click()
    phone.page.locator("#app main a", has_text="Сообщить о другой семье").click()
    expect(phone.page.locator("#signal-form")).to_be_visible()


def told(server: LiveServer) -> list[tuple[str, str, list[str]]]:
    with server.app() as app, app.app_context():
        query = select(Signal).where(Signal.way == PHONE, Signal.enrolment_id.is_not(None))
        return [(row.facts, row.safe_now, [one["name"] for one in row.children]) for row in db.session.scalars(query)]


def test_without_a_network_it_is_sealed_and_reaches_intake_once(walker: Phone, server: LiveServer) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    open_signal(walker)
    form = walker.page.locator("#signal-form")

    walker.page.locator("[data-finish]").click()
    expect(form.locator("[data-error-for=facts]")).to_contain_text("что видели")
    form.locator("[name=facts]").press_sequentially(FACTS)
    form.get_by_text("Нет", exact=True).click()
    form.locator("[name=children-0-name]").fill("Гриша")
    form.locator("[name=source]").select_option("neighbours")
    expect(form.locator("[name=known_on]")).not_to_have_value("")
    walker.page.locator("[data-finish]").click()

    expect(walker.heading).to_have_text("Готово, запечатано")
    assert [row["kind"] for row in rows(walker)] == ["signal"]
    walker.page.locator("#app .strip a").first.click()
    expect(walker.page.locator("[data-outbox-list=open]")).to_contain_text("Сигнал")
    walker.go_online()
    wait_until(walker, lambda: told(server) == [(FACTS, "no", ["Гриша"])])


def test_what_was_typed_is_kept_and_found_on_today(walker: Phone) -> None:
    open_signal(walker)
    walker.page.locator("[name=facts]").press_sequentially(FACTS)
    expect(walker.page.locator("[data-saved-line]")).to_contain_text("Сохранено на телефоне", timeout=4000)
    walker.page.wait_for_timeout(1800)

    walker.go("/today")
    note = walker.page.locator("[data-draft-slot] .note", has_text="Сигнал")
    note.locator("[data-resume]").click()

    expect(walker.page.locator("[name=facts]")).to_have_value(FACTS)
