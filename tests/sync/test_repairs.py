"""«Нужно поправить»: the head and the author at a desk see that a record waits and why, never what it says."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from curator_app import texts
from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD
from curator_app.extensions import db
from curator_app.subjects.models import Event
from curator_app.sync.models import Envelope
from tests.protocol_client import visit_body
from tests.support.people import ORIGIN, sign_in

CANARY = "Слова, которых никто не должен увидеть"


@pytest.fixture
def parked(phone, family):
    """Vera's phone sends a record whose date is none; the answer is its receipt."""
    body = visit_body(family, on="вчера", attempt_fact=CANARY)[1]
    return phone.patch(phone.seal("visit", body)).json


@pytest.mark.parametrize("who", ["vera", "darya"])
def test_the_author_and_her_head_see_number_author_and_reason(app, people, parked, who):
    page = repairs(sign_in(app, getattr(people, who)))

    assert page.status_code == 200
    assert f"№ {parked['number']}" in page.text
    assert people.vera.short_name in page.text
    assert "Не сошлось поле: дата" in page.text
    assert CANARY not in page.text
    assert "Рябинкины" not in page.text


@pytest.mark.parametrize("who", ["igor", "anna"])
def test_others_see_nothing_of_it(app, people, parked, who):
    page = repairs(sign_in(app, getattr(people, who)))

    assert parked["number"] not in page.text
    assert texts.text("empty.fix.title") in page.text


def test_a_repaired_record_is_gone_from_the_list(app, people, phone, family, parked):
    better = visit_body(family)[1]
    phone.patch(phone.seal("visit", better, supersedes=parked["id"]))

    assert parked["number"] not in repairs(sign_in(app, people.darya)).text


def test_a_phone_shows_its_own_and_has_no_such_page(app, people):
    assert repairs(sign_in(app, people.vera, FIELD)).status_code == 404


@pytest.mark.parametrize("who", ["vera", "darya"])
@pytest.mark.usefixtures("parked")
def test_what_it_says_is_read_one_at_a_time_and_that_is_written_down(app, people, stored, who):
    client = sign_in(app, getattr(people, who))
    page = opened(client, app)

    assert CANARY in page.text
    assert "Не сошлось поле: дата" in page.text
    assert [row.act for row in stored(AuditRow)][-1] == "repair:read"


@pytest.mark.parametrize("who", ["igor", "anna"])
@pytest.mark.usefixtures("parked")
def test_a_stranger_opens_none_and_writes_no_note(app, people, who):
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in(app, getattr(people, who))

    assert opened(client, app).status_code == 404
    assert noted(client, app, text="чужое").status_code == 404


@pytest.mark.usefixtures("parked")
def test_a_note_stands_beside_the_original_and_asks_on(app, people, stored):
    app.config["WTF_CSRF_ENABLED"] = False
    sealed = stored(Envelope)[0].body

    noted(sign_in(app, people.vera), app, text="Дату спутала, поправлю вечером")

    (row,) = stored(Envelope)
    assert (row.state, row.body) == ("needs_repair", sealed)
    page = opened(sign_in(app, people.darya), app)
    assert "Дату спутала, поправлю вечером" in page.text


def test_the_heads_closing_note_keeps_the_original_and_asks_nobody(app, people, parked, phone, stored):
    app.config["WTF_CSRF_ENABLED"] = False
    sealed = stored(Envelope)[0].body

    noted(sign_in(app, people.darya), app, text="Внесли с бумаги", settle="1")

    (row,) = stored(Envelope)
    assert row.body == sealed
    assert phone.receipts([parked["id"]])["receipts"][parked["id"]]["reasons"] == [{"code": "closed_by_note"}]
    assert phone.receipts([parked["id"]])["receipts"][parked["id"]]["state"] == "applied"
    assert CANARY in opened(sign_in(app, people.vera), app).text
    assert texts.text("repairs.settled") in repairs(sign_in(app, people.darya)).text
    assert [one.data["text"] for one in stored(Event, type="record_set_aside")] == ["Внесли с бумаги"]


def test_what_cannot_be_read_is_not_closed_its_only_copy_is_the_phones(app, people, phone, family, stored):
    app.config["WTF_CSRF_ENABLED"] = False
    phone.patch(phone.seal("visit", visit_body(family)[1], kid="unknown"))
    head = sign_in(app, people.darya)

    assert texts.text("repairs.settle") not in opened(head, app).text
    assert noted(head, app, text="готово", settle="1").status_code == 404
    assert stored(Envelope)[0].state == "unreadable"


@pytest.mark.usefixtures("parked")
def test_only_the_head_closes(app, people, stored):
    app.config["WTF_CSRF_ENABLED"] = False

    assert noted(sign_in(app, people.vera), app, text="готово", settle="1").status_code == 404
    assert stored(Envelope)[0].state == "needs_repair"


@pytest.mark.parametrize(
    ("text", "said"), [(" ", "Не заполнено: заметка."), ("д" * 2001, "Текст длиннее 2000 знаков.")]
)
@pytest.mark.usefixtures("parked")
def test_a_note_that_does_not_hold_says_so_and_keeps_what_was_typed(app, people, text, said):
    app.config["WTF_CSRF_ENABLED"] = False

    answer = noted(sign_in(app, people.vera), app, text=text)

    assert answer.status_code == 422
    assert said in answer.text
    assert text.strip() in answer.text


def opened(client, app):
    """Open the one record that waits."""
    return client.get(f"/repairs/{only(app)}", base_url=ORIGIN)


def noted(client, app, **form):
    """Write a note to it."""
    return client.post(f"/repairs/{only(app)}/notes", data=form, base_url=ORIGIN)


def only(app):
    with app.app_context():
        return db.session.scalars(select(Envelope.id)).one()


def repairs(client):
    """Open the page."""
    return client.get("/repairs", base_url=ORIGIN)
