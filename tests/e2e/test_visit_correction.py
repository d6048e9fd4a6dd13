"""«Дописать или исправить»: the phone's own copy becomes a new envelope that takes the place of the old one, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.e2e.outbox import PATIENCE_SECONDS
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer
from tests.visits.pictures import camera_jpeg

FIRST = "Долг 7 350 ₽"
SECOND = "Долг 2 900 ₽, ошиблась в сумме"


@pytest.fixture
def recorded(walker: Phone) -> Phone:
    """A visit that the server has."""
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    walk.meet(walker)
    walk.step(walker, walk.SECTION).get_by_text("Дома тепло", exact=True).click()
    walker.page.locator(walk.FACT).fill(FIRST)
    walk.finish(walker)
    on_server(walker)
    return walker


def on_server(phone: Phone) -> None:
    """Wait until the page «Готово» says that the server has it."""
    expect(phone.page.locator("[data-fill=status]")).to_have_text("На сервере", timeout=PATIENCE_SECONDS * 1000)


def amend(phone: Phone) -> Locator:
    """Open the newest record of «Отправка» for a correction; return its fact."""
    phone.page.locator("a[href='/outbox']:visible").first.click()
    phone.page.locator("[data-amend]").first.click()
    expect(phone.page.locator("[data-step=tasks]")).to_be_visible()
    walk.step(phone, walk.SECTION)
    return phone.page.locator(walk.FACT)


def versions(server: LiveServer, fact: str) -> list[Visit]:
    """The newest two visits, newest first."""
    with server.app() as app, app.app_context():
        rows = db.session.scalars(select(Visit).order_by(Visit.received_at.desc()).limit(2)).all()
        assert rows[0].value(f"{walk.SECTION}-fact") == fact
        return list(rows)


def test_a_correction_without_a_network_takes_the_place_of_the_first(recorded: Phone, server: LiveServer) -> None:
    recorded.go("/today")
    walk.take_kit(recorded)
    recorded.go_offline()
    fact = amend(recorded)
    expect(fact).to_have_value(FIRST)
    fact.fill(SECOND)
    walk.finish(recorded)
    expect(recorded.page.locator("[data-fill=status]")).to_have_text("Ждёт отправки")

    recorded.go_online()

    on_server(recorded)
    newer, older = versions(server, SECOND)
    assert newer.supersedes_id == older.id
    assert older.superseded_at is not None
    assert newer.superseded_at is None
    recorded.go("/families")
    walk.open_family(recorded, "Рябинкины")
    timeline = recorded.page.locator("#timeline")
    expect(timeline).to_contain_text(SECOND)
    expect(timeline).not_to_contain_text(FIRST)
    expect(timeline).to_contain_text("Исправлено")


def test_a_correction_takes_the_photos_along_that_it_still_lists(
    walker: Phone, server: LiveServer, tmp_path: Path
) -> None:
    files = [tmp_path / f"{n}.jpg" for n in range(2)]
    for n, file in enumerate(files):
        file.write_bytes(camera_jpeg((900, 600 + n), 1))
    walk.open_family(walker, "Чижовы")
    walk.begin_visit(walker)
    walk.meet(walker, who="")
    walk.add_photos(walker, files)
    walk.finish(walker)
    on_server(walker)
    amend(walker).fill(SECOND)
    walk.step(walker, "photos")
    tiles = walker.page.locator("[data-photo-list] > li")
    expect(tiles).to_have_count(2)
    tiles.first.locator("[data-photo-remove]").click()

    walk.finish(walker)

    on_server(walker)
    newer, older = versions(server, SECOND)
    with server.app() as app, app.app_context():
        places = [db.session.get_one(Visit, one.id).photos for one in (newer, older)]
        assert [len(photos) for photos in places] == [1, 1]


def test_the_newest_version_alone_is_offered_and_can_be_corrected_again(recorded: Phone, server: LiveServer) -> None:
    amend(recorded).fill(SECOND)
    walk.finish(recorded)
    on_server(recorded)

    again = amend(recorded)

    expect(again).to_have_value(SECOND)
    recorded.page.locator("[data-go-step=tasks]:visible").first.click()
    again_words = f"{SECOND}. И ещё одно"
    walk.step(recorded, walk.SECTION)
    recorded.page.locator(walk.FACT).fill(again_words)
    walk.finish(recorded)
    on_server(recorded)
    newest, middle = versions(server, again_words)
    assert newest.supersedes_id == middle.id
    recorded.go("/outbox")
    expect(recorded.page.locator("[data-amend]")).to_have_count(1)


def test_a_correction_begun_and_left_goes_on_from_the_same_button(recorded: Phone) -> None:
    amend(recorded).fill(SECOND)
    walk.saved(recorded)
    recorded.page.wait_for_timeout(1800)
    recorded.go("/outbox")

    recorded.page.locator("[data-amend]").first.click()

    expect(recorded.page.locator(walk.FACT)).to_have_value(SECOND)
