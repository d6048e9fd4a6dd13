"""Accounts: who may make and change which, dated roles, one-time links; never a family for the administrator."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.auth.models import EnrolmentLink, Organisation, Person, Role
from curator_app.extensions import db
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}
NEW = {"name": "Берёзкина Алла Юрьевна", "post": "специалист", "phone": "+7 000 000-00-99", "role": "case_curator"}


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator; forms without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def organisation_of(app: Flask, person: Person) -> str:
    """Return the id of the organisation where a person works."""
    with app.app_context():
        return str(db.session.get_one(Person, person.id).roles[0].organisation_id)


def add(client: FlaskClient, organisation: str, **values: str) -> tuple[int, str]:
    """Post the form of a new account; return the status and the page."""
    form = {**NEW, "organisation": organisation, "since": str(demo_day()), **values}
    answer = client.post("/people", data=form, headers=FRAGMENT, base_url=ORIGIN)
    return answer.status_code, answer.text


def named(app: Flask, surname: str) -> Person | None:
    """Return a person by surname, with roles."""
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.name.startswith(surname))).first()
        if person:
            assert person.roles is not None
        return person


@pytest.mark.on_both
@pytest.mark.parametrize("who", ["darya", "anna"])
def test_the_head_and_the_administrator_add_a_curator(app: Flask, people: People, who: str) -> None:
    status, _ = add(sign_in(app, getattr(people, who)), organisation_of(app, people.darya))

    assert status == 303
    person = named(app, "Берёзкина")
    assert person is not None
    assert [role.role for role in person.roles] == ["case_curator"]
    with app.app_context():
        acts = set(db.session.scalars(select(AuditRow.act).where(AuditRow.object_id == person.id)))
    assert {"person:made", "role:given"} <= acts


@pytest.mark.parametrize("role", ["specialist", "early_help_owner", "group_member"])
def test_a_head_gives_the_roles_of_her_own_people(app: Flask, people: People, role: str) -> None:
    assert add(sign_in(app, people.darya), organisation_of(app, people.darya), role=role)[0] == 303


@pytest.mark.parametrize(
    "role", ["head", "administrator", "intake_officer", "commission_secretary", "commission_chair", "resource_centre"]
)
def test_a_head_gives_nothing_that_opens_more_than_her_own_organisation(app: Flask, people: People, role: str) -> None:
    status, text = add(sign_in(app, people.darya), organisation_of(app, people.darya), role=role)

    assert status == 422
    assert "Такой роли в списке нет" in text
    assert named(app, "Берёзкина") is None


def test_a_head_adds_nobody_to_another_organisation(app: Flask, people: People) -> None:
    status, text = add(sign_in(app, people.darya), organisation_of(app, people.igor))

    assert status == 422
    assert "Такой организации в списке нет" in text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "Берёзкина"}, "Не хватает имени"),
        ({"since": "вчера"}, "Не указан день"),
        ({"until": "2020-01-01"}, "Последний день раньше первого"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_what_was_written_stays(
    app: Flask, people: People, wrong: dict[str, str], sentence: str
) -> None:
    status, text = add(sign_in(app, people.darya), organisation_of(app, people.darya), **wrong)

    assert status == 422
    assert sentence in text
    assert "Остальное на месте" in text
    assert "специалист" in text


@pytest.mark.on_both
def test_a_role_has_an_end_and_the_person_then_leaves_the_heads_list(app: Flask, people: People) -> None:
    client = sign_in(app, people.darya)
    with app.app_context():
        role = db.session.scalars(select(Role).where(Role.person_id == people.vera.id)).one()
    yesterday = demo_day() - timedelta(days=2)

    path = f"/people/{people.vera.id}/roles/{role.id}/end"
    assert client.post(path, data={"until": str(yesterday)}, headers=FRAGMENT, base_url=ORIGIN).status_code == 303

    assert "Туманова" not in client.get("/people", headers=FRAGMENT, base_url=ORIGIN).text
    assert "Туманова" not in sign_in(app, people.anna).get("/people", headers=FRAGMENT, base_url=ORIGIN).text
    assert (
        sign_in(app, people.anna).get(f"/people/{people.vera.id}", headers=FRAGMENT, base_url=ORIGIN).status_code == 200
    )


def test_the_last_administrator_stays(app: Flask, people: People) -> None:
    client = sign_in(app, people.anna)
    with app.app_context():
        role = db.session.scalars(select(Role).where(Role.person_id == people.anna.id)).one()

    path = f"/people/{people.anna.id}/roles/{role.id}/end"
    answer = client.post(path, data={"until": str(demo_day())}, headers=FRAGMENT, base_url=ORIGIN)

    assert answer.status_code == 422
    assert "Это последний администратор" in answer.text


def test_nobody_gives_themselves_a_role_or_makes_their_own_longer_and_giving_one_up_is_theirs(
    app: Flask, people: People
) -> None:
    """Also the only administrator: who wants another role adds another administrator first."""
    client, own = sign_in(app, people.anna), f"/people/{people.anna.id}"
    place = organisation_of(app, people.darya)
    asked = {"organisation": place, "role": "case_curator", "since": str(demo_day())}

    assert "Роли себе даёт и продлевает другой администратор" in client.get(own, headers=FRAGMENT, base_url=ORIGIN).text
    refused = client.post(f"{own}/roles", data=asked, headers=FRAGMENT, base_url=ORIGIN)
    assert (refused.status_code, "Себе роль или место не дают" in refused.text) == (422, True)

    assert add(client, place, name="Вторая Инна Олеговна", role="administrator")[0] == 303
    second = named(app, "Вторая")
    assert second is not None
    given = sign_in(app, second).post(f"{own}/roles", data=asked, headers=FRAGMENT, base_url=ORIGIN)
    assert given.status_code == 303
    with app.app_context():
        mine = select(Role.id).where(Role.person_id == people.anna.id, Role.role == "case_curator")
        role = db.session.scalars(mine).one()

    def until(days: int) -> int:
        ends = {"until": str(demo_day() + timedelta(days=days))}
        return client.post(f"{own}/roles/{role}/end", data=ends, headers=FRAGMENT, base_url=ORIGIN).status_code

    assert [until(days) for days in (5, 4, 6)] == [303, 303, 422]


@pytest.mark.on_both
def test_the_same_role_is_not_given_twice_in_the_same_days(app: Flask, people: People) -> None:
    client = sign_in(app, people.darya)
    form = {"organisation": organisation_of(app, people.vera), "role": "case_curator", "since": str(demo_day())}

    answer = client.post(f"/people/{people.vera.id}/roles", data=form, headers=FRAGMENT, base_url=ORIGIN)

    assert answer.status_code == 422
    assert "в эти дни уже есть" in answer.text


@pytest.mark.parametrize("kind", ["field", "office"])
def test_a_link_is_shown_once_with_a_picture_for_a_phone_and_only_its_hash_is_kept(
    app: Flask, people: People, kind: str
) -> None:
    client = sign_in(app, people.darya)

    shown = client.post(f"/people/{people.vera.id}/links", data={"kind": kind}, headers=FRAGMENT, base_url=ORIGIN).text

    found = re.search(r"/enrol#([\w-]+)", unescape(shown))
    assert found
    assert ('class="qr"' in shown) is (kind == "field")
    begun = app.test_client().post("/enrol/start", json={"token": found[1]}, base_url=ORIGIN)
    assert (begun.status_code, begun.json["kind"]) == (200, kind)
    with app.app_context():
        link = db.session.scalars(select(EnrolmentLink).where(EnrolmentLink.person_id == people.vera.id)).all()[-1]
        assert found[1].encode() not in link.token_hash
        trail = db.session.scalars(select(AuditRow).where(AuditRow.act == "enrolment:invited")).all()[-1]
        assert (trail.person_id, trail.object_id) == (people.darya.id, people.vera.id)


def test_a_head_gives_no_link_to_the_administrator(app: Flask, people: People) -> None:
    client = sign_in(app, people.darya)

    answer = client.post(f"/people/{people.anna.id}/links", data={"kind": "office"}, headers=FRAGMENT, base_url=ORIGIN)

    assert answer.status_code == 404


def test_the_administrator_keeps_organisations(app: Flask, people: People) -> None:
    client = sign_in(app, people.anna)
    with app.app_context():
        territory = str(db.session.scalars(select(Organisation)).first().territory_id)
    form = {"name": "Новый центр", "kind": "shelter", "territory": territory}

    assert client.post("/organisations", data=form, headers=FRAGMENT, base_url=ORIGIN).status_code == 303
    nameless = client.post("/organisations", data={**form, "name": " "}, headers=FRAGMENT, base_url=ORIGIN)

    assert "Новый центр" in client.get("/organisations", headers=FRAGMENT, base_url=ORIGIN).text
    assert nameless.status_code == 422
    assert "Не указано название" in nameless.text


def test_the_administrator_sees_no_family_on_any_of_these_pages(app: Flask, people: People) -> None:
    client = sign_in(app, people.anna)
    with app.app_context():
        organisation = db.session.scalars(select(Organisation.id)).first()
    pages = ["/people", "/people/new", "/organisations", f"/organisations/{organisation}", "/phones"]

    for path in [*pages, f"/people/{people.vera.id}", f"/people/{people.darya.id}", f"/people/{people.anna.id}"]:
        answer = client.get(path, headers=FRAGMENT, base_url=ORIGIN)
        assert answer.status_code == 200, path
        for surname in ("Рябинкин", "Подорожников", "Чижов"):
            assert surname not in answer.text, path
    assert client.get(f"/people/{people.vera.id}/stand-in", headers=FRAGMENT, base_url=ORIGIN).status_code == 404


@pytest.mark.parametrize("who", ["vera", "igor"])
def test_a_curator_finds_none_of_them(app: Flask, people: People, who: str) -> None:
    client = sign_in(app, getattr(people, who))

    for path in ("/people", "/people/new", f"/people/{people.darya.id}", "/organisations"):
        assert client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code == 404, path


def test_a_head_keeps_no_organisations_and_reaches_nobody_elsewhere(app: Flask, people: People) -> None:
    client = sign_in(app, people.darya)

    for path in ("/organisations", f"/people/{people.igor.id}", f"/people/{people.igor.id}/stand-in"):
        assert client.get(path, headers=FRAGMENT, base_url=ORIGIN).status_code == 404, path


def test_the_administrators_day_begins_with_people_and_phones_and_leads_to_no_family(
    app: Flask, people: People
) -> None:
    page = sign_in(app, people.anna).get("/today", base_url=ORIGIN).text

    assert {'href="/people"', 'href="/phones"', 'href="/rescued"'} <= set(re.findall(r'href="/\w+"', page))
    assert not {'href="/families"', 'href="/visits"', 'href="/repairs"'} & set(re.findall(r'href="/\w+"', page))
    assert 'href="/families"' in sign_in(app, people.darya).get("/today", base_url=ORIGIN).text
