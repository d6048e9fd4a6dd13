"""An ordinary visit by thumb, counted: taps, typed characters and swipes, as a curator makes them in a kitchen.

What is ordinary: an agreed visit at home, everybody in, safety looked at question by question, what was known
confirmed by «так же», one section told anew with a fact and its source, one child's news, one earlier promise told of,
a new one with its day, the next meeting, «прочитали вслух», «Готово».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.visits.agreements import Promise
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer

FAMILY = "Рябинкины"
FACT = "Показали квитанцию: долг 3 100, было 4 200"
NEWS = "Записался на робототехнику, ходит по средам"
EARLIER = "Записать Лёву к педиатру"
COUNT = """() => {
  window.counted = { taps: 0 };
  document.addEventListener('pointerdown', () => { window.counted.taps += 1; }, { capture: true });
}"""
SECONDS_A_TAP = 1.6
SECONDS_A_CHARACTER = 0.33
SECONDS_A_SWIPE = 1.0
"""A thumb that finds, reads and taps; 36 words a minute on a phone's keyboard; a screen pushed up and looked at."""


@dataclass
class Tally:
    """What the hand did. `seconds` is what it takes by the three rates above, not by this machine's clock."""

    taps: int = 0
    characters: int = 0
    swipes: int = 0

    @property
    def seconds(self) -> float:
        """How long a hand needs for it."""
        return self.taps * SECONDS_A_TAP + self.characters * SECONDS_A_CHARACTER + self.swipes * SECONDS_A_SWIPE


class Hand:
    """A thumb on the glass: it reaches only what is on the screen and swipes for the rest."""

    def __init__(self, phone: Phone) -> None:
        """Begin to count on the page that is open."""
        self.phone = phone
        self.tally = Tally()
        phone.page.evaluate(COUNT)

    def tap(self, what: Locator) -> None:
        """Swipe until it is on the screen, then tap it."""
        self._reach(what)
        what.click()
        self.tally.taps += 1

    def write(self, field: Locator, text: str) -> None:
        """Tap a field and type."""
        self.tap(field)
        self.phone.page.keyboard.type(text)
        self.tally.characters += len(text)

    def chip(self, words: str, nth: int = 0) -> None:
        """Tap the chip that begins with these whole words in the step on the glass."""
        beginning = re.compile(rf"^\s*{re.escape(words)}(?=[,\s]*(·|$)|,)")
        self.tap(self._step().locator("label.chip:visible", has_text=beginning).nth(nth))

    def on(self) -> None:
        """Tap the one button at the foot: on to the next step."""
        self.tap(self.phone.page.locator(".foot [data-go-step].go:visible"))

    def to(self, step: str) -> None:
        """Go back to the list of tasks and choose another step."""
        self.tap(self.phone.page.locator("[data-go-step=tasks]:visible").first)
        self.tap(self.phone.page.locator(f"[data-step=tasks] [data-go-step={step}]"))
        expect(self.phone.page.locator(f"[data-step={step}]")).to_be_visible()

    def counted(self) -> int:
        """Return the taps that the page itself saw: what we count must be what happened."""
        return int(self.phone.page.evaluate("window.counted.taps"))

    def _step(self) -> Locator:
        return self.phone.page.locator("[data-step]:visible")

    def _reach(self, what: Locator) -> None:
        what.wait_for()
        page = self.phone.page
        box, height = what.bounding_box(), page.evaluate("innerHeight")
        away = 0.0 if box is None else max(0.0, box["y"] + box["height"] - height * 0.7, -box["y"])
        self.tally.swipes += round(away / (height * 0.7) + 0.49) if away else 0


def ordinary_visit(phone: Phone) -> Hand:
    """Walk one ordinary visit from the dossier to «Готово» and return the hand that did it."""
    page, hand = phone.page, Hand(phone)
    hand.tap(page.locator("#app .foot a.go", has_text="Начать посещение"))
    hand.on()
    for words in ("Встретились", "Договаривались", "Анна", "Миша", "Соня", "Лёва", "Дома"):
        hand.chip(words)
    hand.on()
    for number in range(5):
        hand.tap(page.locator("[data-step=safety] fieldset:visible").nth(number).locator("label.chip", has_text="Да"))
    hand.to("housing_employment_income")
    hand.chip("Так же: долг уменьшается")
    hand.chip("Лучше")
    hand.write(page.locator("textarea[name='housing_employment_income-fact']"), FACT)
    hand.chip("Документ")
    hand.to("education_development")
    hand.chip("Миша")
    hand.chip("Ходит в кружок")
    hand.write(page.locator("textarea[name^='education_development@'][name$='-fact']:visible"), NEWS)
    hand.to("promises")
    hand.chip("Сделано")
    hand.tap(page.locator("[data-side=ours] [data-ready]", has_text="Узнать о рассрочке долга"))
    hand.tap(page.locator("[data-side=ours] [data-promise] .chip", has_text="неделю"))
    hand.to("next")
    hand.tap(page.locator("[data-step=next] .chip", has_text="неделю"))
    hand.on()
    hand.chip("Прочитали вслух")
    hand.on()
    hand.tap(page.locator("[data-finish]:visible"))
    expect(phone.heading).to_have_text("Готово, запечатано", timeout=30_000)
    return hand


def promise_something(server: LiveServer) -> None:
    """Let the family have an open promise from before, of which the visit tells."""
    with server.app() as app, app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == FAMILY)).one()
        author = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        said = {"family_id": family.id, "author_id": author.id, "side": "theirs", "what": EARLIER}
        db.session.add(Promise(**said, made_on=demo_day()))
        db.session.commit()


def in_a_week() -> str:
    """Return the day that «через неделю» means, as a form writes it."""
    return (datetime.now(UTC).astimezone() + timedelta(days=7)).date().isoformat()
