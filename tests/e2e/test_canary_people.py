"""A name in everything that is written about people, territories and calls: on no disk, in no address, title or log."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, Enrolment, Person, Role, Territory
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.urgent.models import Alarm
from tests.e2e.canary import LATIN, NAMES, WORDS, holdings, names_in
from tests.e2e.test_canary import OpenProfile, open_profile, profile, rename
from tests.protocol_client import uuid7
from tests.support.browser import Phone, phone_of
from tests.support.disk_search import search_folder
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.urgent.conftest import alarm_body, call, check_in_body

__all__ = ["open_profile", "profile"]


def prepare(server: LiveServer) -> str:
    """Let the head administrate as well, name a browser, call for help; return the alarm's id."""
    family, sender, alarm = family_at(server), phone_at(server), uuid7()
    rename(server)
    said = alarm_body(family, id=alarm, need="need_fire_gas", facts_seen=WORDS, **call(who=WORDS, said=WORDS))
    sender.send(sender.seal("alarm", said))
    sender.send(sender.seal("check_in", check_in_body(family, minutes=30)))
    with server.app() as app, app.app_context():
        head = db.session.scalars(select(Role).where(Role.role == "head")).first()
        role = Role(person_id=head.person_id, organisation_id=head.organisation_id, role="administrator")
        role.since_on = date(2020, 1, 1)
        vera = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        phone = Enrolment(person_id=vera.id, short="0ca9a711", kind=FIELD, label=WORDS, last_contact_at=now())
        phone.phone_state = {"unsent": 1, "counts": {"waiting": 1}}
        db.session.add_all([role, phone])
        db.session.commit()
    return alarm


def look_after_people(page: Page, url: str) -> str:
    """Write the name wherever people are written about; return the token of a link that was shown."""
    page.goto(f"{url}/people")
    page.locator("#app main a.row", has_text="Туманова").click()
    page.locator("summary", has_text="Исправить имя").click()
    for field in ("name", "post", "phone"):
        page.locator(f"details input[name={field}]").fill(WORDS)
    page.locator("details form button", has_text="Сохранить").last.click()
    expect(page.locator("h1")).to_have_text(WORDS)
    account = page.url
    page.locator("button[value=field]").click()
    token = page.get_by_label("Одноразовая ссылка").input_value().partition("#")[2]
    page.goto(f"{account}/stand-in")
    expect(page.locator("main")).to_be_visible()
    page.goto(f"{url}/people/new")
    for field in ("name", "post", "phone"):
        page.locator(f"input[name={field}]").fill(WORDS)
    page.locator("input[name=until]").fill("2001-01-01")
    page.locator("button.go").click()
    expect(page.locator(".wrong").first).to_be_visible()
    page.goto(f"{url}/phones")
    page.locator("td", has_text=LATIN).first.locator("xpath=..").locator("a").click()
    page.locator("a[href$='off?way=lost']").click()
    expect(page.locator("header")).to_contain_text(WORDS)
    return token


def set_up_places(page: Page, url: str) -> None:
    """Make an organisation and a territory of that name, and be asked about a change."""
    page.goto(f"{url}/organisations")
    page.locator("input[name=name]").fill(WORDS)
    page.locator("button.go").click()
    expect(page.locator("#app main a.row", has_text=LATIN)).to_be_visible()
    page.goto(f"{url}/territories/new")
    page.locator("input[name=name]").fill(WORDS)
    page.locator("select[name=procedure]").select_option("kochki_2020")
    page.locator("input[name=name-role_head]").fill(WORDS)
    page.locator("input[name=number-role_head]").fill(WORDS)
    page.locator("button.go").click()
    expect(page.locator(".wrong").first).to_be_visible()
    page.locator("input[name=number-role_head]").fill("+7 000 000-00-99")
    page.locator("button.go").click()
    page.locator("#app main a.row", has_text=LATIN).click()
    page.locator("select[name=photos]").select_option("off")
    page.locator("button.go").click()
    expect(page.locator("h1")).to_have_text("Проверьте, прежде чем менять")


def keep_duty(page: Page, url: str, alarm: str) -> None:
    """Read the calls, be refused, and answer."""
    for path in ("/duty", "/duty/alarms", "/duty/check-ins", f"/duty/alarms/{alarm}"):
        page.goto(url + path)
        expect(page.locator("main")).to_contain_text(WORDS)
    page.locator("summary", has_text="Передаю дальше").click()
    page.locator("[name=reply]").fill(WORDS)
    page.locator("button[value=duty_passed]").click()
    expect(page.locator(".wrong")).to_be_visible()
    page.locator("[name=passed_to]").fill(WORDS)
    page.locator("button[value=duty_passed]").click()
    expect(page.locator("#alarm")).to_contain_text(WORDS)


def search_too_often(desk: Phone, server: LiveServer) -> None:
    """Look for the name until one has to wait."""
    with server.app() as app, app.app_context():
        head = db.session.scalars(select(Role.person_id).where(Role.role == "head")).first()
        db.session.add_all(AuditRow(act="families:searched", person_id=head) for _time in range(60))
        db.session.commit()
    desk.page.goto(f"{server.url}/families")
    desk.page.get_by_role("searchbox").fill(WORDS)
    expect(desk.page.locator("#found")).to_contain_text("Набранное на месте")


def test_looking_after_people_leaves_no_name(
    make_live_server: Callable[..., LiveServer], open_profile: OpenProfile, profile: Path
) -> None:
    server = make_live_server()
    alarm = prepare(server)
    desk = phone_of(open_profile(), server.url)
    desk.enrol_office(server.link("Осокина", "office"))

    token = look_after_people(desk.page, server.url)
    set_up_places(desk.page, server.url)
    keep_duty(desk.page, server.url, alarm)
    search_too_often(desk, server)
    desk.page.goto(f"{server.url}/people/{uuid.uuid4()}")
    expect(desk.page.locator("h1")).to_contain_text("Такой страницы нет")
    desk.page.goto(f"{server.url}/more")
    expect(desk.page.locator("main")).to_be_visible()

    with server.app() as app, app.app_context():
        assert db.session.scalars(select(Alarm.reply)).one() == WORDS
        assert db.session.scalars(select(Territory.id).where(Territory.name == WORDS)).one()
        trail = db.session.scalars(select(AuditRow)).all()
        assert [row.act for row in trail if LATIN in str(row.data) and row.act != "territory:changed"] == []
    held = holdings(desk)
    assert names_in(held, (*NAMES, token)) == set()
    desk.context.close()
    assert search_folder(profile, (*NAMES, token)) == []
    assert search_folder(server.log.parent, (*NAMES, token), but=["curator.sqlite"]) == []
