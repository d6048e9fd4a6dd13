"""A phone whose storage was cleared: the passkey still signs in, one yes at the office makes it a phone again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import FIELD, Enrolment
from curator_app.extensions import db
from tests.support.browser import Phone
from tests.support.server import LiveServer


def phones(server: LiveServer) -> list[Enrolment]:
    """Return the phones that the server knows, the oldest first."""
    with server.app() as app, app.app_context():
        return list(db.session.scalars(select(Enrolment).where(Enrolment.kind == FIELD).order_by(Enrolment.id)))


def announce(server: LiveServer, unsent: int) -> None:
    """Let the last phone have said how many records wait on it."""
    with server.app() as app, app.app_context():
        row = db.session.get_one(Enrolment, phones(server)[-1].id)
        row.phone_state = {"unsent": unsent, "oldest": datetime(2026, 11, 12, 9, tzinfo=UTC).isoformat()}
        db.session.commit()


def clear_storage(phone: Phone) -> None:
    """Lose everything that the browser keeps for this origin; passkeys lie elsewhere."""
    phone.page.goto("about:blank")
    phone.cdp.send("Storage.clearDataForOrigin", {"origin": phone.origin, "storageTypes": "all"})


def test_one_tap_at_the_office_makes_it_a_phone_again(
    phone: Phone, make_phone: Callable[..., Phone], server: LiveServer
) -> None:
    phone.unlock()
    announce(server, 2)
    before = phones(server)
    clear_storage(phone)

    phone.page.goto(f"{server.url}/today")
    phone.page.wait_for_url("**/sign-in?**")
    phone.page.locator("[data-sign-in]").click()
    phone.page.locator("[data-prepare]").click()
    waits = phone.step("wait")
    expect(waits).to_contain_text("На прежнем телефоне остались неотправленные записи: 2, старшая от 12 ноября")

    desk = make_phone()
    desk.enrol_office(server.link("Осокина", "office"))
    desk.page.goto(f"{server.url}/phones")
    expect(desk.page.locator("#app main")).to_contain_text("остались неотправленные записи: 2")
    desk.page.locator("button[value=yes]").click()
    expect(desk.page.locator("button[value=yes]")).to_have_count(0)

    phone.press_next("check")
    phone.press_next("passkey")
    shown = phone.step("phrase").locator("ol li")
    expect(shown).to_have_count(6)
    phone.words = shown.all_inner_texts()
    phone.press_next("phrase")
    phone.type_back(phone.words)
    phone.press_next("done")
    phone.page.wait_for_url("**/today")
    phone.unlock()
    after = phones(server)
    assert len(after) == len(before) + 1
    assert {one.person_id for one in after[-2:]} == {before[-1].person_id}
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line]


def test_without_a_yes_it_stays_before_the_door(phone: Phone, server: LiveServer) -> None:
    phone.unlock()
    clear_storage(phone)

    phone.page.goto(f"{server.url}/sign-in")
    phone.page.locator("[data-sign-in]").click()
    phone.page.locator("[data-prepare]").click()

    expect(phone.step("wait")).to_contain_text("Ждём разрешения")
    phone.page.goto(f"{server.url}/families")
    phone.page.wait_for_url("**/sign-in?**")
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line]


def test_signing_in_elsewhere_takes_no_cookie_from_the_phone_that_sends(phone: Phone, server: LiveServer) -> None:
    phone.unlock()
    mine = phones(server)[-1].upload_token_hash

    phone.page.goto(f"{server.url}/sign-in")
    phone.page.locator("[data-sign-in]").click()
    phone.page.wait_for_url("**/today")

    assert phones(server)[-1].upload_token_hash == mine
    phone.unlock()
