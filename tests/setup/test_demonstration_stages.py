"""The demonstration has somebody in every stage of every document, and every office of a district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app import texts
from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.cases.channel_models import FamilyRequest
from curator_app.cases.course_models import CaseClosing
from curator_app.cases.models import PaperCopy
from curator_app.cases.placement_models import ContactSchedule, CourtDate
from curator_app.demo.load import install
from curator_app.extensions import db
from curator_app.intake.check_models import Decision, Inquiry, Order
from curator_app.intake.models import Signal
from curator_app.procedures.profile_definition import Stage
from curator_app.procedures.profiles_loader import load_profile
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.urgent.models import CONFIRMED, Alarm
from tests.support.databases import Databases, config_for, lend_app
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in

OFFICES = (
    ("commission_secretary", "commission_chair"),
    ("intake_officer",),
    ("head",),
    ("case_curator",),
    ("specialist",),
    ("group_chair",),
)


@pytest.fixture(scope="module")
def shown(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app with the whole demonstration; nobody here changes anything in it."""
    folder = tmp_path_factory.mktemp("shown")
    with databases.fresh("sqlite", folder) as url, lend_app(config_for(folder, DATABASE_URL=url)) as app:
        with app.app_context():
            install(db.session())
            db.session.commit()
        yield app


def stands_in(stage: Stage, kind: str, happened: set[str]) -> bool:
    """Tell whether a subject to which this has happened is in the stage: it began and has not ended."""
    return stage.subject == kind and bool(happened & {*stage.begins_with}) and not happened & {*stage.ends_with}


def test_every_stage_of_every_document_has_a_live_subject(shown: Flask) -> None:
    with shown.app_context():
        happened: dict[object, set[str]] = defaultdict(set)
        for subject_id, event in db.session.execute(select(Event.subject_id, Event.type)):
            happened[subject_id].add(event)
        live = db.session.scalars(select(Subject).where(Subject.closed_on.is_(None))).all()
        empty = [
            (key, stage.id)
            for key in sorted({one.procedure for one in live if one.family_id})
            for stage in load_profile(key).stages
            if not any(one.procedure == key and stands_in(stage, one.kind, happened[one.id]) for one in live)
        ]

        assert len({one.procedure for one in live}) == len(db.session.scalars(select(Territory)).all())
        assert empty == []


def test_every_district_has_its_offices(shown: Flask) -> None:
    with shown.app_context():
        for territory in db.session.scalars(select(Territory)):
            here = select(Role.role).join(Organisation).where(Organisation.territory_id == territory.id)
            held = set(db.session.scalars(here))
            for offices in OFFICES:
                assert held & {*offices}, (territory.name, offices)


def test_what_is_over_is_closed_and_goes_on_as_what_follows_it(shown: Flask) -> None:
    with shown.app_context():
        ended = select(Event.subject_id).where(Event.type == "deregistered")
        over = db.session.scalars(select(Subject).where(Subject.id.in_(ended))).all()

        assert over
        for subject in over:
            after = select(Subject).where(Subject.family_id == subject.family_id, Subject.kind == "aftercare")
            assert subject.closed_on is not None
            assert db.session.scalars(after).one().closed_on is None


def test_early_help_is_in_the_hands_of_its_owner_and_of_nobody_else(shown: Flask) -> None:
    with shown.app_context():
        early = db.session.scalars(select(Subject).where(Subject.kind == "early_help")).all()

        assert early
        for subject in early:
            roles = db.session.scalars(select(Assignment.role).where(Assignment.subject_id == subject.id)).all()
            assert roles == ["early_help_owner"]


def test_whatever_is_a_signal_has_its_line_in_the_register(shown: Flask) -> None:
    with shown.app_context():
        subjects = set(db.session.scalars(select(Subject.id).where(Subject.kind == "signal")))
        signals = db.session.scalars(select(Signal)).all()

        assert {one.id for one in signals} == subjects
        assert {one.territory_id for one in signals} == set(db.session.scalars(select(Territory.id)))
        assert all(one.known_on <= demo_day() for one in signals)


def test_every_office_finds_something_on_its_desk(shown: Flask) -> None:
    desks = (Inquiry, Order, Decision, CourtDate, ContactSchedule, PaperCopy, CaseClosing, FamilyRequest, Alarm)
    with shown.app_context():
        assert [one.__name__ for one in desks if not db.session.scalars(select(one)).all()] == []

        kinds = {one.kind for one in db.session.scalars(select(FamilyRequest))}
        assert kinds <= set(texts.tables()["channel"]["kinds"])
        closings = db.session.execute(select(CaseClosing.outcome, Subject.procedure).join(Subject)).all()
        for outcome, procedure in closings:
            assert outcome in {one.id for one in load_profile(procedure).closing_outcomes}
        # Nobody is called out of bed by an invented alarm.
        assert {one.state for one in db.session.scalars(select(Alarm))} == {CONFIRMED}


@pytest.mark.parametrize(("page", "words"), [("/duty/alarms", "Снегирёвы"), ("/requests", "Рябинкины")])
def test_a_head_finds_lists_that_are_not_empty(shown: Flask, page: str, words: str) -> None:
    with shown.app_context():
        head = db.session.scalars(select(Person).where(Person.name.startswith("Осокина"))).one()
        db.session.expunge(head)

    answer = sign_in(shown, head).get(page, base_url=ORIGIN)

    assert answer.status_code == 200
    assert words in answer.text
