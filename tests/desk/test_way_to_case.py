"""The dossier leads to the case at a desk: to every subject of the family that the reader may open."""

from __future__ import annotations

import pytest

from tests.support.cases import read, subject_of
from tests.support.people import FIELD, join_case, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


@pytest.mark.parametrize("who", ["vera", "darya", "igor"])
def test_who_works_with_the_family_finds_its_case(app, people, who):
    if who == "igor":
        join_case(app, people.ryabinkiny, people.igor, "group_member")
    case = subject_of(app, people.ryabinkiny)

    assert (
        f'href="/cases/{case.id}"' in read(sign_in(app, getattr(people, who)), f"/families/{people.ryabinkiny.id}").text
    )


def test_on_a_phone_there_is_no_way_to_a_page_of_the_desk(app, people):
    assert "/cases/" not in read(sign_in(app, people.vera, FIELD), f"/families/{people.ryabinkiny.id}").text
