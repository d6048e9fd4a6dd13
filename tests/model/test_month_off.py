"""A phone that lay in a drawer for a month, with the last release's client and yesterday's form, delivers."""

from __future__ import annotations

import time

import pytest

from curator_app.auth.routes import UPLOAD_COOKIE_LIVES_SECONDS
from curator_app.extensions import db
from curator_app.sync.keys import KeyRing, public_key_of
from curator_app.visits.models import Visit
from tests.model.acts import DAY_MS
from tests.model.checks import check
from tests.model.copies import SqliteCopies
from tests.model.hands import Hand, phone_behind, settle
from tests.model.phones import TODAYS
from tests.model.run import quiet
from tests.model.world import RELEASES, World

MONTH_MS = 31 * DAY_MS
YESTERDAYS = "visit@1"
SEND_SECONDS = 60


@pytest.fixture(params=RELEASES, ids=[path.parent.name for path in RELEASES])
def world(request, make_live_server, tmp_path):
    """A phone whose clock stands a month ago, enrolled with the key that the server sealed to then."""
    server = make_live_server()
    copies = SqliteCopies(tmp_path, server.folder / "photos", server.folder / "curator.sqlite")
    with server.app() as app:
        phone, proxy = phone_behind(tmp_path / "phone", server.port, request.param)
        phone.clock_ms = -MONTH_MS
        hand = settle(app, "Туманова", phone, proxy, public_key_of(app.config["CURATOR"]))
        yield World(server, app, copies, [hand])
        phone.kill()
        proxy.close()


def put_into_the_drawer(world: World, hand: Hand) -> str:
    """Write a month ago, without a network: two visits with pictures, a contact, and one visit that stays a draft."""
    hand.proxy.refuse = True
    family, surname = hand.families[0]
    about = {"family": family, "surname": surname, "form_version": YESTERDAYS}
    fields = [["on", world.day], ["outcome", "visit"], ["where", "at_home"]]
    for number in range(2):
        said = [*fields, ["good_today", f"Тепло {number}"]]
        hand.do("finish", id=hand.do("write", **about, fields=said, photos=world.pictures(number / 2, 2)))
    call = [["on", world.day], ["kind", "contact_call"], ["summary", "Записали Лёву к врачу"]]
    hand.do("contact", **{**about, "form_version": "contact@1"}, fields=call)
    unfinished = str(
        hand.do("write", **about, fields=[*fields, ["good_today", "Не дописано"]], photos=world.pictures(0.9, 1))
    )
    hand.look()
    hand.phone.kill()
    hand.phone.clock_ms += MONTH_MS
    hand.proxy.heal()
    return unfinished


def sent(hand: Hand) -> set[tuple[str, str]]:
    """Send until nothing waits; return the kinds and states of what lies on the phone."""
    deadline = time.monotonic() + SEND_SECONDS
    states = {("", "waiting")}
    while time.monotonic() < deadline and any(state in {"waiting", "sending"} for _, state in states):
        hand.do("sendNow")
        states = {(row["kind"], row["state"]) for row in hand.look()["rows"]}
    return states


def test_what_it_sealed_goes_out_before_it_is_updated(world):
    (hand,) = world.hands
    put_into_the_drawer(world, hand)
    # Meanwhile the server seals to another key.
    with world.looking() as app:
        KeyRing(app.config["CURATOR"].keys_folder).make()

    assert sent(hand) == {("visit", "on_server"), ("photo", "on_server"), ("contact", "on_server")}


def test_what_it_had_begun_is_finished_by_todays_client(world):
    (hand,) = world.hands
    unfinished = put_into_the_drawer(world, hand)
    hand.phone.client = TODAYS

    assert [draft["id"] for draft in hand.look()["drafts"]] == [unfinished]
    quiet(world)

    check(world)
    with world.looking():
        rows = [row for row in db.session.query(Visit) if row.enrolment_id and str(row.id) in hand.done]
        assert {row.form_version for row in rows} == {YESTERDAYS}
        assert len(rows) == 3


def test_a_phone_may_lie_there_for_a_month_and_still_be_known():
    assert UPLOAD_COOKIE_LIVES_SECONDS * 1000 > MONTH_MS
