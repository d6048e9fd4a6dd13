"""What is told of a child is kept once, with the moment it became known apart from its line in the journal."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.models import AuditRow
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.errors import Conflict, Refused
from curator_app.intake.models import CALL, PUBLIC, SENT, TAKEN, Informant, Signal
from curator_app.intake.service import register, take_signal
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Event
from tests.intake.conftest import Office, again, session_of, told
from tests.support.days import ZONE, demo_day


def events(session: Session, signal: Signal) -> list[tuple[str, object]]:
    rows = session.scalars(select(Event).where(Event.subject_id == signal.id).order_by(Event.no))
    return [(event.type, event.on) for event in rows]


def test_a_notice_became_known_on_its_own_day_and_reached_the_office_today(session: Session, office: Office) -> None:
    yesterday = demo_day() - timedelta(days=1)
    at = datetime.combine(yesterday, time(14, 20), ZoneInfo(ZONE))

    signal = take_signal(
        session, told(office, known_on=yesterday, known_at=at), again(session, office.specialist), None
    )

    assert events(session, signal) == [
        ("signal_known", yesterday),
        ("signal_sent", demo_day()),
        ("signal_received", demo_day()),
    ]
    assert (signal.state, signal.number, signal.known_at) == (SENT, None, at)
    assert signal.subject.kind == "signal"
    assert session.scalars(select(DutyRow.rule).where(DutyRow.subject_id == signal.id)).all(), "its clock runs"


def test_the_line_in_the_journal_comes_later_and_has_the_next_number_of_the_year(
    session: Session, office: Office
) -> None:
    by, author = session_of(session, office.intake), again(session, office.specialist)
    first, second = (take_signal(session, told(office), author, None) for _ in range(2))

    register(session, first, by)
    register(session, second, by)
    register(session, first, by)

    assert (second.number, first.year) == ((first.number or 0) + 1, demo_day().year), (
        "the demonstration has some already"
    )
    assert (first.state, first.registered_by_id) == (TAKEN, office.intake.id)
    assert [kind for kind, _on in events(session, first)].count("signal_registered") == 1
    acts = session.scalars(select(AuditRow.act).where(AuditRow.object_id == first.id)).all()
    assert sorted(acts) == ["signal:registered", "signal:told"]


def test_a_call_at_the_office_was_sent_by_nobody(session: Session, office: Office) -> None:
    signal = take_signal(session, told(office, way=CALL), again(session, office.intake), None)

    assert [kind for kind, _on in events(session, signal)] == ["signal_known", "signal_received"]


def test_who_stays_unnamed_leaves_no_informant(session: Session, office: Office) -> None:
    signal = take_signal(session, told(office, way=PUBLIC, teller=None), None, None)

    assert (signal.author_id, signal.informant) == (None, None)
    assert session.scalars(select(Informant).where(Informant.signal_id == signal.id)).all() == []


def test_what_is_delivered_twice_is_one_signal(session: Session, office: Office) -> None:
    key, author = uuid7(), again(session, office.specialist)

    first = take_signal(session, told(office, id=key), author, None)
    second = take_signal(session, told(office, id=key, facts="другие слова"), author, None)

    assert first is second
    assert first.id == key
    with pytest.raises(Conflict):
        take_signal(session, told(office, id=key), again(session, office.intake), None)


def test_what_has_not_come_yet_is_refused(session: Session, office: Office) -> None:
    author = again(session, office.specialist)

    with pytest.raises(Refused) as day:
        take_signal(session, told(office, known_on=demo_day() + timedelta(days=1)), author, None)
    with pytest.raises(Refused) as hour:
        take_signal(session, told(office, known_at=now() + timedelta(minutes=5)), author, None)

    assert (day.value.fields, hour.value.fields) == ({"known_on": "date_in_future"}, {"known_time": "date_in_future"})


def test_an_informant_is_read_by_the_intake_of_that_territory_alone(session: Session, office: Office) -> None:
    signal = take_signal(session, told(office), again(session, office.specialist), None)
    day = demo_day()

    def readers(model: type[Signal | Informant]) -> list[str]:
        everybody = (office.intake, office.specialist, office.secretary, office.foreign_intake)
        everybody += (office.people.vera, office.people.darya, office.people.anna)
        key = signal.id if model is Signal else signal.informant and signal.informant.id
        opened = {one: session.scalars(model.visible_to(one, day).where(model.id == key)).first() for one in everybody}
        return [one.name.split()[0] for one, row in opened.items() if row is not None]

    assert readers(Informant) == ["Приёмова"]
    assert readers(Signal) == ["Приёмова", "Секретарёва"], "who told it has a door of her own"
    assert session.scalars(Signal.told_by(office.specialist)).all() == [signal]
