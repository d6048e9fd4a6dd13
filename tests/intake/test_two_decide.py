"""Two decide about one signal at the same time: one decision stands, the other is told so in words."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from curator_app.cases.models import CaseFile
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.check_models import Decision
from curator_app.intake.models import Signal
from curator_app.subjects.models import Event, Subject
from tests.intake.checks import journal_line, post
from tests.intake.conftest import Office
from tests.support.at_once import at_once
from tests.support.days import demo_day
from tests.support.people import sign_in


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_of_two_conclusions_one_opens_the_case_and_the_other_is_told_that_it_is_decided(
    app: Flask, office: Office
) -> None:
    key = journal_line(app, office)
    intake, secretary = sign_in(app, office.intake), sign_in(app, office.secretary)
    why = {"on": demo_day(), "decided_by": "Приёмова М. О.", "reason": "Третий день без тёплой одежды"}
    assert post(intake, f"/subjects/{key}/level", **why, level="medium", child="").status_code == 303
    card = {"surname": "Лопуховы", "address": "ул. Заречная, 14", "child-0": "Лопухов Егор Ильич"}
    said = {**why, **card, "outcome": "case_opened"}
    with app.app_context():
        families = db.session.scalar(select(func.count(Family.id)))

    answers = at_once(
        app,
        select(Signal.id).where(Signal.id == key),
        [lambda client=client: post(client, f"/subjects/{key}/outcome", **said) for client in (intake, secretary)],
    )

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "Решение по этому сигналу уже есть. Ничего не изменилось" in refused.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(func.count(Decision.id)).where(Decision.subject_id == key)) == 1
        assert db.session.scalar(select(func.count(CaseFile.id)).where(CaseFile.signal_id == key)) == 1
        assert db.session.scalar(select(func.count(Family.id))) == families + 1
        case = db.session.get_one(Signal, key).leads_to_id
        opened = select(func.count(Event.id)).where(Event.subject_id == case, Event.type == "case_opened")
        assert db.session.scalar(opened) == 1
        assert db.session.get_one(Subject, case).closed_on is None
