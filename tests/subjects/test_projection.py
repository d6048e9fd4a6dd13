"""The table of duties follows what is written down: in any order, late, ahead of its day, corrected, paused."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest

from curator_app.extensions import db
from curator_app.subjects import jobs
from curator_app.subjects.models import Event, Subject
from tests.subjects.conftest import TODAY, is_whole


def test_an_event_opens_what_the_document_asks_for(case):
    case.happened_on("resolution_adopted", date(2026, 10, 30))

    assert case.row("resolution_copies").due_on == date(2026, 11, 5)
    assert is_whole(case)


def test_what_fulfils_it_is_written_beside_it(case):
    case.happened_on("resolution_adopted", date(2026, 10, 30))
    sent = case.happened_on("resolution_copies_sent", date(2026, 11, 3))

    row = case.row("resolution_copies")
    assert (row.met_on, row.met_by_id, row.state_on(TODAY)) == (date(2026, 11, 3), sent.id, "met")
    assert is_whole(case)


def test_a_duty_keeps_its_row_when_something_else_happens(case):
    case.happened("registered", 40)
    before = {row.id for row in case.rows() if row.rule != "home_visit"}
    case.happened("visit_made", 20)

    assert before <= {row.id for row in case.rows()}
    assert is_whole(case)


def test_a_correction_of_the_beginning_moves_the_last_day(case):
    adopted = case.happened_on("resolution_adopted", date(2026, 10, 28))
    case.happened("event_corrected", corrects=str(adopted.id), on="2026-10-30", reason="не тот день")

    assert case.row("resolution_copies").due_on == date(2026, 11, 5)
    assert is_whole(case)


def test_a_correction_can_take_the_fulfilment_away(case):
    case.happened("resolution_adopted", 5)
    sent = case.happened("resolution_copies_sent", 3)
    case.happened("event_corrected", corrects=str(sent.id), void=True, reason="не отправлены")

    assert case.row("resolution_copies").met_on is None
    assert is_whole(case)


def test_an_event_written_down_late_takes_its_place(case):
    case.happened("registered", 70)
    case.happened("visit_made", 2)
    case.happened("visit_made", 45)

    assert is_whole(case)


def test_what_is_announced_counts_from_its_day_and_not_before(case, monkeypatch):
    case.happened("registered", -3)
    assert (case.rows(), case.subject.reproject_on) == ([], TODAY + timedelta(days=3))
    db.session.commit()

    tomorrow(monkeypatch, 3)
    assert jobs.reproject_due() == 1

    assert {row.opened_on for row in case.rows()} == {TODAY + timedelta(days=3)}


def test_a_new_quarter_opens_by_itself(make, app, monkeypatch):
    with app.app_context():
        case = make("krasnoyarsk_2011@1")
        case.happened("registered", 10)
        ahead = case.subject.reproject_on
        before = len(case.rows())
        db.session.commit()

        assert ahead is not None
        tomorrow(monkeypatch, (ahead - TODAY).days)
        jobs.reproject_due()

        assert len(case.rows()) > before


def test_a_pause_holds_open_duties_and_says_since_when(case):
    case.happened("registered", 4)
    case.happened("paused", 1)

    held = [row for row in case.rows() if row.paused_since]
    assert held
    assert {row.state_on(TODAY) for row in held} <= {"paused", "late"}
    case.happened("resumed", 0)
    assert not [row for row in case.rows() if row.paused_since]
    assert is_whole(case)


def test_a_frequency_of_ones_own_brings_the_next_visit_nearer(case):
    case.happened("registered", 20)
    case.happened("visit_made", 6)
    far = case.row("home_visit").due_on
    until = (TODAY + timedelta(days=42)).isoformat()
    case.happened("frequency_set", 5, every={"n": 1, "unit": "week"}, until=until, reason="шесть недель")

    nearest = min(row.due_on for row in case.rows() if row.rule == "home_visit" and row.met_on is None)
    assert nearest < far
    assert is_whole(case)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_event_that_no_rule_asks_about_costs_no_projection(case, monkeypatch):
    monkeypatch.setattr("curator_app.subjects.service.project", lambda *_: pytest.fail("worked out for nothing"))

    assert case.happened("photo_withdrawn").no == 1


def test_a_profile_that_cannot_be_loaded_loses_no_event_and_is_tried_again(case, caplog, monkeypatch):
    case.subject.procedure = "no_such@1"
    with caplog.at_level(logging.ERROR):
        event = case.happened("registered", 3, text="Снегирёвы")
    db.session.commit()

    assert db.session.get_one(Event, event.id).type == "registered"
    assert case.subject.projection_fault == "profile"
    assert "Снегирёвы" not in caplog.text

    db.session.get_one(Subject, case.subject.id).procedure = "kochki_2020@1"
    db.session.commit()
    assert jobs.reproject_due() == 0, "it was tried a moment ago"
    monkeypatch.setattr("curator_app.subjects.recounting.TRIED_AGAIN_AFTER", timedelta(0))
    assert jobs.reproject_due() == 1
    assert case.subject.projection_fault == ""
    assert is_whole(case)


def test_an_event_that_cannot_be_read_is_kept_and_said(case):
    case.happened("registered", 3)
    case.happened("frequency_set", 2, every="часто")
    db.session.commit()

    assert case.subject.projection_fault == "events"
    assert case.rows(), "the table stays as it was"


def test_one_subject_that_cannot_be_read_does_not_stop_the_rest(app, make, monkeypatch):
    with app.app_context():
        cases = [make(), make(), make()]
        for case in cases:
            case.happened("registered", -2)
        cases[1].subject.procedure = "no_such@1"
        db.session.commit()
        tomorrow(monkeypatch, 2)

        jobs.reproject_due()

        assert [bool(case.rows()) for case in cases] == [True, False, True]


def tomorrow(monkeypatch, days):
    """Let so many days pass for the projection."""
    later = lambda _zone: TODAY + timedelta(days=days)  # noqa: E731
    monkeypatch.setattr("curator_app.subjects.duties.today", later)
    monkeypatch.setattr("curator_app.subjects.recounting.today", later)
