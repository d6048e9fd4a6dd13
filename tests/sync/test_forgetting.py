"""When a family's content is erased, what phones had sealed of it goes too, also what was never written down."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.sync.forgetting import is_anything_left
from curator_app.sync.jobs import forget_erased
from curator_app.sync.models import NOBODYS, Envelope, RepairNote
from tests.protocol_client import uuid7, visit_body
from tests.support.days import demo_day


@pytest.fixture
def parked(phone, family, people):
    """Records that nothing was made of: of the family that is to be erased, of another, and of none."""
    phone.patch(phone.seal("visit", visit_body(family, on="не дата")[1]))
    phone.patch(phone.seal("visit", visit_body(str(people.podorozhnikovy.id), on="не дата")[1]))
    phone.patch(phone.seal("plan", urlencode({"id": uuid7(), "family": family, "on": "завтра"}).encode()))
    phone.patch(phone.seal("signal", urlencode({"id": uuid7(), "facts": ""}).encode()))


@pytest.fixture
def erased(app, people):
    """Erase the content of one family, and let the job do its part."""

    def run():
        with app.app_context():
            db.session.get_one(Family, people.ryabinkiny.id).erased_on = demo_day()
            db.session.commit()
            assert is_anything_left(db.session())
            return forget_erased()

    return run


@pytest.mark.usefixtures("parked")
def test_what_did_not_apply_goes_and_the_others_stay(app, stored, erased):
    assert [row.state for row in stored(Envelope)] == ["needs_repair"] * 4

    assert erased() == 2

    assert [row.body is None for row in stored(Envelope)] == [True, False, True, False]
    with app.app_context():
        assert not is_anything_left(db.session())


@pytest.mark.usefixtures("parked")
def test_a_note_about_it_loses_its_words(app, people, stored, erased):
    with app.app_context():
        for row in stored(Envelope)[:2]:
            db.session.add(RepairNote(envelope_id=row.id, author_id=people.darya.id, text="Мама в больнице"))
        db.session.commit()
    erased()

    assert sorted(row.text for row in stored(RepairNote)) == ["", "Мама в больнице"]


@pytest.mark.usefixtures("parked")
def test_records_that_came_before_anybody_asked_whose_they_are_are_looked_up(app, stored, erased):
    with app.app_context():
        db.session.query(Envelope).update({"family_id": None})
        db.session.commit()

    assert erased() == 2
    assert [row.family_id == NOBODYS for row in stored(Envelope)] == [False, False, False, True]


@pytest.mark.usefixtures("parked")
def test_what_comes_of_a_family_after_it_was_erased_goes_with_the_next_look(phone, family, stored, erased):
    erased()
    phone.patch(phone.seal("visit", visit_body(family, on="не дата")[1]))

    assert erased() == 1
    assert stored(Envelope)[-1].body is None
