"""The whole visit by thumb: statements, a panel a child, promises, a child's words; what is not asked is not sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.agreements import Promise
from curator_app.visits.models import ChildWords, Mention, Observation, SectionNote, Statement, Visit
from tests.e2e.outbox import PATIENCE_SECONDS, states
from tests.support import walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

HEALTH = "health"
SAID = "«Хочу на робототехнику»"


@pytest.fixture(scope="module")
def misha(server: LiveServer) -> str:
    """The id of Рябинкины's eldest; at their last visit he had a bed of his own, and there was no smoke alarm."""
    with server.app() as app, app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == "Рябинкины")).one()
        child = family.children[0]
        query = select(Visit).where(Visit.family_id == family.id, Visit.outcome == "visit").order_by(Visit.on.desc())
        last = db.session.scalars(query).first()
        assert last is not None
        bed: dict[str, Any] = {"statement": "own_sleeping_place", "member_id": child.id, "answer": "yes"}
        alarm: dict[str, Any] = {"statement": "smoke_alarm", "answer": "no", "fact": "Батарейка села"}
        last.statements.extend([Statement(part="living", **bed), Statement(part="living", **alarm)])
        last.mentions.append(Mention(kind="right", item="right_photo"))
        db.session.commit()
        return str(child.id)


@pytest.fixture
def visit(walker: Phone, misha: str) -> Phone:
    """A visit begun with Рябинкины."""
    assert misha
    walk.open_family(walker, "Рябинкины")
    walk.begin_visit(walker)
    return walker


def field(phone: Phone, name: str, value: str = "") -> Locator:
    """The form's control of that name (and value)."""
    return phone.page.locator(f'#visit-form [name="{name}"]' + (f'[value="{value}"]' if value else ""))


def tap(phone: Phone, name: str, value: str) -> None:
    """Tap the pill of an answer."""
    phone.page.locator("#visit-form label.chip", has=phone.page.locator(f'[name="{name}"][value="{value}"]')).click()


def recorded(phone: Phone, server: LiveServer, goal: str) -> Any:
    """Wait for the visit on which the family said this goal; return its id."""
    for _ in range(int(PATIENCE_SECONDS * 4)):
        with server.app() as app, app.app_context():
            for one in db.session.scalars(select(Visit)):
                if one.value("family_goal") == goal:
                    return one.id
        phone.page.wait_for_timeout(250)
    message = f"no visit with «{goal}» arrived"
    raise AssertionError(message)


def rows(server: LiveServer, kind: Any, visit: Any) -> list[Any]:
    """Return a visit's rows of one table."""
    with server.app() as app, app.app_context():
        return list(db.session.scalars(select(kind).where(kind.visit_id == visit)))


def test_every_step_reaches_the_record(visit: Phone, server: LiveServer, misha: str) -> None:
    walk.meet(visit)
    tap(visit, "planned", "invited")
    walk.step(visit, "safety")
    tap(visit, "safety-calm_now", "yes")
    walk.step(visit, "living")
    tap(visit, f"living-own_sleeping_place@{misha}-same", "yes")
    tap(visit, "living-water_close", "no")
    field(visit, "living-water_close-fact").fill("Колонка замёрзла")
    walk.step(visit, HEALTH)
    tap(visit, f"ui.{HEALTH}", misha)
    tap(visit, f"{HEALTH}-worries", f"teeth_hurt@{misha}")
    field(visit, f"{HEALTH}@{misha}-fact").fill("Держится за щёку")
    tap(visit, f"{HEALTH}@{misha}-source", "seen")
    walk.step(visit, "conversation")
    tap(visit, "rights", "right_privacy")
    ours = walk.step(visit, "promises").locator("[data-side=ours]")
    ours.get_by_text("Попросить продуктовый набор", exact=True).click()
    ours.get_by_text("Завтра", exact=True).click()
    walk.step(visit, "voice")
    field(visit, "family_goal").fill("Чтобы все были здоровы")
    walk.step(visit, "child_words")
    field(visit, f"child_words@{misha}-verbatim").fill(SAID)
    walk.step(visit, "next").get_by_text("Через неделю", exact=True).click()
    on = date.fromisoformat(visit.page.evaluate("new Date().toLocaleDateString('sv')"))  # by the phone's clock
    walk.finish(visit)

    made = recorded(visit, server, "Чтобы все были здоровы")

    with server.app() as app, app.app_context():
        kept = db.session.get_one(Visit, made)
        assert (kept.planned, kept.next_on) == ("invited", on + timedelta(days=7))
        assert not [name for name, _ in kept.fields if name.startswith(("ui.", "photo.", "child_words"))]
    statements = {
        (one.part, one.statement): (one.answer, one.carried, one.fact) for one in rows(server, Statement, made)
    }
    assert statements == {
        ("safety", "calm_now"): ("yes", False, ""),
        ("living", "own_sleeping_place"): ("yes", True, ""),
        ("living", "water_close"): ("no", False, "Колонка замёрзла"),
    }
    assert [(one.item, str(one.member_id)) for one in rows(server, Observation, made)] == [("teeth_hurt", misha)]
    notes = [(str(one.member_id), one.fact, one.source) for one in rows(server, SectionNote, made) if one.fact]
    assert notes == [(misha, "Держится за щёку", "seen")]
    assert [one.item for one in rows(server, Mention, made)] == ["right_privacy"]
    assert [one.verbatim for one in rows(server, ChildWords, made)] == [SAID]
    [promise] = rows(server, Promise, made)
    assert (promise.side, promise.what, promise.due_on) == (
        "ours",
        "Попросить продуктовый набор",
        on + timedelta(days=1),
    )


def test_what_the_answers_above_do_not_ask_for_is_not_sent(visit: Phone, server: LiveServer) -> None:
    walk.meet(visit)
    tap(visit, "planned", "unplanned")
    tap(visit, "unplanned_reason", "new_message")
    tap(visit, "planned", "planned")
    expect(field(visit, "unplanned_reason", "new_message")).to_be_hidden()
    walk.step(visit, "safety")
    tap(visit, "safety-basics_today", "no")
    field(visit, "safety-basics_today-fact").fill("Хлеба нет")
    tap(visit, "safety-basics_today", "yes")
    walk.step(visit, "voice")
    field(visit, "family_goal").fill("Чтобы ничего лишнего")
    walk.finish(visit)

    made = recorded(visit, server, "Чтобы ничего лишнего")

    assert [(one.answer, one.fact) for one in rows(server, Statement, made)] == [("yes", "")]
    with server.app() as app, app.app_context():
        kept = db.session.get_one(Visit, made)
        assert kept.planned == "planned"
        assert kept.value("unplanned_reason") == ""


def test_the_fact_is_asked_for_only_where_the_answer_is_no_and_help_is_offered_not_sent(visit: Phone) -> None:
    step = walk.step(visit, "safety")
    tap(visit, "safety-worker_safe", "yes")
    expect(field(visit, "safety-worker_safe-fact")).to_be_hidden()
    expect(step.locator(".urgent:visible")).to_have_count(0)

    tap(visit, "safety-worker_safe", "no")

    expect(field(visit, "safety-worker_safe-fact")).to_be_visible()
    expect(step.locator(".urgent:visible")).to_have_text(re.compile("Похоже, нужна помощь сразу"))
    expect(step.locator(".urgent:visible")).to_have_attribute("href", re.compile(r"/families/[\w-]+/urgent$"))
    assert states(visit) == []


def test_last_times_answer_is_one_tap_and_gives_way_to_a_new_one(visit: Phone, misha: str) -> None:
    walk.step(visit, "living")
    alarm, bed = "living-smoke_alarm", f"living-own_sleeping_place@{misha}"
    for name, answer in ((alarm, "no"), (bed, "yes")):
        expect(field(visit, f"{name}-same", answer)).not_to_be_checked()
        expect(field(visit, name, answer).locator("..")).to_be_hidden()
    expect(visit.page.locator(f'[data-row="{alarm}"]')).to_contain_text(
        re.compile(r"Так же: нет.*Батарейка села", re.DOTALL)
    )
    expect(field(visit, "living-wiring_whole", "yes").locator("..")).to_be_visible()

    tap(visit, f"{alarm}-same", "no")
    tap(visit, "ui.q", alarm)
    tap(visit, alarm, "yes")

    expect(field(visit, f"{alarm}-same", "no")).not_to_be_checked()
    tap(visit, f"{alarm}-same", "no")
    expect(field(visit, alarm, "yes")).not_to_be_checked()
    tap(visit, "ui.living", "all")
    expect(field(visit, bed, "no").locator("..")).to_be_visible()


def test_each_child_has_a_panel_and_the_sources_come_with_a_fact(visit: Phone, misha: str) -> None:
    step = walk.step(visit, HEALTH)
    expect(step.locator("[data-panel]:visible")).to_have_attribute("data-panel", "family")

    tap(visit, f"ui.{HEALTH}", misha)

    expect(step.locator("[data-panel]:visible")).to_have_attribute("data-panel", misha)
    source = field(visit, f"{HEALTH}@{misha}-source", "seen").locator("..")
    expect(source).to_be_hidden()
    field(visit, f"{HEALTH}@{misha}-fact").press_sequentially("К")
    expect(source).to_be_visible()


def test_what_was_said_before_stands_beside_and_rights_keep_their_words(visit: Phone) -> None:
    step = walk.step(visit, "conversation")

    right = step.locator("label.chip", has_text="Не фотографировать")
    expect(right).to_contain_text(re.compile("объясняли", re.IGNORECASE))
    expect(step.locator(":checked")).to_have_count(0)
    step.locator("summary").click()
    expect(step.get_by_text("Разрешение можно отозвать потом")).to_be_visible()


def test_panels_promises_and_days_come_back_after_the_page_died(visit: Phone, misha: str) -> None:
    walk.step(visit, HEALTH)
    tap(visit, f"ui.{HEALTH}", misha)
    tap(visit, f"{HEALTH}-strengths", f"sleeps_well@{misha}")
    theirs = walk.step(visit, "promises").locator("[data-side=theirs]")
    theirs.get_by_text("Прийти в школу поговорить", exact=True).click()
    theirs.get_by_text("Завтра", exact=True).click()
    ours = visit.page.locator("[data-side=ours]")
    ours.locator("[data-add-promise]").click()
    ours.locator("[name$=-what]").fill("Спросить о кружке")
    before = visit.page.evaluate("[...new FormData(document.querySelector('#visit-form'))]")
    visit.page.wait_for_timeout(2000)  # what is promised

    visit.go("/today")  # no word to the page
    visit.page.locator("[data-draft-slot] [data-resume]").click()

    expect(visit.page.locator("[data-step=promises]")).to_be_visible()
    assert sorted(
        map(tuple, visit.page.evaluate("[...new FormData(document.querySelector('#visit-form'))]"))
    ) == sorted(map(tuple, before))
    expect(visit.page.locator("[data-side=ours] [name$=-what]")).to_have_value("Спросить о кружке")
    step = walk.step(visit, HEALTH)
    expect(step.locator("[data-panel]:visible")).to_have_attribute("data-panel", misha)


def test_a_ready_phrase_with_a_gap_is_typed_into_and_a_row_taken_away_comes_back(visit: Phone) -> None:
    ours = walk.step(visit, "promises").locator("[data-side=ours]")
    ours.get_by_text("Позвонить в школу о …", exact=True).click()
    visit.page.keyboard.type("встрече")
    words = ours.locator("[name$=-what]")
    expect(words).to_have_value("Позвонить в школу о встрече")

    ours.locator("[data-drop-promise]").click()
    expect(words).to_have_count(0)
    ours.locator("[data-undo]").click()

    expect(words).to_have_value("Позвонить в школу о встрече")


def test_an_attempt_has_the_meeting_the_next_one_and_the_check_only(visit: Phone) -> None:
    walk.step(visit, "meeting").get_by_text("Попросили прийти позже", exact=True).click()
    expect(visit.page.locator("[data-step=meeting] [data-go-step=next]")).to_be_visible()
    visit.page.locator("[data-next]:visible").click()
    expect(visit.page.locator("[data-step=next]")).to_be_visible()
    visit.page.locator("[data-next]:visible").click()
    expect(visit.page.locator("[data-step=check]")).to_be_visible()

    visit.page.locator("[data-go-step=tasks]:visible").first.click()

    rows = visit.page.locator("[data-step=tasks] [data-go-step]:visible")
    assert [row.get_attribute("data-go-step") for row in rows.all()] == ["meeting", "next", "check"]


def test_the_button_goes_on_in_the_order_of_the_form(visit: Phone) -> None:
    walk.meet(visit)
    seen = ["meeting"]
    while visit.page.locator("[data-next]:visible").count():
        visit.page.locator("[data-next]:visible").click()
        seen.append(visit.page.locator("[data-step]:visible").get_attribute("data-step") or "")
    listed = visit.page.locator("[data-step=tasks] [data-go-step]").all()

    assert seen == [row.get_attribute("data-go-step") for row in listed]
    visit.page.locator("[data-go-step=tasks]:visible").first.click()
    expect(visit.page.locator("[data-next]:visible")).to_have_text("Продолжить: безопасность сейчас")
