"""When the term of a signal that was not confirmed is over, the words of its check go too; that it happened stays."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from curator_app.extensions import db
from curator_app.intake.models import NOT_CONFIRMED, Signal
from curator_app.intake.retention import erase
from tests.intake.checks import journal_line, post, signal_events
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import sign_in

WORD = "канарейкина"


def test_nothing_that_was_written_in_a_check_outlives_its_term(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    due = demo_day() + timedelta(days=2)
    post(client, f"/subjects/{key}/inquiries", addressee="Школа", question=f"Знают ли там {WORD}?", due_on=due)
    said = {"ci_hungry-mark": "mark_present", "ci_hungry-fact": WORD, "ci_hungry-source": WORD}
    post(client, f"/subjects/{key}/instruments", child="0", **said, **{"ci_hungry-on": demo_day()})
    decided = {"on": demo_day(), "outcome": NOT_CONFIRMED, "decided_by": "Приёмова", "reason": f"{WORD} ошиблась"}
    assert post(client, f"/subjects/{key}/outcome", **decided).status_code == 303
    before = [name for name, _data in signal_events(app, key)]

    with app.app_context():
        told = db.session.get_one(Signal, key)
        assert erase(db.session(), told)
        db.session.commit()

    assert [name for name, _data in signal_events(app, key)] == before
    assert WORD not in str(signal_events(app, key))
    with app.app_context():
        for table in ("inquiry", "signal_decision", "event", "finding", "signal"):
            rows = db.session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names of our own
            assert WORD not in str(rows).casefold(), table
