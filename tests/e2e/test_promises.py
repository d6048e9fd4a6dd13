"""The curator's own promises on «Сегодня»: ticked there and then with a network, and nothing lost without one."""

from __future__ import annotations

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.agreements import Promise
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

WHAT = "Узнать у пожарных об извещателе"


def line(phone: Phone) -> Locator:
    return phone.page.locator("#app li.promise", has_text=WHAT)


def state(server: LiveServer) -> str:
    with server.app() as app, app.app_context():
        return db.session.scalars(select(Promise.state).where(Promise.what == WHAT)).one()


def test_a_promise_is_ticked_on_today_and_taken_back(walker: Phone, server: LiveServer) -> None:
    expect(line(walker)).to_contain_text("Кедровы")
    expect(line(walker)).to_contain_text("срок был")

    line(walker).get_by_role("button", name="Сделано").click()
    expect(line(walker)).to_contain_text("Сделано. Отмечено")
    assert state(server) == "kept"

    line(walker).get_by_role("button", name="Вернуть").click()
    expect(line(walker).get_by_role("button", name="Сделано")).to_be_visible()
    assert state(server) == "open"


def test_without_a_network_it_says_so_and_keeps_what_was_chosen(walker: Phone, server: LiveServer) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    line(walker).locator("summary").click()
    line(walker).get_by_text("Служба не ответила", exact=True).click()

    line(walker).get_by_role("button", name="Пока нет").click()

    expect(walker.page.locator("#app .note").first).to_contain_text("Нужна связь")
    expect(line(walker).locator("[name=reason][value=promise_no_answer]")).to_be_checked()
    assert state(server) == "open"
    walker.go_online()


def test_before_the_door_opens_without_a_network_and_leads_to_the_visit(walker: Phone) -> None:
    walk.take_kit(walker)
    walker.go_offline()

    walker.page.locator("#app main a", has_text="Перед дверью").click()

    expect(walker.heading).to_have_text("Перед дверью")
    main = walker.page.locator("#app main")
    for words in ("Домофон 3, код 1408", "Получилось в прошлый раз", "Принести список кружков"):
        expect(main).to_contain_text(words)
    walk.begin_visit(walker)
    walker.go_online()
