"""«Срочно» and «Вернусь на связь» in a real browser: without a network, sealed, applied once, answered by a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from curator_app.clock import now
from curator_app.extensions import db
from curator_app.subjects.models import Event
from curator_app.urgent.jobs import mark_missed
from curator_app.urgent.models import Alarm, AlarmStep, CheckIn
from tests.e2e.outbox import rows, wait_until
from tests.support import walk
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer

FACT = "Плита включена, пахнет газом"


@pytest.fixture
def duty(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """The duty person's desk."""
    desk = open_phone(browser, server.url)
    desk.enrol_office(server.link("Осокина", "office"))
    yield desk.page
    complaints = desk.complaints
    desk.context.close()
    assert complaints == []


def open_urgent(phone: Phone, surname: str = "Рябинкины") -> None:
    """Open «Срочно» of a family from «Сегодня»."""
    page = phone.page
    page.locator("summary", has_text="Срочно").click()
    page.locator(".chooser a", has_text=surname).click()
    expect(phone.heading).to_have_text("Срочно")
    expect(page.locator("[data-urgent-send]")).to_be_enabled()


def raise_alarm(phone: Phone) -> None:
    """Write down a need, a call and a fact, and say yes."""
    page = phone.page
    page.locator(".chip:has([value=need_fire_gas])").click()
    page.locator("[name='ui.who']").fill("Дежурная, Норина")
    page.locator(".chip:has([value=call_coming])").click()
    page.locator("[data-reached-add]").click()
    expect(page.locator("[data-reached] li")).to_have_count(1)
    page.locator("[name=facts_seen]").fill(FACT)
    page.locator("[data-urgent-send]").click()
    expect(page.locator("[data-urgent-state]")).to_be_visible()


def alarms(server: LiveServer) -> list[Alarm]:
    """Return the alarms with their lines, the newest first."""
    with server.app() as app, app.app_context():
        found = list(db.session.scalars(select(Alarm).order_by(Alarm.id.desc())))
        for one in found:
            assert one.steps is not None
        db.session.expunge_all()
        return found


def kinds_of(server: LiveServer, alarm: Alarm) -> list[str]:
    with server.app() as app, app.app_context():
        lines = select(AlarmStep.kind).where(AlarmStep.alarm_id == alarm.id)
        events = select(Event.type).where(Event.subject_id == alarm.subject_id, Event.type.startswith("alarm_"))
        own = list(db.session.scalars(events.order_by(Event.no)))
        return sorted(db.session.scalars(lines)) + own[-2:]


def test_without_a_network_it_is_sealed_and_comes_once_and_the_phone_shows_who_answered(
    walker: Phone, server: LiveServer, duty: Page
) -> None:
    page = walker.page
    walk.take_kit(walker)
    before = len(alarms(server))
    walker.go_offline()
    open_urgent(walker)
    raise_alarm(walker)
    expect(page.locator("[data-urgent-state]")).to_contain_text("на телефоне, нет связи")
    page.locator("[name=facts_children]").fill("Соня у соседки")
    page.locator("[data-urgent-send]").click()
    wait_until(walker, lambda: len(rows(walker)) == 2)

    walker.go_online()
    wait_until(walker, lambda: [row["applied"] for row in rows(walker)] == [True, True])

    found = alarms(server)
    assert len(found) == before + 1
    assert found[0].facts == {"facts_seen": FACT, "facts_children": "Соня у соседки"}
    expect(page.locator("[data-urgent-state]")).to_contain_text("на сервере, ждём человека")

    duty.goto(f"{server.url}/duty")
    duty.locator(f"[data-alarm='{found[0].id}']").click()
    expect(duty.locator("#app")).to_contain_text(FACT)
    duty.locator("[name=reply]").fill("Еду, буду через 20 минут")
    duty.locator("button[value=duty_took]").click()
    expect(duty.locator("#alarm")).to_contain_text("подтверждает ")

    answer = page.locator("[data-urgent-answer]")
    expect(answer).to_contain_text("Осокина Дарья Андреевна, заведующая отделением", timeout=40_000)
    expect(answer).to_contain_text("Еду, буду через 20 минут")
    assert kinds_of(server, found[0]) == [
        *("call", "duty_took", "facts", "raised", "seen"),
        *("alarm_raised", "alarm_confirmed"),
    ]

    walker.hide()
    walker.go_offline()
    walker.unlock()
    expect(page.locator("[data-urgent-answer]")).to_contain_text("Осокина Дарья Андреевна")


def test_it_is_first_on_today_until_it_was_answered_and_read(walker: Phone, server: LiveServer, duty: Page) -> None:
    page = walker.page
    open_urgent(walker, "Кедровы")
    raise_alarm(walker)
    page.locator(".back").click()
    walker.go("/today")
    first = page.locator("#app main > *").first
    expect(first.locator(".note.alarm")).to_contain_text("Срочно: Кедровы")
    expect(first).to_contain_text("Ждём подтверждения")
    expect(first.locator("[data-fill=done]")).to_be_hidden()
    wait_until(walker, lambda: [row["applied"] for row in rows(walker)] == [True])

    duty.goto(f"{server.url}/duty/alarms/{alarms(server)[0].id}")
    duty.locator("button[value=duty_called]").click()
    expect(duty.locator("#alarm")).to_contain_text("«Звоню куратору»")

    expect(first).to_contain_text("«Звоню куратору»", timeout=40_000)
    first.locator("[data-fill=done]").click()
    expect(page.locator(".note.alarm")).to_have_count(0)
    walker.go("/today")
    expect(page.locator(".bar")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator(".note.alarm")).to_have_count(0)


def test_what_is_written_survives_the_lock_and_the_cancel_reaches_the_duty(walker: Phone, server: LiveServer) -> None:
    page = walker.page
    open_urgent(walker, "Чижовы")
    page.locator("[name=facts_seen]").fill(FACT)
    expect(page.locator("[data-saved-line]")).to_contain_text("Сохранено")
    walker.hide()
    walker.unlock()
    expect(page.locator("[name=facts_seen]")).to_have_value(FACT)
    expect(page.locator("[data-say=what_seen]")).to_have_text(FACT)
    page.locator("[data-urgent-send]").click()
    expect(page.locator("[data-urgent-state]")).to_contain_text("Ждём подтверждения")

    page.locator("[data-urgent-clear] summary").click()
    page.locator(".chip:has([value=clear_mistaken])").click()
    page.locator("[data-urgent-cancel]").click()

    expect(page.locator("[data-urgent-state]")).to_contain_text("Отбой")
    wait_until(walker, lambda: alarms(server)[0].state == "cancelled")
    assert alarms(server)[0].cancel_reason == "clear_mistaken"
    expect(page.locator("[data-urgent-over]")).to_be_visible(timeout=40_000)
    page.locator("[data-urgent-new]").click()
    expect(page.locator("[name=facts_seen]")).to_have_value("")


def test_numbers_are_called_and_messages_say_neither_names_nor_facts(walker: Phone) -> None:
    page = walker.page
    open_urgent(walker)
    assert page.locator("a.btn.alarm").get_attribute("href") == "tel:112"
    page.locator(".chip:has([value=need_cold_hunger])").click()
    expect(page.locator("[data-callees] li").first).to_have_attribute("data-role", "role_duty_head")
    page.locator("[name=facts_seen]").fill(FACT)
    for link in page.locator("a[href^='sms:']").all():
        words = page.evaluate("(href) => decodeURIComponent(href.split('body=')[1])", link.get_attribute("href"))
        assert "418" in words
        assert not any(word in words for word in ("Рябинкин", "Придуманная", "газ", "Миша"))
    assert page.title() == "Срочно · Куратор"
    expect(page.locator("#app")).not_to_contain_text("Изъять")


def test_a_check_in_is_known_only_by_its_receipt_and_missed_by_the_job(
    walker: Phone, server: LiveServer, duty: Page
) -> None:
    page = walker.page
    walk.take_kit(walker)
    walker.go_offline()
    walker.page.locator("a[href='/check-in']").click()
    expect(walker.heading).to_have_text("Вернусь на связь")
    page.locator(".chip", has_text="Рябинкины").click()
    page.locator("#check-in-form button[type=submit]").click()
    state = page.locator("[data-check-in-state]")
    expect(state).to_contain_text("Отметка должна уйти до потери связи")
    expect(page.locator("[data-check-in-offline] a[href^='tel:']").first).to_be_visible()
    assert "418" in page.evaluate(
        "decodeURIComponent(document.querySelector('[data-check-in-sms]').getAttribute('href'))"
    )
    walker.go_online()
    expect(state).to_contain_text("Дежурный знает: ждём вас в", timeout=40_000)
    expect(page.locator("[data-check-in-offline]")).to_be_hidden()

    with server.app() as app, app.app_context():
        row = db.session.scalars(select(CheckIn).where(CheckIn.closed_at.is_(None))).one()
        row.until_at = now() - timedelta(minutes=1)
        db.session.commit()
        assert mark_missed() == 1
        assert mark_missed() == 0
    duty.goto(f"{server.url}/duty")
    expect(duty.locator(".head")).to_contain_text("Дежурство · ")
    expect(duty.locator("#duty")).to_contain_text("Сотрудник у семьи № 418 обещал выйти на связь")

    page.locator("[data-check-in-return]").click()
    expect(state).to_contain_text("Дежурный уже искал вас", timeout=40_000)
    expect(duty.locator("#duty")).not_to_contain_text("№ 418", timeout=15_000)


def test_the_way_from_a_visit_is_one_tap(walker: Phone) -> None:
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walker.page.locator(".strip:visible a", has_text="Срочно").first.click()
    expect(walker.heading).to_have_text("Срочно")
