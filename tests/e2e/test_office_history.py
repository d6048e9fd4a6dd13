"""The office looks back, in a real browser: filters without a new page, addresses to share, keys, paper, axe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.accessibility import SHOTS, Inspector
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.visits.pictures import jpeg

WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def family(server: LiveServer) -> str:
    """A family with two visits, an attempt, pictures of one place, and a record that did not apply."""
    family, sender = family_at(server), phone_at(server)
    for n, caption in enumerate(("раковина", "плита", "чисто")):
        photo, content = uuid7(), jpeg((800, 600 + n))
        said = {"photos-0-place": "place_kitchen", "photos-0-caption": caption, "health-fact": "Был врач"}
        visit, body = visit_body(family, [(photo, content)], **said)
        sender.send(sender.seal("visit", body))
        sender.send(sender.seal("photo", photo_body(photo, visit, content)))
    sender.send(sender.seal("visit", visit_body(family, outcome="not_opened", attempt_fact="Не открыли")[1]))
    sender.send(sender.seal("visit", visit_body(family, on="вчера", good_today="Дети спали")[1]))
    return family


@pytest.fixture(scope="module")
def head(browser: Browser, server: LiveServer, family: str) -> Iterator[Phone]:
    """The head's desk."""
    desk = open_phone(browser, server.url)
    desk.enrol_office(server.link("Осокина", "office"))
    desk.page.set_viewport_size(WIDE)
    desk.page.goto(f"{server.url}/families/{family}/history")
    yield desk
    desk.context.close()


@pytest.fixture
def desk(head: Phone) -> Iterator[Phone]:
    """The head's desk; it must not have complained."""
    head.page.set_viewport_size(WIDE)
    yield head
    complaints, head.complaints[:] = list(head.complaints), []
    assert complaints == []


def test_a_filter_changes_the_list_and_the_address_and_both_come_back(
    desk: Phone, server: LiveServer, family: str
) -> None:
    desk.page.goto(f"{server.url}/families/{family}/history")
    desk.page.locator("#app").evaluate("(app) => { app.dataset.same = 'page'; }")

    desk.page.get_by_text("Попытки", exact=True).click()

    expect(desk.page).to_have_url(re.compile(r"\?.*kind=attempts"))
    expect(desk.page.locator("#history .missed").first).to_be_visible()
    expect(desk.page.locator("#history li:not(.missed)[data-visit]")).to_have_count(0)
    expect(desk.page.locator("#app[data-same=page]")).to_have_count(1)
    expect(desk.page.get_by_label("Попытки")).to_be_focused()
    address = desk.page.url
    desk.page.goto(f"{server.url}/today")
    desk.page.goto(address)
    expect(desk.page.get_by_label("Попытки")).to_be_checked()
    expect(desk.page.locator("#history .missed").first).to_be_visible()
    expect(desk.page.locator("#history li:not(.missed)[data-visit]")).to_have_count(0)
    desk.page.get_by_role("link", name="Снять отбор").click()
    expect(desk.page.get_by_label("Попытки")).not_to_be_checked()


def test_two_pictures_of_a_place_are_chosen_by_keys(desk: Phone, server: LiveServer, family: str) -> None:
    desk.page.goto(f"{server.url}/families/{family}/photos")
    expect(desk.page.locator(".compare img")).to_have_count(2)
    desk.page.get_by_role("link", name=re.compile("Сравнить крупно")).press("Enter")
    left = desk.page.locator("#compare img").first
    expect(left).to_be_visible()
    before = left.get_attribute("src") or ""

    desk.page.get_by_label("Было").press("ArrowDown")

    expect(desk.page.locator("#compare img").first).not_to_have_attribute("src", before)
    expect(desk.page).to_have_url(re.compile("before="))
    expect(desk.page.get_by_label("Было")).to_be_focused()
    widths = desk.page.locator("#compare figure").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().top)"
    )
    assert widths[0] == widths[1]


def test_on_paper_the_two_stand_alone(desk: Phone, server: LiveServer, family: str) -> None:
    desk.page.goto(f"{server.url}/families/{family}/photos?place=place_kitchen")
    desk.page.emulate_media(media="print")

    expect(desk.page.locator("#compare img")).to_have_count(2)
    expect(desk.page.locator("#compare img").first).to_be_visible()
    expect(desk.page.get_by_label("Было")).to_be_hidden()
    expect(desk.page.locator(".head")).to_be_hidden()
    desk.page.emulate_media(media="screen")


def test_the_pages_under_axe_and_at_every_width(desk: Phone, server: LiveServer, family: str) -> None:
    inspector = Inspector(desk.page, desk.cdp)
    pages = {
        "office history": f"/families/{family}/history",
        "office history of nothing": f"/families/{family}/history?kind=corrections",
        "office pictures": f"/families/{family}/photos",
        "office pictures of a place": f"/families/{family}/photos?place=place_kitchen",
        "office months": f"/families/{family}/visits",
        "office visits": "/visits",
        "office repairs with one": "/repairs",
    }
    for name, path in pages.items():
        desk.page.goto(server.url + path)
        expect(desk.page.locator("main")).to_be_visible()
        inspector.look(name, themes=True)
        desk.page.set_viewport_size(WIDE)
        desk.page.screenshot(path=SHOTS / f"{name.replace(' ', '-')}-1280.png")
    desk.page.locator("main a.row").first.click()
    expect(desk.page.locator("[data-original]")).to_contain_text("Дети спали")
    desk.page.get_by_role("button", name="Записать", exact=True).click()
    expect(desk.page.locator(".wrong")).to_be_visible()
    inspector.look("office repair refused", themes=True)
    desk.page.set_viewport_size(WIDE)
    desk.page.screenshot(path=SHOTS / "office-repair-1280.png", full_page=True)
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]

    assert inspector.findings == []
