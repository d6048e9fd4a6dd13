"""Papers of a case: a copy to each addressee and its arrival, the bank of data, social services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person
from curator_app.cases.models import PaperCopy, ServicesProgramme
from curator_app.cases.opening import Opening, Resolution, open_case
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Assignment, Subject
from tests.support.cases import HTMX, events_of, office_worker, read, take
from tests.support.days import demo_day
from tests.support.people import FIELD, ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
DAY = timedelta(days=1)


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def secretary(app, people):
    """The secretary of the commission in Igor's district, where copies have a term."""
    return office_worker(app, "Приёмова Ольга Ильинична", "commission_secretary", people.podorozhnikovy)


@pytest.fixture
def case(app, people):
    """A case that a resolution of three days ago opened in Igor's district."""
    with app.app_context():
        family = Family(surname="Незабудкины", territory_id=people.podorozhnikovy.territory_id)
        db.session.add(family)
        db.session.flush()
        on = demo_day() - 3 * DAY
        opened = open_case(db.session(), family, Opening(on=on, resolution=Resolution("12-п", on, "поставить на учёт")))
        db.session.commit()
        found = db.session.get_one(Subject, opened.id)
        db.session.refresh(found)
        db.session.expunge(found)
        return found


def post(client, path, **answers):
    """Post a form of a desk."""
    return client.post(path, data=answers, headers=HTMX, base_url=ORIGIN)


def school(app, case):
    """An organisation of the case's territory."""
    with app.app_context():
        place = Organisation(name="Школа «Придумкина»", kind="school", territory_id=case.territory_id)
        db.session.add(place)
        db.session.commit()
        return str(place.id)


def send(app, client, case, **more):
    """Send a copy to the school and one to somebody without an account here."""
    said = {"paper": "resolution", "on": str(demo_day() - 2 * DAY), "way": "by_hand", "number": "114"}
    said |= {"to": [school(app, case)], "others": "Опека, каб. 5\n\n"} | more
    return post(client, f"/subjects/{case.id}/copies", **said)


def copies(app, case):
    """Return the copies of a case, by addressee."""
    with app.app_context():
        rows = db.session.scalars(select(PaperCopy).where(PaperCopy.subject_id == case.id)).all()
        db.session.expunge_all()
        return {row.addressee: row for row in rows}


def test_each_addressee_has_a_copy_of_its_own_and_the_term_is_met(app, secretary, case):
    assert send(app, sign_in(app, secretary), case).status_code == 303

    found = copies(app, case)
    assert set(found) == {"Школа «Придумкина»", "Опека, каб. 5"}
    assert {(row.paper, row.way, row.number, row.sent_on) for row in found.values()} == {
        ("resolution", "by_hand", "114", demo_day() - 2 * DAY)
    }
    (event,) = events_of(app, case, "resolution_copies_sent")
    assert event.data["to"] == "Школа «Придумкина»; Опека, каб. 5"
    with app.app_context():
        rule = select(DutyRow.met_on).where(DutyRow.subject_id == case.id, DutyRow.rule == "resolution_copies")
        assert db.session.scalars(rule).one() == demo_day() - 2 * DAY


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"to": [], "others": " "}, "Не указано, кому"),
        ({"on": str(demo_day() + DAY)}, "Этот день ещё не наступил"),
        ({"paper": "letter"}, "Такого ответа нет в списке"),
    ],
)
def test_what_cannot_be_sent_is_said(app, secretary, case, more, sentence):
    answer = send(app, sign_in(app, secretary), case, **more)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert copies(app, case) == {}


def test_a_copy_of_a_plan_waits_for_the_plan(app, secretary, case):
    answer = send(app, sign_in(app, secretary), case, paper="plan")

    assert answer.status_code == 422
    assert "Рано: сначала нужно" in answer.text
    assert copies(app, case) == {}


def test_that_a_copy_came_is_marked_once_with_its_day(app, secretary, case):
    client = sign_in(app, secretary)
    send(app, client, case)
    copy = copies(app, case)["Опека, каб. 5"]
    path = f"/copies/{copy.id}/arrival"
    assert "Не отмечено получение: 2" in read(client, f"/cases/{case.id}").text

    assert post(client, path, received_on=str(demo_day() - 3 * DAY)).status_code == 422
    assert post(client, path, received_on=str(demo_day() + DAY)).status_code == 422
    assert post(client, path, received_on=str(demo_day() - DAY), received_by="Опекин А. Б.").status_code == 303

    marked = copies(app, case)["Опека, каб. 5"]
    assert (marked.received_on, marked.received_by) == (demo_day() - DAY, "Опекин А. Б.")
    assert "Не отмечено получение: 1" in read(client, f"/cases/{case.id}").text


def test_who_says_that_the_resolution_came_has_the_copy_sent_to_the_place(app, people, secretary, case):
    with app.app_context():
        place = db.session.get_one(Person, people.igor.id).roles[0].organisation_id
        row = {"subject_id": case.id, "person_id": people.igor.id, "organisation_id": place, "role": "case_curator"}
        db.session.add(Assignment(**row, since_on=demo_day() - 2 * DAY))
        db.session.commit()
    send(app, sign_in(app, secretary), case, to=[str(place), school(app, case)])

    assert take(sign_in(app, people.igor), case, "resolution_received", on=demo_day()).status_code == 303

    arrived = {name for name, row in copies(app, case).items() if row.received_on == demo_day()}
    assert arrived == {"Центр «Опора», Придуманный район"}


def test_a_familys_earlier_case_keeps_its_number(app, secretary, case):
    with app.app_context():
        first = db.session.get_one(Subject, case.id)
        first.closed_on = demo_day()
        family = db.session.get_one(Family, first.family_id)
        before = family.case_no
        later = open_case(db.session(), family, Opening(on=demo_day(), resolution=Resolution("13-п", demo_day()))).id
        db.session.commit()
        after = family.case_no

    client = sign_in(app, secretary)
    assert f"№ {before}</h1>" in read(client, f"/cases/{case.id}").text
    assert f"№ {after}</h1>" in read(client, f"/cases/{later}").text
    assert before != after


def test_a_stranger_marks_and_sends_nothing(app, people, secretary, case):
    send(app, sign_in(app, secretary), case)
    copy = copies(app, case)["Опека, каб. 5"]

    for person in (people.vera, people.anna):
        client = sign_in(app, person)
        assert post(client, f"/copies/{copy.id}/arrival", received_on=str(demo_day())).status_code == 404
        for page in ("copies", "services"):
            assert read(client, f"/subjects/{case.id}/{page}").status_code == 404
        assert post(client, f"/subjects/{case.id}/copies").status_code == 404
        assert post(client, f"/subjects/{case.id}/services").status_code == 404
        assert post(client, f"/subjects/{case.id}/services/need").status_code == 404
    assert read(sign_in(app, secretary, FIELD), f"/subjects/{case.id}/copies").status_code == 404
    assert copies(app, case)["Опека, каб. 5"].received_on is None


def test_the_bank_of_data_is_entered_and_left_with_a_number_and_a_day(app, secretary, case):
    client, today = sign_in(app, secretary), demo_day()

    assert take(client, case, "registry_entered", on=today - DAY, number="54-07").status_code == 303
    assert "В банке данных с" in read(client, f"/cases/{case.id}").text
    assert take(client, case, "registry_entered", on=today, number="54-08").status_code == 422
    assert take(client, case, "registry_removed", on=today, number="3-п").status_code == 303
    page = read(client, f"/cases/{case.id}").text
    assert "Исключён из банка данных" in page
    assert ", № 3-п" in page


def programme(**more):
    """What a desk posts for a programme of two services."""
    said = {"on": str(demo_day()), "number": "9", "since": str(demo_day()), "until": str(demo_day() + 90 * DAY)}
    rows = {"what": ["Логопед", "", "Юрист"], "volume": ["2 раза в неделю", "", ""], "term": ["", "", "май"]}
    return said | rows | {"provider": ["Центр «Опора»", "", ""]} | more


def test_services_come_after_the_need_is_recognised(app, people, secretary, case):
    with app.app_context():
        db.session.get_one(Subject, case.id).procedure = "bashkortostan_2017@1"
        db.session.commit()
    client, path = sign_in(app, secretary), f"/subjects/{case.id}/services"
    igor = office_worker(app, "Опорова Вера Павловна", "head", people.podorozhnikovy)
    head = sign_in(app, heads_of(app, igor, case, people.igor))

    assert post(head, path, **programme()).status_code == 422
    assert post(client, f"{path}/need", on=str(demo_day()), number="5").status_code == 303
    assert post(head, path, **programme(until=str(demo_day() - DAY))).status_code == 422
    assert post(head, path, **programme(what=["", "", ""])).status_code == 422
    assert post(head, path, **programme()).status_code == 303

    with app.app_context():
        made = db.session.scalars(select(ServicesProgramme)).one()
        assert [(line.what, line.volume, line.term, line.provider) for line in made.services] == [
            ("Логопед", "2 раза в неделю", "", "Центр «Опора»"),
            ("Юрист", "", "май", ""),
        ]
    assert "ИППСУ № 9" in read(head, path).text
    assert "2 услуги" in read(client, f"/cases/{case.id}").text


def heads_of(app, head, case, curator):
    """Give the case to a curator of the head's organisation; return the head."""
    with app.app_context():
        place = db.session.get_one(Person, head.id).roles[0].organisation_id
        row = {"subject_id": case.id, "person_id": curator.id, "organisation_id": place, "role": "case_curator"}
        db.session.add(Assignment(**row, since_on=demo_day() - DAY))
        db.session.commit()
    return head
