"""A phone's day delivered in any order, any number of times: one and the same end."""

from __future__ import annotations

import random

import pytest

from curator_app.extensions import db
from curator_app.sync.models import Envelope
from curator_app.urgent.models import Alarm
from curator_app.visits.agreements import Promise
from curator_app.visits.models import Contact, Visit
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.sync.test_contact_envelopes import contact_body
from tests.urgent.conftest import alarm_body
from tests.visits.pictures import jpeg

ON = {"form_version": "visit@2"}


def a_day(phone, family):
    """Seal a visit with two photos, its correction, the visit that says what became of its promise, and calls."""
    photos = [(uuid7(), jpeg((400 + n, 300))) for n in range(2)]
    promise = uuid7()
    said = {"promises-0-id": promise, "promises-0-what": "Список кружков", "promises-0-side": "ours"}
    visit, body = visit_body(family, photos, **ON, **said)
    first = phone.seal("visit", body)
    better = phone.seal(
        "visit", visit_body(family, photos, **ON, **said, good_today="ещё и лыжи")[1], supersedes=first.id
    )
    later = phone.seal("visit", visit_body(family, **ON, **{f"kept-{promise}": "kept"})[1])
    alarm = uuid7()
    return [
        first,
        better,
        later,
        *(phone.seal("photo", photo_body(photo, visit, content)) for photo, content in photos),
        phone.seal("contact", contact_body(family)[1]),
        phone.seal("alarm", alarm_body(family, id=alarm)),
        phone.seal("alarm", alarm_body(family, "cancel", id=alarm)),
    ]


def the_end(app):
    """Return what the server then says, without ids, numbers and times."""
    with app.app_context():
        session = db.session()
        mine = {row.about_id for row in session.query(Envelope)}
        visits = [visit for visit in session.query(Visit) if visit.id in mine]
        end = (
            sorted((visit.value("good_today"), visit.superseded_at is None) for visit in visits),
            sorted(photo.state for visit in visits if not visit.superseded_at for photo in visit.photos),
            sorted((one.what, one.state) for one in session.query(Promise) if one.what == "Список кружков"),
            len([one for one in session.query(Contact) if one.id in mine]),
            [alarm.code for alarm in session.query(Alarm)],
            sorted({row.state for row in session.query(Envelope)}),
        )
        db.session.rollback()
        return end


THE_END = (
    [("Дети накормлены, тепло.", False), ("Дети накормлены, тепло.", True), ("ещё и лыжи", True)],
    ["ready", "ready"],
    [("Список кружков", "kept")],
    1,
    ["cancelled"],
    ["applied"],
)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_any_repeats_end_the_same(app, phone, family, work, seed):
    rng = random.Random(seed)
    day = a_day(phone, family)
    deliveries = [*day, *rng.sample(day, 3)]
    rng.shuffle(deliveries)

    for envelope in deliveries:
        assert phone.patch(envelope).status in {200, 201}
        if rng.random() < 1 / 4:
            work()  # the worker comes when it comes
    work()
    work()

    assert the_end(app) == THE_END


def test_a_phone_that_was_told_to_wait_is_told_once_it_is_applied(phone, family, work):
    first, better, *_ = a_day(phone, family)
    assert phone.patch(better).json["reasons"] == [{"code": "waits"}]

    phone.patch(first)
    work()

    assert {said["state"] for said in phone.receipts([first.id, better.id])["receipts"].values()} == {"applied"}
