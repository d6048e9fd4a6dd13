"""What was set and written while a signal was checked: it goes on in the case, and goes with the family's content."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from curator_app.cases.safety_models import MeasureCheck, SafetyPlan
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.desk.versions import _measures
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.models import NOT_CONFIRMED, Signal
from curator_app.intake.retention import erase
from curator_app.subjects.models import Subject
from curator_app.sync.jobs import forget_erased
from curator_app.sync.models import APPLIED, Envelope
from curator_app.visits.contacts import Found, Heard, tell_measures
from tests.intake.checks import get, journal_line, post, signal
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import enrol, join_case, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
WORD = "канарейкина"
MEASURE = "Ночует у бабушки"


@pytest.fixture
def told(app: Flask, office: Office) -> uuid.UUID:
    """A signal with papers of its check and first measures; its decision opened a case."""
    key, client = journal_line(app, office, facts=f"Говорит {WORD}"), sign_in(app, office.intake)
    due = demo_day() + timedelta(days=2)
    post(client, f"/subjects/{key}/inquiries", addressee="Школа", question=f"Знают ли там {WORD}?", due_on=due)
    said = {"ci_hungry-mark": "mark_present", "ci_hungry-fact": WORD, "ci_hungry-source": WORD}
    post(client, f"/subjects/{key}/instruments", child="0", **said, **{"ci_hungry-on": demo_day()})
    measure = {"threat": "Дома пьют", "measure": MEASURE, "who": WORD, "until_on": due, "agreed": "by_phone"}
    plan = {"on": demo_day(), "child_name": "Лопухов Егор", "child": "other", "place": "relatives", "with_whom": WORD}
    plan |= {f"measures-0-{name}": value for name, value in measure.items()}
    assert post(client, f"/subjects/{key}/safety/new?kind=first_measures", **plan).status_code == 303
    by = {"on": demo_day(), "decided_by": "Приёмова М. О.", "reason": f"Видела {WORD}"}
    assert post(client, f"/subjects/{key}/level", child="", level="medium", **by).status_code == 303
    card: dict[str, Any] = {"surname": "Лопуховы", "child-0": "Лопухов Егор Ильич", "outcome": "case_opened"}
    assert post(client, f"/subjects/{key}/outcome", **card, **by).status_code == 303
    return key


def family_of(app: Flask, key: uuid.UUID) -> Family:
    with app.app_context():
        family = db.session.get_one(Family, signal(app, key).family_id)
        db.session.expunge(family)
        return family


def test_first_measures_of_the_check_stand_in_the_case_for_its_curator(
    app: Flask, office: Office, told: uuid.UUID
) -> None:
    family, case = family_of(app, told), signal(app, told).leads_to_id
    join_case(app, family, office.people.vera, "case_curator")
    vera = sign_in(app, office.people.vera)

    for page in (f"/families/{family.id}", f"/cases/{case}", f"/subjects/{case}/safety"):
        assert MEASURE in get(vera, page).text, page
    with app.app_context():
        plan = db.session.scalars(select(SafetyPlan).where(SafetyPlan.subject_id == told)).one()
        assert _measures(db.session(), [family.id], demo_day())[family.id], "and a phone learns of it"
        found = [Found(plan.measures[0].id, "broken", "Бабушка в больнице")]
        tell_measures(db.session(), found, Heard(family.id, demo_day(), office.people.vera.id))
        db.session.commit()
        assert db.session.scalars(select(MeasureCheck.fact)).all() == ["Бабушка в больнице"]
        plan_id = plan.id
    said = {"reason": "threat_gone", "words": "Отец уехал", "decided_by": "Осокина Д. А."}
    assert post(vera, f"/subjects/{case}/safety/{plan_id}/end", on=demo_day(), **said).status_code == 303
    with app.app_context():
        assert db.session.get_one(SafetyPlan, plan_id).ended_on == demo_day()


def test_the_act_that_erases_a_family_erases_the_papers_of_its_signal_too(
    app: Flask, office: Office, told: uuid.UUID
) -> None:
    family = family_of(app, told)
    with app.app_context():
        for subject in db.session.scalars(select(Subject).where(Subject.family_id == family.id)):
            subject.closed_on = demo_day() - timedelta(days=365 * 6)
        db.session.commit()
        sealed(app, office, "signal", told)

    erased = post(sign_in(app, office.secretary), f"/retention/{family.id}", basis="Номенклатура дел")

    assert erased.status_code == 303
    with app.app_context():
        tables = ("inquiry", "signal_decision", "event", "finding", "signal", "informant", "safety_plan")
        for table in (*tables, "safety_measure", "signal_word"):
            rows = db.session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names of our own
            assert WORD not in str(rows).casefold(), table
        assert forget_erased() == 1
        assert db.session.scalars(select(Envelope.body)).all() == [None]


@pytest.mark.usefixtures("told")
def test_what_a_phone_sealed_of_a_signal_goes_with_its_words(app: Flask, office: Office) -> None:
    key, client = journal_line(app, office), sign_in(app, office.intake)
    by = {"on": demo_day(), "decided_by": "Приёмова М. О.", "reason": "Не подтвердилось"}
    assert post(client, f"/subjects/{key}/outcome", outcome=NOT_CONFIRMED, **by).status_code == 303
    with app.app_context():
        sealed(app, office, "signal", key)
        assert forget_erased() == 0

        assert erase(db.session(), db.session.get_one(Signal, key))
        db.session.commit()

        assert forget_erased() == 1


def sealed(app: Flask, office: Office, kind: str, about: uuid.UUID) -> None:
    """Let a phone have sent the envelope of which something was made."""
    marks = {"header": b"{}", "kid": "k", "length": 6, "digest": hashlib.sha256(b"sealed").digest(), "seq": 1}
    phone = enrol(app, office.specialist)
    row = Envelope(enrolment_id=phone.id, envelope_id=uuid7(), kind=kind, state=APPLIED, body=b"sealed", **marks)
    row.received_at, row.about_id = now(), about
    db.session.add(row)
    db.session.commit()
