"""Every page at 320, 390 and 768 px: nothing serious for axe, nothing sideways, every target fit for a thumb."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from curator_app.procedures.forms_loader import load_form
from curator_app.urgent.jobs import mark_missed
from tests.e2e.accessibility import Inspect, Inspector
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.urgent.conftest import FACT, alarm_body, call, check_in_body

NOWHERE = "/families/00000000-0000-7000-8000-000000000000"
FAMILY = "#app a[href^='/families/']"
STEPS = load_form("visit@2").steps
IN_THREE_THEMES = {"meeting", "living", "housing_employment_income", "promises"}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "room.jpg"
    Image.effect_noise((640, 480), 40).convert("RGB").save(path)
    return path


def tap(phone: Phone, href: str) -> None:
    """Follow a link inside the app."""
    phone.page.locator(f"#app a[href='{href}']").first.click()
    expect(phone.page).to_have_url(phone.origin + href)
    expect(phone.heading).to_be_visible()


def family_of(phone: Phone) -> str:
    """Return the address of the first family on the page."""
    return phone.page.locator(FAMILY).first.get_attribute("href") or ""


def test_the_inspection_finds_what_is_wrong(make_phone: Callable[..., Phone], server: LiveServer) -> None:
    phone = make_phone()
    phone.page.goto(f"{server.url}/sign-in")
    phone.page.evaluate("""() => {
      const main = document.querySelector('main');
      const add = (name, style, text) => {
        const element = document.createElement(name);
        Object.assign(element.style, style);
        element.textContent = text;
        main.append(element);
      };
      add('p', { color: '#bbb', background: '#fff' }, 'Бледно');
      add('div', { width: '25rem', height: '1px' }, '');
      add('img', {}, '');
      const button = [...document.querySelectorAll('.btn')].find((one) => one.checkVisibility());
      Object.assign(button.style, { minHeight: '0', padding: '0' });
    }""")
    inspector = Inspector(phone.page, phone.cdp)
    inspector.look("broken on purpose")

    for word in ("color-contrast", "image-alt", "wider than 320: the page", "<button", "with large text"):
        assert any(word in finding for finding in inspector.findings), word


def test_the_field_pages(phone: Phone, inspect: Inspect) -> None:
    inspector = inspect(phone)
    inspector.look("lock", themes=True)
    phone.page.locator('[data-open="phrase"]').click()
    inspector.look("lock by phrase")
    phone.page.reload()
    phone.unlock()
    inspector.look("today", themes=True)
    tap(phone, "/families")
    inspector.look("families")
    tap(phone, family_of(phone))
    inspector.look("dossier", themes=True)
    tap(phone, "/outbox")
    expect(phone.page.locator("[data-outbox-empty]")).to_be_visible()
    inspector.look("outbox empty")
    tap(phone, "/more")
    inspector.look("more")
    calls(phone, inspector)
    phone.go(NOWHERE)
    inspector.look("error")
    phone.complaints[:] = [line for line in phone.complaints if "404" not in line]


def calls(phone: Phone, inspector: Inspector) -> None:
    """Look at «Срочно» with everything opened and sent, and at «Вернусь на связь» before and while out."""
    page = phone.page
    tap(phone, "/today")
    page.locator("summary", has_text="Срочно").click()
    inspector.look("today with the choice of a family")
    page.locator(".chooser a").first.click()
    expect(page.locator("[data-urgent-send]")).to_be_enabled()
    inspector.look("urgent", themes=True)
    for summary in page.locator("#urgent-form details:visible > summary").all():
        summary.click()
    page.locator(".chip:has([value=need_adult_unfit])").click()
    page.locator("[name='ui.who']").fill("длинноесловобезпробелов" * 3)
    page.locator("[data-reached-add]").click()
    page.locator("[data-urgent-send]").click()
    expect(page.locator("[data-urgent-state]")).to_be_visible()
    inspector.look("urgent sent", themes=True)
    phone.go("/check-in")
    inspector.look("check-in")
    page.locator("#check-in-form button[type=submit]").click()
    expect(page.locator("[data-check-in-open]")).to_be_visible()
    inspector.look("check-in open", themes=True)
    tap(phone, "/today")
    expect(page.locator(".note.alarm")).to_be_visible()
    inspector.look("today with notes")


def test_a_visit_step_by_step_and_what_waits(phone: Phone, inspect: Inspect, photo: Path) -> None:
    phone.unlock()
    walk.take_kit(phone)
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    form = phone.page.locator("#visit-form")
    expect(form).to_have_attribute("data-at", "tasks")
    inspector = inspect(phone)
    inspector.look("visit tasks")
    for step in STEPS:
        form.locator(".foot [data-go-step]:visible").last.click()
        expect(form).to_have_attribute("data-at", step)
        fill(phone, step, photo)
        inspector.look(f"visit {step}", themes=step in IN_THREE_THEMES)
    phone.go_offline()
    phone.page.locator("[data-finish]").click()
    expect(phone.heading).to_have_text("Готово, запечатано")
    inspector.look("done")
    tap(phone, "/outbox")
    expect(phone.page.locator("[data-outbox-list=open] [data-state]")).to_have_count(1)
    inspector.look("outbox with items", themes=True)
    phone.go(NOWHERE)
    expect(phone.heading).to_contain_text("Этой страницы на телефоне нет")
    inspector.look("no copy")


def fill(phone: Phone, step: str, photo: Path) -> None:
    """Answer enough of a step to see every kind of control in both its states."""
    section = phone.page.locator(f'[data-step="{step}"]')
    if step == "meeting":
        section.locator(".chip:has([name=outcome][value=visit])").click()
        section.locator(".chip:has([name=who_home])").first.click()
    if step == "housing_employment_income":
        for name in ("strengths", "worries", "change"):
            section.locator(f".chip:has([name='{step}-{name}'])").first.click()
        section.locator("textarea").first.fill("длинноесловобезпробелов" * 4)
    if step in {"safety", "living"}:
        section.locator(".chip:has([value=no])").first.click()
    if step == "health":
        section.locator("[data-people] .chip").nth(1).click()
    if step == "promises":
        for side in ("ours", "theirs"):
            section.locator(f"[data-side={side}] [data-ready]").nth(2).click()
    if step == "photos":
        walk.allow_photos(phone)
        section.locator("[data-photo-input=file]").set_input_files(photo)
        expect(section.locator("[data-photo-list] img")).to_have_count(1)


def test_an_unfinished_visit_and_one_that_came_to_nothing(phone: Phone, inspect: Inspect) -> None:
    phone.unlock()
    tap(phone, "/families")
    href = family_of(phone)
    phone.go(f"{href}/visit")
    form = phone.page.locator("#visit-form")
    form.locator(".foot [data-go-step=meeting]:visible").click()
    form.locator(".chip:has([name=outcome][value=not_opened])").click()
    inspector = inspect(phone)
    inspector.look("visit attempt")
    phone.hide()
    phone.go("/today")
    expect(phone.page.locator("[data-resume]")).to_be_visible()
    inspector.look("today with a draft")
    tap(phone, href)
    tap(phone, f"{href}/visit")
    expect(phone.page.locator("#app [data-resume]")).to_be_visible()
    expect(phone.page.locator("#visit-form")).to_be_hidden()
    inspector.look("visit offered again")


def test_enrolment(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    phone = make_phone()
    inspector = inspect(phone)
    phone.page.goto(server.link("Туманова"))
    expect(phone.step("check")).to_be_visible()
    inspector.look("enrol check")
    phone.press_next("check")
    inspector.look("enrol passkey")
    phone.press_next("passkey")
    expect(phone.step("phrase").locator("ol li")).to_have_count(6)
    phone.words = phone.step("phrase").locator("ol li").all_inner_texts()
    inspector.look("enrol phrase", themes=True)
    phone.press_next("phrase")
    inspector.look("enrol words back")
    phone.type_back(["неверно"] * 6)
    expect(phone.step("phrase_check").locator("[data-fill=wrong]")).to_be_visible()
    inspector.look("enrol words wrong")
    phone.type_back(phone.words)
    expect(phone.step("done")).to_be_visible()
    inspector.look("enrol done")
    phone.page.goto("about:blank")
    phone.page.goto(f"{server.url}/enrol")
    expect(phone.step("refusal")).to_be_visible()
    inspector.look("enrol refusal")


def duty(desk: Phone, server: LiveServer, inspector: Inspector) -> None:
    """Look at «Дежурство» with somebody waiting, at an alarm, and at an answer that lacks a name."""
    sender = phone_at(server)
    body = alarm_body(family_at(server), need="need_fire_gas", facts_seen=FACT, **call())
    sender.send(sender.seal("alarm", body))
    sender.send(sender.seal("check_in", check_in_body(family_at(server), minutes=-1)))
    with server.app() as app, app.app_context():
        mark_missed()
    desk.page.goto(f"{server.url}/duty")
    inspector.look("office duty", themes=True)
    desk.page.locator("[data-alarm]").first.click()
    expect(desk.page.locator("#alarm")).to_be_visible()
    inspector.look("office alarm", themes=True)
    desk.page.locator("details:has([value=duty_passed]) summary").click()
    desk.page.locator("button[value=duty_passed]").click()
    expect(desk.page.locator(".wrong")).to_be_visible()
    inspector.look("office alarm refused")
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]


def test_the_office(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    desk = make_phone()
    inspector = inspect(desk)
    desk.enrol_office(server.link("Осокина", "office"))
    inspector.look("office today", themes=True)
    desk.page.goto(f"{server.url}/families")
    inspector.look("office families")
    desk.page.goto(server.url + family_of(desk))
    inspector.look("office dossier", themes=True)
    desk.page.goto(f"{server.url}/repairs")
    inspector.look("office repairs")
    duty(desk, server, inspector)
    desk.page.goto(f"{server.url}/more")
    inspector.look("office more")
    desk.page.goto(server.url + NOWHERE)
    expect(desk.page.locator(".foot")).to_have_count(0)
    inspector.look("office error")
    desk.context.clear_cookies()
    desk.page.goto(f"{server.url}/sign-in")
    expect(desk.page.locator("[data-sign-in]")).to_be_enabled()
    inspector.look("office sign-in", themes=True)


def test_a_visit_written_at_a_desk(make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect) -> None:
    desk = make_phone()
    desk.enrol_office(server.link("Туманова", "office"))
    desk.page.goto(f"{server.url}/families")
    href = family_of(desk)
    desk.page.goto(f"{server.url}{href}/visit")
    inspector = inspect(desk)
    inspector.look("office visit form", themes=True)
    desk.page.locator("[data-finish]").click()
    expect(desk.page.locator("#app .note[role=alert]")).to_be_visible()
    inspector.look("office visit refused")
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]
    assert re.fullmatch(r".*/families/[0-9a-f-]{36}/visit", desk.page.url)
