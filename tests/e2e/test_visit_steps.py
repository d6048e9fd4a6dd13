"""The visit form on a phone: one step at a time, Back between them, what is asked and what is not."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.outbox import states
from tests.support import walk
from tests.support.browser import Phone

SHOWN = "[data-step]:visible"
CLOCK = """() => {
  const now = new Date();
  const two = (n) => String(n).padStart(2, '0');
  const today = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return [today, now.getHours() * 60 + now.getMinutes()];
}"""
FIVE_TAPS = """() => {
  const form = document.querySelector('#visit-form');
  for (let tap = 0; tap < 5; tap += 1) form.requestSubmit(form.querySelector('[data-finish]'));
}"""
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def begin(phone: Phone, family: str = "Рябинкины") -> None:
    """Begin a visit."""
    walk.open_family(phone, family)
    walk.begin_visit(phone)


def at(phone: Phone) -> str | None:
    """Return the name of the one step on the glass."""
    expect(phone.page.locator(SHOWN)).to_have_count(1)
    return phone.page.locator(SHOWN).get_attribute("data-step")


def expect_state(phone: Phone, step: str, words: str) -> None:
    """Wait until the list of tasks says so of a step."""
    expect(phone.page.locator(f"[data-task-state={step}]")).to_have_text(re.compile(rf"^\s*{words}\s*$"))


def test_one_step_is_shown_and_back_goes_through_them(walker: Phone) -> None:
    begin(walker)
    assert at(walker) == "tasks"
    walk.step(walker, "meeting")
    walk.step(walker, "safety")  # by «Дальше» at the foot
    assert at(walker) == "safety"

    walker.page.go_back()
    expect(walker.page.locator("[data-step=meeting]")).to_be_visible()
    walker.page.go_back()
    expect(walker.page.locator("[data-step=tasks]")).to_be_visible()
    walker.page.go_forward()
    expect(walker.page.locator("[data-step=meeting]")).to_be_visible()
    walker.page.go_back()
    walker.page.go_back()
    expect(walker.heading).to_have_text("Рябинкины")


def test_tasks_say_what_is_done_begun_and_not_begun(walker: Phone) -> None:
    begin(walker)
    for step in ("meeting", walk.SECTION, "photos"):
        expect_state(walker, step, "Не начато")

    walk.step(walker, walk.SECTION).get_by_text("Дома тепло", exact=True).click()
    walker.page.go_back()
    expect_state(walker, walk.SECTION, "Начато")
    walk.step(walker, walk.SECTION).get_by_text("Лучше", exact=True).first.click()
    walker.page.go_back()
    expect_state(walker, walk.SECTION, "Готово")

    walk.meet(walker)
    walker.page.go_back()
    expect_state(walker, "meeting", "Готово")


def test_a_visit_begins_today_and_now(walker: Phone) -> None:
    begin(walker)
    walk.step(walker, "meeting")
    today, minute = walker.page.evaluate(CLOCK)
    expect(walker.page.locator("[name=on]")).to_have_value(today)
    hours, minutes = walker.page.locator("[name=started]").input_value().split(":")
    assert 0 <= minute - (int(hours) * 60 + int(minutes)) <= 2
    assert re.fullmatch(UUID7, walker.page.locator("#visit-form [name=id]").input_value())


def test_a_missed_door_asks_other_things(walker: Phone) -> None:
    begin(walker)
    meeting = walk.step(walker, "meeting")
    meeting.get_by_text("Не открыли", exact=True).click()
    expect(walker.page.locator("[name=attempt_fact]")).to_be_visible()
    expect(walker.page.locator("[name=who_home]").first).to_be_hidden()
    expect(walker.page.locator("[data-hint-for=not_opened]")).to_be_visible()

    meeting.get_by_text("Встретились", exact=True).click()
    expect(walker.page.locator("[name=attempt_fact]")).to_be_hidden()
    expect(walker.page.locator("label.chip", has_text="Анна").first).to_be_visible()


def test_what_works_is_read_back_before_what_worries(walker: Phone) -> None:
    begin(walker)
    walk.meet(walker)
    section = walk.step(walker, walk.SECTION)
    section.get_by_text("Сыро", exact=True).click()
    section.get_by_text("Дома тепло", exact=True).click()
    section.locator(f"[name='{walk.SECTION}-strengths_own']").fill("Сами утеплили окно")

    check = walk.step(walker, "check")

    expect(check.locator("[data-check=strengths]")).to_contain_text(
        re.compile("Дома тепло.*Сами утеплили окно", re.DOTALL)
    )
    expect(check.locator("[data-check=worries]")).to_have_text(re.compile(r"\s*Сыро\s*"))
    expect(check.locator("[data-check=meeting]")).to_contain_text("Анна")
    expect(check.locator("[data-check=photos]")).to_contain_text("Без снимков")
    text = check.inner_text()
    assert text.index("Дома тепло") < text.index("Сыро")


def test_only_the_outcome_is_required_and_asked_for_at_its_field(walker: Phone) -> None:
    begin(walker, "Снегирёвы")
    walk.step(walker, "check")
    walker.page.locator("[data-finish]:visible").click()
    expect(walker.page.locator("[data-step=meeting]")).to_be_visible()
    expect(walker.page.locator("[data-error-for=outcome]")).to_have_text(re.compile("^Не заполнено: чем закончилось"))
    assert states(walker) == []

    walker.page.get_by_text("Никого нет", exact=True).click()
    walk.finish(walker)

    assert len(states(walker)) == 1


def test_two_taps_seal_one_visit(walker: Phone) -> None:
    begin(walker, "Чижовы")
    walker.go_offline()
    walk.meet(walker, who="")
    walk.step(walker, "check")
    walker.page.evaluate(FIVE_TAPS)
    expect(walker.heading).to_have_text("Готово, запечатано")
    walker.page.wait_for_timeout(500)
    assert states(walker) == ["waiting"]
    expect(walker.page.locator("#app")).to_contain_text("Чижовы, ")
    walker.page.locator("#app .foot a.go").click()
    expect(walker.heading).to_have_text("Сегодня")
    expect(walker.page.locator("[data-draft-slot] .note")).to_have_count(0)
