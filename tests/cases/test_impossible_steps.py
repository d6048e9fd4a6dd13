"""What cannot be done yet is refused: one sentence, with what comes first and by which rule; nothing is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from flask import Flask
from sqlalchemy import func, select

from curator_app.auth.models import OFFICE, Person
from curator_app.cases.stepping import Actor, StepRefused, ground_of, take_step
from curator_app.cases.steps import Hat, known_in, steps
from curator_app.extensions import db
from curator_app.subjects.models import Event, Subject
from tests.support.days import demo_day
from tests.support.forms_read import forms_of
from tests.support.people import ORIGIN, sign_in
from tests.support.story import plain
from tests.support.story_world import World, settle_world

PROCEDURES = ("kochki_2020", "novosibirsk_2022", "krasnoyarsk_2011", "kdn_stage_table", "bashkortostan_2017")
EVERYBODY = frozenset(get_args(Hat))


def empty_case(world: World) -> Subject:
    """Begin a case in which nothing has happened yet."""
    given = {"territory_id": world.territory_id, "kind": "case"}
    db.session.add(Subject(**given, procedure=f"{world.procedure}@1"))
    db.session.flush()
    return db.session.scalars(select(Subject).where(Subject.kind == "case")).one()


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_step_that_waits_for_another_names_it_and_the_procedure(app: Flask, procedure: str) -> None:
    with app.app_context():
        subject = empty_case(settle_world(db.session(), procedure, "Europe/Moscow"))
        ground = ground_of(db.session(), subject)
        known = known_in(ground.profile, "case")
        waiting = [
            event
            for event, step in steps().items()
            if ground.knows(event, step) and not step.by_itself and {*step.requires} & known
        ]
        assert len(waiting) > len(PROCEDURES)

        for event in waiting:
            by = Actor(None, hats=EVERYBODY)
            with pytest.raises(StepRefused) as refused:
                take_step(db.session(), subject, event, {}, on=demo_day() - timedelta(days=1), by=by, effects={})
            assert refused.value.sentence.startswith("Рано: сначала нужно «"), event
            assert "Ничего не записано" in refused.value.sentence, event
            assert ground.profile.short_title in refused.value.sentence, event
        assert db.session.scalar(select(func.count()).select_from(Event)) == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_rule_is_cited_with_its_place_in_the_document(app: Flask) -> None:
    with app.app_context():
        subject = empty_case(settle_world(db.session(), "kochki_2020", "Asia/Novosibirsk"))

        with pytest.raises(StepRefused) as refused:
            take_step(
                db.session(),
                subject,
                "plan_approved",
                {},
                on=demo_day() - timedelta(days=1),
                by=Actor(None, hats=EVERYBODY),
                effects={},
            )

    sentence = refused.value.sentence
    assert "Правило: Утвердить программу" in sentence
    assert "«Утверждает разработанную межведомственную ИПР»" in sentence
    assert "(2.2.2, Кочковский район, № 566-па)" in sentence


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_page_says_so_instead_of_a_form_and_a_post_past_it_records_nothing(app: Flask) -> None:
    with app.app_context():
        world = settle_world(db.session(), "kochki_2020", "Asia/Novosibirsk")
        address = f"/subjects/{empty_case(world).id}/steps/deregistered"
        person = db.session.get_one(Person, world.people["Секретарёва"])
        db.session.commit()
        db.session.refresh(person)
        db.session.expunge(person)
    client = sign_in(app, person, OFFICE)

    page = client.get(address, base_url=ORIGIN)
    token = client.get("/session", base_url=ORIGIN).json["csrf"]
    posted = client.post(
        address,
        data={"on": demo_day().isoformat(), "csrf_token": token},
        base_url=ORIGIN,
        headers={"Referer": f"{ORIGIN}{address}"},
    )

    assert not [form for form in forms_of(page.text) if "on" in form.boxes]
    assert "Рано: сначала нужно «Комиссия вынесла одно из трёх решений»" in plain(page.text)
    assert posted.status_code == 422
    assert "Рано: сначала нужно" in posted.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == 0
