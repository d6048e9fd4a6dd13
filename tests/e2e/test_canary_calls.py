"""A name written into everything of «Срочно» is nowhere on the phone's disk and in no log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.urgent.models import Alarm
from tests.e2e.canary import NAMES, WORDS, holdings, names_in
from tests.e2e.outbox import states, wait_until
from tests.e2e.test_canary import FREE_TEXT, OpenProfile, open_profile, profile, rename
from tests.support import walk
from tests.support.browser import Phone, phone_of
from tests.support.disk_search import search_folder
from tests.support.server import LiveServer

__all__ = ["open_profile", "profile"]
UNSENT = "Чижовы"


def open_urgent(phone: Phone, surname: str) -> None:
    """Open «Срочно» of a family from its dossier."""
    phone.go("/today")
    walk.open_family(phone, surname)
    phone.page.locator(".strip a", has_text="Срочно").click()
    expect(phone.page.locator("[data-urgent-send]")).to_be_enabled()


def write_everywhere(phone: Phone) -> None:
    """Type the name into every free text, and make a line of the call."""
    page = phone.page
    for summary in page.locator("#urgent-form details:visible > summary").all():
        summary.click()
    fields = page.locator("#urgent-form").locator(FREE_TEXT).all()
    assert len(fields) == 5, "a field is new here or gone: is the name typed into all of them?"
    for field in fields:
        field.fill(WORDS)
    page.locator("[data-reached-add]").click()
    expect(page.locator("[data-reached] li")).to_have_count(1)
    expect(page.locator("[data-saved-line]")).to_contain_text("Сохранено")


def said(server: LiveServer) -> str:
    """Return all that the server knows of its alarms."""
    with server.app() as app, app.app_context():
        found = db.session.scalars(select(Alarm)).all()
        return " ".join(str(line.data) for one in found for line in one.steps)


def test_a_call_for_help_leaves_no_name_on_the_disk_and_in_no_log(
    make_live_server: Callable[..., LiveServer], open_profile: OpenProfile, profile: Path
) -> None:
    server = make_live_server()
    rename(server)
    phone = phone_of(open_profile(), server.url)
    phone.enrol(server.link("Туманова"))
    phone.unlock()
    walk.take_kit(phone)
    phone.go_offline()
    open_urgent(phone, WORDS)
    write_everywhere(phone)
    phone.page.locator("[data-urgent-send]").click()
    expect(phone.page.locator("[data-urgent-state]")).to_be_visible()
    open_urgent(phone, UNSENT)
    write_everywhere(phone)
    phone.hide()
    assert names_in(holdings(phone)) == set()

    phone.go_online()
    wait_until(phone, lambda: states(phone) == ["on_server"])
    wait_until(phone, lambda: said(server).count(WORDS) == 5)
    phone.unlock()
    expect(phone.page.locator("[name=facts_seen]")).to_have_value(WORDS)
    phone.context.close()  # in the middle of the form, unlocked

    assert search_folder(profile, NAMES) == []
    assert search_folder(server.log.parent, NAMES, but=["curator.sqlite"]) == []
