"""Where a child lives: written down as a step, known to those who carry the case, hidden from everybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import JSON, LargeBinary, String, select

from curator_app.cases.placement_models import ContactSchedule, CourtDate, Placement
from curator_app.database import Base
from curator_app.extensions import db
from curator_app.families.search_models import family_word
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

WHO, WHERE, PHONE = "Тайникова Зоя", "Потайная улица, дом 77", "+7 000 000-77-77"


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def post(client, path, **answers):
    """Post a form as htmx does."""
    return client.post(path, data=answers, headers=HTMX, base_url=ORIGIN)


def child_of(app, family):
    """Return the id of the family's eldest child."""
    with app.app_context():
        return next(str(one.id) for one in db.session.merge(family).children)


def place(client, case, who, kind="substitute_family", **more):
    """Write down that a child lives with somebody now."""
    said = {"child": who, "event": "child_placed", "on": demo_day().isoformat(), "kind": kind}
    said |= {"named": WHO, "address": WHERE, "phone": PHONE}
    return post(client, f"/subjects/{case.id}/placement", **said | more)


def placements(app, family):
    """Return every placement of a family's children, the oldest first."""
    with app.app_context():
        own = select(Placement).where(Placement.family_id == family.id)
        found = list(db.session.scalars(own.order_by(Placement.since_on, Placement.id)))
        db.session.expunge_all()
        return found


def test_a_child_that_was_placed_is_known_by_kind_and_day_in_the_event_and_by_name_in_the_raw_layer(app, people):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    vera = sign_in(app, people.vera)

    assert place(vera, case, child).status_code == 303

    (event,) = events_of(app, case, "child_placed")
    assert (event.on, event.data) == (demo_day(), {"child": child, "where": "substitute_family"})
    page = read(vera, f"/subjects/{case.id}/placement").text
    assert all(words in page for words in (WHO, WHERE, PHONE, "Скрыто от родной семьи"))


def test_a_hidden_address_is_nowhere_but_in_its_own_row(app, people):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    place(sign_in(app, people.vera), case, child)

    with app.app_context():
        held = {
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, String | JSON | LargeBinary)
            for (value,) in db.session.execute(select(column))
            if value and re.search("Тайников|Потайн|77-77", str(value))
        }
        words = set(db.session.scalars(select(family_word.c.word)))

    assert held == {"placement.named", "placement.address", "placement.phone"}
    assert not [word for word in words if word.startswith(("тайник", "потайн"))]


@pytest.mark.parametrize("role", ["group_member", "group_chair"])
def test_the_group_learns_that_a_child_is_not_home_and_not_where(app, people, role):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    place(sign_in(app, people.vera), case, child)
    join_case(app, people.ryabinkiny, people.igor, role)
    igor = sign_in(app, people.igor)

    pages = [f"/subjects/{case.id}/placement", f"/cases/{case.id}", f"/families/{people.ryabinkiny.id}"]
    pages += [f"/families/{people.ryabinkiny.id}/history", "/today", "/families"]
    texts = {path: read(igor, path).text for path in pages}

    assert "В замещающей семье" in texts[f"/subjects/{case.id}/placement"]
    for path, text in texts.items():
        assert not re.search("Тайников|Потайн|77-77", text), path
    found = igor.post("/families/search", data={"q": "Потайная 77"}, headers=HTMX, base_url=ORIGIN)
    assert "Рябинкины" not in found.text


@pytest.mark.parametrize("role", ["group_member", "group_chair"])
def test_a_place_that_the_family_knows_is_no_more_the_group_s_to_read(app, people, role):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    place(sign_in(app, people.vera), case, child, "relatives", rights="parents", basis="Заявление матери")
    join_case(app, people.ryabinkiny, people.igor, role)

    page = read(sign_in(app, people.igor), f"/subjects/{case.id}/placement").text

    assert "У родственников" in page
    assert not re.search("Тайников|Потайн|77-77|Заявление матери", page)
    assert "Кто вправе" not in page


def test_the_commission_writes_a_place_down_and_does_not_read_it_back(app, people):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    client = sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", people.ryabinkiny))

    assert place(client, case, child).status_code == 303

    assert WHERE not in read(client, f"/subjects/{case.id}/placement").text
    assert WHERE in read(sign_in(app, people.vera), f"/subjects/{case.id}/placement").text


def test_a_child_moves_on_and_comes_home_and_every_place_stays_told(app, people):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    vera, today = sign_in(app, people.vera), demo_day()
    here = f"/subjects/{case.id}/placement"

    removed = today - timedelta(days=3)
    assert post(vera, here, child=child, event="child_removed", on=removed.isoformat()).status_code == 303
    place(vera, case, child, "shelter", on=(today - timedelta(days=2)).isoformat(), named="Приют «Берег»")
    assert post(vera, here, child=child, event="child_returned", on=today.isoformat()).status_code == 303

    rows = placements(app, people.ryabinkiny)
    assert [(row.kind, row.since_on, row.until_on) for row in rows] == [
        ("unknown", removed, today - timedelta(days=2)),
        ("shelter", today - timedelta(days=2), today),
    ]
    page = read(vera, here).text
    assert "Дома" in page
    assert "Приют «Берег»" in page


def test_nobody_comes_home_who_never_left(app, people):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)

    answer = post(
        sign_in(app, people.vera),
        f"/subjects/{case.id}/placement",
        child=child,
        event="child_returned",
        on=demo_day().isoformat(),
    )

    assert answer.status_code == 422
    assert "Рано: сначала нужно" in answer.text
    assert events_of(app, case, "child_returned") == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"child": ""}, "Выберите, о ком из детей речь"),
        ({"kind": ""}, "Выберите, где ребёнок живёт"),
        ({"on": ""}, "Укажите день"),
        ({"on": "2999-01-01"}, "Этот день ещё не наступил"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_stays_in_place(app, people, said, words):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)

    answer = place(sign_in(app, people.vera), case, child, **said)

    assert answer.status_code == 422
    assert words in answer.text
    assert WHO in answer.text
    assert placements(app, people.ryabinkiny) == []


def test_days_in_court_are_awaited_settled_and_moved(app, people):
    case, vera, today = subject_of(app, people.ryabinkiny), sign_in(app, people.vera), demo_day()
    on = (today + timedelta(days=9)).isoformat()
    announced = {"about": "limiting", "on": on, "time": "14:30", "court": "Районный суд"}

    assert post(vera, f"/subjects/{case.id}/courts", **announced | {"time": "полтретьего"}).status_code == 422
    assert post(vera, f"/subjects/{case.id}/courts", **announced).status_code == 303
    assert "через 9 дней" in read(vera, f"/subjects/{case.id}/placement").text

    with app.app_context():
        first = db.session.scalars(select(CourtDate.id)).one()
    assert "Напишите, что решил суд" in post(vera, f"/courts/{first}", state="held").text
    later = (today + timedelta(days=20)).isoformat()
    assert post(vera, f"/courts/{first}", state="moved", moved_to=later).status_code == 303
    with app.app_context():
        assert [
            (row.state, row.on.isoformat()) for row in db.session.scalars(select(CourtDate).order_by(CourtDate.on))
        ] == [
            ("moved", on),
            ("awaited", later),
        ]


def test_meetings_with_the_parents_have_a_rhythm_and_what_did_not_take_place_is_told(app, people):
    case, vera, today = subject_of(app, people.ryabinkiny), sign_in(app, people.vera), demo_day()
    with app.app_context():
        family = db.session.merge(people.ryabinkiny)
        child, mother = str(family.children[0].id), str(family.adults[0].id)
    said = {"child": child, "with_whom": mother, "way": "meeting", "every_days": "7", "place": "Центр"}

    since = (today - timedelta(days=10)).isoformat()
    assert post(vera, f"/subjects/{case.id}/meetings", **said, since_on=since).status_code == 303
    assert "встречи не было дольше" in read(vera, f"/subjects/{case.id}/placement").text

    with app.app_context():
        row = db.session.scalars(select(ContactSchedule.id)).one()
    post(vera, f"/meetings/{row}", on=today.isoformat(), took_place="yes", words="Рисовали вместе")
    page = read(vera, f"/subjects/{case.id}/placement").text
    assert "встречи не было дольше" not in page
    assert "Рисовали вместе" in page
    assert post(vera, f"/meetings/{row}/end", on=today.isoformat(), words="Ребёнок дома").status_code == 303


def test_a_stranger_finds_no_such_page_and_a_phone_neither(app, people):
    case, child = subject_of(app, people.ryabinkiny), child_of(app, people.ryabinkiny)
    place(sign_in(app, people.vera), case, child)
    (row,) = placements(app, people.ryabinkiny)
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    paths = [f"/placements/{row.id}", f"/placements/{row.id}/seen", f"/subjects/{case.id}/courts"]
    paths += [f"/subjects/{case.id}/meetings"]

    for path in [*paths, f"/subjects/{case.id}/placement"]:
        assert read(sign_in(app, people.anna), path).status_code == 404, path
        assert read(sign_in(app, people.vera, "field"), path).status_code == 404, path
    for path in paths:
        assert read(sign_in(app, people.igor), path).status_code == 404, path
        assert read(sign_in(app, people.vera), path).status_code == 200, path
