"""Whoever stands behind a door does not wait for the morning's post, nor for a mail server that does not answer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Role
from curator_app.clock import now
from curator_app.extensions import CALLS, db
from curator_app.reminders import jobs
from curator_app.reminders.models import Parcel
from curator_app.subjects.models import Assignment
from curator_app.urgent.models import Alarm


def raise_alarm(one):
    """A curator of the installation calls; her organisation has a duty person who takes letters."""
    with one.app.app_context():
        carried = db.session.scalars(select(Assignment).where(Assignment.role == "case_curator")).first()
        place = db.session.get_one(Organisation, carried.organisation_id)
        duty = Person(name="Дежурная Нина Павловна", email="n.dezhurnaya@example.test")
        db.session.add(Role(person=duty, organisation=place, role="duty", since_on=date(2020, 1, 1)))
        held = {"subject_id": carried.subject_id, "organisation_id": place.id, "author_id": carried.person_id}
        db.session.add(Alarm(raised_at=now(), received_at=now(), **held))
        db.session.commit()


def test_an_alarm_leaves_while_a_mail_server_lets_another_letter_wait(install):
    one = install("sqlite")
    one.server.start_process("calls")
    one.owe()
    one.post.holds = "before"
    one.until(lambda: one.post.asked == 1)
    (waiting,) = one.rows(Parcel)

    raise_alarm(one)
    one.ask(jobs.sweep_calls, queue=CALLS)
    one.until(lambda: one.post.asked == 2, sweeping=False)

    # The first one has not been given up meanwhile: its worker is still at it.
    (same,) = [parcel for parcel in one.rows(Parcel) if parcel.id == waiting.id]
    assert (same.claimed_at is not None, same.tries, one.post.letters) == (True, 0, [])
    one.post.holds = ""
    one.until(one.all_is_sent)
    assert len(one.read()) == 2


def test_the_one_worker_takes_calls_before_what_came_earlier(install):
    one = install("sqlite")
    one.server.kill("worker")
    one.owe()
    raise_alarm(one)
    one.ask()
    one.ask(jobs.sweep_calls, queue=CALLS)

    one.server.start_process("worker")
    one.until(lambda: len(one.post.letters) == 2)
    first = one.post.letters[0]["To"].addresses[0]
    assert first.username == "n.dezhurnaya"
