"""A story's desk: somebody opens a page on a day, answers its form and sends it. Played by clients; no browser yet.

The clock of the server stands where the story stands, so that «today» is the story's day everywhere.
"""

from __future__ import annotations

import html as entities
import re
import uuid
from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import date, time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from curator_app.auth.models import OFFICE, Enrolment, Person
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Event, Subject
from curator_app.urgent.forms import AlarmForm
from curator_app.urgent.service import Sender, record_alarm
from curator_app.visits.forms import visit_form
from curator_app.visits.service import Arrival, next_number, record_visit
from tests.support.forms_read import form_with, forms_of
from tests.support.moved_clock import MovedClock
from tests.support.people import ORIGIN, enrol, sign_in
from tests.support.story_acts import Acts, Answers
from tests.support.story_world import World

REFUSAL = re.compile(r'<(?:p|span|small)[^>]*class="[^"]*wrong[^"]*"[^>]*>(.*?)</', re.DOTALL)
SEE_OTHER = 303
REDIRECTS = frozenset({302, SEE_OTHER})


@dataclass
class Desk(Acts):
    """Who sits before the pages of one district, whoever it is at the moment."""

    app: Flask
    clock: MovedClock
    world: World
    subject: uuid.UUID | None = None
    """The signal, case or aftercare of which the story tells just now."""
    today: date = field(default=date(2026, 1, 1))

    # ── What a person does ──

    def on(self, day: date, at: time = time(12, 0)) -> None:
        """Let it be that day, at noon if nothing else is said."""
        self.today = day
        self.clock.move(day, self.world.zone, at)

    @abstractmethod
    def refused(self, who: str, path: str, said: Answers, part: str = "") -> str:
        """Send a form that must be refused; return the sentence."""

    def refused_step(self, who: str, event: str, page: str = "") -> str:
        """Open a step that may not be taken yet; return the sentence that stands there instead of its form."""
        text = self.read(who, self.here(page or f"steps/{event}"))
        assert not any("on" in form.boxes for form in forms_of(text) if event in form.action), event
        return plain(text)

    def visit(self, who: str) -> None:
        """Let a curator's record of today's visit arrive: the form that a phone seals, the verb that opens it."""
        with self.app.app_context():
            family = db.session.get_one(Subject, self.subject).family_id
            said = [("id", str(uuid7())), ("family", str(family)), ("form_version", "visit@2")]
            said += [("on", self.today.isoformat()), ("outcome", "visit"), ("where", "at_home"), ("planned", "planned")]
            form = visit_form(MultiDict(said))
            assert form.validate(), form.errors
            author = db.session.get_one(Person, self.world.people[who])
            number = (self.today.year, next_number(db.session(), self.today.year))
            arrival = Arrival(author=author, enrolment=None, received_at=now(), phone_at=None, number=number)
            record_visit(db.session(), form.answers(), arrival)
            db.session.commit()

    def alarm(self, who: str, need: str) -> str:
        """Let a call for help arrive from somebody's phone: the form that it seals, the verb that opens it."""
        with self.app.app_context():
            family = db.session.get_one(Subject, self.subject).family_id
            key, at = str(uuid7()), now()
            said = [("id", key), ("step", str(uuid7())), ("family", str(family)), ("act", "raise"), ("need", need)]
            form = AlarmForm(MultiDict([*said, ("at", at.isoformat()), ("raised_at", at.isoformat())]))
            assert form.validate(), form.errors
            author = db.session.get_one(Person, self.world.people[who])
            record_alarm(db.session(), form.said(), Sender(author, None, received_at=at, phone_at=at))
            db.session.commit()
            return key

    # ── What came of it ──

    def subjects(self, kind: str) -> list[uuid.UUID]:
        """Return the subjects of a kind in the district, the newest last."""
        query = select(Subject.id).where(Subject.territory_id == self.world.territory_id, Subject.kind == kind)
        with self.app.app_context():
            return list(db.session.scalars(query.order_by(Subject.created_at, Subject.id)))

    def go_on_with(self, kind: str) -> uuid.UUID:
        """Turn to the newest subject of a kind."""
        self.subject = self.subjects(kind)[-1]
        return self.subject

    def owed(self, rule: str, period: str = "") -> list[date | None]:
        """Return the last days of every duty by this rule, in the order in which they were begun."""
        query = select(DutyRow).where(DutyRow.subject_id == self.subject, DutyRow.rule == rule)
        with self.app.app_context():
            rows = db.session.scalars(query.order_by(DutyRow.opened_on, DutyRow.due_on)).all()
            return [row.due_on for row in rows if period in ("", row.period)]

    def met(self, rule: str) -> list[date | None]:
        """Return when the duties by this rule were done; None for what is still owed."""
        query = select(DutyRow.met_on).where(DutyRow.subject_id == self.subject, DutyRow.rule == rule)
        with self.app.app_context():
            return list(db.session.scalars(query.order_by(DutyRow.opened_on, DutyRow.due_on)))

    def stands(self, rule: str) -> list[tuple[str, int]]:
        """Return how each duty by this rule stands at the end of the story's day, with the days that it is late."""
        query = select(DutyRow).where(DutyRow.subject_id == self.subject, DutyRow.rule == rule)
        with self.app.app_context():
            rows = db.session.scalars(query.order_by(DutyRow.opened_on, DutyRow.due_on)).all()
            return [(row.state_on(self.today), 0 if row.met_on else row.late_days_on(self.today)) for row in rows]

    def happened(self) -> list[str]:
        """Return the types of the subject's events in the order of recording."""
        query = select(Event.type).where(Event.subject_id == self.subject).order_by(Event.no)
        with self.app.app_context():
            return list(db.session.scalars(query))

    def closed_on(self) -> date | None:
        """Return the day on which the subject was closed."""
        with self.app.app_context():
            return db.session.get_one(Subject, self.subject).closed_on

    def member(self, name: str) -> str:
        """Return the id of somebody of the story's family."""
        with self.app.app_context():
            family = db.session.get_one(Subject, self.subject).family_id
            query = select(FamilyMember.id).where(FamilyMember.family_id == family, FamilyMember.name.contains(name))
            return str(db.session.scalars(query).one())


@dataclass
class ClientDesk(Desk):
    """Without a browser: pages are read and forms posted by Flask's client, as a browser would post them."""

    _enrolments: dict[str, Enrolment] = field(default_factory=dict)
    _clients: dict[tuple[str, date], FlaskClient] = field(default_factory=dict)

    def read(self, who: str, path: str) -> str:
        """Open a page and return its HTML."""
        return self._open(who, path)[1]

    def send(self, who: str, path: str, said: Answers, part: str = "") -> None:
        """Post a page's form; what was refused fails with the page's own words."""
        status, text, where = self._post(who, path, said, part)
        assert status in {200, SEE_OTHER}, f"{where}: {status} {complaints(text)} {plain(text)[-600:]}"
        assert not complaints(text), f"{where}: {complaints(text)}"

    def refused(self, who: str, path: str, said: Answers, part: str = "") -> str:
        """Post a page's form and return what the refusal says."""
        status, text, where = self._post(who, path, said, part)
        assert status >= 400, f"{where} was taken"
        return " ".join(complaints(text)) or plain(text)

    def _post(self, who: str, path: str, said: Answers, part: str) -> tuple[int, str, str]:
        here, text = self._open(who, path)
        form = form_with(text, set(said), part)
        form.fill(said)
        where = form.action or here
        answer = self._client(who).post(
            where, data=_lists(form.pairs()), base_url=ORIGIN, headers={"Referer": f"{ORIGIN}{here}"}
        )
        return answer.status_code, answer.text, f"{who} {self.today} {where}"

    def _open(self, who: str, path: str) -> tuple[str, str]:
        client = self._client(who)
        answer = client.get(path, base_url=ORIGIN)
        while answer.status_code in REDIRECTS:
            path = answer.headers["Location"].removeprefix(ORIGIN)
            answer = client.get(path, base_url=ORIGIN)
        assert answer.status_code == 200, f"{who} {self.today} {path}: {answer.status_code} {plain(answer.text)[-400:]}"
        return path, answer.text

    def _client(self, who: str) -> FlaskClient:
        if (who, self.today) not in self._clients:
            with self.app.app_context():
                person = db.session.get_one(Person, self.world.people[who])
                db.session.expunge(person)
            if who not in self._enrolments:
                self._enrolments[who] = enrol(self.app, person, OFFICE)
            self._clients[who, self.today] = sign_in(self.app, person, OFFICE, self._enrolments[who])
        return self._clients[who, self.today]


def complaints(text: str) -> list[str]:
    """Return what a page says is wrong."""
    return [plain(one) for one in REFUSAL.findall(text)]


def plain(text: str) -> str:
    """Return the words of HTML."""
    main = text[text.find("<main") : text.find("</main")] if "<main" in text else text
    return entities.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def _lists(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
