"""A visit of a story as a curator writes it: on a phone that was enrolled, by the form, sealed, sent, opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Browser
from sqlalchemy import select

from curator_app.auth.models import FIELD, Person
from curator_app.auth.service import invite
from curator_app.extensions import db
from curator_app.sync.jobs import apply_pending
from curator_app.sync.models import Envelope
from curator_app.visits.models import Visit
from tests.e2e.outbox import wait_until
from tests.support import walk
from tests.support.browser import SCREEN, Phone, phone_of
from tests.support.story import Desk


@dataclass
class StoryPhone:
    """The phone of one of a story's people. Its clock stands where the story stands."""

    desk: Desk
    who: str
    phone: Phone

    @classmethod
    def enrolled(cls, desk: Desk, browser: Browser, origin: str, who: str) -> StoryPhone:
        """Give somebody an empty phone and go through the enrolment on it."""
        context = browser.new_context(viewport=SCREEN, locale="ru-RU", timezone_id=desk.world.zone)
        context.clock.set_fixed_time(desk.clock.now())
        made = cls(desk, who, phone_of(context, origin))
        with desk.app.app_context():
            person = db.session.get_one(Person, desk.world.people[who])
            token = invite(db.session(), person, FIELD)
            db.session.commit()
        made.phone.enrol(f"{origin}/enrol#{token}")
        return made

    def visit(self, surname: str, met: str) -> None:
        """Write a visit of today without a network, press «Готово», and let it go out when there is one again."""
        phone = self.phone
        phone.unlock()
        walk.take_kit(phone)
        phone.go_offline()
        walk.open_family(phone, surname)
        walk.begin_visit(phone)
        walk.meet(phone, met)
        walk.saved(phone)
        walk.finish(phone)
        assert self._received() == []
        phone.go_online()
        wait_until(phone, lambda: len(self._received()) == 1)
        with self.desk.app.app_context():
            apply_pending()
        assert self._received() == ["applied"]
        assert self._days() == [self.desk.today]

    def close(self) -> list[str]:
        """Close it; return what it complained of."""
        self.phone.context.close()
        return self.phone.complaints

    def _received(self) -> list[str]:
        with self.desk.app.app_context():
            return list(db.session.scalars(select(Envelope.state)))

    def _days(self) -> list[date]:
        with self.desk.app.app_context():
            return list(db.session.scalars(select(Visit.on).where(Visit.enrolment_id.is_not(None))))
