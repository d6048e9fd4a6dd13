"""Somebody stands in for the owner of early help for some days; it goes back by itself, and nobody else learns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import FIELD, OFFICE, Person, Role, Territory
from curator_app.cases.hats import hats_of
from curator_app.cases.opening import Opening, open_early_help
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.doors import subjects_visible_to
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import is_assigned
from tests.support.cases import read, take
from tests.support.days import demo_day
from tests.support.people import sign_in
from tests.support.story_world import World, settle_world

OWNER, SECOND, INTAKE = "Помощников", "Педагогова", "Окошкин"
SURNAME, DAY = "Тихомирные", timedelta(days=1)
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def world(app: Flask) -> World:
    """A district whose school carries early help for a family, and a second person there who may."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = settle_world(db.session(), "novosibirsk_2022", "Asia/Novosibirsk")
        family = Family(surname=SURNAME, territory=db.session.get_one(Territory, made.territory_id), level="low")
        owner = db.session.get_one(Person, made.people[OWNER])
        school, since = owner.roles[0].organisation, demo_day() - 20 * DAY
        second = Person(name=f"{SECOND} Ирина Ивановна")
        second.roles.append(Role(organisation=school, role="early_help_owner", since_on=since))
        db.session.add_all([family, second])
        db.session.flush()
        made.people[SECOND] = second.id
        open_early_help(db.session(), family, Opening(on=since, by=owner, decided={"level": "low"}), owner, school)
        db.session.commit()
    return made


def sign(app: Flask, world: World, surname: str, kind: str = OFFICE) -> FlaskClient:
    """Sign somebody in."""
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        db.session.expunge(person)
    return sign_in(app, person, kind)


def help_of(app: Flask) -> Subject:
    """The family's early help."""
    with app.app_context():
        found = db.session.scalars(select(Subject).where(Subject.kind == "early_help")).one()
        db.session.expunge(found)
        return found


def put_in(app: Flask, world: World, by: str, first: int, last: int, who: str = SECOND) -> tuple[int, str]:
    """Put somebody in the owner's place, from so many days ahead to so many."""
    days = {"since": demo_day() + first * DAY, "until": demo_day() + last * DAY}
    said = {"on": demo_day(), "person": world.people[who], **days}
    answer = take(sign(app, world, by), help_of(app), "owner_stand_in_named", **said)
    return answer.status_code, answer.text


def carries(app: Flask, world: World, surname: str, on: date) -> tuple[bool, bool, bool]:
    """Tell whether somebody opens the help, reads the raw layer and may write on that day."""
    subject = help_of(app)
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        opens = db.session.scalars(subjects_visible_to(person, on).where(Subject.id == subject.id)).first()
        reads = db.session.scalars(Family.raw_visible_to(person, on).where(Family.id == subject.family_id)).first()
        writes = is_assigned(db.session(), subject.family_id, person, on)
        return opens is not None, reads is not None, writes


@pytest.mark.parametrize("by", [OWNER, INTAKE])
def test_it_begins_on_its_first_day_and_goes_back_after_its_last_by_itself(app: Flask, world: World, by: str) -> None:
    assert put_in(app, world, by, 1, 3)[0] == 303

    today = demo_day()
    seen = {ahead: carries(app, world, SECOND, today + ahead * DAY) for ahead in range(5)}
    assert [ahead for ahead, what in seen.items() if what == (True, True, True)] == [1, 2, 3]
    assert seen[0] == seen[4] == (False, False, False)
    assert all(carries(app, world, OWNER, today + ahead * DAY) == (True, True, True) for ahead in range(5))
    with app.app_context():
        line = db.session.scalars(select(CaseLine)).one()
        assert line.curator_id == world.people[OWNER], "the list names who carries it"


def test_nobody_of_their_house_learns_of_the_family(app: Flask, world: World) -> None:
    with app.app_context():
        school = db.session.get_one(Person, world.people[OWNER]).roles[0].organisation_id
        assert db.session.get_one(Person, world.people["Директорова"]).roles[0].organisation_id == school
    assert put_in(app, world, OWNER, 0, 3)[0] == 303

    key_of_help = help_of(app).id
    with app.app_context():
        subject = db.session.get_one(Subject, key_of_help)
        for surname, key in world.people.items():
            person = db.session.get_one(Person, key)
            found = hats_of(db.session(), person, subject, demo_day())
            expected = {OWNER: {"owner"}, SECOND: {"owner"}, INTAKE: {"intake"}}.get(surname, set())
            # The resource centre helps the people of its territory; that opens no subject to it.
            assert found - {"resource_centre"} == expected, surname
            opens = db.session.scalars(subjects_visible_to(person, demo_day()).where(Subject.id == subject.id)).first()
            assert (opens is not None) is bool(expected), surname
    assert SURNAME not in read(sign(app, world, "Директорова"), "/families").text


@ONE_DATABASE
def test_the_stand_in_has_the_family_on_the_phone_and_the_page_says_until_when(app: Flask, world: World) -> None:
    assert put_in(app, world, OWNER, 0, 3)[0] == 303

    assert SURNAME in read(sign(app, world, SECOND, FIELD), "/families").text
    page = read(sign(app, world, INTAKE), f"/cases/{help_of(app).id}").text
    assert f"{SECOND} Ирина Ивановна" in page
    assert "Замещает с" in page


@ONE_DATABASE
def test_it_ends_before_its_last_day_when_the_owner_is_back(app: Flask, world: World) -> None:
    assert put_in(app, world, OWNER, 0, 9)[0] == 303
    assert put_in(app, world, OWNER, 20, 29)[0] == 303

    assert take(sign(app, world, OWNER), help_of(app), "owner_stand_in_ended", on=demo_day()).status_code == 303

    today = demo_day()
    assert not any(any(carries(app, world, SECOND, today + ahead * DAY)) for ahead in (0, 1, 20, 25))
    with app.app_context():
        types = db.session.scalars(select(Event.type).where(Event.type.startswith("owner_stand_in")).order_by(Event.no))
        assert list(types) == ["owner_stand_in_named", "owner_stand_in_named", "owner_stand_in_ended"]


@ONE_DATABASE
def test_another_owner_begins_without_whoever_stood_in_for_the_one_before(app: Flask, world: World) -> None:
    with app.app_context():
        school = db.session.get_one(Person, world.people[OWNER]).roles[0].organisation
        third = Person(name="Третьякова Анна Львовна")
        third.roles.append(Role(organisation=school, role="early_help_owner", since_on=date(2020, 1, 1)))
        db.session.add(third)
        db.session.commit()
        world.people["Третьякова"] = third.id
    assert put_in(app, world, OWNER, 0, 9)[0] == 303

    said = {"on": demo_day(), "person": world.people["Третьякова"]}
    assert take(sign(app, world, INTAKE), help_of(app), "owner_named", **said).status_code == 303

    assert carries(app, world, SECOND, demo_day()) == (False, False, False)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("first", "last", "who", "words"),
    [
        (-1, 3, SECOND, "Этот день уже прошёл"),
        (3, 1, SECOND, "Последний день раньше первого"),
        (0, 3, OWNER, "уже ведёт эту раннюю помощь"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    app: Flask, world: World, first: int, last: int, who: str, words: str
) -> None:
    status, page = put_in(app, world, OWNER, first, last, who)

    assert (status, words in page) == (422, True)
    with app.app_context():
        assert [one.role for one in db.session.scalars(select(Assignment))] == ["early_help_owner"]


@ONE_DATABASE
def test_nobody_stands_in_twice_on_a_day_and_a_stand_in_names_no_other(app: Flask, world: World) -> None:
    assert put_in(app, world, OWNER, 0, 9)[0] == 303

    assert "уже замещает в эти дни" in put_in(app, world, INTAKE, 5, 12)[1]
    refused = put_in(app, world, SECOND, 0, 30)
    assert refused[0] == 422
    assert "Замену назначает и заканчивает тот, кто ведёт" in refused[1]
    ended = take(sign(app, world, SECOND), help_of(app), "owner_stand_in_ended", on=demo_day())
    assert ended.status_code == 422


@ONE_DATABASE
def test_who_reads_nothing_of_it_names_nobody(app: Flask, world: World) -> None:
    for surname in ("Директорова", "Секретарёва", "Кураторова", SECOND):
        assert put_in(app, world, surname, 0, 3)[0] == 404, surname


@ONE_DATABASE
def test_the_form_says_whose_days_it_asks_for_and_who_carries_it_now(app: Flask, world: World) -> None:
    page = read(sign(app, world, OWNER), f"/subjects/{help_of(app).id}/steps/owner_stand_in_named").text

    assert "Когда решили" in page
    assert "Когда это было" not in page
    assert page.count("ведёт сейчас</option>") == 1
    assert "Выбирать пока не из кого" not in page
