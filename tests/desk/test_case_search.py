"""Searching among «Случаи»: by surname or number, with ё or a wrong letter, within the list as it is narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.clock import now
from curator_app.desk import case_list
from curator_app.extensions import db
from curator_app.families.models import Family
from tests.support.case_lines import lined, surnames
from tests.support.cases import HTMX, read
from tests.support.people import FIELD, ORIGIN, settle, sign_in

pytestmark = pytest.mark.pages


@pytest.fixture(params=[case_list.FEW_FAMILIES, 0], ids=["a few cases", "thousands"])
def there(request, app, monkeypatch):
    """The lines; searched by who finds a few, and by who finds thousands."""
    monkeypatch.setattr(case_list, "FEW_FAMILIES", request.param)
    app.config["WTF_CSRF_ENABLED"] = False
    return lined(app)


def find(client, text, query="", headers=HTMX, **fields):
    """Post what is looked for, as the page does."""
    return client.post(f"/cases/find{query}", data={"text": text, **fields}, headers=headers, base_url=ORIGIN)


@pytest.mark.on_both
def test_a_surname_or_a_number_finds_its_case_however_it_is_typed(app, there):
    client = sign_in(app, there.reader)
    typed = {"Тополёвы": "Тополёвы", "тополева": "Тополёвы", "Ивушкену": "Ивушкины", "№ 704": "Ольховы"}

    for text, surname in typed.items():
        assert surname in surnames(find(client, text).text), text
    assert surnames(find(client, "703").text) == ["Ивушкины"]
    # Where somebody lives is not what this list is searched by: its readers need not know it.
    assert "Ольховы" not in surnames(find(client, "Тополёвая").text)


@pytest.mark.on_both
def test_a_search_stays_within_what_the_list_is_narrowed_to(app, there):
    client = sign_in(app, there.reader)
    left, centre = there.places["Левый"], there.places["Левый центр"]
    second = there.people["Вторая"]

    assert set(surnames(find(client, "топол").text)) == {"Тополёвы", "Тополькины", "Тополевские"}
    assert set(surnames(find(client, "топол", f"?territory={left}").text)) == {"Тополёвы", "Тополькины"}
    assert set(surnames(find(client, "топол", f"?organisation={centre}").text)) == {"Тополёвы", "Тополькины"}
    assert surnames(find(client, "топол", f"?curator={second}").text) == ["Тополькины"]
    assert surnames(find(client, "топол", "?stage=consilium").text) == ["Тополёвы"]
    assert set(surnames(find(client, "топол", "?late=1").text)) == {"Тополёвы", "Тополевские"}
    assert surnames(find(client, "топол", "?kind=aftercare&late=1").text) == ["Тополевские"]
    assert surnames(find(client, "топол", "?stage=closing&late=1").text) == []


def test_the_filters_stay_in_the_address_and_the_words_do_not(app, there):
    client = sign_in(app, there.reader)

    answer = find(client, "топол", "?late=1&stage=consilium")

    assert answer.headers["HX-Push-Url"] == "/cases?late=1&stage=consilium"
    assert 'action="/cases/find?late=1&amp;stage=consilium"' in answer.text
    assert 'value="топол"' in answer.text
    assert "Нашли: 1" in answer.text
    # A filter chosen afterwards is posted together with the words.
    again = find(client, "топол", late="1", territory=str(there.places["Правый"]))
    assert surnames(again.text) == ["Тополевские"]
    assert again.headers["HX-Push-Url"] == f"/cases?late=1&territory={there.places['Правый']}"


def test_nothing_typed_is_the_list_again(app, there):
    answer = find(sign_in(app, there.reader), "  ", "?late=1")

    assert (answer.status_code, answer.location) == (303, "/cases?late=1")


def test_nobody_finds_a_case_that_is_not_on_her_list(app):
    app.config["WTF_CSRF_ENABLED"] = False
    people = settle(app)
    secretary = sign_in(app, lined(app, "commission_secretary").reader)

    foreign = find(sign_in(app, people.darya), "Тополёвы").text
    assert surnames(foreign) == []
    assert "Такого случая не нашли" in foreign
    assert len(surnames(find(secretary, "топол").text)) == 3
    # Early help is its owner's and the intake's.
    assert surnames(find(secretary, "Липкины").text) == []
    assert find(sign_in(app, people.anna), "топол").status_code == 404
    assert find(sign_in(app, people.vera, FIELD), "топол").status_code == 404


def test_what_was_typed_is_written_down_nowhere_and_sixty_a_minute_are_answered(app, there):
    client = sign_in(app, there.reader)
    find(client, "Тополёвы")
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.act == "cases:searched")).all()
        assert len(rows) == 1
        assert "опол" not in repr([row.data for row in rows])
        at = now() - timedelta(seconds=20)
        searched = [AuditRow(act="cases:searched", person_id=there.reader.id, at=at) for _time in range(60)]
        db.session.add_all(searched)
        db.session.commit()

    refused = find(client, "Тополёвы")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert 'value="Тополёвы"' in refused.text
    assert surnames(refused.text) == []


def test_a_family_that_has_left_the_list_is_not_found(app, there):
    with app.app_context():
        family = db.session.scalars(select(Family).where(Family.surname == "Ивушкины")).one()
        db.session.execute(case_list.CaseLine.__table__.delete().where(case_list.CaseLine.family_id == family.id))
        db.session.commit()

    assert surnames(find(sign_in(app, there.reader), "Ивушкины").text) == []
    assert surnames(read(sign_in(app, there.reader), "/cases").text) == [
        "Тополёвы",
        "Тополевские",
        "Тополькины",
        "Ольховы",
        "Липкины",
    ]
