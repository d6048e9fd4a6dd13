"""A check is ended by who checks: intake and commission. Who only told of it says nothing about what was found."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from curator_app.cases.stepping import Actor, StepRefused, take_step
from curator_app.extensions import db
from curator_app.intake.service import register, take_signal
from curator_app.subjects.models import Subject
from tests.intake.checks import get, post, signal_events
from tests.intake.conftest import Office, again, session_of, told
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.pages


@pytest.fixture
def key(app: Flask, office: Office) -> uuid.UUID:
    """A specialist's notice that stands in the journal, in a district whose document asks for the check."""
    with app.app_context():
        session = db.session()
        session.merge(office.territory).procedure = "novosibirsk_2022"
        signal = take_signal(session, told(office), again(session, office.specialist), None)
        register(session, signal, session_of(session, office.intake))
        session.commit()
        return signal.id


def ended(app: Flask, key: uuid.UUID) -> bool:
    """Tell whether anybody has said what the check found."""
    return "signal_checked" in [name for name, _data in signal_events(app, key)]


def test_who_only_told_of_it_does_not_end_its_check(app: Flask, office: Office, key: uuid.UUID) -> None:
    specialist, path = sign_in(app, office.specialist), f"/subjects/{key}/steps/signal_checked"

    assert get(specialist, path).status_code == 404
    assert post(specialist, path, on=demo_day().isoformat(), outcome="not_confirmed").status_code == 404
    assert not ended(app, key)


def test_no_other_way_to_record_it_is_open_to_them_either(app: Flask, office: Office, key: uuid.UUID) -> None:
    said = {"outcome": "not_confirmed"}
    with app.app_context():
        session = db.session()
        subject, by = session.get_one(Subject, key), Actor(again(session, office.specialist))

        with pytest.raises(StepRefused) as refused:
            take_step(session, subject, "signal_checked", said, on=demo_day(), by=by, effects={})

    assert "Это делает: специалист приёма сведений, комиссия" in refused.value.sentence
    assert not ended(app, key)


def test_intake_ends_it(app: Flask, office: Office, key: uuid.UUID) -> None:
    path = f"/subjects/{key}/steps/signal_checked"

    answer = post(sign_in(app, office.intake), path, on=demo_day().isoformat(), outcome="confirmed")

    assert answer.status_code == 303
    assert ended(app, key)
