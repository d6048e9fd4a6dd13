"""The demonstration of a first start: invented families, each with a story that its curator can read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from curator_app.auth.models import Organisation, Person, Territory
from curator_app.demo.load import CONTENT, INVITED, install
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.presentation import event_words
from curator_app.subjects.models import Event
from curator_app.visits.models import VISIT, Visit
from tests.support.databases import Databases, config_for, lend_app
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in

WRITTEN = tomllib.loads(CONTENT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shown(request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: Any) -> Iterator[Flask]:
    """An app with the whole demonstration, which nobody here changes: installing it takes longer than reading it."""
    folder = tmp_path_factory.mktemp("shown")
    with databases.fresh(request.param, folder) as url, lend_app(config_for(folder, DATABASE_URL=url)) as app:
        with app.app_context():
            app.config["INVITED"] = install(db.session())
            db.session.commit()
        yield app


def person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name.startswith(name))).one()


def surnames(name: str) -> set[str]:
    return {one.surname for one in db.session.scalars(Family.visible_to(person(name), demo_day()))}


def test_everything_that_is_written_down_is_there(shown: Flask) -> None:
    with shown.app_context():
        families = db.session.scalars(select(Family)).all()
        counts = [
            db.session.scalar(select(func.count()).select_from(model)) for model in (Territory, Organisation, Person)
        ]
        events = set(db.session.scalars(select(Event.type)))

        assert len(families) == len(WRITTEN["families"])
        assert {family.surname for family in families} == {one["surname"] for one in WRITTEN["families"]}
        assert counts == [len(WRITTEN[name]) for name in ("territories", "orgs", "people")]
        assert all(family.story for family in families)
        for entry in WRITTEN["families"]:
            for what in entry["events"]:
                assert what["type"] in events, what
        assert db.session.scalar(select(func.count()).select_from(Visit)) == sum(
            len(entry.get("visits", [])) for entry in WRITTEN["families"]
        )


def test_each_curator_has_the_families_of_their_own_district(shown: Flask) -> None:
    with shown.app_context():
        assert surnames("Туманова") == {"Рябинкины", "Чижовы", "Снегирёвы", "Кедровы"}
        assert surnames("Заречный") == {"Щегольковы", "Вербинкины", "Синичкины"}
        assert surnames("Полевой") == {"Подорожниковы", "Клюквины", "Смородины", "Осинкины", "Дроздовы"}
        assert surnames("Озёрова") == {"Камышкины", "Полюшкины", "Ивушкины"}
        assert surnames("Мостова") == {"Калинкины", "Синицыны", "Васильковы", "Ясеневы", "Гвоздикины"}
        assert surnames("Родникова") == {"Малинкины", "Стрижовы", "Жаворонковы", "Берёзкины", "Кленовы", "Топольковы"}
        assert surnames("Дорогин") == {
            "Брусничкины",
            "Зябликовы",
            "Рябчиковы",
            "Ромашкины",
            "Листвянкины",
            "Медовкины",
            "Пчёлкины",
        }
        assert surnames("Буквин") == {"Ландышевы", "Рябинкины"}
        assert surnames("Лекарева") == {"Подорожниковы", "Камышкины"}
        assert surnames("Осокина") == surnames("Туманова") | surnames("Заречный")
        for name in ("Степная", "Горина", "Звонарёва", "Строков", "Очагова", "Письменова"):
            assert surnames(name) == set(), name


@pytest.mark.parametrize("shown", ["sqlite"], indirect=True)
def test_every_story_can_be_read_by_whoever_works_with_the_family(shown: Flask) -> None:
    names = {one["id"]: one["name"] for one in WRITTEN["people"]}
    with shown.app_context():
        ids = {family.surname: family.id for family in db.session.scalars(select(Family))}
    desks = {}
    for entry in WRITTEN["families"]:
        carer = entry.get("curator") or entry.get("owner")
        if carer is None:
            continue  # nobody was named yet: the commission has them
        if carer not in desks:
            with shown.app_context():
                somebody = person(names[carer])
                db.session.expunge(somebody)
            desks[carer] = sign_in(shown, somebody)

        page = desks[carer].get(f"/families/{ids[entry['surname']]}", base_url=ORIGIN)

        assert page.status_code == 200, entry["surname"]
        for visit in entry.get("visits", []):
            assert visit["fact"] in page.text, entry["surname"]
        for event in entry["events"]:
            assert event["text"] in page.text, entry["surname"]
            assert event_words(event["type"]) in page.text, event["type"]


def test_the_links_of_a_first_start_lead_to_people_who_have_something_to_see(shown: Flask) -> None:
    with shown.app_context():
        invitations = shown.config["INVITED"]

        assert len(invitations) == len(INVITED)
        # An administrator sees no family; intake, the commission and the resource centre have pages of their own.
        without = [one.name.split()[0] for one in invitations if not surnames(one.name)]
        assert without == ["Степная", "Горина", "Звонарёва", "Ключников"]


def test_nobody_is_visited_before_they_were_assigned_or_after_today(shown: Flask) -> None:
    with shown.app_context():
        visits = db.session.scalars(select(Visit)).all()

        assert all(visit.on <= demo_day() for visit in visits)
        assert {visit.outcome for visit in visits} > {VISIT, "not_let_in", "nobody_home", "moved_away"}
        assert all(visit.author for visit in visits)


def test_the_small_demonstration_is_a_part_of_the_whole(app: Flask) -> None:
    with app.app_context():
        invitations = install(db.session(), small=True)

        assert [one.name.split()[0] for one in invitations] == ["Туманова", "Полевой", "Осокина"]
        assert surnames("Туманова") | surnames("Полевой") == {
            family.surname for family in db.session.scalars(select(Family))
        }


@pytest.mark.parametrize("shown", ["sqlite"], indirect=True)
def test_a_head_has_families_whose_period_has_passed_and_others_whose_has_not(shown: Flask) -> None:
    with shown.app_context():
        head = person("Опорова")
        db.session.expunge(head)

    page = sign_in(shown, head).get("/visits", headers={"HX-Request": "true"}, base_url=ORIGIN).text

    for words in ("срок прошёл", "до ", "ещё не были", "Дроздовы"):
        assert words in page, words
