"""«Отправка» with everything open, «Спасти записи» and the office's page for its files, under axe at every width."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from curator_app.auth.models import OFFICE
from tests.e2e.accessibility import Inspect
from tests.e2e.outbox import finish_visit
from tests.e2e.test_outbox import prepare
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.sync.rescued import file_of


def test_what_waits_and_the_way_out_of_it(phone: Phone, inspect: Inspect) -> None:
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "доступно")
    phone.page.locator("#app [data-status-link]").click()
    row = phone.page.locator("[data-outbox-list=open] summary")
    row.click()
    phone.page.locator("[data-outbox-rescue] > summary").click()
    inspector = inspect(phone)
    inspector.look("outbox all open", themes=True)

    row.focus()
    phone.page.locator("[data-rescue-save]").click()
    expect(phone.page.locator("[data-outbox-list=open]")).to_contain_text("Есть и в файле")
    inspector.look("outbox exported")

    phone.page.goto(f"{phone.origin}/rescue")
    expect(phone.page.locator("[data-rescue=save]")).to_be_visible()
    inspector.look("rescue", themes=True)


def test_whoever_stands_on_a_button_goes_on_standing_there(phone: Phone) -> None:
    prepare(phone)
    phone.go_offline()
    finish_visit(phone, "место")
    phone.page.locator("#app [data-status-link]").click()
    summary = phone.page.locator("[data-outbox-list=open] summary")
    summary.focus()
    phone.page.keyboard.press("Enter")
    expect(phone.page.locator("[data-outbox-list=open] [data-fill=more-phone]")).to_be_visible()

    phone.page.locator("[data-outbox-list=open] > li").evaluate("(row) => { row.dataset.old = ''; }")
    phone.page.evaluate("new BroadcastChannel('curator').postMessage({ type: 'outbox' })")

    expect(phone.page.locator("[data-outbox-list=open] > li[data-old]")).to_have_count(0)
    expect(summary).to_be_focused()
    expect(phone.page.locator("[data-outbox-list=open] [data-fill=more-phone]")).to_be_visible()


def test_the_page_of_rescued_files(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Осокина", OFFICE))
    desk.page.goto(f"{server.url}/rescued")
    inspector = inspect(desk)
    inspector.look("rescued", themes=True)
    for name, content in {"rescued report": file_of(b"{}\n", count=3), "rescued wrong": b"not a file of ours"}.items():
        desk.page.locator("input[type=file]").set_input_files(
            {"name": "zapisi.curator", "mimeType": "application/octet-stream", "buffer": content}
        )
        desk.page.locator("form .btn.go").click()
        sign = "[data-rescued-report]" if "report" in name else "#file-wrong"
        expect(desk.page.locator(sign)).to_be_visible()
        inspector.look(name, themes=True)
