"""A whole visit through its envelope: what is stored, in whatever order records come, and what a correction keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.clock import today
from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.visits.agreements import Acquaintance, Promise
from curator_app.visits.models import ChildWords, Mention, SectionNote, Statement, Visit
from tests.protocol_client import uuid7, visit_body
from tests.sync.conftest import visits_of

TODAY = today("Europe/Moscow")
SAID = "хочу на робототехнику"


@pytest.fixture
def member(app, family):
    """Return the id of a person of the family by name."""

    def find(name):
        with app.app_context():
            rows = db.session.scalars(select(FamilyMember).where(FamilyMember.name == name))
            return next(str(row.id) for row in rows if str(row.family_id) == family)

    return find


@pytest.fixture
def send(phone, family):
    """Seal and send one visit; return its envelope and the receipt."""

    def through(supersedes=None, **fields):
        visit, body = visit_body(family, **{"form_version": "visit@2"} | fields)
        envelope = phone.seal("visit", body, supersedes=supersedes)
        return visit, envelope, phone.patch(envelope).json

    return through


def of(rows, visit):
    """Keep the rows of one visit."""
    return [row for row in rows if str(row.visit_id) == visit]


def test_every_part_of_a_visit_finds_its_place(send, stored, member):
    misha, anna, promise = member("Миша"), member("Анна"), uuid7()
    visit, _, receipt = send(
        **{
            "planned": "invited",
            "safety-worker_safe": "yes",
            f"living-own_sleeping_place@{misha}-same": "yes",
            f"health@{misha}-fact": "Был у зубного",
            "topics": "talk_school",
            "rights": "right_photo",
            f"child_words@{misha}-verbatim": SAID,
            "promises-0-id": promise,
            "promises-0-side": "ours",
            "promises-0-what": "Узнать о кружке",
            "promises-0-due": TODAY.isoformat(),
            "acquaint": "paper_two_copies",
            "acquaint_member": anna,
            "next_on": (TODAY + timedelta(days=9)).isoformat(),
            "next_time": "10:30",
        }
    )

    assert receipt["state"] == "applied", receipt
    (row,) = [one for one in visits_of(stored) if str(one.id) == visit]
    assert (row.planned, row.next_on, row.next_time) == ("invited", TODAY + timedelta(days=9), "10:30")
    assert [(one.statement, one.answer, one.carried) for one in of(stored(Statement), visit)] == [
        ("worker_safe", "yes", False),
        ("own_sleeping_place", "yes", True),
    ]
    assert [(str(one.member_id), one.fact) for one in of(stored(SectionNote), visit)] == [(misha, "Был у зубного")]
    assert sorted(one.item for one in of(stored(Mention), visit)) == ["right_photo", "talk_school"]
    assert [(one.what, one.due_on, one.state) for one in stored(Promise) if str(one.id) == promise] == [
        ("Узнать о кружке", TODAY, "open")
    ]
    assert [str(one.member_id) for one in of(stored(Acquaintance), visit)] == [anna]


def test_a_childs_words_lie_apart_from_the_visits_fields(send, stored, member):
    visit, _, _ = send(**{f"child_words@{member('Миша')}-verbatim": SAID})

    (row,) = [one for one in visits_of(stored) if str(one.id) == visit]
    assert SAID not in str(row.fields)
    assert [one.verbatim for one in of(stored(ChildWords), visit)] == [SAID]


def test_a_correction_that_does_not_speak_of_a_child_keeps_the_childs_words(send, stored, member):
    _, first, _ = send(**{f"child_words@{member('Миша')}-verbatim": SAID})
    send(supersedes=first.id, good_today="Точнее")

    (newest,) = [one for one in visits_of(stored) if one.superseded_at is None and one.supersedes_id]
    assert [one.verbatim for one in of(stored(ChildWords), str(newest.id))] == [SAID]


def test_a_correction_takes_its_promises_along_and_drops_the_others(send, stored):
    kept, dropped = uuid7(), uuid7()
    rows = {
        f"promises-{n}-{key}": value
        for n, promise in enumerate((kept, dropped))
        for key, value in {"id": promise, "side": "ours", "what": f"Дело {n}"}.items()
    }
    _, first, _ = send(**rows)
    send(
        supersedes=first.id,
        **{"promises-0-id": kept, "promises-0-side": "ours", "promises-0-what": "Дело, сказанное точнее"},
    )

    promises = {str(one.id): one for one in stored(Promise)}
    assert (promises[kept].what, promises[kept].state) == ("Дело, сказанное точнее", "open")
    assert promises[dropped].state == "dropped"
    assert promises[dropped].closed_on is not None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the older record comes last"])
def test_the_later_visit_says_what_became_of_a_promise_whichever_comes_first(send, stored, order):
    promise = uuid7()
    send(**{"promises-0-id": promise, "promises-0-side": "theirs", "promises-0-what": "Записаться к врачу"})
    told = [
        {"on": (TODAY - timedelta(days=1)).isoformat(), f"kept-{promise}": "not_yet"},
        {"on": TODAY.isoformat(), f"kept-{promise}": "kept"},
    ]
    for number in order:
        send(**told[number])

    (row,) = [one for one in stored(Promise) if str(one.id) == promise]
    assert (row.state, row.closed_on) == ("kept", TODAY)


def test_a_promise_of_another_family_is_not_touched(send, stored, people, phone_of):
    promise = uuid7()
    other = phone_of(people.igor)
    _, body = visit_body(
        str(people.podorozhnikovy.id),
        form_version="visit@2",
        **{"promises-0-id": promise, "promises-0-side": "ours", "promises-0-what": "Чужое дело"},
    )
    assert other.patch(other.seal("visit", body)).json["state"] == "applied"
    send(**{f"kept-{promise}": "kept", "promises-0-id": promise, "promises-0-what": "Своё", "promises-0-side": "ours"})

    rows = {one.what: one for one in stored(Promise)}
    assert (str(rows["Чужое дело"].id), rows["Чужое дело"].state) == (promise, "open")
    assert str(rows["Своё"].id) != promise


@pytest.mark.parametrize("name", ["living-own_sleeping_place@{}", "child_words@{}-verbatim", "health@{}-fact"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_people_of_another_family_are_refused_in_every_part(send, name):
    _, _, receipt = send(**{name.format(uuid7()): "yes"})

    assert receipt["state"] == "needs_repair"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_child_does_not_allow_a_photo(send, member):
    photo = {"photos-0-id": uuid7(), "photos-0-sha256": "0" * 64, "photos-0-allowed_by": member("Миша")}
    _, _, receipt = send(**photo)

    assert receipt["reasons"] == [{"code": "field", "field": "photos"}]


@pytest.mark.parametrize("version", ["visit@1", "visit@2"])
def test_a_visit_is_read_by_the_version_it_was_written_on(send, stored, version):
    visit, _, receipt = send(form_version=version, **{"housing_employment_income-strengths": "home_warm"})

    assert receipt["state"] == "applied"
    assert [one.form_version for one in stored(Visit) if str(one.id) == visit] == [version]
