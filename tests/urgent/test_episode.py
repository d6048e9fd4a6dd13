"""The emergency of an alarm: who must be told now, who was told when, what was done, and whose decision ended it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from curator_app.audit.models import AuditRow
from curator_app.extensions import db
from curator_app.subjects.models import Subject
from curator_app.urgent.episode import waiting
from curator_app.urgent.episode_models import AlarmNotice
from curator_app.urgent.models import Alarm
from tests.protocol_client import uuid7
from tests.support.people import ORIGIN, join_case, sign_in
from tests.urgent.conftest import FACT, alarm_body

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

FRAGMENT = {"HX-Request": "true"}
ACCEPTED = "Норина, опека"


@pytest.fixture
def desk(app, people):
    """The duty person at her desk, and the author at her own."""
    app.config["WTF_CSRF_ENABLED"] = False
    return SimpleNamespace(duty=sign_in(app, people.darya), vera=sign_in(app, people.vera))


@pytest.fixture
def alarm(send, family):
    """A child is alone; the alarm's id."""
    key = uuid7()
    send("alarm", alarm_body(family, id=key, need="need_adult_for_child", facts_seen=FACT))
    return key


def see(client, path):
    return client.get(path, headers=FRAGMENT, base_url=ORIGIN)


def post(client, alarm, part, **form):
    return client.post(f"/duty/alarms/{alarm}/{part}", data=form, headers=FRAGMENT, base_url=ORIGIN)


def told(client, alarm, addressee, **form):
    values = {"addressee": addressee, "state": "told", "accepted_by": ACCEPTED, "how": "told_by_phone"} | form
    return post(client, alarm, "notices", **values)


def close(client, alarm, **form):
    return post(client, alarm, "close", **({"words": "Дети у бабушки", "decided_by": "Осокина Д. А."} | form))


def who_waits(app):
    with app.app_context():
        return [one.id for one in waiting(db.session(), db.session.scalars(select(Alarm)).one())]


def test_who_is_told_of_such_a_need_stands_first_and_every_other_body_below(app, desk, alarm):
    page = see(desk.duty, f"/duty/alarms/{alarm}").text

    assert who_waits(app) == ["tell_guardianship"]
    assert "обычно извещают" in page
    for label in ("Опека", "Прокурор", "КДНиЗП", "Полиция", "120-ФЗ, ст. 9"):
        assert label in page, label
    assert page.index("Известить сейчас") < page.index("Прокурор")


def test_a_procedure_that_names_whom_to_tell_is_quoted(app, desk, alarm):
    with app.app_context():
        db.session.get_one(Subject, db.session.scalars(select(Alarm.subject_id)).one()).procedure = "kochki_2020@1"
        db.session.commit()

    page = see(desk.duty, f"/duty/alarms/{alarm}").text

    assert set(who_waits(app)) == {"tell_commission", "tell_group", "tell_guardianship"}
    assert "извещает рабочую группу и КДН и ЗП" in page


def test_a_notice_says_who_took_it_down_when_and_how(app, desk, alarm, stored, people):
    at = datetime.now(UTC)

    assert told(desk.duty, alarm, "tell_guardianship", words="Едут").status_code == 303

    (line,) = stored(AlarmNotice)
    assert (line.state, line.accepted_by, line.how, line.words) == ("told", ACCEPTED, "told_by_phone", "Едут")
    assert line.author_id == people.darya.id
    assert abs(line.at - at) < timedelta(minutes=5)
    assert who_waits(app) == []
    page = see(desk.duty, f"/duty/alarms/{alarm}").text
    assert f"Принял(а): {ACCEPTED}" in page
    assert len(stored(AuditRow, act="alarm:notice")) == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"accepted_by": ""}, "Не указано, кто принял"),
        ({"addressee": "tell_moon"}, "нет в списке"),
        ({"state": "maybe"}, "нет в списке"),
        ({"addressee": "tell_other"}, "Не указано, кого известили"),
        ({"state": "not_needed"}, "почему извещать не нужно"),
        ({"at": "2999-01-01T10:00"}, "ещё не наступило"),
        ({"at": "2020-01-01T10:00"}, "раньше, чем позвали"),
    ],
)
def test_what_does_not_hold_of_a_notice_is_said_and_nothing_is_written(desk, alarm, stored, form, words):
    answer = told(desk.duty, alarm, **({"addressee": "tell_police"} | form))

    assert answer.status_code == 422
    assert words in answer.text
    assert stored(AlarmNotice) == []


def test_what_a_person_decided_comes_before_the_typical_set(app, desk, alarm):
    told(desk.duty, alarm, "tell_guardianship", state="not_needed", words="Опека уже здесь", accepted_by="")
    told(desk.duty, alarm, "tell_police", state="must", accepted_by="")
    told(desk.duty, alarm, "tell_other", name="Школа № 3", state="must", accepted_by="")

    assert set(who_waits(app)) == {"tell_police", "tell_other"}
    page = see(desk.duty, f"/duty/alarms/{alarm}").text
    assert "Не нужно: Опека уже здесь" in page
    assert "Школа № 3" in page


def test_it_ends_when_everybody_was_told_by_a_named_decision(desk, alarm, stored):
    open_alarm = close(desk.duty, alarm)
    desk.duty.post(f"/duty/alarms/{alarm}/answer", data={"how": "duty_took"}, base_url=ORIGIN)
    untold = close(desk.duty, alarm)
    told(desk.duty, alarm, "tell_guardianship")
    nameless = close(desk.duty, alarm, decided_by="")
    wordless = close(desk.duty, alarm, words="")

    assert [one.status_code for one in (open_alarm, untold, nameless, wordless)] == [422] * 4
    assert "ещё никто не ответил" in open_alarm.text
    assert "Ещё не решено или не сообщено: Опека" in untold.text
    assert "Дети у бабушки" in nameless.text, "what was typed stays"
    assert stored(Alarm)[0].closed_at is None
    assert "Эпизод идёт" in see(desk.duty, "/duty").text

    assert close(desk.duty, alarm).status_code == 303
    (row,) = stored(Alarm)
    assert (row.closing, row.closed_as_decided_by) == ("Дети у бабушки", "Осокина Д. А.")
    assert "Эпизод идёт" not in see(desk.duty, "/duty").text
    assert len(stored(AuditRow, act="alarm:closed")) == 1


def test_what_was_done_stands_among_the_lines_of_the_alarm(desk, alarm):
    assert post(desk.duty, alarm, "done", done="").status_code == 422
    assert post(desk.duty, alarm, "done", done="Фельдшер осмотрела обоих").status_code == 303

    assert "Фельдшер осмотрела обоих" in see(desk.duty, f"/duty/alarms/{alarm}").text


def test_a_slip_that_was_called_off_asks_for_nothing(app, desk, alarm, send, family):
    send("alarm", alarm_body(family, "cancel", id=alarm, cancel_reason="clear_accidental"))

    with app.app_context():
        assert not db.session.scalars(select(Alarm)).one().is_episode
    assert "/duty/alarms/" + alarm not in see(desk.duty, "/duty/alarms?show=episodes").text


def test_the_list_is_narrowed_to_what_goes_on(desk, alarm):
    desk.duty.post(f"/duty/alarms/{alarm}/answer", data={"how": "duty_took"}, base_url=ORIGIN)
    assert f"/duty/alarms/{alarm}" in see(desk.duty, "/duty/alarms?show=episodes").text

    told(desk.duty, alarm, "tell_guardianship")
    close(desk.duty, alarm)

    assert f"/duty/alarms/{alarm}" not in see(desk.duty, "/duty/alarms?show=episodes").text


def test_the_curator_reads_it_on_the_cases_page_and_a_member_of_the_group_does_not(app, desk, alarm, people):
    told(desk.duty, alarm, "tell_guardianship")
    join_case(app, people.ryabinkiny, people.igor, "group_member")
    with app.app_context():
        case = db.session.scalars(select(Alarm.subject_id)).one()

    mine = see(desk.vera, f"/cases/{case}").text
    theirs = see(sign_in(app, people.igor), f"/cases/{case}").text

    assert "Ребёнок один" in mine
    assert ACCEPTED in mine
    assert ACCEPTED not in theirs
    assert "Ребёнок один" not in theirs


def test_first_measures_are_a_tap_away(desk, alarm):
    page = see(desk.duty, f"/duty/alarms/{alarm}").text
    path = page.split('href="/subjects/')[1].split('"')[0]

    assert see(desk.duty, f"/subjects/{path}").status_code == 200


@pytest.mark.parametrize("who", ["vera", "igor", "anna"])
def test_nobody_else_writes_about_it(app, people, alarm, stored, who):
    app.config["WTF_CSRF_ENABLED"] = False
    other = sign_in(app, getattr(people, who))

    answers = [told(other, alarm, "tell_police"), close(other, alarm), post(other, alarm, "done", done="Приехали")]

    assert {answer.status_code for answer in answers} == {404}
    assert stored(AlarmNotice) == []
