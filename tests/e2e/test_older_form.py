"""A visit begun on one release of the form is finished on it, whatever was released meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from curator_app.auth.models import Territory
from curator_app.extensions import db
from curator_app.procedures.forms_loader import newest
from curator_app.visits.models import Visit
from tests.e2e.outbox import PATIENCE_SECONDS
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

OLD = "visit@1"
WORDS = "Квитанция за октябрь"

pytestmark = pytest.mark.usefixtures("old_form")


@pytest.fixture
def old_form(server: LiveServer) -> Iterator[None]:
    """Every territory writes on version 1."""
    in_force(server, OLD)
    yield
    in_force(server, "")


def in_force(server: LiveServer, version: str) -> None:
    """Say which release new visits are written on; "" is the newest."""
    with server.app() as app, app.app_context():
        db.session.execute(update(Territory).values(visit_form=version))
        db.session.commit()


def form_version(phone: Phone) -> str | None:
    """The release of the form on the glass."""
    return phone.page.locator("#visit-form").get_attribute("data-form-version")


def begin_on_the_old_form(phone: Phone) -> None:
    """Write half a visit and go away."""
    walk.open_family(phone, "Рябинкины")
    walk.begin_visit(phone)
    assert form_version(phone) == OLD
    walk.meet(phone)
    walk.step(phone, walk.SECTION)
    phone.page.locator(walk.FACT).fill(WORDS)
    walk.saved(phone)
    phone.page.wait_for_timeout(1800)
    phone.go("/today")


def resume(phone: Phone) -> None:
    """Take the visit up from «Сегодня»."""
    phone.page.locator("[data-draft-slot] [data-resume]").first.click()
    expect(phone.page.locator(walk.FACT)).to_have_value(WORDS)


def test_a_visit_begun_on_version_1_is_finished_on_it_after_version_2(walker: Phone, server: LiveServer) -> None:
    assert newest("visit") != OLD
    begin_on_the_old_form(walker)
    in_force(server, "")

    resume(walker)
    assert form_version(walker) == OLD
    expect(walker.page.locator("[data-note]")).to_contain_text("Эту запись закончите по прежней")
    walk.finish(walker)

    state = walker.page.locator("[data-fill=status]")
    expect(state).to_have_text("На сервере", timeout=PATIENCE_SECONDS * 1000)
    with server.app() as app, app.app_context():
        visit = db.session.scalars(select(Visit).order_by(Visit.received_at.desc())).first()
        assert visit is not None
        assert visit.form_version == OLD
        assert visit.value(f"{walk.SECTION}-fact") == WORDS
    walker.go("/families")
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    assert form_version(walker) == newest("visit")


def test_without_a_network_it_opens_on_its_own_page_too(walker: Phone, server: LiveServer) -> None:
    begin_on_the_old_form(walker)
    in_force(server, "")
    walk.take_kit(walker)
    walker.go_offline()

    resume(walker)

    assert form_version(walker) == OLD
    walk.finish(walker)
    expect(walker.page.locator("[data-fill=status]")).to_have_text("Ждёт отправки")


def test_the_lock_gives_the_old_form_back_at_the_same_letter(walker: Phone, server: LiveServer) -> None:
    begin_on_the_old_form(walker)
    in_force(server, "")
    resume(walker)

    walker.hide()
    walker.unlock()

    expect(walker.page.locator(walk.FACT)).to_have_value(WORDS)
    assert form_version(walker) == OLD
