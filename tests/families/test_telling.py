"""Small things told from the desk: a promise ticked, a caution noted and ended; each at once, audited, in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.extensions import db
from curator_app.families.models import Caution, Family
from curator_app.visits.agreements import Promise
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
FRAGMENT = {"HX-Request": "true"}
TODAY = demo_day()
DAY = timedelta(days=1)
WHAT = "Узнать о кружке рядом с домом"


@pytest.fixture
def people(app: Flask) -> People:
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def client(app: Flask, people: People) -> FlaskClient:
    """Vera's browser at the office."""
    return sign_in(app, people.vera)


def promise(app: Flask, people: People, family: Family | None = None, **values: object) -> str:
    """Make a promise of Vera's; return its address."""
    said = {"side": "ours", "what": WHAT, "made_on": TODAY - 9 * DAY, "due_on": TODAY, **values}
    with app.app_context():
        row = Promise(family_id=(family or people.ryabinkiny).id, author_id=people.vera.id, **said)
        db.session.add(row)
        db.session.commit()
        return f"/promises/{row.id}"


def told(app: Flask) -> Promise:
    with app.app_context():
        row = db.session.scalars(select(Promise).where(Promise.what == WHAT)).one()
        db.session.expunge(row)
        return row


def today_of(client: FlaskClient) -> str:
    return client.get("/today", headers=FRAGMENT, base_url=ORIGIN).text


def test_ones_own_promise_is_a_dated_line_of_today_until_it_is_ticked(
    app: Flask, people: People, client: FlaskClient
) -> None:
    url = promise(app, people)
    assert WHAT in today_of(client)

    answer = client.post(url, data={"state": "kept"}, headers=FRAGMENT, base_url=ORIGIN)

    assert answer.status_code == 200
    assert "Сделано. Отмечено" in answer.text
    assert (told(app).state, told(app).closed_on) == ("kept", TODAY)
    assert WHAT not in today_of(client)
    with app.app_context():
        (row,) = db.session.scalars(select(AuditRow).where(AuditRow.act == "promise:told"))
        assert row.data == {"state": "kept"}


def test_a_tick_by_mistake_is_taken_back(app: Flask, people: People, client: FlaskClient) -> None:
    url = promise(app, people)
    client.post(url, data={"state": "kept"}, headers=FRAGMENT, base_url=ORIGIN)

    client.post(url, data={"state": "open"}, headers=FRAGMENT, base_url=ORIGIN)

    assert (told(app).state, told(app).closed_on) == ("open", None)
    assert WHAT in today_of(client)


def test_what_hindered_is_kept_and_the_promise_stays_open(app: Flask, people: People, client: FlaskClient) -> None:
    url = promise(app, people)

    answer = client.post(
        url, data={"state": "not_yet", "reason": "promise_no_place"}, headers=FRAGMENT, base_url=ORIGIN
    )

    assert "нет мест, очередь" in answer.text
    assert (told(app).state, told(app).reason, told(app).closed_on) == ("not_yet", "promise_no_place", None)


@pytest.mark.parametrize("said", [{"state": "burnt"}, {}, {"state": "not_yet", "reason": "laziness"}])
def test_an_answer_that_there_is_not_changes_nothing(
    app: Flask, people: People, client: FlaskClient, said: dict[str, str]
) -> None:
    url = promise(app, people)

    assert client.post(url, data=said, headers=FRAGMENT, base_url=ORIGIN).status_code == 422

    assert told(app).state == "open"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"due_on": TODAY - 3 * DAY}, True),
        ({"due_on": TODAY + 7 * DAY}, True),
        ({"due_on": TODAY + 8 * DAY}, False),
        ({"due_on": None}, False),
        ({"side": "theirs"}, False),
        ({"state": "dropped", "closed_on": TODAY}, False),
    ],
)
def test_today_shows_what_is_overdue_and_due_within_a_week(
    app: Flask, people: People, client: FlaskClient, *, values: dict[str, object], shown: bool
) -> None:
    promise(app, people, **values)

    assert (WHAT in today_of(client)) is shown


def test_a_heads_day_is_not_filled_with_her_curators_promises(app: Flask, people: People) -> None:
    promise(app, people)

    assert WHAT not in today_of(sign_in(app, people.darya))


def caution_form(**values: str) -> dict[str, str]:
    until = (TODAY + 5 * DAY).isoformat()
    return {"kind": "caution_go_in_pair", "text": "тёмный двор", "source": "участковый", "until_on": until, **values}


def test_a_caution_stands_before_the_door_with_its_source_until_it_is_ended(
    app: Flask, people: People, client: FlaskClient
) -> None:
    url = f"/families/{people.ryabinkiny.id}/cautions"

    assert client.post(url, data=caution_form(), headers=FRAGMENT, base_url=ORIGIN).status_code == 200

    door = client.get(f"/families/{people.ryabinkiny.id}/door", base_url=ORIGIN).text
    for words in ("тёмный двор", "Откуда известно: участковый", "договоритесь с коллегой до выезда"):
        assert words in door
    with app.app_context():
        caution = db.session.scalars(select(Caution).where(Caution.text == "тёмный двор")).one()

    client.post(f"/cautions/{caution.id}/end", headers=FRAGMENT, base_url=ORIGIN)

    assert "тёмный двор" not in client.get(f"/families/{people.ryabinkiny.id}/door", base_url=ORIGIN).text
    with app.app_context():
        acts = {row.act for row in db.session.scalars(select(AuditRow))}
        assert {"caution:noted", "caution:ended"} <= acts


def test_a_caution_whose_day_has_passed_is_not_shown(app: Flask, people: People, client: FlaskClient) -> None:
    with app.app_context():
        said = {"kind": "caution_dog", "text": "злая собака", "source": "сосед", "noted_on": TODAY - 9 * DAY}
        db.session.add(Caution(family_id=people.ryabinkiny.id, until_on=TODAY - DAY, **said))
        db.session.commit()

    for page in ("door", ""):
        assert (
            "злая собака"
            not in client.get(f"/families/{people.ryabinkiny.id}/{page}".rstrip("/"), base_url=ORIGIN).text
        )


@pytest.mark.parametrize("missing", ["kind", "source", "until_on"])
def test_a_caution_without_kind_source_or_last_day_is_refused_and_kept_in_the_form(
    app: Flask, people: People, client: FlaskClient, missing: str
) -> None:
    answer = client.post(
        f"/families/{people.ryabinkiny.id}/cautions",
        data=caution_form(**{missing: ""}),
        headers=FRAGMENT,
        base_url=ORIGIN,
    )

    assert answer.status_code == 422
    assert "тёмный двор" in answer.text
    assert f'id="{missing}-wrong"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Caution).where(Caution.text == "тёмный двор")).all() == []


def test_a_last_day_that_has_passed_is_refused(people: People, client: FlaskClient) -> None:
    form = caution_form(until_on=(TODAY - DAY).isoformat())

    answer = client.post(f"/families/{people.ryabinkiny.id}/cautions", data=form, headers=FRAGMENT, base_url=ORIGIN)

    assert answer.status_code == 422
    assert "Этот день уже прошёл" in answer.text
