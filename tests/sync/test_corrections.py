"""A correction takes the place of what it names once, also when it was set aside itself, and also on an older form."""

from __future__ import annotations

from tests.protocol_client import uuid7, visit_body
from tests.sync.conftest import visits_of

NEWER = {"form_version": "visit@2"}


def test_a_correction_with_an_id_of_its_own_is_the_newer_version(phone, family, stored):
    first = phone.seal("visit", visit_body(family)[1])
    phone.patch(first)
    own_id = uuid7()

    answer = phone.patch(
        phone.seal("visit", visit_body(family, id=own_id, good_today="Точнее")[1], supersedes=first.id)
    )

    assert answer.json["state"] == "applied"
    old, new = visits_of(stored)
    assert (str(new.id), new.supersedes_id, old.superseded_at is None) == (own_id, old.id, False)


def test_the_same_correction_sealed_anew_stays_one_version(phone, family, stored):
    first = phone.seal("visit", visit_body(family)[1])
    phone.patch(first)
    body = visit_body(family, id=uuid7(), good_today="Точнее")[1]

    for _ in range(2):
        assert phone.patch(phone.seal("visit", body, supersedes=first.id)).json["state"] == "applied"

    assert [one.superseded_at is None for one in visits_of(stored)] == [False, True]


def test_a_correction_that_needed_repair_still_corrects_the_record_it_named(phone, family, stored):
    first = phone.seal("visit", visit_body(family)[1])
    phone.patch(first)
    broken = phone.seal("visit", visit_body(family, id=uuid7(), on="вчера")[1], supersedes=first.id)
    assert phone.patch(broken).json["state"] == "needs_repair"

    answer = phone.patch(
        phone.seal("visit", visit_body(family, id=uuid7(), good_today="Точнее")[1], supersedes=broken.id)
    )

    assert answer.json["state"] == "applied"
    old, new = visits_of(stored)
    assert new.supersedes_id == old.id
    assert old.superseded_at is not None


def test_a_record_of_version_1_applies_after_version_2_is_out_and_is_corrected_by_it(phone, family, stored):
    first = phone.seal("visit", visit_body(family, form_version="visit@1")[1])
    assert phone.patch(first).json["state"] == "applied"

    phone.patch(phone.seal("visit", visit_body(family, id=uuid7(), **NEWER)[1], supersedes=first.id))

    assert [one.form_version for one in visits_of(stored)] == ["visit@1", "visit@2"]
