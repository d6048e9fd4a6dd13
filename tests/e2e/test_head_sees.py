"""The head's screen: a visit appears by itself, its photos as soon as they are made; reading leaves a trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import OFFICE, Person
from curator_app.extensions import db
from tests.protocol_client import Phone as Sender
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support.browser import Phone, open_phone
from tests.support.server import LiveServer
from tests.sync.live import family_at, phone_at
from tests.visits.pictures import jpeg

FACT = "Квитанция за октябрь: долг 2 900 ₽"
POLL_SECONDS = 3


@dataclass
class Watch:
    """A head before a family's open dossier, and a curator's phone somewhere else. No worker runs yet."""

    server: LiveServer
    desk: Phone
    sender: Sender
    family: str

    @property
    def page(self) -> Page:
        return self.desk.page

    def entry(self, visit: str) -> Locator:
        """Return the visit's place in the timeline."""
        return self.page.locator(f"[data-visit='{visit}']")

    def readings(self) -> list[AuditRow]:
        """Return what the head has read of this family, the oldest first."""
        with self.server.app() as app, app.app_context():
            rows = db.session.scalars(
                select(AuditRow)
                .join(Person, Person.id == AuditRow.person_id)
                .where(AuditRow.family_id == uuid.UUID(self.family), Person.name.startswith("Осокина"))
                .order_by(AuditRow.at)
            ).all()
            db.session.expunge_all()
            return list(rows)

    def send(self, photos: int = 0, **header: Any) -> tuple[str, str]:
        """Send a visit with photos; return its id and number."""
        pictures = [(uuid7(), jpeg((800, 600 + n))) for n in range(photos)]
        visit, body = visit_body(self.family, pictures, **{"housing_employment_income-fact": FACT})
        receipt = self.sender.send(self.sender.seal("visit", body, **header))
        for photo, content in pictures:
            self.sender.send(self.sender.seal("photo", photo_body(photo, visit, content)))
        return visit, receipt["number"]


@pytest.fixture
def watch(browser: Browser, make_live_server: Callable[..., LiveServer]) -> Iterator[Watch]:
    server = make_live_server(worker=False)
    desk = open_phone(browser, server.url)
    desk.enrol_office(server.link("Осокина", OFFICE))
    family = family_at(server)
    desk.page.goto(f"{server.url}/families/{family}")
    yield Watch(server, desk, phone_at(server), family)
    complaints = desk.complaints
    desk.context.close()
    assert complaints == []


def test_a_visit_appears_by_itself_and_then_its_photos(watch: Watch) -> None:
    page = watch.page
    page.evaluate("window.sameDocument = true")
    before = page.locator("[data-visit]").count()
    written_at = datetime.now(UTC) - timedelta(hours=2)

    visit, number = watch.send(photos=2, created_at=written_at.isoformat())

    entry = watch.entry(visit)
    expect(entry).to_contain_text("Посещение", timeout=10_000)
    expect(page.locator("[data-visit]")).to_have_count(before + 1)
    expect(page.locator("#timeline .line > li").first).to_have_attribute("data-visit", visit)
    expect(entry).to_contain_text(FACT)
    expect(entry).to_contain_text(f"Туманова В. О. · № {number}")
    expect(entry).to_contain_text("Фото ждут сервера: 2")
    expect(entry.locator("img")).to_have_count(0)

    watch.server.start_process("worker")

    expect(entry.locator("img")).to_have_count(2, timeout=30_000)
    expect(entry).not_to_contain_text("Фото ждут сервера")
    for picture in entry.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("[data-visit]")).to_have_count(before + 1)
    assert page.evaluate("window.sameDocument") is True


def test_who_wrote_it_when_on_the_phone_and_when_on_the_server(watch: Watch) -> None:
    written_at = datetime.now(UTC) - timedelta(hours=2)

    visit, number = watch.send(created_at=written_at.isoformat())

    entry = watch.entry(visit)
    expect(entry).to_contain_text(f"Туманова В. О. · № {number}", timeout=10_000)
    on_phone, on_server = times_of(entry)
    assert (on_server - on_phone) % (24 * 60) in range(119, 123), "two hours lie between the two"


def times_of(entry: Locator) -> tuple[int, int]:
    """Return both times of a visit, in minutes of the day."""
    line = entry.get_by_text("на сервере").inner_text()
    phone, server = line.split("·")
    assert "на телефоне" in phone
    minutes = [part.strip()[-5:].split(":") for part in (phone, server)]
    return int(minutes[0][0]) * 60 + int(minutes[0][1]), int(minutes[1][0]) * 60 + int(minutes[1][1])


def test_what_is_shown_is_written_down_and_a_look_at_nothing_new_is_not(watch: Watch) -> None:
    first = watch.readings()
    assert [row.act for row in first] == ["family:read"], "opening the dossier"

    watch.page.wait_for_timeout((2 * POLL_SECONDS + 1) * 1000)
    assert len(watch.readings()) == 1

    visit, _ = watch.send()
    expect(watch.entry(visit)).to_be_visible(timeout=10_000)
    watch.page.wait_for_timeout((POLL_SECONDS + 1) * 1000)

    assert [row.act for row in watch.readings()] == ["family:read"] * 2


def test_a_picture_opens_whole_and_leaves_a_trace(watch: Watch) -> None:
    watch.server.start_process("worker")
    visit, _ = watch.send(photos=1)
    thumb = watch.entry(visit).locator("img")
    expect(thumb).to_have_count(1, timeout=30_000)
    thumb.scroll_into_view_if_needed()
    expect(thumb).not_to_have_js_property("naturalWidth", 0)

    with watch.desk.context.expect_page() as opened:
        thumb.click()
    opened.value.wait_for_load_state()

    assert "/full" in opened.value.url
    whole = opened.value.locator("img")
    assert whole.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [800, 600]
    photo = uuid.UUID(opened.value.url.split("/")[-2])
    read = [row for row in watch.readings() if row.act == "photo:read"]
    assert {row.object_id for row in read} == {photo}


def test_a_family_of_another_organisation_is_not_there(watch: Watch) -> None:
    stranger = family_at(watch.server, "Подорожниковы")

    answer = watch.page.goto(f"{watch.server.url}/families/{stranger}")

    assert answer is not None
    assert answer.status == 404
    expect(watch.page.locator("h1")).to_have_text("Такой страницы нет или она не для вас.")
    watch.desk.complaints[:] = [line for line in watch.desk.complaints if "404" not in line]
