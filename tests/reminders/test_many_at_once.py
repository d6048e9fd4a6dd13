"""When everything is due at once a run ends before the queue would end it, and the next one goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from curator_app.clock import now
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import DEADLINE, Parcel
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.duty_models import DutyRow


@pytest.mark.usefixtures("world")
def test_a_run_ends_in_time_and_the_next_goes_on_where_it_stood(monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    monkeypatch.setattr(jobs, "MOST_IN_A_RUN", 4)
    db.session.execute(update(DutyRow).values(remind_at=now() - timedelta(minutes=5)))
    db.session.commit()
    all_of_them = len(db.session.scalars(select(DutyRow.id)).all())
    assert all_of_them > 4

    runs = [jobs.look_at_duties() for _ in range(all_of_them)]
    assert runs[0] == 4
    assert sum(runs) == all_of_them


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_message_is_not_taken_to_be_sent_while_something_joins_it(world):
    """Whoever sends it reads what is to be said when it is taken: what joined a moment later would be left unsaid."""
    world.curator.email = "a.kuratorova@example.test"
    db.session.commit()

    def said(step):
        return remind(
            db.session(), Places(db.session()), world.curator.id, Said(DEADLINE, world.subject.id, step, "/"), now()
        )

    said("first")
    db.session.commit()
    (parcel,) = world.parcels()
    said("second")
    taken = update(Parcel).where(Parcel.id == parcel.id).values(claimed_at=now())
    with db.engine.connect() as sender:
        sender.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            sender.execute(taken)
        sender.rollback()
        db.session.commit()
        assert sender.execute(taken).rowcount == 1
        sender.rollback()
