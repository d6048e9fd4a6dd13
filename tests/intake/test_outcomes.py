"""What becomes of a signal: it joins an open case, repeats an earlier one, or is not confirmed and forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.audit.models import AuditRow
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.check_models import Inquiry
from curator_app.intake.duplicates import Sought, alike
from curator_app.intake.jobs import forget
from curator_app.intake.models import JOINED, NOT_CONFIRMED, PASSED, REPEATED, Informant, Signal
from curator_app.intake.outcomes import join, months_after, repeat, settle
from curator_app.intake.service import begin_check, looked_into, register, take_signal
from curator_app.subjects.models import Event, Subject
from tests.intake.conftest import Office, again, session_of, told
from tests.support.days import demo_day


@pytest.fixture
def signal(session: Session, office: Office) -> Signal:
    """A specialist's notice."""
    return take_signal(session, told(office), again(session, office.specialist), None)


def case_of(session: Session, family: Family) -> Subject:
    return session.scalars(select(Subject).where(Subject.family_id == family.id, Subject.kind == "case")).one()


def test_a_signal_about_a_family_with_an_open_case_stands_in_its_timeline(
    session: Session, office: Office, signal: Signal
) -> None:
    case, by = case_of(session, office.people.ryabinkiny), session_of(session, office.intake)

    join(session, signal, case, by)
    session.flush()

    event = session.scalars(select(Event).where(Event.subject_id == case.id, Event.type == "signal_joined")).one()
    assert event.data == {"number": signal.journal_no, "signal": str(signal.id)}, "neither the informant nor the words"
    assert (signal.outcome, signal.state, signal.leads_to_id) == (JOINED, PASSED, case.id)
    assert signal.subject.closed_on == demo_day()
    assert signal in session.scalars(Signal.visible_to(office.people.vera, demo_day())).all(), "her curator reads it"
    assert session.scalars(Informant.visible_to(office.people.vera, demo_day())).all() == []
    assert signal not in session.scalars(Signal.visible_to(office.people.igor, demo_day())).all()


def test_a_case_elsewhere_or_a_closed_one_takes_no_signal(session: Session, office: Office, signal: Signal) -> None:
    by = session_of(session, office.intake)
    elsewhere = case_of(session, office.people.podorozhnikovy)
    closed = case_of(session, office.people.ryabinkiny)
    closed.closed_on = demo_day()

    for work in (elsewhere, closed):
        with pytest.raises(Refused) as refusal:
            join(session, signal, work, by)
        assert refusal.value.fields == {"work": "work_is_over"}
    assert signal.is_open


def test_a_repeated_signal_leads_to_the_earlier_one(session: Session, office: Office, signal: Signal) -> None:
    by = session_of(session, office.intake)
    second = take_signal(session, told(office), None, None)

    repeat(session, second, signal, by)

    assert (second.outcome, second.leads_to_id) == (REPEATED, signal.id)
    assert signal.is_open
    with pytest.raises(Refused):
        repeat(session, signal, signal, by)
    with pytest.raises(Refused):
        repeat(session, signal, second, by)


def test_what_is_decided_is_not_decided_again(session: Session, office: Office, signal: Signal) -> None:
    by = session_of(session, office.intake)
    with pytest.raises(Refused) as early:
        begin_check(session, signal, by)
    settle(signal, NOT_CONFIRMED, by)

    assert early.value.fields == {"check": "register_first"}
    with pytest.raises(Refused):
        settle(signal, JOINED, by)
    with pytest.raises(Refused):
        begin_check(session, signal, by)


def test_what_was_not_confirmed_does_not_follow_the_family(session: Session, office: Office, signal: Signal) -> None:
    signal.family_id = office.people.ryabinkiny.id
    family = session.get_one(Family, office.people.ryabinkiny.id)

    settle(signal, NOT_CONFIRMED, session_of(session, office.intake), family=family)

    assert (signal.family_id, signal.leads_to_id) == (None, None)
    assert signal.erase_on == months_after(demo_day(), 6)
    assert signal not in session.scalars(Signal.visible_to(office.people.vera, demo_day())).all()


def test_a_step_of_the_check_is_told_without_anybody_pressing_for_it(
    session: Session, office: Office, signal: Signal
) -> None:
    looked_into(session, signal.subject)
    assert signal.state == "sent", "what is not in the journal yet is not being checked"

    register(session, signal, session_of(session, office.intake))
    looked_into(session, signal.subject)

    assert signal.state == "checking"


def test_when_its_term_is_over_its_words_go_and_its_line_stays(app: Flask, session: Session, office: Office) -> None:
    by, author = session_of(session, office.intake), again(session, office.specialist)
    gone, kept = (take_signal(session, told(office), author, None) for _ in range(2))
    for one in (gone, kept):
        settle(one, NOT_CONFIRMED, by)
    gone.erase_on = demo_day() - timedelta(days=2)
    keys = gone.id, kept.id
    asked = {"addressee": "Школа № 3", "question": "Где Егор?", "asked_on": demo_day(), "due_on": demo_day()}
    session.add(Inquiry(subject_id=gone.id, **asked, answer="Егор болеет"))
    session.commit()

    with app.app_context():
        assert (forget(), forget()) == (1, 0), "a second run finds nothing to do"

    with app.app_context():
        after, other = (db.session.get_one(Signal, key) for key in keys)
        assert (after.facts, after.children, after.adults, after.address, after.phone, after.informant) == (
            *("", [], "", "", ""),
            None,
        )
        assert (after.outcome, after.known_on) == (NOT_CONFIRMED, demo_day())
        assert after.erased_at is not None
        assert (
            db.session.scalars(select(AuditRow.act).where(AuditRow.object_id == keys[0])).all()[-1] == "signal:erased"
        )
        events = db.session.scalars(select(Event).where(Event.subject_id == keys[0])).all()
        assert events, "its events stay"
        assert not any("Школа" in str(event.data) for event in events)
        inquiry = db.session.scalars(select(Inquiry).where(Inquiry.subject_id == keys[0])).one()
        assert (inquiry.addressee, inquiry.question, inquiry.answer) == ("", "", "")
        assert other.facts
        found = alike(db.session(), Sought(office.territory.id, phone="+7 913 000-11-22"))
        assert [row.signal for row in found] == [other]


@pytest.mark.parametrize(
    ("on", "months", "until"),
    [
        (date(2026, 11, 22), 6, date(2027, 5, 22)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(on: date, months: int, until: date) -> None:
    assert months_after(on, months) == until


def test_a_repeated_signal_follows_the_family_as_soon_as_the_earlier_one_does(
    session: Session, office: Office, signal: Signal
) -> None:
    by, family = session_of(session, office.intake), office.people.ryabinkiny
    second = take_signal(session, told(office), None, None)
    repeat(session, second, signal, by)

    join(session, signal, case_of(session, family), by)

    assert (second.family_id, second.erase_on) == (family.id, None)


def test_a_repeated_signal_is_forgotten_with_the_earlier_one_however_late_that_is_decided(
    session: Session, office: Office, signal: Signal
) -> None:
    by = session_of(session, office.intake)
    second, third = (take_signal(session, told(office), None, None) for _ in range(2))
    repeat(session, second, signal, by)
    repeat(session, signal, third, by)
    assert (second.leads_to_id, second.erase_on) == (third.id, None)

    settle(third, NOT_CONFIRMED, by)

    assert third.erase_on is not None
    assert [one.erase_on for one in (signal, second)] == [third.erase_on] * 2
    assert [one.family_id for one in (signal, second)] == [None, None]
