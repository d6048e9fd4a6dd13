"""Who works with a case: the curator and the next one with a brief between them, the working group."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Person, Role
from curator_app.cases.models import Handover
from curator_app.desk.versions import family_versions
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import FIELD, ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
DAY = timedelta(days=1)
GROUND = "curator_left"


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def alla(app, people):
    """A second curator of Darya's organisation."""
    return colleague(app, people.darya, "Берёзкина Алла Юрьевна", "case_curator")


def colleague(app, person, name, role):
    """Make somebody who works where another does."""
    with app.app_context():
        place = db.session.get_one(Person, person.id).roles[0].organisation_id
        made = Person(name=name)
        made.roles.append(Role(organisation_id=place, role=role, since_on=date(2020, 1, 1)))
        db.session.add(made)
        db.session.commit()
        db.session.refresh(made)
        db.session.expunge(made)
        return made


def post(client, path, **answers):
    """Post a form of a desk."""
    return client.post(path, data=answers, headers=HTMX, base_url=ORIGIN)


def seat(app, person):
    """What a form posts for a person at their place."""
    with app.app_context():
        return f"{person.id}@{db.session.get_one(Person, person.id).roles[0].organisation_id}"


def replace(app, client, case, who, **more):
    """Post the form that names the next curator."""
    said = {"on": str(demo_day()), "person": seat(app, who), "ground": GROUND} | more
    return post(client, f"/subjects/{case.id}/curator", **said)


def raw_readers(app, family, on):
    """Return the surnames of those who read the raw layer of a family on a day."""
    with app.app_context():
        everybody = db.session.scalars(select(Person)).all()
        readers = [one for one in everybody if db.session.scalars(Family.raw_visible_to(one, on)).all()]
        return {one.name.split()[0] for one in readers if family_in(one, family, on)}


def family_in(person, family, on):
    """Tell whether a person reads the raw layer of this family."""
    return family.id in {one.id for one in db.session.scalars(Family.raw_visible_to(person, on))}


def handover_of(app, case):
    """Return the one handover of a case."""
    with app.app_context():
        found = db.session.scalars(select(Handover).where(Handover.subject_id == case.id)).one()
        db.session.expunge(found)
        return found


def test_the_next_curator_takes_over_from_a_day_and_the_one_before_lets_go(app, people, alla):
    case = subject_of(app, people.ryabinkiny)

    assert replace(app, sign_in(app, people.darya), case, alla).status_code == 303

    today = demo_day()
    assert "Туманова" in raw_readers(app, people.ryabinkiny, today - DAY)
    assert "Берёзкина" in raw_readers(app, people.ryabinkiny, today)
    assert "Туманова" not in raw_readers(app, people.ryabinkiny, today)
    (event,) = events_of(app, case, "curator_replaced")
    assert (event.data["person"], event.data["before"], event.data["ground"]) == (
        str(alla.id),
        str(people.vera.id),
        GROUND,
    )
    assert "organisation" in event.data


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"ground": "family_moved"}, "Такого основания нет в порядке"),
        ({"on": str(demo_day() + DAY)}, "Этот день ещё не наступил"),
        ({"on": "2020-01-01"}, "было позже"),
        ({"person": ""}, "Заполните это поле"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(app, people, alla, answers, sentence):
    case = subject_of(app, people.ryabinkiny)

    answer = replace(app, sign_in(app, people.darya), case, alla, **answers)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert events_of(app, case, "curator_replaced") == []


def test_the_same_curator_is_no_replacement(app, people):
    case = subject_of(app, people.ryabinkiny)

    answer = replace(app, sign_in(app, people.darya), case, people.vera)

    assert (answer.status_code, "и так ведёт этот случай" in answer.text) == (422, True)


def test_a_curator_names_nobody_to_her_own_place(app, people, alla):
    case = subject_of(app, people.ryabinkiny)

    answer = replace(app, sign_in(app, people.vera), case, alla)

    assert (answer.status_code, "Куратора назначает и меняет" in answer.text) == (422, True)


def test_who_stood_in_for_the_one_before_goes_with_her(app, people, alla):
    case, today = subject_of(app, people.ryabinkiny), demo_day()
    olga = colleague(app, people.darya, "Липкина Ольга Игоревна", "case_curator")
    with app.app_context():
        place = db.session.get_one(Person, olga.id).roles[0].organisation_id
        row = {"subject_id": case.id, "person_id": olga.id, "organisation_id": place, "role": "substitute"}
        db.session.add(Assignment(**row, since_on=today - DAY, until_on=today + 5 * DAY))
        db.session.commit()

    replace(app, sign_in(app, people.darya), case, alla)

    assert "Липкина" in raw_readers(app, people.ryabinkiny, today - DAY)
    assert "Липкина" not in raw_readers(app, people.ryabinkiny, today)
    assert len(events_of(app, case, "substitute_ended")) == 1


def test_the_brief_is_written_by_the_one_and_acknowledged_by_the_other(app, people, alla):
    case = subject_of(app, people.ryabinkiny)
    replace(app, sign_in(app, people.darya), case, alla)
    path = f"/handovers/{handover_of(app, case).id}"
    vera, new = sign_in(app, people.vera), sign_in(app, alla)

    assert post(vera, path, under_way="Запись к врачу на среду", careful="", contacts="").status_code == 303
    assert "Запись к врачу на среду" in read(new, path).text
    assert post(new, f"{path}/reading").status_code == 303

    assert handover_of(app, case).acknowledged_at is not None
    (event,) = events_of(app, case, "handover_acknowledged")
    assert event.author_id == alla.id
    assert post(vera, path, under_way="Другое").status_code == 404, "once it was read it is no more hers"
    assert post(new, f"{path}/reading").status_code == 422


def test_the_new_curator_finds_the_brief_on_her_phone_and_acknowledges_it_there(app, people, alla):
    case, family = subject_of(app, people.ryabinkiny), people.ryabinkiny
    replace(app, sign_in(app, people.darya), case, alla, under_way="Запись к врачу на среду")
    phone, door = sign_in(app, alla, FIELD), f"/families/{family.id}/door"

    for path in ("/today", f"/families/{family.id}", door):
        assert "Записка" in read(phone, path).text
    assert "Запись к врачу на среду" in read(phone, door).text
    answer = post(phone, f"/handovers/{handover_of(app, case).id}/reading", in_dossier="1")

    assert (answer.status_code, "Прочитано. Случай ваш" in answer.text) == (200, True)
    assert "Записка" not in read(phone, "/today").text
    assert "Запись к врачу" not in read(phone, door).text


def test_what_is_written_into_a_brief_reaches_the_phone(app, people, alla):
    case = subject_of(app, people.ryabinkiny)
    replace(app, sign_in(app, people.darya), case, alla)
    before = version_of(app, alla, people.ryabinkiny)

    post(sign_in(app, people.vera), f"/handovers/{handover_of(app, case).id}", careful="Не будить младшего")

    assert version_of(app, alla, people.ryabinkiny) != before


def version_of(app, person, family):
    """Return the version of a family's pages for a person."""
    with app.app_context():
        reader = db.session.get_one(Person, person.id)
        return family_versions(db.session(), reader, demo_day(), "build")[family.id]


def test_the_brief_is_for_those_two_and_their_head(app, people, alla):
    case = subject_of(app, people.ryabinkiny)
    replace(app, sign_in(app, people.darya), case, alla, under_way="Тайное слово")
    path = f"/handovers/{handover_of(app, case).id}"
    secretary = office_worker(app, "Приёмова Ольга Ильинична", "commission_secretary", people.ryabinkiny)

    seen = {
        person.name.split()[0]: read(sign_in(app, person), path).status_code
        for person in (people.vera, alla, people.darya, people.igor, people.anna, secretary)
    }

    assert seen == {
        "Туманова": 200,
        "Берёзкина": 200,
        "Осокина": 200,
        "Полевой": 404,
        "Админова": 404,
        "Приёмова": 404,
    }
    assert read(sign_in(app, people.vera, FIELD), path).status_code == 404
    assert post(sign_in(app, people.vera), f"{path}/reading").status_code == 404
    assert read(sign_in(app, alla), f"/subjects/{case.id}/handover").location == path


def test_who_left_the_case_reads_nothing_of_it_beside_her_own_words(app, people, alla):
    case = subject_of(app, people.ryabinkiny)
    replace(app, sign_in(app, people.darya), case, alla)
    path = f"/handovers/{handover_of(app, case).id}"

    assert "Что по случаю ждёт сейчас" not in read(sign_in(app, people.vera), path).text
    assert "Что по случаю ждёт сейчас" in read(sign_in(app, alla), path).text


def test_the_group_is_what_was_posted_last(app, people, alla):
    case, path = subject_of(app, people.ryabinkiny), f"/subjects/{subject_of(app, people.ryabinkiny).id}/group"
    secretary = office_worker(app, "Приёмова Ольга Ильинична", "commission_secretary", people.ryabinkiny)
    teacher = colleague(app, people.darya, "Школина Инна Львовна", "specialist")
    client = sign_in(app, secretary)
    said = {"on": str(demo_day()), "number": "7-п", "outside": "Опекин А. Б., опека"}

    first = post(client, path, members=[str(alla.id), str(teacher.id)], chair=str(people.darya.id), **said)
    assert first.status_code == 303
    assert group(app, case) == {"Осокина": "group_chair", "Берёзкина": "group_member", "Школина": "group_member"}
    (event,) = events_of(app, case, "group_formed")
    assert event.data["composition"].startswith("Осокина")
    assert "Опекин А. Б., опека" in event.data["composition"]

    post(client, path, members=[str(teacher.id)], chair=str(teacher.id), **said)
    assert group(app, case) == {"Школина": "group_chair"}


def group(app, case):
    """Return who is in the group, by surname."""
    with app.app_context():
        rows = select(Assignment).where(Assignment.subject_id == case.id, Assignment.role.startswith("group_"))
        return {
            row.person.name.split()[0]: row.role
            for row in db.session.scalars(rows)
            if row.until_on is None or row.until_on >= max(row.since_on, demo_day())
        }


@pytest.mark.parametrize("answers", [{}, {"outside": "  "}])
def test_an_empty_group_is_no_group(app, people, answers):
    case = subject_of(app, people.ryabinkiny)

    answer = post(sign_in(app, people.vera), f"/subjects/{case.id}/group", on=str(demo_day()), **answers)

    assert (answer.status_code, "Группа пуста" in answer.text) == (422, True)


def test_somebody_of_another_territory_does_not_sit_in_it(app, people):
    case = subject_of(app, people.ryabinkiny)
    said = {"on": str(demo_day()), "members": [str(people.igor.id)]}

    assert post(sign_in(app, people.vera), f"/subjects/{case.id}/group", **said).status_code == 422
    assert group(app, case) == {}


@pytest.mark.parametrize("page", ["curator", "group"])
def test_a_stranger_and_a_phone_find_no_such_page(app, people, page):
    path = f"/subjects/{subject_of(app, people.ryabinkiny).id}/{page}"

    assert read(sign_in(app, people.darya), path).status_code == 200
    assert read(sign_in(app, people.igor), path).status_code == 404
    assert read(sign_in(app, people.anna), path).status_code == 404
    assert read(sign_in(app, people.vera, FIELD), path).status_code == 404
    assert post(sign_in(app, people.igor), path, on=str(demo_day())).status_code == 404
