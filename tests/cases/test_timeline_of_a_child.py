"""The timeline of a case is narrowed to one child by the address alone; a child of another family is not found."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from tests.support.cases import read, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.pages


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


@pytest.fixture
def case(app, people):
    """A case in which something happened to the first child, something to the last, something to the family."""
    found = subject_of(app, people.ryabinkiny)
    with app.app_context():
        subject = db.session.get_one(Subject, found.id)
        first, last = children(people.ryabinkiny)
        for event, data in (
            ("child_removed", {"child": str(first)}),
            ("child_placed", {"child": str(last), "where": "relatives"}),
            ("curator_assigned", {}),
        ):
            record_event(subject, event, on=demo_day() - timedelta(days=3), data=data)
        db.session.commit()
    return found


def children(family):
    """Return the first and the last child of a family."""
    own = db.session.get_one(Family, family.id).children
    assert len(own) > 1
    return own[0].id, own[-1].id


def shown(page):
    """Return which events the timeline shows."""
    return {event for event in ("child_removed", "child_placed", "curator_assigned") if f'data-event="{event}"' in page}


@pytest.mark.on_both
def test_only_what_is_about_the_child_is_shown_and_the_way_back_to_all(app, people, case):
    with app.app_context():
        first, last = children(people.ryabinkiny)
    vera, path = sign_in(app, people.vera), f"/cases/{case.id}"

    assert shown(read(vera, path).text) == {"child_removed", "child_placed", "curator_assigned"}
    assert f'href="{path}?child={first}"' in read(vera, path).text
    assert shown(read(vera, f"{path}?child={first}").text) == {"child_removed"}
    narrowed = vera.get(f"{path}?child={last}", base_url=ORIGIN).text
    assert shown(narrowed) == {"child_placed"}, "without scripts too"
    assert f'href="{path}"' in narrowed


def test_a_child_of_another_family_or_nobody_is_not_found(app, people, case):
    with app.app_context():
        foreign = db.session.get_one(Family, people.podorozhnikovy.id).children[0].id
        grown = db.session.get_one(Family, people.ryabinkiny.id).adults[0].id
    vera = sign_in(app, people.vera)

    for said in (foreign, grown, uuid.uuid4(), "x"):
        assert read(vera, f"/cases/{case.id}?child={said}").status_code == 404
