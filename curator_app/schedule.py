"""What runs in the background, and when: `python -m curator_app.cron`, exactly one instance.

rq cron only enqueues; missed runs are not caught up and an interval fires at once on every start, so
each job asks the database what is due and may run twice. Cron fields are in local time (TZ).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rq import cron

from curator_app.extensions import CALLS, DEFAULT
from curator_app.intake import jobs as signal_jobs
from curator_app.reminders import jobs as reminder_jobs
from curator_app.reminders import phone_jobs
from curator_app.subjects import jobs as duty_jobs
from curator_app.sync import jobs as sync_jobs
from curator_app.urgent import jobs as urgent_jobs


@dataclass(frozen=True)
class Repeated:
    """A job and how often it is asked for."""

    job: Callable[[], object]
    every_seconds: int
    about: str
    queue: str = DEFAULT


TABLE = (
    Repeated(sync_jobs.sweep, 60, "open envelopes and make photos that nobody has taken yet"),
    Repeated(duty_jobs.sweep, 60, "work out duties whose day has come, and go on with a recount"),
    Repeated(reminder_jobs.sweep, 60, "say what is due, and send what is on its way to people"),
    Repeated(reminder_jobs.sweep_calls, 60, "call people, and send that", CALLS),
    Repeated(reminder_jobs.look_at_promises, 3600, "say which promises to families come due"),
    Repeated(reminder_jobs.look_at_own_days, 3600, "say which days that people set come"),
    Repeated(reminder_jobs.look_at_stand_ins, 3600, "tell those who begin to stand in for somebody"),
    Repeated(phone_jobs.look_at_phones, 60, "remind the owners of phones on which records wait for days"),
    Repeated(signal_jobs.forget, 3600, "erase the words of signals that were not confirmed when their term is over"),
    Repeated(urgent_jobs.mark_missed, 60, "raise whoever said when they would be back and was not", CALLS),
)

for row in TABLE:
    cron.register(row.job, row.queue, interval=row.every_seconds, result_ttl=0, failure_ttl=86400)
