"""A territory is set up by the administrator; what people out there would feel is asked before it is done."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, Territory
from curator_app.extensions import db
from curator_app.subjects.models import Subject
from tests.support.people import ORIGIN, People, enrol, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}
SAID = {"name": "Заречный район", "zone": "Asia/Omsk", "procedure": "kochki_2020", "photos": "on"}
DUTY = {"number-role_duty_head": "+7 381 000-00-01", "name-role_duty_head": "Дежурная, Норина"}


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def anna(app: Flask, people: People) -> FlaskClient:
    """The administrator's desk."""
    return sign_in(app, people.anna)


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=FRAGMENT, base_url=ORIGIN)
    assert answer.status_code == 200, path
    return answer.text


def write(client: FlaskClient, path: str, **said: str) -> TestResponse:
    return client.post(path, data=said, headers=FRAGMENT, base_url=ORIGIN)


def named(app: Flask, name: str) -> Territory:
    """Return the territory of that name as it is now."""
    with app.app_context():
        return db.session.scalars(select(Territory).where(Territory.name == name)).one()


def as_it_is(territory: Territory, **changes: str) -> dict[str, str]:
    """Return what the form would post without a change, and the changes."""
    numbers = territory.directory.get("roles", {})
    said = {f"number-{role}": line["number"] for role, line in numbers.items()}
    said |= {f"name-{role}": line["name"] for role, line in numbers.items()}
    photos = "on" if territory.photos_on else "off"
    said |= {"name": territory.name, "zone": territory.zone, "procedure": territory.procedure, "photos": photos}
    return said | changes


def trail(app: Flask) -> list[AuditRow]:
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.act.startswith("territory:")))
        return list(rows.all())


@pytest.mark.on_both
def test_a_territory_is_made_with_whom_to_call(app: Flask, people: People, anna: FlaskClient) -> None:
    assert write(anna, "/territories", **SAID, **DUTY).status_code == 303

    made = named(app, "Заречный район")
    assert (made.zone, made.procedure, made.photos_on) == ("Asia/Omsk", "kochki_2020", True)
    assert made.directory["roles"] == {"role_duty_head": {"name": "Дежурная, Норина", "number": "+7 381 000-00-01"}}
    (row,) = trail(app)
    assert (row.act, row.person_id, row.object_id) == ("territory:made", people.anna.id, made.id)
    assert "Заречный район" in read(anna, "/territories")
    assert "Заречный район" in read(anna, "/organisations"), "an organisation may be there at once"


def test_a_new_territory_has_no_procedure_until_it_is_chosen(anna: FlaskClient) -> None:
    choices = read(anna, "/territories/new").partition('name="procedure"')[2]

    assert choices.partition("<option")[2].startswith(' value="">Выберите')


def test_a_name_is_corrected_without_a_question_and_the_rest_stays(app: Flask, anna: FlaskClient) -> None:
    before = named(app, "Небывалый район")

    answer = write(anna, f"/territories/{before.id}", **as_it_is(before, name="Небывалый округ"))

    assert answer.status_code == 303
    after = named(app, "Небывалый округ")
    assert after.directory == before.directory
    assert (after.zone, after.procedure, after.visit_form) == (before.zone, before.procedure, before.visit_form)
    (row,) = trail(app)
    assert row.data == {"name": ["Небывалый район", "Небывалый округ"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "Asia/Omsk"}, ("Новосибирск (МСК+4)", "Омск (МСК+3)", "с этой минуты")),
        ({"procedure": "kochki_2020"}, ("Начатые случаи (4)", "остаются на своём порядке")),
        ({"photos": "off"}, ("Не делаем", "ещё не дошли, приняты не будут")),
    ],
)
def test_what_people_would_feel_is_asked_first(
    app: Flask, anna: FlaskClient, change: dict[str, str], words: tuple[str, ...]
) -> None:
    before = named(app, "Небывалый район")
    said = as_it_is(before, **change)

    asked = write(anna, f"/territories/{before.id}", **said)

    assert asked.status_code == 200
    assert all(word in asked.text for word in words)
    assert as_it_is(named(app, "Небывалый район")) == as_it_is(before)
    assert trail(app) == []
    again = write(anna, f"/territories/{before.id}", **said, sure="no")
    assert 'name="zone"' in again.text
    assert as_it_is(named(app, "Небывалый район")) == as_it_is(before)
    assert write(anna, f"/territories/{before.id}", **said, sure="yes").status_code == 303
    assert as_it_is(named(app, "Небывалый район")) == said
    (row,) = trail(app)
    assert len(row.data) == 1


def test_the_question_carries_everything_that_was_typed(app: Flask, anna: FlaskClient) -> None:
    before = named(app, "Небывалый район")
    said = as_it_is(before, photos="off", name="Новое имя", **DUTY)

    asked = write(anna, f"/territories/{before.id}", **said).text

    for name, value in said.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in asked


def test_a_case_that_began_stays_under_its_procedure(app: Flask, anna: FlaskClient) -> None:
    before = named(app, "Небывалый район")
    begun = select(Subject.procedure).where(Subject.territory_id == before.id)
    with app.app_context():
        procedures = db.session.scalars(begun.order_by(Subject.id)).all()

    write(anna, f"/territories/{before.id}", **as_it_is(before, procedure="kochki_2020"), sure="yes")

    with app.app_context():
        assert db.session.scalars(begun.order_by(Subject.id)).all() == procedures


def test_to_allow_photos_again_needs_no_question(app: Flask, anna: FlaskClient) -> None:
    before = named(app, "Небывалый район")
    write(anna, f"/territories/{before.id}", **as_it_is(before, photos="off"), sure="yes")

    assert write(anna, f"/territories/{before.id}", **as_it_is(before, photos="on")).status_code == 303
    assert named(app, "Небывалый район").photos_on


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "Не указано название"),
        ({"name": "небывалый РАЙОН"}, "уже есть"),
        ({"zone": "Mars/Olympus"}, "Такого пояса в списке нет"),
        ({"procedure": "secret"}, "Такого порядка в списке нет"),
        ({"procedure": ""}, "Порядок не выбран"),
        ({"photos": ""}, "Не сказано, делают ли снимки"),
        ({"number-role_head": "позвоните"}, "Номер не читается"),
        ({"number-role_head": "", "name-role_head": "Есть имя"}, "Номер не читается"),
    ],
)
def test_a_refusal_names_what_is_wrong_and_keeps_what_was_typed(
    app: Flask, anna: FlaskClient, change: dict[str, str], words: str
) -> None:
    answer = write(anna, "/territories", **SAID | DUTY | change)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Дежурная, Норина" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Territory).where(Territory.name == "Заречный район")).first() is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("who", ["darya", "vera", "igor"])
def test_nobody_else_finds_these_pages(app: Flask, people: People, who: str) -> None:
    client, one = sign_in(app, getattr(people, who)), named(app, "Небывалый район")

    for path in ("/territories", "/territories/new", f"/territories/{one.id}"):
        assert client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code == 404
    for path in ("/territories", f"/territories/{one.id}"):
        assert write(client, path, **SAID).status_code == 404
    assert trail(app) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_territory_that_there_is_not_and_a_phone(app: Flask, people: People, anna: FlaskClient) -> None:
    assert anna.get(f"/territories/{uuid.uuid4()}", headers=FRAGMENT, base_url=ORIGIN).status_code == 404
    pocket = sign_in(app, people.anna, enrolment=enrol(app, people.anna, FIELD))
    assert pocket.get("/territories", headers=FRAGMENT, base_url=ORIGIN).status_code == 404


def test_the_page_without_an_account_is_switched_on_by_the_administrator(
    app: Flask, people: People, anna: FlaskClient
) -> None:
    with app.app_context():
        territory = db.session.scalars(select(Territory).order_by(Territory.name)).first()
        assert territory is not None
        assert (territory.public_signals, territory.unconfirmed_months) == (False, 6)
    chosen = as_it_is(territory, public_signals="on", unconfirmed_months="12")

    assert write(anna, f"/territories/{territory.id}", **chosen).status_code == 303
    assert write(anna, f"/territories/{territory.id}", **(chosen | {"unconfirmed_months": "5"})).status_code == 422

    changed = named(app, territory.name)
    assert (changed.public_signals, changed.unconfirmed_months) == (True, 12)
    assert f"/tell/{territory.id}" in read(anna, f"/territories/{territory.id}")
    assert people.anna.id in {row.person_id for row in trail(app)}
