"""The desk of a story in a real browser: each of its people has a window, signed in for the day of the story."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

from curator_app.auth.models import OFFICE, Enrolment, Person, SignIn
from curator_app.clock import now
from curator_app.extensions import db
from tests.e2e.story_phone import StoryPhone
from tests.support.people import enrol
from tests.support.story import Desk
from tests.support.story_acts import Answers

WIDE = {"width": 1280, "height": 900}
CUT_SHORT = ("ERR_ABORTED", "interrupted")
BLANK = "about:blank"
ANY_REFUSAL = "main .wrong:visible"


@dataclass
class BrowserDesk(Desk):
    """Pages are opened, filled and sent by Chromium, with everything that runs in them."""

    browser: Browser | None = None
    origin: str = ""
    by_phone: bool = False
    """Whether the story's first visit is written on a phone; the others arrive as one would send them."""
    complaints: list[str] = field(default_factory=list)
    _enrolments: dict[str, Enrolment] = field(default_factory=dict)
    _windows: dict[str, Page] = field(default_factory=dict)
    _signed_in: dict[str, date] = field(default_factory=dict)

    def read(self, who: str, path: str) -> str:
        """Open a page and return its HTML."""
        page = self._open(who, path)
        text = str(page.content())
        _go(page, BLANK)
        return text

    def send(self, who: str, path: str, said: Answers, part: str = "") -> None:
        """Fill a page's form by hand and send it."""
        page = self._open(who, path)
        form = self._form(page, said, part)
        for name, answer in said.items():
            for place, one in enumerate([answer] if isinstance(answer, str) else answer):
                _fill(form, name, one, place)
        with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
            form.locator("button.go, button[type=submit], button").last.click()
        page.wait_for_load_state("load")
        where = f"{who} {self.today} {path}"
        assert posted.value.status < 400, f"{where}: {posted.value.status} {page.locator('main').inner_text()[-800:]}"
        assert page.locator(ANY_REFUSAL).count() == 0, f"{where}: {page.locator(ANY_REFUSAL).first.inner_text()}"
        # Nobody leaves a page open over the days of the story: by then its session is over, and it says so.
        _go(page, BLANK)

    def refused(self, who: str, path: str, said: Answers, part: str = "") -> str:
        """Send a form that must be refused; return the sentence that the page then shows."""
        page = self._open(who, path)
        form = self._form(page, said, part)
        for name, answer in said.items():
            _fill(form, name, str(answer), 0)
        form.locator("button.go, button").last.click()
        page.locator(ANY_REFUSAL).first.wait_for()
        sentence = str(page.locator(ANY_REFUSAL).first.inner_text())
        _go(page, BLANK)
        return sentence

    def visit(self, who: str) -> None:
        """Write the first visit on a phone, where the story asks for one."""
        if not self.by_phone:
            super().visit(who)
            return
        assert self.browser is not None
        self.by_phone = False
        phone = StoryPhone.enrolled(self, self.browser, self.origin, who)
        phone.visit("Рассказовы", met="Нина")
        self.complaints += phone.close()

    def close_windows(self) -> None:
        """Close every window."""
        for page in self._windows.values():
            page.context.close()

    def _form(self, page: Page, said: Answers, part: str) -> Locator:
        form = page.locator(f"form[hx-post*='{part}']" if part else "#app form[hx-post]")
        for name in said:
            form = form.filter(has=page.locator(f"[name='{name}']"))
        form.first.wait_for(state="attached")
        return form.first

    def _open(self, who: str, path: str) -> Page:
        page = self._window(who)
        _go(page, f"{self.origin}{path}")
        assert page.locator("main").count(), f"{who} {self.today} {path}"
        return page

    def _window(self, who: str) -> Page:
        assert self.browser is not None
        if who not in self._windows:
            context = self.browser.new_context(viewport=WIDE, locale="ru-RU")
            context.set_default_timeout(15_000)
            self._windows[who] = context.new_page()
            self._windows[who].on("pageerror", lambda error: self.complaints.append(str(error)))
        if self._signed_in.get(who) != self.today:
            self._sign_in(who, self._windows[who].context)
            self._signed_in[who] = self.today
        return self._windows[who]

    def _sign_in(self, who: str, context: BrowserContext) -> None:
        """Give the window a session of today, as the passkey's ceremony would."""
        with self.app.app_context():
            person = db.session.get_one(Person, self.world.people[who])
            db.session.expunge(person)
        if who not in self._enrolments:
            self._enrolments[who] = enrol(self.app, person, OFFICE)
        with self.app.app_context():
            row = SignIn(person_id=person.id, enrolment_id=self._enrolments[who].id, last_seen_at=now())
            db.session.add(row)
            db.session.commit()
            session = {"_user_id": row.get_id(), "_fresh": True}
        interface: Any = self.app.session_interface
        value = interface.get_signing_serializer(self.app).dumps(session)
        cookie = {
            "name": interface.get_cookie_name(self.app),
            "value": value,
            "url": self.origin.replace("http:", "https:"),
        }
        context.add_cookies([{**cookie, "secure": True, "httpOnly": True, "sameSite": "Strict"}])  # type: ignore[list-item]


def _go(page: Page, address: str) -> None:
    """Go there, even while what the last form led to is still on its way to the page."""
    try:
        page.goto(address)
    except Error as error:
        if not any(words in error.message for words in CUT_SHORT):
            raise
        page.wait_for_load_state("load")
        page.goto(address)


def _fill(form: Locator, name: str, answer: str, place: int) -> None:
    """Answer one field as a hand would: choose, tick or type."""
    fields = form.locator(f"[name='{name}']")
    kind = fields.first.evaluate("(field) => field.localName === 'input' ? field.type : field.localName")
    if kind == "select":
        words = re.compile(re.escape(answer))
        options = fields.first.locator("option")
        values = options.evaluate_all("(all) => all.map((one) => one.value)")
        value = answer if answer in values else options.filter(has_text=words).first.get_attribute("value")
        fields.first.select_option(str(value))
    elif kind in {"radio", "checkbox"}:
        exact = form.locator(f"[name='{name}'][value='{answer}']")
        ticked = exact if exact.count() else form.locator("label", has_text=answer).locator(f"[name='{name}']")
        ticked.first.check(force=True)
    elif kind == "hidden":
        return
    else:
        fields.nth(place).evaluate("(field) => field.closest('details')?.setAttribute('open', '')")
        fields.nth(place).fill(answer)
