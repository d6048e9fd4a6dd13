"""A family's whole history: narrowed by what one looks for, page after page, everything in the address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from curator_app import texts
from curator_app.desk import history
from curator_app.families.models import FamilyMember
from tests.desk.conftest import TODAY
from tests.protocol_client import visit_body
from tests.support.people import join_case


@pytest.fixture
def look(desk, people, family):
    """Open the history as the head; return the ids of the visits that stand there, in their order."""

    def open_history(query=""):
        page = desk(people.darya).get(f"/families/{family}/history?{query}")
        assert page.status_code == 200
        return re.findall(r'data-visit="([0-9a-f-]+)"', page.text)

    return open_history


def test_the_newest_stands_first_by_the_day_it_happened(look, visited):
    late, early, middle = visited(2), visited(9), visited(5)

    assert look(f"since={TODAY - timedelta(days=9)}&by=&section=") == [late, middle, early]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_kinds_are_visits_attempts_pictures_and_corrections(look, visited, phone, family):
    visit, attempt = visited(3), visited(2, outcome="not_opened")
    pictured = visited(1, {"place_kitchen": "плита"})
    first, body = visit_body(family)
    sealed = phone.seal("visit", body)
    phone.patch(sealed)
    better, body = visit_body(family, good_today="исправлено")
    phone.patch(phone.seal("visit", body, supersedes=sealed.id))

    recent = f"since={TODAY - timedelta(days=4)}"
    assert look(f"kind=attempts&{recent}") == [attempt]
    assert look(f"kind=photos&{recent}") == [pictured]
    assert look(f"kind=corrections&{recent}") == [better]
    assert set(look(f"kind=visits&kind=attempts&{recent}")) == {visit, attempt, pictured, better}
    assert first not in look()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_section_and_a_child_narrow_to_what_speaks_of_them(look, visited, stored, people):
    child = next(m for m in stored(FamilyMember, family_id=people.ryabinkiny.id) if m.kind == "child")
    money = visited(2, **{"housing_employment_income-fact": "долг"})
    heard = visited(1, form_version="visit@2", **{f"child_words@{child.id}-verbatim": "хочу на лыжи"})
    visited(3)

    since = f"since={TODAY - timedelta(days=4)}"
    assert look(f"section=housing_employment_income&{since}") == [money]
    assert look(f"about={child.id}&{since}") == [heard]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_nothing_found_says_what_to_do(desk, people, family):
    page = desk(people.darya).get(f"/families/{family}/history?kind=corrections")

    assert texts.text("history.nothing.title") in page.text
    assert texts.text("history.nothing.text") in page.text


def test_pages_follow_each_other_without_a_gap_whatever_comes_meanwhile(visited, monkeypatch, desk, people, family):
    monkeypatch.setattr(history, "PAGE", 2)
    made = [visited(ago) for ago in (1, 1, 2, 3, 3)]
    since = f"since={TODAY - timedelta(days=3)}"
    address, found = f"/families/{family}/history?{since}", []

    while address:
        page = desk(people.darya).get(address).text
        found += re.findall(r'data-visit="([0-9a-f-]+)"', page)
        if len(found) == 2:
            visited(0)  # somebody writes while the head turns the page
        older = re.search(rf'hx-get="(/families/{family}/history\?[^"]*after=[^"]*)"', page)
        address = older[1].replace("&amp;", "&") if older else ""

    assert sorted(found) == sorted(made)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("query", ["about=x", "since=вчера", "kind=x", "after=x", "section=x'--", "by=0"])
def test_what_an_address_cannot_mean_asks_for_nothing_and_breaks_nothing(desk, people, family, query):
    assert desk(people.darya).get(f"/families/{family}/history?{query}").status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_place_in_another_familys_history_is_none_here(desk, people, family):
    other = "after=0190aaaa-0000-7000-8000-000000000000"

    assert desk(people.darya).get(f"/families/{family}/history?{other}").status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_member_of_the_group_learns_nothing_of_the_raw_layer_by_asking(app, desk, people, family, visited):
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    visited(1, {"place_kitchen": "Канарейкина"}, **{"housing_employment_income-fact": "Канарейкина"})
    igor = desk(people.igor)

    everything = igor.get(f"/families/{family}/history").text
    by_section = igor.get(f"/families/{family}/history?section=health").text

    assert "Канарейкина" not in everything
    assert 'name="section"' not in everything
    assert everything.count("<h3>") == by_section.count("<h3>")
    assert texts.text("history.nothing.title") in igor.get(f"/families/{family}/history?kind=photos").text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_it_is_read_at_a_desk(desk, people, family):
    phone = desk(people.vera, "field")

    for page in ("history", "photos", "visits"):
        assert phone.get(f"/families/{family}/{page}").status_code == 404
    assert phone.get("/visits").status_code == 404
