"""A group looks into a signal: its people find it, keep a short plan together and conclude; nobody else does."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.subjects.models import Assignment
from tests.intake.checks import get, journal_line, post, signal_events
from tests.intake.conftest import Office
from tests.support.days import demo_day
from tests.support.people import sign_in

pytestmark = pytest.mark.pages

OWN = "Вы в группе расследования"
CONCLUSION = "Сведения подтвердились: школа и фельдшер говорят одно и то же"


@pytest.fixture
def key(app: Flask, office: Office) -> uuid.UUID:
    """A signal in the journal of a district whose document has an investigation."""
    return journal_line(app, office, "kdn_stage_table")


@pytest.fixture
def group(app: Flask, office: Office, key: uuid.UUID) -> None:
    """The specialist looks into it with others, as the intake officer wrote down."""
    said = {"on": demo_day().isoformat(), "members": str(office.specialist.id), "chair": ""}
    answer = post(sign_in(app, office.intake), f"/subjects/{key}/group", **said)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def plan_of(*lines: tuple[str, str, str]) -> dict[str, list[str]]:
    """Return the plan's lines as its form posts them."""
    return dict(zip(("what", "who", "until"), map(list, zip(*lines, strict=True)), strict=True))


@pytest.mark.usefixtures("group")
def test_who_is_in_the_group_finds_the_signal_on_the_first_page_and_goes_on_from_there(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    member = sign_in(app, office.specialist)

    first = get(member, "/today").get_data(as_text=True)

    assert OWN in first
    assert f"/signals/{key}/check" in first
    assert "Лопухов" not in first, "a number and a day, no names"
    check = get(member, f"/signals/{key}/check").get_data(as_text=True)
    assert f"/subjects/{key}/investigation" in check
    assert 'href="/today"' in check, "the way back leads to a page that opens"


@pytest.mark.usefixtures("group")
def test_nobody_else_has_it_on_theirs_and_who_left_the_group_has_it_no_more(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    for person in (office.secretary, office.intake, office.foreign_intake, office.people.vera, office.people.darya):
        assert OWN not in get(sign_in(app, person), "/today").get_data(as_text=True)
    with app.app_context():
        seat = db.session.scalars(select(Assignment).where(Assignment.subject_id == key)).one()
        seat.since_on, seat.until_on = demo_day() - timedelta(days=9), demo_day() - timedelta(days=2)
        db.session.commit()
    member = sign_in(app, office.specialist)

    assert OWN not in get(member, "/today").get_data(as_text=True)
    assert get(member, f"/signals/{key}/check").status_code == 404


@pytest.mark.usefixtures("group")
def test_the_plan_is_made_shown_and_changed_by_the_group_and_read_by_the_office(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    member, path = sign_in(app, office.specialist), f"/subjects/{key}/investigation"
    until = demo_day().isoformat()

    made = post(
        member, path, **plan_of(("Поговорить со школой", "Школьная", until), ("", "", "")), members="Участковый"
    )

    assert made.status_code == 303
    for person in (office.specialist, office.secretary, office.intake):
        page = get(sign_in(app, person), path).get_data(as_text=True)
        assert 'value="Поговорить со школой"' in page
        assert f'value="{until}"' in page
        assert "Участковый" in page
    assert "Участковый" in get(member, path).get_data(as_text=True)
    post(member, path, **plan_of(("Съездить домой", "", "")), members="")
    page = get(member, path).get_data(as_text=True)
    assert 'value="Съездить домой"' in page
    assert "Поговорить со школой" not in page


@pytest.mark.usefixtures("group")
def test_a_day_that_there_is_not_is_refused_in_words_and_what_was_typed_stays(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    member, path = sign_in(app, office.specialist), f"/subjects/{key}/investigation"

    answer = post(member, path, **plan_of(("Съездить домой", "", "2026-02-31")), members="Участковый")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Пункт 1: такого дня нет" in page
    assert 'value="Съездить домой"' in page
    assert "Съездить домой" not in get(member, path).get_data(as_text=True)


@pytest.mark.usefixtures("group")
def test_the_group_concludes_once_and_an_empty_conclusion_is_none(app: Flask, office: Office, key: uuid.UUID) -> None:
    member, path = sign_in(app, office.specialist), f"/subjects/{key}/steps/investigation_concluded"
    said = {"on": demo_day().isoformat(), "conclusion": CONCLUSION}
    checked = {"on": demo_day().isoformat(), "outcome": "confirmed", "number": "1", "summary": ""}
    post(sign_in(app, office.intake), f"/subjects/{key}/steps/signal_checked", **checked)

    assert post(member, path, **said | {"conclusion": ""}).status_code == 422
    assert post(member, path, **said).status_code == 303

    told = [data for name, data in signal_events(app, key) if name == "investigation_concluded"]
    assert [one["conclusion"] for one in told] == [CONCLUSION]
    assert CONCLUSION in get(sign_in(app, office.secretary), f"/signals/{key}").get_data(as_text=True)
    again = post(member, path, **said)
    assert again.status_code == 422
    assert "Уже записано" in again.get_data(as_text=True)


def test_a_stranger_and_who_only_told_of_it_neither_plan_nor_conclude(
    app: Flask, office: Office, key: uuid.UUID
) -> None:
    pages = (f"/subjects/{key}/investigation", f"/subjects/{key}/steps/investigation_concluded")
    for person in (office.specialist, office.foreign_intake, office.people.vera, office.people.darya):
        client = sign_in(app, person)
        assert {get(client, page).status_code for page in pages} == {404}
        assert {post(client, page, conclusion=CONCLUSION).status_code for page in pages} == {404}
    assert "investigation_concluded" not in [name for name, _data in signal_events(app, key)]
