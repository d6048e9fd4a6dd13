"""What a new signal shows to those who work with the family: its facts, never who told it; early help is apart."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.models import Signal
from curator_app.intake.outcomes import join, settle
from curator_app.intake.service import register, take_signal
from curator_app.subjects.models import Subject
from tests.intake.conftest import Office, again, session_of, told
from tests.support.people import ORIGIN, join_case, sign_in

FRAGMENT = {"HX-Request": "true"}
FACTS = "тонкой куртке"


def read(app: Flask, person: Person, path: str) -> str:
    return sign_in(app, person).get(path, headers=FRAGMENT, base_url=ORIGIN).text


@pytest.fixture
def joined(app: Flask, office: Office) -> tuple[str, str]:
    """A signal handed to the Ryabinkins' case: the address of the signal and of the case."""
    with app.app_context():
        session = db.session()
        signal = take_signal(session, told(office), again(session, office.specialist), None)
        case = session.scalars(select(Subject).where(Subject.family_id == office.people.ryabinkiny.id)).one()
        join(session, signal, case, session_of(session, office.intake))
        session.commit()
        return f"/signals/{signal.id}", f"/cases/{case.id}"


def test_the_case_leads_her_curator_to_it_and_a_group_member_not(
    app: Flask, office: Office, joined: tuple[str, str]
) -> None:
    signal, case = joined
    join_case(app, office.people.ryabinkiny, office.people.igor, "group_member")

    assert f'href="{signal}"' in read(app, office.people.vera, case)
    assert FACTS in read(app, office.people.vera, signal)
    assert f'href="{signal}"' not in read(app, office.people.igor, case)
    assert FACTS not in read(app, office.people.igor, signal)


def test_a_curator_and_the_commission_learn_nothing_of_early_help(app: Flask, office: Office) -> None:
    with app.app_context():
        session, by = db.session(), session_of(db.session(), office.intake)
        signal = take_signal(session, told(office), again(session, office.specialist), None)
        register(session, signal, by)
        family = session.get_one(Family, office.people.ryabinkiny.id)
        help_given = Subject(kind="early_help", family_id=family.id, territory=signal.territory, procedure="x@1")
        session.add(help_given)
        session.flush()
        settle(signal, "early_help", by, family=family, leads_to=help_given)
        session.commit()
        path, key = f"/signals/{signal.id}", str(help_given.id)
        assert signal not in session.scalars(Signal.visible_to(office.people.vera, signal.known_on)).all()

    assert FACTS not in read(app, office.people.vera, path)
    secretary = read(app, office.secretary, path) + read(app, office.secretary, "/signals")
    assert "Решён" in secretary
    assert "Низкий уровень" not in secretary
    assert key not in secretary
    assert key in read(app, office.intake, path)
