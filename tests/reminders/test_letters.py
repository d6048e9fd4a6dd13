"""The morning's letter, through a real mail server: what it says, to whom, once, and what a refusal leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from curator_app.clock import now
from curator_app.config import Config
from curator_app.extensions import db
from curator_app.reminders import jobs
from curator_app.reminders.models import ALARM
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.duty_models import DutyRow
from tests.reminders.world import World
from tests.support.mail_server import MailServer, mail_server

ADDRESS = "a.kuratorova@example.test"
SEVEN_BEFORE = date(2026, 11, 23)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[MailServer]:
    """The installation's mail server."""
    with mail_server(tmp_path) as server:
        yield server


@pytest.fixture
def config(config: Config, post: MailServer) -> Config:
    """Settings of an installation that sends letters."""
    said = post.settings
    return replace(config, smtp_url=said["SMTP_URL"], mail_from=said["MAIL_FROM"], smtp_ca=Path(said["SMTP_CA"]))


def send(world: World) -> list[str]:
    """Send everything that is on its way; return what became of it."""
    return [jobs.deliver(parcel.id) for parcel in world.parcels()]


def morning_with_a_visit_due(world: World) -> None:
    """It is the seventh day before the visit's last; the curator takes letters."""
    world.curator.email = ADDRESS
    db.session.commit()
    world.at(SEVEN_BEFORE, 9)


def both_parts(letter: Any) -> list[str]:
    """Return the plain and the HTML text of a letter."""
    return [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_the_letter_says_what_is_due_and_until_when_and_no_name(world: World, post: MailServer) -> None:
    morning_with_a_visit_due(world)

    assert send(world) == ["sent"]
    (letter,) = post.letters
    assert (letter["To"], letter["From"]) == (ADDRESS, "kurator@example.test")
    for part in both_parts(letter):
        assert "Посетить семью дома" in part
        assert "30 ноября" in part
        assert "Выдумкины" not in part
        assert "Примерная" not in part
    assert "Выдумкины" not in letter["Subject"]


def test_names_stand_in_it_only_where_the_territory_decided_so(world: World, post: MailServer) -> None:
    world.territory.reminding = {"names_in_mail": True}
    morning_with_a_visit_due(world)

    send(world)
    assert all("Выдумкины" in part for part in both_parts(post.letters[0]))


def test_who_may_not_open_the_case_any_more_is_written_nothing_of_it(world: World, post: MailServer) -> None:
    world.territory.reminding = {"names_in_mail": True}
    morning_with_a_visit_due(world)
    (held,) = world.assignments()
    held.until_on = date(2026, 11, 22)
    db.session.commit()

    assert send(world) == ["nothing"]
    assert post.letters == []


def test_who_did_the_work_gets_no_letter(world: World, post: MailServer) -> None:
    morning_with_a_visit_due(world)
    world.happened("visit_made", SEVEN_BEFORE)

    # What is left of the case's duties may still be written about; this visit is not.
    send(world)
    assert all("до 30 ноября — Посетить семью дома" not in both_parts(one)[0] for one in post.letters)


def test_a_letter_sent_again_after_a_kill_is_the_same_letter(world: World, post: MailServer) -> None:
    morning_with_a_visit_due(world)
    (parcel,) = world.parcels()
    jobs.deliver(parcel.id)
    parcel.done_at = parcel.claimed_at = None
    parcel.outcome = ""
    db.session.commit()
    jobs.deliver(parcel.id)

    assert len(post.letters) == 2
    assert len({one["Message-ID"] for one in post.letters}) == 1


def test_a_server_that_cannot_now_is_asked_again_later(world: World, post: MailServer) -> None:
    morning_with_a_visit_due(world)
    post.answer = "451 later"
    assert send(world) == ["later"]
    (parcel,) = world.parcels()
    assert parcel.done_at is None
    assert parcel.next_at > now()

    post.answer = ""
    world.at(SEVEN_BEFORE, 11)
    assert send(world) == ["sent"]
    assert len(post.letters) == 1


def test_an_address_that_is_refused_for_good_is_not_asked_again(world: World, post: MailServer) -> None:
    morning_with_a_visit_due(world)
    post.answer = "550 no such mailbox"
    assert send(world) == ["gone"]
    assert world.parcels()[0].done_at is not None


def test_an_alarm_is_a_letter_of_its_own_without_a_fact_in_it(world: World, post: MailServer) -> None:
    world.head.email = "v.glavnaya@example.test"
    db.session.flush()
    said = Said(ALARM, world.subject.id, "1", "/duty")
    remind(db.session(), Places(db.session()), world.head.id, said, now())
    db.session.commit()

    (parcel,) = world.parcels(world.head)
    assert jobs.deliver(parcel.id) == "sent"
    (letter,) = post.letters
    assert letter["Subject"] == "Нужен ответ сейчас"
    assert all("Выдумкины" not in part for part in both_parts(letter))


def test_without_a_mail_server_nothing_is_sent_and_nothing_fails(world: World, app: Flask) -> None:
    app.config["CURATOR"] = replace(app.config["CURATOR"], smtp_url="")
    morning_with_a_visit_due(world)
    assert send(world) == ["nothing"]


def test_what_has_no_day_is_never_called_late(world: World, post: MailServer) -> None:
    morning_with_a_visit_due(world)
    duty = db.session.query(DutyRow).filter_by(subject_id=world.subject.id, rule="home_visit").one()
    duty.due_on, duty.opened_on = None, date(2026, 11, 10)
    db.session.commit()
    send(world)

    for part in both_parts(post.letters[0]):
        assert "Срок прошёл" not in part
        assert "срок в документе не назван: 1" in part
