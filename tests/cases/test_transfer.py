"""A case goes to another district: it stays where it is until somebody there accepts it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Role, Territory
from curator_app.cases.course_models import Transfer
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def there(app, people):
    """The intake officer of the district to which the family moves."""
    return sign_in(app, office_worker(app, "Принимаева Ольга", "intake_officer", people.podorozhnikovy))


def post(client, path, **answers):
    """Post a form as htmx does."""
    return client.post(path, data=answers, headers=HTMX, base_url=ORIGIN)


def send(app, people, **more):
    """Let the head hand Vera's family over to Igor's district; return the case."""
    case = subject_of(app, people.ryabinkiny)
    said = {"territory": str(people.podorozhnikovy.territory_id), "reason": "Переехали к бабушке"}
    assert post(sign_in(app, people.darya), f"/subjects/{case.id}/transfer", **said | more).status_code == 303
    return case


def waiting(app):
    """Return the id of the hand-over that waits."""
    with app.app_context():
        return db.session.scalars(select(Transfer.id).where(Transfer.decided_on.is_(None))).one()


def receiver(app, people):
    """Return Igor in his organisation, as the form names him."""
    with app.app_context():
        own = select(Role).where(Role.person_id == people.igor.id, Role.role == "case_curator")
        role = db.session.scalars(own).first()
        return f"{role.person_id}.{role.organisation_id}"


def test_until_it_is_accepted_nothing_changes_for_the_family(app, people, there):
    case = send(app, people)

    assert [event.type for event in events_of(app, case, "district_transferred")] == ["district_transferred"]
    assert "Рябинкины" in read(there, "/transfers").text
    assert "Рябинкины" in read(sign_in(app, people.vera), "/families").text
    assert read(there, f"/families/{people.ryabinkiny.id}").status_code == 404


def test_accepted_it_is_carried_there_under_the_districts_own_rules(app, people, there):
    case = send(app, people)

    said = {"receiver": receiver(app, people), "own_rules": "1"}
    assert post(there, f"/transfers/{waiting(app)}/accept", **said).status_code == 303

    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        family = db.session.get_one(Family, people.ryabinkiny.id)
        district = db.session.get_one(Territory, people.podorozhnikovy.territory_id)
        assert (subject.territory_id, family.territory_id) == (district.id, district.id)
        assert subject.procedure == f"{district.procedure}@1"
        rows = db.session.scalars(select(Assignment).where(Assignment.subject_id == case.id)).all()
        ended = {row.person_id: row.until_on for row in rows if row.person_id == people.vera.id}
        assert ended == {people.vera.id: demo_day() - timedelta(days=1)}
    assert [event.type for event in events_of(app, case, "district_accepted")] == ["district_accepted"]
    assert "Рябинкины" in read(sign_in(app, people.igor), "/families").text
    assert "Рябинкины" not in read(sign_in(app, people.vera), "/families").text
    assert "Рябинкины" not in read(there, "/transfers").text


def test_its_own_rules_may_go_with_it(app, people, there):
    case = send(app, people)
    with app.app_context():
        before = db.session.get_one(Subject, case.id).procedure

    post(there, f"/transfers/{waiting(app)}/accept", receiver=receiver(app, people))

    with app.app_context():
        assert db.session.get_one(Subject, case.id).procedure == before


def test_sent_back_it_stays_with_the_reason(app, people, there):
    case = send(app, people)

    assert post(there, f"/transfers/{waiting(app)}/decline", why="").status_code == 422
    key = waiting(app)
    assert post(there, f"/transfers/{key}/decline", why="Живут не у нас").status_code == 303

    with app.app_context():
        row = db.session.get_one(Transfer, key)
        assert (row.is_accepted, row.answer) == (False, "Живут не у нас")
    assert [event.type for event in events_of(app, case, "district_declined")] == ["district_declined"]
    assert "Рябинкины" in read(sign_in(app, people.vera), "/families").text


def test_a_case_is_handed_over_once_at_a_time_and_to_another_district(app, people):
    case = send(app, people)
    darya, path = sign_in(app, people.darya), f"/subjects/{case.id}/transfer"

    again = post(darya, path, territory=str(people.podorozhnikovy.territory_id), reason="Ещё раз")
    same = post(darya, path, territory=str(people.ryabinkiny.territory_id), reason="Сюда же")

    assert (again.status_code, same.status_code) == (422, 422)
    assert "ждёт ответа" in again.text
    assert len(events_of(app, case, "district_transferred")) == 1


def test_only_who_receives_cases_in_that_district_answers(app, people):
    send(app, people)
    key = waiting(app)
    other = office_worker(app, "Чужакова Нина", "intake_officer", people.ryabinkiny)

    for person in (people.vera, people.igor, other):
        client = sign_in(app, person)
        for act in ("accept", "decline"):
            assert read(client, f"/transfers/{key}/{act}").status_code == 404, (person.name, act)
    assert read(sign_in(app, people.vera), "/transfers").status_code == 404
    assert (
        "Это делает"
        in read(sign_in(app, people.vera), f"/subjects/{subject_of(app, people.ryabinkiny).id}/transfer").text
    )
