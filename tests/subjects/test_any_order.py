"""Whatever is written down in whatever order, the table equals the engine's answer to the whole."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curator_app.extensions import db
from curator_app.procedures.calendar import calendar_of
from curator_app.subjects.service import record_event
from tests.procedures.any_history import EVERYTHING, histories
from tests.subjects.conftest import is_whole

NOT_NEEDED = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def everything(monkeypatch):
    """Let cases live under a profile that has every kind of rule."""
    for module in ("curator_app.subjects.duties", "curator_app.subjects.service", "tests.subjects.conftest"):
        monkeypatch.setattr(f"{module}.load_profile", lambda _key: EVERYTHING)
    return calendar_of(("ru",))


@pytest.mark.usefixtures("everything")
@given(history=histories(), chance=st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=NOT_NEEDED)
def test_the_table_equals_a_recomputation_after_each_event(app, make, history, chance):
    chance.shuffle(history)
    with app.app_context():
        case = make()
        written = []
        for fact in history:
            event = record_event(case.subject, fact.type, on=fact.on, at=fact.at, data=dict(fact.data))
            written.append(event.id)
            if chance.random() < 0.2:
                correct(case, chance.choice(written), chance.choice(history).on)
        assert is_whole(case)
        db.session.rollback()


def correct(case, key: uuid.UUID, on: date):
    """Say that something happened on another day."""
    data = {"corrects": str(key), "on": on.isoformat(), "reason": "не тот день"}
    record_event(case.subject, "event_corrected", on=on, data=data)
