"""A working group owes its own duties once; a resource centre finds the curators of its territory and no family."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources

import pytest
from sqlalchemy import select

from curator_app.auth.models import Role
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.procedures.profiles_loader import serve_region
from curator_app.subjects.models import Assignment, Subject
from tests.support.cases import HTMX, office_worker, read, take
from tests.support.days import demo_day
from tests.support.people import FIELD, ORIGIN, settle, sign_in

pytestmark = pytest.mark.pages


@pytest.fixture
def people(app):
    """The demonstration's people."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def secretary(app, people):
    """The secretary of a commission whose document gives its group a duty of its own."""
    with app.app_context():
        territory = db.session.get_one(Family, people.ryabinkiny.id).territory
        territory.procedure = "kochki_2020"
        db.session.commit()
    return office_worker(app, "Секретарёва Ольга Ильинична", "commission_secretary", people.ryabinkiny)


@pytest.fixture
def group(app, people, secretary):
    """A working group that the secretary has made, chaired by Vera."""
    with app.app_context():
        place = db.session.scalars(
            select(Role.organisation_id).where(Role.person_id == people.vera.id, Role.role == "case_curator")
        ).first()
    answer = begin(sign_in(app, secretary), chair=f"{people.vera.id}@{place}")
    assert answer.status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Subject).where(Subject.kind == "body").order_by(Subject.id.desc())).first()
        db.session.expunge_all()
    return made


def begin(client, **answers):
    """Post the form of a new group."""
    return client.post("/bodies", data=answers, headers=HTMX, base_url=ORIGIN)


def test_a_group_is_on_the_list_of_the_commission_with_its_chair(app, group, secretary):
    page = read(sign_in(app, secretary), "/bodies").text

    assert f"/bodies/{group.id}" in page
    assert "Туманова В. О." in page


@pytest.mark.on_both
def test_a_group_owes_its_meeting_once_and_its_people_read_it(app, people, group, secretary):
    client = sign_in(app, secretary)
    taken = take(client, group, "body_started", on=demo_day() - timedelta(days=40))
    assert taken.status_code == 303
    assert taken.headers["Location"] == f"/bodies/{group.id}"

    page = read(sign_in(app, people.vera), f"/bodies/{group.id}").text

    assert page.count("<b>Провести заседание рабочей группы</b>") == 1
    assert "срок прошёл" in page


def test_without_a_chair_nothing_is_made(app, secretary):
    with app.app_context():
        before = db.session.scalars(select(Subject.id).where(Subject.kind == "body")).all()

    client = sign_in(app, secretary)
    answer = begin(client, chair="")

    # Nobody is chosen beforehand: a button pressed too early names no chair.
    assert '<option value="">Выберите</option>' in read(client, "/bodies").text
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Subject.id).where(Subject.kind == "body")).all() == before


@pytest.mark.parametrize("who", ["igor", "darya", "anna"])
def test_a_stranger_finds_no_group(app, people, group, who):
    client = sign_in(app, getattr(people, who))

    assert read(client, f"/bodies/{group.id}").status_code == 404
    assert begin(client, chair="x").status_code == 404


def test_who_left_a_group_reads_it_no_more(app, people, group):
    with app.app_context():
        seat = db.session.scalars(select(Assignment).where(Assignment.subject_id == group.id)).one()
        seat.since_on, seat.until_on = date(2020, 1, 1), demo_day() - timedelta(days=2)
        db.session.commit()

    assert read(sign_in(app, people.vera), f"/bodies/{group.id}").status_code == 404


@pytest.mark.on_both
def test_a_resource_centre_finds_the_curators_of_its_territory_and_no_family(app, people):
    client = sign_in(app, office_worker(app, "Методистова Ольга Ильинична", "resource_centre", people.ryabinkiny))

    page = read(client, "/resource-centre").text

    assert "Туманова Вера Олеговна" in page
    assert "Полевой" not in page
    with app.app_context():
        surnames = db.session.scalars(select(Family.surname)).all()
    assert not [surname for surname in surnames if surname in page]
    assert "ведёт" in page


@pytest.mark.parametrize("who", ["vera", "darya", "anna"])
def test_the_page_of_a_resource_centre_is_its_own(app, people, who):
    assert read(sign_in(app, getattr(people, who)), "/resource-centre").status_code == 404


def test_a_phone_finds_none_of_these_pages(app, group, secretary):
    phone = sign_in(app, secretary, FIELD)

    assert [read(phone, path).status_code for path in ("/bodies", f"/bodies/{group.id}")] == [404, 404]


@pytest.fixture
def newer_document(secretary, tmp_path):
    """A second version of the secretary's document; served once the application is there, which serves its own."""
    assert secretary
    first = resources.files("curator_app.procedures") / "profiles" / "kochki_2020@1.toml"
    text = first.read_text(encoding="utf-8").replace("\nversion = 1\n", "\nversion = 2\n", 1)
    (tmp_path / "kochki_2020@2.toml").write_text(text, encoding="utf-8")
    serve_region(tmp_path)
    yield "kochki_2020@2"
    serve_region(None)


def test_a_new_group_works_by_the_newest_version_of_the_document(newer_document, group):
    assert group.procedure == newer_document
