"""«Случаи» narrowed: a filter finds its own lines and no others, alone and with another, and stays in the address."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from curator_app.desk import case_list
from curator_app.subjects import line_models
from tests.support.case_lines import IN_ORDER, LINES, lined, surnames
from tests.support.cases import read
from tests.support.people import sign_in

pytestmark = pytest.mark.pages


@pytest.fixture(params=[line_models.FEW_PLACES, 0], ids=["a few places", "many places"])
def there(request, app, monkeypatch):
    """The lines; read place by place, and by the walk of who has many places."""
    monkeypatch.setattr(line_models, "FEW_PLACES", request.param)
    return lined(app)


def address(there, **wanted):
    """Return the list's address narrowed so; places and people by their names."""
    known = {**there.places, **there.people}
    return "/cases?" + urlencode({name: known.get(value, value) for name, value in wanted.items()})


@pytest.mark.parametrize(
    ("wanted", "finds"),
    [
        ({}, set(LINES)),
        ({"territory": "Левый"}, {"Тополёвы", "Тополькины", "Ивушкины"}),
        ({"territory": "Правый"}, {"Ольховы", "Тополевские", "Липкины"}),
        ({"organisation": "Левый центр"}, {"Тополёвы", "Тополькины"}),
        ({"organisation": "Левая школа"}, {"Ивушкины"}),
        ({"curator": "Четвёртая"}, {"Ольховы", "Тополевские"}),
        ({"stage": "consilium"}, {"Тополёвы", "Ивушкины", "Ольховы"}),
        ({"late": "1"}, {"Тополёвы", "Ивушкины", "Тополевские"}),
        ({"kind": "aftercare"}, {"Тополевские"}),
        ({"kind": "early_help"}, {"Липкины"}),
        ({"stage": "consilium", "territory": "Левый"}, {"Тополёвы", "Ивушкины"}),
        ({"stage": "consilium", "organisation": "Левый центр"}, {"Тополёвы"}),
        ({"late": "1", "territory": "Правый"}, {"Тополевские"}),
        ({"late": "1", "stage": "consilium", "curator": "Третья"}, {"Ивушкины"}),
        ({"organisation": "Левый центр", "curator": "Вторая", "stage": "closing"}, {"Тополькины"}),
        ({"curator": "Первая", "territory": "Правый"}, set()),
    ],
)
def test_a_filter_finds_its_lines_in_their_order_and_says_how_many(app, there, wanted, finds):
    text = read(sign_in(app, there.reader), address(there, **wanted)).text

    assert surnames(text) == [surname for surname in IN_ORDER if surname in finds]
    assert (f"{'Отобрано' if wanted else 'Всего'}: {len(finds)}" in text) == bool(finds)


def test_a_filter_of_a_place_that_is_not_one_s_own_opens_nothing(app, there):
    foreign = sign_in(app, lined(app).reader)

    assert surnames(read(foreign, address(there, territory="Левый")).text) == []
    assert surnames(read(foreign, address(there, organisation="Левый центр")).text) == []
    assert surnames(read(foreign, address(there, curator="Первая")).text) == []
    assert f'value="{there.people["Первая"]}"' not in read(foreign, address(there, curator="Первая")).text


@pytest.mark.on_both
def test_who_serves_a_commission_finds_no_early_help_by_any_filter(app):
    there = lined(app, "commission_secretary")
    client = sign_in(app, there.reader)

    assert "Липкины" not in surnames(read(client, "/cases").text)
    assert surnames(read(client, address(there, kind="early_help")).text) == []
    assert surnames(read(client, address(there, curator="Пятая")).text) == []
    assert "Отобрано: 2" in read(client, address(there, territory="Правый")).text


@pytest.mark.on_both
def test_every_link_of_a_narrowed_page_keeps_what_it_is_narrowed_to(app, there, monkeypatch):
    monkeypatch.setattr(case_list, "PAGE", 1)
    client = sign_in(app, there.reader)
    wanted = {"late": "1", "stage": "consilium", "territory": str(there.places["Левый"])}

    first = read(client, address(there, late="1", stage="consilium", territory="Левый")).text
    further = asked_by(first, "after")
    second = read(client, further).text
    other_kind = asked_by(first, "kind", "case")

    assert surnames(first) == ["Ивушкины"]
    assert surnames(second) == ["Тополёвы"]
    assert wanted.items() <= pairs(further).items()
    assert wanted.items() <= pairs(other_kind).items()
    # Back to the beginning, and the filters' form posts on what stands outside of it.
    assert f'href="{html.escape(address(there, late="1", stage="consilium", territory="Левый"))}"' in second
    assert '<input type="hidden" name="late" value="1">' in second


def pairs(path):
    """Return what an address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def asked_by(text, name, value=None):
    """Return the one link of a page that says `name`."""
    found = [html.unescape(one) for one in re.findall(r'<a [^>]*href="(/cases\?[^"]*)"', text)]
    return next(one for one in found if name in pairs(one) and value in {None, pairs(one)[name]})


def test_more_than_anybody_counts_is_said_as_more(app, there, monkeypatch):
    monkeypatch.setattr(case_list, "COUNTED", 3)
    client = sign_in(app, there.reader)

    assert "Всего больше" in read(client, "/cases").text
    assert "Отобрано: 3" in read(client, "/cases?late=1").text


def test_of_many_organisations_the_curators_of_the_chosen_one_are_offered(app, there, monkeypatch):
    monkeypatch.setattr("curator_app.desk.case_list_wanted.FEW", 2)
    client = sign_in(app, there.reader)

    whole = read(client, "/cases").text
    chosen = read(client, address(there, organisation="Левый центр")).text

    assert "выберите организацию" in whole
    assert str(there.people["Первая"]) not in whole
    assert str(there.people["Первая"]) in chosen
    assert str(there.people["Третья"]) not in chosen
    # Who the list is narrowed to is named, whatever else is offered.
    assert "selected>Третья А. П." in read(client, address(there, curator="Третья")).text
