"""The term of keeping is over: an act erases what was written of a family, that there was work with them stays."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import JSON, String, select

from curator_app.cases.course_models import RetentionAct
from curator_app.clock import now
from curator_app.database import Base, uuid7
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.families.search_models import family_word
from curator_app.reminders.delay_models import DelayReason
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Event, Subject
from curator_app.sync.jobs import forget_erased
from curator_app.sync.models import APPLIED, Envelope
from curator_app.visits.models import Visit
from tests.support.cases import HTMX, office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, enrol, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])

YEARS_AGO = 6


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def secretary(app, people):
    """The secretary of the district's commission."""
    return sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", people.ryabinkiny))


def closed(app, family, years=YEARS_AGO):
    """Let all work with a family have ended so many years ago."""
    with app.app_context():
        for subject in db.session.scalars(select(Subject).where(Subject.family_id == family.id)):
            subject.closed_on = demo_day() - timedelta(days=365 * years)
        db.session.commit()


def erase(client, family, basis="Номенклатура дел, решение комиссии № 5"):
    """Erase a family's content by its page."""
    return client.post(f"/retention/{family.id}", data={"basis": basis}, headers=HTMX, base_url=ORIGIN)


def test_the_act_erases_every_word_and_every_event_stays(app, people, secretary):
    marked = "Ежевикоцветова"
    with app.app_context():
        family = db.session.get_one(Family, people.ryabinkiny.id)
        family.story, family.address = f"Бабушка {marked}", f"улица {marked}, 3"
        for member in family.members:
            member.name = f"{marked} {member.name}"
        for visit in db.session.scalars(select(Visit).where(Visit.family_id == family.id)):
            visit.fields = [*visit.fields, ["family_words", marked]]
        for event in db.session.scalars(select(Event).join(Subject).where(Subject.family_id == family.id)):
            event.data = {**event.data, "text": marked}
        db.session.commit()
        before = db.session.execute(_events(family.id)).all()
        _remind_twice(people, marked)
    closed(app, people.ryabinkiny)

    answer = erase(secretary, people.ryabinkiny)

    assert answer.status_code == 303
    with app.app_context():
        assert db.session.execute(_events(people.ryabinkiny.id)).all() == before
        held = {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, String | JSON)
            for (value,) in db.session.execute(select(column))
            if value and marked.lower()[:8] in str(value).lower()
        }
        assert held == set()
        family = db.session.get_one(Family, people.ryabinkiny.id)
        assert (family.surname, family.address, family.erased_on) == ("Стёрто по сроку хранения", "", demo_day())
        assert not [one for one in family.members if one.born_on]
        own = select(family_word.c.word).where(family_word.c.family_id == family.id)
        assert "рябинкин" not in set(db.session.scalars(own))
        assert [one.reason for one in db.session.scalars(select(DelayReason))] == ["illness"], "a code is no word"


def _remind_twice(people, word):
    """Say twice that something comes near, and why it was late."""
    duty = db.session.scalars(select(DutyRow).join(Subject).where(Subject.family_id == people.ryabinkiny.id)).first()
    for step in ("before_7", "before_3"):
        said = Said("deadline", duty.id, step, f"/cases/{duty.subject_id}", duty_id=duty.id, subject_id=duty.subject_id)
        remind(db.session(), Places(db.session()), people.vera.id, said, now())
    key = {"subject_id": duty.subject_id, "rule": duty.rule, "anchor_id": duty.anchor_id, "period": duty.period}
    db.session.add(DelayReason(**key, reason="illness", note=word, author_id=people.vera.id))
    db.session.commit()


def _events(family_id):
    columns = select(Event.id, Event.no, Event.type, Event.on, Event.author_id)
    return columns.join(Subject).where(Subject.family_id == family_id).order_by(Event.id)


def test_the_act_says_how_much_and_on_what_ground(app, people, secretary):
    closed(app, people.ryabinkiny)
    assert "Рябинкины" in read(secretary, "/retention").text

    where = erase(secretary, people.ryabinkiny).headers["Location"]

    page = read(secretary, where).text
    assert "Номенклатура дел, решение комиссии № 5" in page
    assert "Посещения" in page
    listed = read(secretary, "/retention").text
    assert "Рябинкины" not in listed
    assert "Акт №" in listed
    assert erase(secretary, people.ryabinkiny).status_code == 404, "once"


def test_what_a_phone_had_sealed_goes_too(app, people, secretary):
    phone = enrol(app, people.vera)
    with app.app_context():
        visit = db.session.scalars(select(Visit).where(Visit.family_id == people.ryabinkiny.id)).first()
        other = db.session.scalars(select(Visit).where(Visit.family_id == people.podorozhnikovy.id)).first()
        for seq, about in enumerate((visit.id, other.id), start=1):
            db.session.add(_sealed(phone.id, about, seq))
        db.session.commit()
    closed(app, people.ryabinkiny)
    erase(secretary, people.ryabinkiny)

    with app.app_context():
        assert forget_erased() == 1

        kept = db.session.execute(select(Envelope.seq, Envelope.body).order_by(Envelope.seq)).all()
        assert [(row.seq, row.body) for row in kept] == [(1, None), (2, b"sealed")]


def _sealed(enrolment_id, about_id, seq):
    return Envelope(
        enrolment_id=enrolment_id,
        envelope_id=uuid7(),
        kind="visit",
        header=b"{}",
        kid="k",
        length=6,
        digest=hashlib.sha256(b"sealed").digest(),
        state=APPLIED,
        seq=seq,
        body=b"sealed",
        received_at=now(),
        about_id=about_id,
    )


@pytest.mark.parametrize("years", [0, 4])
def test_before_the_term_nothing_is_offered(app, people, secretary, years):
    closed(app, people.ryabinkiny, years)

    assert "Рябинкины" not in read(secretary, "/retention").text
    assert erase(secretary, people.ryabinkiny).status_code == 404


def test_while_somebody_works_with_the_family_nothing_is_erased(app, people, secretary):
    closed(app, people.ryabinkiny)
    with app.app_context():
        case = db.session.get_one(Subject, subject_of(app, people.ryabinkiny).id)
        case.closed_on = None
        db.session.commit()

    assert erase(secretary, people.ryabinkiny).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(RetentionAct.id)).all() == []


def test_an_act_without_a_ground_is_none(app, people, secretary):
    closed(app, people.ryabinkiny)

    answer = erase(secretary, people.ryabinkiny, "")

    assert answer.status_code == 422
    assert "Напишите основание" in answer.text


def test_only_the_districts_commission_keeps_terms(app, people, secretary):
    closed(app, people.ryabinkiny)
    act = erase(secretary, people.ryabinkiny).headers["Location"]
    for person in (people.vera, people.darya, people.anna):
        client = sign_in(app, person)
        for path in ("/retention", f"/retention/{people.ryabinkiny.id}", act):
            assert read(client, path).status_code == 404, (person.name, path)
