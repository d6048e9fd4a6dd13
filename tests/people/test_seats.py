"""An administrator says who sits in the commission and in the groups, and until when; a wrong end goes back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, OFFICE, Person, Role
from curator_app.extensions import db
from curator_app.subjects.models import Assignment, Subject
from tests.support.cases import HTMX, read
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.support.story_world import World, settle_world

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
DAY = timedelta(days=1)


@pytest.fixture
def world(app: Flask) -> World:
    """A district with its commission, and a working group that nobody sits in yet."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = settle_world(db.session(), "kochki_2020", "Asia/Novosibirsk")
        db.session.add(Subject(kind="body", territory_id=made.territory_id, procedure="kochki_2020@1"))
        db.session.commit()
        return made


def desk(app: Flask, world: World, surname: str, kind: str = OFFICE) -> FlaskClient:
    """Sign somebody in."""
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        db.session.expunge(person)
    return sign_in(app, person, kind)


def page_of(world: World) -> str:
    """The address of the page."""
    return f"/territories/{world.territory_id}/bodies"


def group_of(app: Flask) -> uuid.UUID:
    """The one group."""
    with app.app_context():
        return db.session.scalars(select(Subject.id).where(Subject.kind == "body")).one()


def commission_of(app: Flask, world: World) -> uuid.UUID:
    """The commission's organisation."""
    with app.app_context():
        return db.session.get_one(Person, world.people["Секретарёва"]).roles[0].organisation_id


def post(client: FlaskClient, path: str, **said: object) -> TestResponse:
    """Post as htmx does."""
    return client.post(path, data={key: str(value) for key, value in said.items()}, headers=HTMX, base_url=ORIGIN)


def seat(app: Flask, world: World, surname: str) -> str:
    """Somebody in their place of work, as the form names them."""
    with app.app_context():
        role = db.session.get_one(Person, world.people[surname]).roles[0]
        return f"{role.person_id}@{role.organisation_id}"


def sit(app: Flask, world: World, body: uuid.UUID, surname: str, role: str, **days: object) -> TestResponse:
    """Let the administrator give somebody a seat."""
    said = {"seat": seat(app, world, surname), "role": role, "since": demo_day()} | days
    return post(desk(app, world, "Админов"), f"{page_of(world)}/{body}", **said)


def acts(app: Flask) -> list[str]:
    """What the trail has of seats."""
    with app.app_context():
        query = (
            select(AuditRow.act)
            .where(AuditRow.act.in_(("seat:given", "seat:ended", "seat:kept")))
            .order_by(AuditRow.id)
        )
        return list(db.session.scalars(query))


def test_who_comes_into_a_group_reads_it_from_their_first_day(app: Flask, world: World) -> None:
    group = group_of(app)

    assert sit(app, world, group, "Группин", "group_chair").status_code == 303
    assert sit(app, world, group, "Членова", "group_member", since=demo_day() + DAY).status_code == 303

    assert read(desk(app, world, "Группин"), f"/bodies/{group}").status_code == 200
    assert read(desk(app, world, "Членова"), f"/bodies/{group}").status_code == 404, "from tomorrow on"
    page = read(desk(app, world, "Админов"), page_of(world)).text
    assert "Группин Имя Отчество" in page
    assert "Членова Имя Отчество" in page
    assert acts(app) == ["seat:given", "seat:given"]


def test_who_leaves_reads_it_no_more_and_a_wrong_end_is_taken_back(app: Flask, world: World) -> None:
    group, admin = group_of(app), desk(app, world, "Админов")
    assert sit(app, world, group, "Группин", "group_chair", since=demo_day() - 9 * DAY).status_code == 303
    with app.app_context():
        row = db.session.scalars(select(Assignment.id).where(Assignment.subject_id == group)).one()
    own = f"{page_of(world)}/{group}/{row}"

    assert post(admin, f"{own}/end", until=demo_day() - DAY).status_code == 303
    assert read(desk(app, world, "Группин"), f"/bodies/{group}").status_code == 404
    assert "Вернуть в состав" in read(admin, page_of(world)).text

    assert post(admin, f"{own}/keep").status_code == 303
    assert read(desk(app, world, "Группин"), f"/bodies/{group}").status_code == 200
    assert acts(app) == ["seat:given", "seat:ended", "seat:kept"]


def test_a_commission_gets_another_secretary_for_some_days(app: Flask, world: World) -> None:
    place, today = commission_of(app, world), demo_day()

    answer = sit(app, world, place, "Окошкин", "commission_secretary", until=today + 13 * DAY)

    assert answer.status_code == 303
    with app.app_context():
        given = select(Role).where(Role.person_id == world.people["Окошкин"], Role.role == "commission_secretary")
        row = db.session.scalars(given).one()
        assert (row.organisation_id, row.since_on, row.until_on) == (place, today, today + 13 * DAY)
    assert read(desk(app, world, "Окошкин"), "/bodies").status_code == 200


def test_an_administrator_gives_no_seat_to_themselves_and_keeps_none_of_their_own(app: Flask, world: World) -> None:
    group, place = group_of(app), commission_of(app, world)
    with app.app_context():
        mine = seat(app, world, "Админов").partition("@")
        held = {"person_id": uuid.UUID(mine[0]), "organisation_id": uuid.UUID(mine[2]), "subject_id": group}
        row = Assignment(**held, role="group_member", since_on=demo_day() - 9 * DAY, until_on=demo_day() - DAY)
        db.session.add(row)
        db.session.commit()
        own = f"{page_of(world)}/{group}/{row.id}"
    admin = desk(app, world, "Админов")

    for body, role in ((group, "group_chair"), (place, "commission_secretary")):
        refused = sit(app, world, body, "Админов", role)
        assert (refused.status_code, "Себе роль или место не дают" in refused.text) == (422, True), role
    longer = post(admin, f"{own}/end", until=demo_day() + DAY)
    assert (longer.status_code, "Себе роль или место не дают" in longer.text) == (422, True)
    assert post(admin, f"{own}/keep").status_code == 422
    assert read(admin, f"/bodies/{group}").status_code == 404
    assert acts(app) == []


def test_there_is_one_chair_at_a_time(app: Flask, world: World) -> None:
    group, admin, today = group_of(app), desk(app, world, "Админов"), demo_day()
    assert sit(app, world, group, "Группин", "group_chair", since=today - 9 * DAY).status_code == 303

    second = sit(app, world, group, "Членова", "group_chair")
    assert second.status_code == 422
    assert "председатель уже есть. Ничего не изменилось" in second.text

    with app.app_context():
        first = db.session.scalars(select(Assignment.id).where(Assignment.subject_id == group)).one()
    assert post(admin, f"{page_of(world)}/{group}/{first}/end", until=today - DAY).status_code == 303
    assert sit(app, world, group, "Членова", "group_chair").status_code == 303
    back = post(admin, f"{page_of(world)}/{group}/{first}/keep")
    assert back.status_code == 422
    assert "председатель уже есть" in back.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"seat": ""}, "Такого человека в списке нет"),
        ({"role": "administrator"}, "Такой роли в списке нет"),
        ({"since": ""}, "Не указан день"),
        ({"until": "2001-01-01"}, "Последний день раньше первого"),
    ],
)
def test_what_is_wrong_is_said(app: Flask, world: World, said: dict[str, str], words: str) -> None:
    right = {"seat": seat(app, world, "Членова"), "role": "group_member", "since": str(demo_day())}

    answer = post(desk(app, world, "Админов"), f"{page_of(world)}/{group_of(app)}", **right | said)

    assert answer.status_code == 422
    assert words in answer.text
    assert acts(app) == []


def test_nobody_sits_twice(app: Flask, world: World) -> None:
    group = group_of(app)
    assert sit(app, world, group, "Членова", "group_member").status_code == 303

    again = sit(app, world, group, "Членова", "group_member", since=demo_day() + 5 * DAY)

    assert again.status_code == 422
    assert "уже в составе" in again.text


def test_the_page_is_an_administrators_at_a_desk(app: Flask, world: World) -> None:
    group = group_of(app)
    for surname in ("Секретарёва", "Главная", "Кураторова", "Группин", "Методистова"):
        client = desk(app, world, surname)
        assert read(client, page_of(world)).status_code == 404, surname
        said = {"seat": seat(app, world, "Членова"), "role": "group_member", "since": str(demo_day())}
        assert post(client, f"{page_of(world)}/{group}", **said).status_code == 404, surname
    assert read(desk(app, world, "Админов", FIELD), page_of(world)).status_code == 404
    unknown = f"{page_of(world)}/{uuid.uuid4()}"
    admin = desk(app, world, "Админов")
    assert [post(admin, unknown).status_code, post(admin, f"{page_of(world)}/{group}/{group}/keep").status_code] == [
        404,
        404,
    ]
    assert acts(app) == []
