"""«Выйти» keeps what waits under the lock; «Убрать данные с телефона» is another thing, and never costs a record."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import FIELD, Enrolment
from curator_app.extensions import db
from tests.e2e.outbox import finish_visit, states, visits_with, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

WORD = "Суп на плите"


def newest(server: LiveServer) -> Enrolment:
    """Return the newest phone as the server has it."""
    with server.app() as app, app.app_context():
        phones = select(Enrolment).where(Enrolment.kind == FIELD).order_by(Enrolment.id.desc())
        return db.session.scalars(phones).first()


def seal_offline(phone: Phone, word: str) -> None:
    """Finish a visit where there is no network."""
    phone.unlock()
    walk.take_kit(phone)
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    phone.go_offline()
    finish_visit(phone, word)


def to_more(phone: Phone) -> None:
    """Go to «Ещё»: it opens without a network too."""
    phone.go("/more")
    expect(phone.page.locator("[data-wipe]")).to_be_visible()


def test_signing_out_with_records_unsent_asks_locks_and_they_arrive(phone: Phone, server: LiveServer) -> None:
    seal_offline(phone, WORD)
    to_more(phone)
    page = phone.page

    page.locator("[data-sign-out]").click()
    asked = page.locator("[data-ask-leave]")
    expect(asked).to_contain_text("Ждут отправки: 1. Выйти, оставив их под замком?")
    asked.locator("[data-leave-no]").click()
    expect(asked).to_be_hidden()
    page.locator("[data-sign-out]").click()
    asked.locator("[data-leave-yes]").click()

    expect(page.locator("#lock")).to_be_visible()
    assert states(phone) == ["waiting"]
    phone.go_online()
    wait_until(phone, lambda: len(visits_with(server, WORD)) == 1)


def test_nothing_is_wiped_while_a_record_is_unsent_or_unfinished(phone: Phone) -> None:
    seal_offline(phone, "Ещё не ушло")
    to_more(phone)

    phone.page.locator("[data-wipe]").click()

    note = phone.page.locator("[data-note]")
    expect(note).to_contain_text("Есть неотправленные записи: 1.")
    expect(note).to_contain_text("Мы их не удалим.")
    expect(phone.page.locator("[data-ask-wipe]")).to_be_hidden()
    note.locator("[data-note-act]").click()
    expect(phone.page).to_have_url(f"{phone.origin}/outbox")
    assert states(phone) == ["waiting"]


def test_an_empty_phone_is_wiped_and_the_office_knows(phone: Phone, server: LiveServer) -> None:
    phone.go("/more")

    phone.page.locator("[data-wipe]").click()
    phone.page.locator("[data-wipe-yes]").click()

    title = phone.page.locator("#lock h1")
    expect(title).to_have_text("Устройство отключено. Записи переданы.", timeout=20_000)
    row = newest(server)
    assert (row.state, row.drain_way) == ("revoked", "handed_in")
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line]


def test_without_a_network_nothing_is_wiped(phone: Phone, server: LiveServer) -> None:
    phone.unlock()
    walk.take_kit(phone)
    phone.go_offline()
    to_more(phone)

    phone.page.locator("[data-wipe]").click()
    phone.page.locator("[data-wipe-yes]").click()

    expect(phone.page.locator("[data-note]")).to_contain_text("Для этого нужна связь")
    assert newest(server).state == "active"


def test_two_people_on_one_phone_know_nothing_of_each_other(
    make_phone: Callable[..., Phone], server: LiveServer
) -> None:
    phone = make_phone()
    phone.enrol(server.link("Туманова"))
    seal_offline(phone, "Записано Верой")
    vera_words = phone.words
    # Her upload cookie ran out: what she sealed waits until she signs in.
    phone.context.clear_cookies(name=f"__Secure-outbox-{newest(server).short}")
    phone.page.goto("about:blank")
    phone.go_online()
    phone.enrol(server.link("Полевой"))

    lock = phone.page.locator("#lock")
    expect(lock.locator("[data-fill=others]")).to_contain_text("На телефоне ждут отправки записи другого сотрудника")
    expect(lock).not_to_contain_text("Туманов")
    phone.unlock()
    app = phone.page.locator("#app")
    phone.page.locator("#app .bar a[href='/families']").click()
    expect(app).to_contain_text("Подорожниковы")
    expect(app).not_to_contain_text("Рябинкины")
    phone.page.locator("#app .bar a[href='/outbox']").click()
    expect(phone.page.locator("[data-outbox-empty]")).to_be_visible()
    phone.hide()

    phone.words = vera_words
    with phone.page.expect_navigation():
        lock.locator("[data-other]").click()
    phone.unlock_by_phrase()
    phone.page.locator("#app .bar a[href='/outbox']").click()
    expect(phone.page.locator("[data-outbox-list=open]")).to_contain_text("Рябинкины")
    phone.complaints[:] = [line for line in phone.complaints if "401" not in line]
