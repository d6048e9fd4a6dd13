"""Pictures by place: how it was beside how it is; what is not to be seen says why."""

from __future__ import annotations

import re

import pytest

from curator_app import texts
from curator_app.visits.models import Photo
from tests.support.people import ORIGIN, join_case

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def gallery(desk, people, family):
    """Open the pictures as the head."""
    return lambda query="": desk(people.darya).get(f"/families/{family}/photos{query}")


def test_the_first_and_the_last_of_a_place_stand_side_by_side(gallery, visited, work, stored):
    for ago, caption in ((9, "раковина"), (5, "посередине"), (1, "чисто")):
        visited(ago, {"place_kitchen": caption})
    work()
    first, between, last = stored(Photo)[-3:]

    page = gallery().text

    shown = re.findall(r'src="/photos/([0-9a-f-]+)/thumb"', page)
    assert shown == [str(first.id), str(last.id)]
    assert page.index(texts.text("gallery.before")) < page.index(texts.text("gallery.after"))
    assert str(between.id) not in page


def test_which_two_stands_in_the_address(gallery, visited, work, stored):
    for ago in (9, 5, 1):
        visited(ago, {"place_kitchen": ""})
    work()
    first, between, _last = stored(Photo)[-3:]

    page = gallery(f"?place=place_kitchen&before={first.id}&after={between.id}").text

    assert re.findall(r'src="/photos/([0-9a-f-]+)/full"', page) == [str(first.id), str(between.id)]
    assert page.count("<option") == 6


def test_a_picture_taken_back_is_said_to_be_gone_and_is_not_shown(app, desk, gallery, visited, work, stored, people):
    app.config["WTF_CSRF_ENABLED"] = False
    visited(5, {"place_kitchen": "было"})
    visited(1, {"place_kitchen": "стало"})
    work()
    gone = stored(Photo)[-1]
    desk(people.vera).client.post(f"/photos/{gone.id}/withdraw", base_url=ORIGIN)

    page = gallery().text

    assert f"/photos/{gone.id}/" not in page
    assert "Семья попросила убрать снимок" in page
    assert texts.text("gallery.one") in page


def test_one_on_its_way_is_counted(gallery, visited):
    visited(1, {"place_kitchen": ""})

    assert "Ещё в пути: 1" in gallery().text


def test_without_pictures_it_says_that_a_visit_is_whole_without_them(desk, people):
    page = desk(people.igor).get(f"/families/{people.podorozhnikovy.id}/photos")

    assert texts.text("gallery.nothing.title") in page.text


def test_a_member_of_the_group_has_no_such_page(app, desk, people, family):
    join_case(app, people.ryabinkiny, people.igor, "group_member")

    assert desk(people.igor).get(f"/families/{family}/photos").status_code == 404
