"""What was written of a child's safety goes when its term is over, in a family's case and in a signal alike."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from curator_app.cases.erasing import erase_content, erase_subject
from curator_app.cases.safety import Found, Heard, tell_measures
from curator_app.cases.safety_models import MeasureCheck, SafetyMeasure, SafetyPlan
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from tests.cases.safety_plans import ADDRESS, KNOWS, MEASURE, SafetyDesk
from tests.support.cases import office_worker
from tests.support.days import demo_day
from tests.support.people import settle

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

FACT = "Бабушка уехала в город"


@pytest.fixture
def people(app):
    return settle(app)


def written():
    """Return every word of every plan."""
    rows = db.session.scalars(select(SafetyMeasure))
    found = [words for row in rows for words in (row.threat, row.measure, row.who)]
    plans = db.session.scalars(select(SafetyPlan))
    found += [
        words for plan in plans for words in (plan.place_words, plan.place_address, plan.child_knows, plan.child_name)
    ]
    return " ".join([*found, *(check.fact for check in db.session.scalars(select(MeasureCheck)))])


def test_a_familys_plans_lose_their_words_also_those_that_a_contact_brought(app, people):
    desk = SafetyDesk(app, people.ryabinkiny, people.vera)
    desk.set("safety_plan")
    (plan,) = desk.plans()
    with app.app_context():
        found = [Found(plan.measures[0].id, "broken", FACT)]
        tell_measures(db.session(), found, Heard(people.ryabinkiny.id, demo_day(), people.vera.id))
        db.session.commit()
        assert {word for word in (MEASURE, ADDRESS, KNOWS, FACT) if word in written()} == {
            MEASURE,
            ADDRESS,
            KNOWS,
            FACT,
        }

        erase_content(db.session(), db.session.get_one(Family, people.ryabinkiny.id))

        assert {word for word in (MEASURE, ADDRESS, KNOWS, FACT) if word in written()} == set()
        assert db.session.get_one(SafetyPlan, plan.id).set_on == demo_day(), "that there was one stays"


def test_a_signal_of_nobody_known_has_measures_for_a_child_by_name_and_they_are_forgotten(app, people):
    officer = office_worker(app, "Приёмова Ольга Ильинична", "intake_officer", people.ryabinkiny)
    with app.app_context():
        case = db.session.scalars(select(Subject).where(Subject.family_id == people.ryabinkiny.id)).one()
        signal = Subject(kind="signal", territory_id=case.territory_id, procedure=case.procedure)
        db.session.add(signal)
        db.session.commit()
        key = signal.id
    desk = SafetyDesk(app, people.ryabinkiny, officer)
    desk.home = f"/subjects/{key}/safety"

    nameless = desk.set("first_measures", child="other")
    done = desk.set("first_measures", child="other", child_name="Мальчик лет пяти")

    assert (nameless.status_code, done.status_code) == (422, 303)
    assert "Не указано, о каком ребёнке речь" in nameless.text
    assert "Мальчик лет пяти" in desk.page()
    with app.app_context():
        erase_subject(db.session(), db.session.get_one(Subject, key))
        assert "Мальчик лет пяти" not in written()
