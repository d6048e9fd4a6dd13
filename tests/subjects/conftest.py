"""A case of an invented family, and what is owed in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Territory
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.procedures import engine
from curator_app.procedures.facts import Duty
from curator_app.subjects.duties import calendar_for, facts_of
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import load_profile, record_event

ZONE = "Asia/Novosibirsk"
TODAY = today(ZONE)


@dataclass
class Case:
    """A subject in this test's session."""

    subject: Subject

    def happened(self, what: str, ago: int = 0, **data: Any) -> Event:
        """Write down that something happened some days ago; negative: is announced."""
        return record_event(self.subject, what, on=TODAY - timedelta(days=ago), data=data)

    def happened_on(self, what: str, on: date, at: datetime | None = None) -> Event:
        """Write down what happened on a day."""
        return record_event(self.subject, what, on=on, at=at)

    def rows(self) -> list[DutyRow]:
        """The table as it stands."""
        db.session.flush()
        query = select(DutyRow).where(DutyRow.subject_id == self.subject.id).order_by(DutyRow.opened_on, DutyRow.rule)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    def row(self, rule: str) -> DutyRow:
        """The one duty of a rule."""
        return next(one for one in self.rows() if one.rule == rule)

    def computed(self, as_of: date = TODAY) -> list[Duty]:
        """What the engine says of all the events."""
        profile = load_profile(self.subject.procedure)
        calendar = calendar_for(db.session(), profile)
        return engine.duties(profile, facts_of(db.session(), self.subject), calendar, as_of, ZONE)


def keys_of_rows(rows: list[DutyRow], on: date = TODAY) -> set[tuple[Any, ...]]:
    """What the table says, for comparison."""
    return {
        (
            row.rule,
            str(row.anchor_id),
            row.period,
            row.due_at or row.due_on,
            row.met_on,
            str(row.met_by_id or ""),
            row.state_on(on),
        )
        for row in rows
    }


def keys_of_duties(duties: list[Duty]) -> set[tuple[Any, ...]]:
    """What the engine says, for comparison."""
    found = set()
    for one in duties:
        met = (one.met_by.on, one.met_by.id) if one.met_by else (None, "")
        found.add((one.rule.id, one.anchor.id, one.period, one.due, *met, one.state))
    return found


def is_whole(case: Case) -> bool:
    """Tell whether the table equals a recomputation."""
    return keys_of_rows(case.rows()) == keys_of_duties(case.computed())


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    """A case under the Kochki procedure, without events; the session stays open."""
    with app.app_context():
        yield make_case()


@pytest.fixture
def make() -> Callable[..., Case]:
    """Make cases inside an application context of the test's own."""
    return make_case


def make_case(procedure: str = "kochki_2020@1", kind: str = "case") -> Case:
    """Put a subject into the session's database."""
    territory = Territory(name="Выдуманный район", zone=ZONE, procedure=procedure.partition("@")[0])
    subject = Subject(kind=kind, territory=territory, procedure=procedure)
    db.session.add_all([territory, subject])
    db.session.flush()
    return Case(subject)
