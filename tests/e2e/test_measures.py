"""What protects a child goes along to the door, and is told of there without a network."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from curator_app.cases.safety_models import MeasureCheck
from curator_app.extensions import db
from tests.e2e.outbox import states, wait_until
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

FAMILY = "Чижовы"
MEASURE = "На вахту переезжает тётя Лида"
FACT = "Тётя Лида уехала в субботу"
SHOTS = Path(__file__).parent / "shots"


def test_a_measure_is_seen_before_the_door_and_told_of_at_the_visit_without_a_network(
    walker: Phone, server: LiveServer
) -> None:
    walk.take_kit(walker)
    walker.go_offline()
    walk.open_family(walker, FAMILY)
    expect(walker.page.locator("#app main")).to_contain_text(MEASURE)
    walk.begin_visit(walker)
    walk.meet(walker, "Варя")

    safety = walk.step(walker, "safety")
    row = safety.locator("fieldset", has_text=MEASURE).first
    row.get_by_text("Не действует", exact=True).click()
    row.locator("textarea").fill(FACT)
    walk.saved(walker)
    walker.page.screenshot(path=str(SHOTS / "measures.png"))
    walk.step(walker, "check")
    said = walker.page.locator("[data-check=statements]")
    expect(said).to_contain_text(f"{MEASURE}: не действует")
    expect(said).to_contain_text(FACT)
    walk.finish(walker)

    walker.go_online()
    wait_until(walker, lambda: set(states(walker)) == {"on_server"})
    with server.app() as app, app.app_context():
        told = select(MeasureCheck).options(joinedload(MeasureCheck.measure))
        (check,) = db.session.scalars(told)
        assert (check.measure.measure, check.state, check.fact) == (MEASURE, "broken", FACT)
        assert check.visit_id is not None
