"""A name in everything that the office looks back at is nowhere on its disk afterwards, in no address, title or log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.canary import NAMES, WORDS, holdings, names_in
from tests.e2e.test_canary import OpenProfile, open_profile, profile, rename
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support.browser import phone_of
from tests.support.disk_search import search_folder
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.visits.pictures import jpeg

__all__ = ["open_profile", "profile"]


def test_looking_back_leaves_no_name(
    make_live_server: Callable[..., LiveServer], open_profile: OpenProfile, profile: Path
) -> None:
    server = make_live_server()
    family, sender = family_at(server), phone_at(server)
    rename(server)
    for n in range(2):
        photo, content = uuid7(), jpeg((400 + n, 300))
        said = {"photos-0-place": "place_kitchen", "photos-0-caption": WORDS, "good_today": WORDS}
        visit, body = visit_body(family, [(photo, content)], **said)
        sender.send(sender.seal("visit", body))
        sender.send(sender.seal("photo", photo_body(photo, visit, content)))
    sender.send(sender.seal("visit", visit_body(family, on="вчера", good_today=WORDS)[1]))
    desk = phone_of(open_profile(), server.url)
    desk.enrol_office(server.link("Осокина", "office"))

    for path in ("history", "history?kind=photos", "photos", "photos?place=place_kitchen", "visits"):
        desk.page.goto(f"{server.url}/families/{family}/{path}")
        expect(desk.page.locator("main")).to_be_visible()
        expect(desk.page.locator("header")).to_contain_text(WORDS)
    desk.page.goto(f"{server.url}/visits")
    expect(desk.page.locator("main")).to_contain_text(WORDS)
    desk.page.goto(f"{server.url}/repairs")
    desk.page.locator("main a.row").first.click()
    expect(desk.page.locator("[data-original]")).to_contain_text(WORDS)
    desk.page.locator("[name=text]").fill(WORDS)
    desk.page.get_by_role("button", name="Записать", exact=True).click()
    expect(desk.page.locator("main .rail ~ .body")).to_contain_text(WORDS)
    desk.page.goto(f"{server.url}/more")
    expect(desk.page.locator("main")).to_be_visible()

    assert names_in(holdings(desk)) == set()
    desk.context.close()
    assert search_folder(profile, NAMES) == []
    assert search_folder(server.log.parent, NAMES, but=["curator.sqlite"]) == []
