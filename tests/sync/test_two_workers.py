"""Two people of one case, both without a network: what each wrote is kept, beside the other's, under its own number.

A phone changes no card of a family: members, address and level are read there. So no two values can clash.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from curator_app.clock import today
from curator_app.visits.agreements import Promise
from tests.protocol_client import uuid7, visit_body
from tests.support.people import ORIGIN, join_case, sign_in
from tests.sync.conftest import visits_of

TODAY = today("Asia/Novosibirsk")


@pytest.fixture
def substitute(app, people, phone_of):
    """Igor stands in for Vera on the same case; his phone."""
    join_case(app, people.ryabinkiny, people.igor, "substitute")
    return phone_of(people.igor)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["hers first", "his first"])
def test_both_visits_of_one_day_are_kept_whichever_comes_first(app, people, phone, substitute, family, stored, order):
    sealed = [
        (phone, phone.seal("visit", visit_body(family, good_today="видела Вера")[1])),
        (substitute, substitute.seal("visit", visit_body(family, good_today="видел Игорь")[1])),
    ]

    receipts = [sealed[n][0].patch(sealed[n][1]).json for n in order]

    assert [one["state"] for one in receipts] == ["applied", "applied"]
    assert len({one["number"] for one in receipts}) == 2
    assert {visit.value("good_today") for visit in visits_of(stored)} == {"видела Вера", "видел Игорь"}
    page = sign_in(app, people.vera).get(f"/families/{family}", headers={"HX-Request": "1"}, base_url=ORIGIN).text
    assert "видела Вера" in page
    assert "видел Игорь" in page
    assert len(re.findall(r"Туманова В\. О\. · №|Полевой И\. [А-Я]\. · №", page)) >= 2


def test_what_both_say_of_one_promise_the_later_visit_decides(phone, substitute, family, stored):
    promise = uuid7()
    ours = {"promises-0-id": promise, "promises-0-what": "Список кружков", "promises-0-side": "ours"}
    on = (TODAY - timedelta(days=2)).isoformat()
    phone.patch(phone.seal("visit", visit_body(family, form_version="visit@2", on=on, **ours)[1]))
    late = substitute.seal("visit", visit_body(family, form_version="visit@2", **{f"kept-{promise}": "kept"})[1])
    day_before = (TODAY - timedelta(days=1)).isoformat()
    early = phone.seal(
        "visit", visit_body(family, form_version="visit@2", on=day_before, **{f"kept-{promise}": "not_yet"})[1]
    )

    substitute.patch(late)
    phone.patch(early)

    (row,) = [one for one in stored(Promise) if str(one.id) == promise]
    assert (row.state, row.closed_on) == ("kept", TODAY)


def test_one_of_them_cannot_take_the_place_of_the_others_record(phone, substitute, family, stored):
    hers = phone.seal("visit", visit_body(family, good_today="видела Вера")[1])
    phone.patch(hers)

    his = substitute.patch(substitute.seal("visit", visit_body(family)[1], supersedes=hers.id)).json

    assert (his["state"], his["reasons"]) == ("received", [{"code": "waits"}])
    assert [visit.value("good_today") for visit in visits_of(stored) if visit.superseded_at is None] == ["видела Вера"]
