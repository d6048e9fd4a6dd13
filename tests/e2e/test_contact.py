"""A contact beside visits on a phone: written without a network, kept, sealed, told to the server once."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Contact
from tests.e2e.outbox import rows, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

SUMMARY = "Мама рассказала про новую работу"


def open_contact(phone: Phone, surname: str = "Рябинкины") -> None:
    """Go to the form by the dossier and «Перед дверью»."""
    walk.open_family(phone, surname)
    phone.page.locator("#app .foot a", has_text="Перед дверью").click()
    expect(phone.heading).to_have_text("Перед дверью")
    phone.page.locator("#app main a", has_text="Другой контакт").click()
    expect(phone.page.locator("#contact-form")).to_be_visible()


def write(phone: Phone) -> None:
    """Say what it was, what about, and promise something."""
    form = phone.page.locator("#contact-form")
    form.get_by_text("Звонок", exact=True).click()
    form.locator("[name=summary]").press_sequentially(SUMMARY)
    form.locator("[name=promises-0-what]").fill("Принести список кружков")
    form.locator("[name=promises-0-due]").fill("2026-12-01")


def contacts(server: LiveServer) -> list[tuple[str, str, list[str]]]:
    with server.app() as app, app.app_context():
        return [
            (row.kind, row.summary, [promise.what for promise in row.promises])
            for row in db.session.scalars(select(Contact))
            if row.enrolment_id
        ]


def test_without_a_network_it_is_sealed_and_reaches_the_server_once(walker: Phone, server: LiveServer) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    open_contact(walker)
    write(walker)

    walker.page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    assert [row["kind"] for row in rows(walker)] == ["contact"]
    walker.page.locator("#app .strip a").first.click()
    expect(walker.page.locator("[data-outbox-list=open]")).to_contain_text("Звонок")

    walker.go_online()
    wait_until(walker, lambda: contacts(server) == [("contact_call", SUMMARY, ["Принести список кружков"])])

    walker.go("/today")
    expect(walker.page.locator("[data-draft-slot] .note")).to_have_count(0)


def test_what_was_typed_is_kept_and_found_on_today(walker: Phone) -> None:
    open_contact(walker, "Чижовы")
    write(walker)
    expect(walker.page.locator("[data-saved-line]")).to_contain_text("Сохранено на телефоне", timeout=4000)
    walker.page.wait_for_timeout(1800)

    walker.go("/today")
    note = walker.page.locator("[data-draft-slot] .note", has_text="Чижовы, контакт")
    note.locator("[data-resume]").click()

    expect(walker.page.locator("[name=summary]")).to_have_value(SUMMARY)
    expect(walker.page.locator("[name=kind][value=contact_call]")).to_be_checked()

    walker.go("/outbox")
    row = walker.page.locator("[data-outbox-list=open] [data-state=draft]", has_text="Чижовы, контакт")
    row.locator("[data-fill=link]").click()
    expect(walker.page.locator("[name=summary]")).to_have_value(SUMMARY)


def test_the_lock_keeps_a_contact_and_gives_it_back(walker: Phone) -> None:
    open_contact(walker, "Кедровы")
    write(walker)

    walker.page.locator("#contact-form [data-hide]").click()
    expect(walker.page.locator("#lock")).to_be_visible()
    expect(walker.page.locator("#contact-form")).to_have_count(0)
    walker.unlock()

    expect(walker.page.locator("[name=summary]")).to_have_value(SUMMARY)


def test_without_its_kind_it_says_so_and_stays(walker: Phone) -> None:
    open_contact(walker, "Снегирёвы")
    walker.page.locator("[name=summary]").fill(SUMMARY)

    walker.page.locator("[data-finish]").click()

    expect(walker.page.locator("[data-error-for=kind]")).to_be_visible()
    expect(walker.page.locator("[name=summary]")).to_have_value(SUMMARY)
    assert rows(walker) == []


def test_a_visit_and_a_contact_of_one_family_are_two_drafts(walker: Phone) -> None:
    open_contact(walker, "Чижовы")
    write(walker)
    walker.page.wait_for_timeout(2000)
    walker.go("/today")
    walk.open_family(walker, "Чижовы")

    walk.begin_visit(walker)

    expect(walker.page.locator("#app .note", has_text="незаконченную")).to_have_count(0)
