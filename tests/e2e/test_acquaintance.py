"""Acquainting on a phone: written without a network with the family's card beside it, told to the server once."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.acquainted import CaseAcquaintance
from tests.e2e.outbox import rows, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

WORDS = "Мама сказала, что поняла, и попросила копию"


def open_acquaintance(phone: Phone, surname: str) -> None:
    """Go to the form by the dossier."""
    walk.open_family(phone, surname)
    phone.page.locator("#app main a", has_text="Ознакомить семью").click()
    expect(phone.page.locator("#acquaintance-form")).to_be_visible()


def acts(server: LiveServer) -> list[tuple[str, str, bool]]:
    with server.app() as app, app.app_context():
        return [(row.about, row.words, row.card_given) for row in db.session.scalars(select(CaseAcquaintance))]


def test_without_a_network_it_is_sealed_and_reaches_the_server_once(walker: Phone, server: LiveServer) -> None:
    walker.page.set_viewport_size({"width": 390, "height": 844})
    walk.take_kit(walker)
    walker.go_offline()
    open_acquaintance(walker, "Рябинкины")
    form = walker.page.locator("#acquaintance-form")
    expect(form.locator("svg.qr")).to_be_visible()
    form.get_by_text("С составом рабочей группы").click()
    form.get_by_text("Рассказали простыми словами").click()
    form.locator("[name=words]").press_sequentially(WORDS)
    form.get_by_text("Карточку показали или отдали").click()

    walker.page.locator("[data-finish]").click()
    expect(walker.heading).to_have_text("Готово, запечатано")
    assert [row["kind"] for row in rows(walker)] == ["acquaintance"]

    walker.go_online()
    wait_until(walker, lambda: acts(server) == [("group", WORDS, True)])


def test_without_a_choice_it_says_so_and_what_was_typed_is_found_on_today(walker: Phone) -> None:
    open_acquaintance(walker, "Чижовы")
    walker.page.locator("[name=words]").press_sequentially(WORDS)

    walker.page.locator("[data-finish]").click()
    expect(walker.page.locator("[data-error-for=about]")).to_contain_text("с чем ознакомили")
    walker.page.wait_for_timeout(1800)

    walker.go("/today")
    walker.page.locator("[data-draft-slot] .note", has_text="Чижовы, ознакомление").locator("[data-resume]").click()
    expect(walker.page.locator("[name=words]")).to_have_value(WORDS)


def test_the_familys_card_opens_without_a_network(walker: Phone) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    walk.open_family(walker, "Рябинкины")

    walker.page.locator("#app main a", has_text="Карточка семьи").click()

    expect(walker.page.locator("svg.qr")).to_be_visible()
    expect(walker.page.locator(".card-code")).to_have_text(re.compile(r"^(\d{4} ){4}\d{4}$"))
    walker.go_online()
