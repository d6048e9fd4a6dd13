"""Reminders: what a look at the duties costs when more stand open, and when all of them are due at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.stage import Stage
from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.reminders import jobs
from curator_app.reminders.looking import due_duties
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Assignment, Event, Subject

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
FEW, MANY, QUICK_MANY = 10_000, 100_000, 20_000
DUE = 1_000
WARM = 200
CASES_EACH = 20
"""So many cases a curator carries."""
AT_ONCE = 5_000
"""Rows of a statement."""
MOST_GROWTH = 1.5
"""The same number due costs the same; ten times as many rows are granted a deeper tree and a colder cache."""
ASKED = 200


def measure(stage: Stage) -> Iterator[Figure]:
    """Let the same number be due among few and among many, then all of them."""
    many = QUICK_MANY if stage.quick else MANY
    for kind, title in DATABASES.items():
        with stage.application(kind) as app, app.app_context():
            session = db.session()
            world = _world(session)
            _write(session, world, FEW)
            # The first ones compile statements and read profiles: that is no part of either figure.
            _due(session, WARM)
            few_asked, few = _asked(session), _due(session, DUE)
            _write(session, world, many - FEW)
            many_asked, lots = _asked(session), _due(session, DUE)
            yield Figure(
                f"asking what is due among {many} open duties, {title}", many_asked * 1e3, "ms", few_asked * 1e3
            )
            yield Figure(f"a look at {DUE} due among {many} open, {title}", lots, "s", few)
            yield Figure(f"  over {DUE} due among {FEW}, {title}", lots / few, "x", 1, MOST_GROWTH)
            _forget(session)
            seconds = _due(session, many)
            yield Figure(f"{many} duties due at once, all said, {title}", seconds, "s")
            yield Figure(f"  a duty, {title}", seconds / many * 1e3, "ms")


def _world(session: Session) -> tuple[Territory, Organisation]:
    territory = Territory(name="Выдуманный район", zone="Asia/Novosibirsk", procedure="kochki_2020")
    place = Organisation(name="Центр помощи", kind="social_service", territory=territory)
    session.add_all([territory, place])
    session.commit()
    return territory, place


def _write(session: Session, world: tuple[Territory, Organisation], count: int) -> None:
    """Write so many cases, each with a visit that was due today, and their curators; nothing is to be said yet."""
    territory, place = world
    today, since = now().date(), date(2020, 1, 1)
    tables: dict[type[object], list[dict[str, object]]] = {}

    def row(model: type[object], **values: object) -> object:
        key = uuid7()
        tables.setdefault(model, []).append({"id": key, "created_at": now(), **values})
        return key

    curator: object = None
    for number in range(count):
        if number % CASES_EACH == 0:
            curator = row(Person, name=f"Кураторова {number}", email=f"{number}@example.test")
            row(Role, person_id=curator, organisation_id=place.id, role="case_curator", since_on=since)
        family = row(Family, territory_id=territory.id, surname="Выдумкины", address="ул. Примерная, 1")
        known = {"territory_id": territory.id, "procedure": "kochki_2020@1"}
        subject = row(Subject, kind="case", family_id=family, **known)
        held = {"person_id": curator, "organisation_id": place.id, "role": "case_curator", "since_on": since}
        row(Assignment, subject_id=subject, **held)
        event = row(Event, subject_id=subject, no=1, type="registered", on=today - timedelta(days=30))
        days = {"opened_on": today - timedelta(days=30), "due_on": today - timedelta(days=1)}
        versions = {"procedure": "kochki_2020@1", "calendar": ""}
        row(DutyRow, subject_id=subject, rule="home_visit", anchor_id=event, owner="case_curator", **days, **versions)
        if number % AT_ONCE == AT_ONCE - 1 or number == count - 1:
            for model, rows in tables.items():
                session.execute(insert(model), rows)
            session.commit()
            tables.clear()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()


def _asked(session: Session) -> float:
    """Return the seconds of one sweep's question when nothing is due."""
    began = time.perf_counter()
    for _one in range(ASKED):
        due_duties(session, now(), jobs.BATCH)
    session.rollback()
    return (time.perf_counter() - began) / ASKED


def _due(session: Session, count: int) -> float:
    """Let so many be due, and look; return the seconds."""
    keys = session.scalars(db.select(DutyRow.id).order_by(DutyRow.id).limit(count))
    chosen = keys.all()
    for begin in range(0, count, AT_ONCE):
        due = update(DutyRow).where(DutyRow.id.in_(chosen[begin : begin + AT_ONCE]))
        session.execute(due.values(remind_at=now()), execution_options={"synchronize_session": False})
    session.commit()
    began = time.perf_counter()
    done = 0
    while some := jobs.look_at_duties():
        done += some
    seconds = time.perf_counter() - began
    if done != count:
        message = f"{done} of {count} were looked at"
        raise RuntimeError(message)
    _forget(session)
    return seconds


def _forget(session: Session) -> None:
    """Let nothing have been said, and nothing be due."""
    for table in ("parcel", "reminder"):
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own two names
    session.execute(update(DutyRow).values(remind_at=None), execution_options={"synchronize_session": False})
    session.commit()
