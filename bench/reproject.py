"""The table of duties: what an event costs with its projection, and how fast a territory is worked out anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from sqlalchemy import select

from bench.figures import Figure
from bench.stage import Stage
from curator_app.auth.models import Territory
from curator_app.clock import today
from curator_app.extensions import db
from curator_app.subjects.models import Subject
from curator_app.subjects.recounting import reproject
from curator_app.subjects.service import record_event

TERRITORY = 100_000
MEASURED, QUICK = 1_000, 100
PROFILE = "kochki_2020@1"
ZONE = "Asia/Novosibirsk"
# Half a year of an ordinary case: days ago, what happened.
HALF_A_YEAR = (
    *((190, "resolution_adopted"), (190, "registered"), (188, "resolution_copies_sent"), (187, "resolution_received")),
    *((187, "curator_assigned"), (180, "family_acquainted"), (176, "plan_drafted"), (170, "plan_approved")),
    *((160, "visit_made"), (131, "visit_made"), (102, "visit_made"), (74, "visit_made"), (45, "visit_made")),
)


def measure(stage: Stage) -> Iterator[Figure]:
    """Write cases on either database, then work every one out anew, a transaction each, as the worker does."""
    cases = QUICK if stage.quick else MEASURED
    for kind, title in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        with stage.application(kind) as app, app.app_context():
            ids, last = _write(cases)
            yield Figure(f"an event with its projection, {title}", median(last) * 1e3, "ms")
            began = time.perf_counter()
            for key in ids:
                reproject(db.session(), key)
                db.session.commit()
                db.session.expunge_all()
            rate = cases / (time.perf_counter() - began)
            yield Figure(f"cases of {len(HALF_A_YEAR)} events worked out anew, {title}", rate, "/s", better="high")
            # Not measured but multiplied: a case asks for its own rows alone, by an index.
            yield Figure(f"a territory of {TERRITORY} cases at that rate, {title}", TERRITORY / rate / 60, "min")


def _write(cases: int) -> tuple[list[object], list[float]]:
    """Write so many cases; return their ids and the seconds that each one's last event took."""
    on = today(ZONE)
    territory = Territory(name="Район замера", zone=ZONE, procedure="kochki_2020")
    db.session.add(territory)
    db.session.commit()
    seconds = []
    for _ in range(cases):
        subject = Subject(kind="case", territory=territory, procedure=PROFILE)
        db.session.add(subject)
        for ago, what in HALF_A_YEAR:
            began = time.perf_counter()
            record_event(subject, what, on=on - timedelta(days=ago))
            db.session.flush()
        seconds.append(time.perf_counter() - began)
        db.session.commit()
    return list(db.session.scalars(select(Subject.id).where(Subject.territory_id == territory.id))), seconds
