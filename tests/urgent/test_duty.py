"""«Дежурство»: what waits comes first, opening is seeing, and an answer is a named person's."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, Role
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Event
from curator_app.urgent.jobs import mark_missed
from curator_app.urgent.models import Alarm, AlarmStep, CheckIn
from tests.protocol_client import uuid7
from tests.support.people import ORIGIN, sign_in
from tests.urgent.conftest import FACT, alarm_body, call, check_in_body

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def desk(app, people):
    """The duty person at her desk, and the author at his own."""
    app.config["WTF_CSRF_ENABLED"] = False
    return SimpleNamespace(duty=sign_in(app, people.darya), vera=sign_in(app, people.vera))


@pytest.fixture
def alarm(send, family):
    """An alarm that waits; its id."""
    key = uuid7()
    send("alarm", alarm_body(family, id=key, need="need_fire_gas", facts_seen=FACT, **call()))
    return key


def see(client, path):
    return client.get(path, headers=FRAGMENT, base_url=ORIGIN)


def answer(client, alarm, **form):
    return client.post(f"/duty/alarms/{alarm}/answer", data=form, headers=FRAGMENT, base_url=ORIGIN)


@pytest.mark.on_both
def test_the_screen_shows_what_waits_and_the_head_of_every_page_counts_it(desk, alarm):
    page = see(desk.duty, "/duty").text

    assert "Огонь, газ, дым" in page
    assert f"/duty/alarms/{alarm}" in page
    assert desk.duty.get("/duty", base_url=ORIGIN).text.count("Дежурство<span") == 1
    assert see(desk.duty, "/duty/count").text == " · 1"
    assert "Дежурство" not in desk.vera.get("/today", base_url=ORIGIN).text


def test_an_alarms_page_holds_what_is_needed_to_help(desk, alarm):
    page = see(desk.duty, f"/duty/alarms/{alarm}").text

    for words in (FACT, "Дежурная, Норина", "ул. Придуманная, 14", "Миша, 12 лет", 'href="tel:+70000000050"'):
        assert words in page


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_hidden_address_is_not_shown_to_a_duty_person_who_may_not_read_it(app, desk, people, alarm):
    with app.app_context():
        db.session.get_one(Family, people.ryabinkiny.id).address_hidden = True
        for role in db.session.query(Role).filter_by(person_id=people.darya.id, role="head"):
            role.until_on = date(2020, 1, 2)
        db.session.commit()

    page = see(desk.duty, f"/duty/alarms/{alarm}").text

    assert "Придуманная" not in page
    assert "Адрес скрыт" in page


@pytest.mark.on_both
def test_opening_it_is_seeing_it_once(desk, alarm, stored, people):
    for _ in range(2):
        assert desk.duty.post(f"/duty/alarms/{alarm}/seen", base_url=ORIGIN).status_code == 204

    (row,) = stored(Alarm)
    assert row.seen_by_id == people.darya.id
    assert [line.kind for line in stored(AlarmStep)].count("seen") == 1
    assert "Видели, ответа ещё нет" in see(desk.duty, "/duty").text


def test_reading_an_alarm_leaves_a_trace_and_a_look_at_nothing_new_does_not(desk, alarm, stored):
    see(desk.duty, f"/duty/alarms/{alarm}")
    version = see(desk.duty, f"/duty/alarms/{alarm}").text.split("since=")[1].split('"')[0]

    again = see(desk.duty, f"/duty/alarms/{alarm}?since={version}")

    assert again.status_code == 204
    assert len(stored(AuditRow, act="alarm:read")) == 2


def test_the_answer_is_a_named_person_a_time_and_words_and_the_author_reads_it(desk, alarm, stored, people):
    reply = answer(desk.duty, alarm, how="duty_took", reply="Еду, буду через 20 минут")

    assert reply.status_code == 303
    (row,) = stored(Alarm)
    assert (row.state, row.confirmed_by_id) == ("confirmed", people.darya.id)
    assert [event.type for event in stored(Event) if event.type.startswith("alarm_")] == [
        "alarm_raised",
        "alarm_confirmed",
    ]
    told = see(desk.vera, f"/alarms/{alarm}").text
    for words in ("Осокина Дарья Андреевна, заведующая отделением", "Еду, буду через 20 минут", "подтверждает в"):
        assert words in told
    assert see(desk.duty, "/duty/count").text == ""


def test_a_passing_on_needs_a_name_and_ends_it_only_with_an_answer(desk, alarm, stored):
    refused = answer(desk.duty, alarm, how="duty_passed", reply="")
    assert refused.status_code == 422
    assert "Не указано, кому передали" in refused.text

    answer(desk.duty, alarm, how="duty_passed", passed_to="Норина, опека")
    assert stored(Alarm)[0].state == "open"

    answer(desk.duty, alarm, how="duty_passed", passed_to="Норина, опека", reply="Выехали")
    (row,) = stored(Alarm)
    assert (row.state, row.confirmed_name, row.reply) == ("confirmed", "Норина, опека", "Выехали")
    assert "Передал дежурный: Осокина" in see(desk.vera, f"/alarms/{alarm}").text


def test_an_answer_to_a_cancelled_alarm_is_kept_and_changes_nothing(desk, alarm, send, family, stored):
    send("alarm", alarm_body(family, "cancel", id=alarm, cancel_reason="clear_mistaken"))

    assert answer(desk.duty, alarm, how="duty_called").status_code == 303

    assert stored(Alarm)[0].state == "cancelled"
    assert "duty_called" in [line.kind for line in stored(AlarmStep)]
    assert "Показалось, обошлось" in see(desk.duty, f"/duty/alarms/{alarm}").text


def test_receipts_follow_the_answer(phone, desk, family):
    key = uuid7()
    envelope = phone.seal("alarm", alarm_body(family, id=key))
    codes = [phone.patch(envelope).json["alarm"]]
    desk.duty.post(f"/duty/alarms/{key}/seen", base_url=ORIGIN)
    codes.append(phone.receipts([envelope.id])["receipts"][envelope.id]["alarm"])
    answer(desk.duty, key, how="duty_called")
    codes.append(phone.receipts([envelope.id])["receipts"][envelope.id]["alarm"])

    assert codes == ["open", "seen", "confirmed"]


@pytest.mark.parametrize("who", ["vera", "igor", "anna"])
def test_nobody_else_reads_or_answers_an_alarm(app, people, alarm, stored, who):
    app.config["WTF_CSRF_ENABLED"] = False
    other = sign_in(app, getattr(people, who))

    assert see(other, f"/duty/alarms/{alarm}").status_code == 404
    assert answer(other, alarm, how="duty_took").status_code == 404
    assert see(other, f"/alarms/{alarm}").status_code == (200 if who == "vera" else 404)
    assert stored(Alarm)[0].state == "open"


def test_a_substitute_answers_while_the_role_lasts(app, desk, people, alarm, stored):
    with app.app_context():
        head = db.session.query(Role).filter_by(person_id=people.darya.id, role="head").one()
        substitute = Role(
            person_id=people.vera.id,
            organisation_id=head.organisation_id,
            role="duty",
            since_on=date(2020, 1, 1),
            until_on=date(2099, 1, 1),
        )
        db.session.add(substitute)
        db.session.commit()

    assert answer(desk.vera, alarm, how="duty_took").status_code == 303
    assert stored(Alarm)[0].confirmed_by_id == people.vera.id


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_on_her_phone_the_duty_person_reads_and_answers_and_no_page_holds_a_token(app, people, alarm, stored):
    phone = sign_in(app, people.darya, FIELD)
    pages = [see(phone, path).text for path in ("/duty", f"/duty/alarms/{alarm}", "/duty/alarms", "/duty/check-ins")]

    assert FACT in pages[1]
    assert not [page for page in pages if "csrf_token" in page]
    assert "/safety/new" not in pages[1], "a page of the office"
    assert phone.post(f"/duty/alarms/{alarm}/seen", headers=FRAGMENT, base_url=ORIGIN).status_code == 204
    assert answer(phone, alarm, how="duty_took", reply="Еду").status_code == 303
    (row,) = stored(Alarm)
    assert (row.confirmed_by_id, row.reply, row.seen_by_id) == (people.darya.id, "Еду", people.darya.id)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_phones_whole_page_is_the_locked_shell_and_who_keeps_no_duty_finds_nothing(app, people, alarm):
    darya, vera = sign_in(app, people.darya, FIELD), sign_in(app, people.vera, FIELD)
    for path in ("/duty", f"/duty/alarms/{alarm}", "/duty/alarms", "/duty/check-ins"):
        whole = darya.get(path, base_url=ORIGIN)
        assert whole.data == darya.get("/shell", base_url=ORIGIN).data
        assert see(vera, path).status_code == 404
    assert darya.get(f"/duty/alarms/{alarm}/", base_url=ORIGIN).status_code == 404
    assert darya.get("/duty/count", base_url=ORIGIN).status_code == 404
    assert answer(vera, alarm, how="duty_took").status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_today_on_the_phone_leads_a_duty_person_there_and_nobody_else(app, people):
    shown = {who: see(sign_in(app, getattr(people, who), FIELD), "/today").text for who in ("darya", "vera")}

    assert 'href="/duty"' in shown["darya"]
    assert 'href="/duty"' not in shown["vera"]


@pytest.mark.on_both
def test_who_is_out_and_who_did_not_come_back(app, desk, send, family, stored):
    send("check_in", check_in_body(family, minutes=30))
    send("check_in", check_in_body(family, minutes=-1))
    with app.app_context():
        assert mark_missed() == 1

    page = see(desk.duty, "/duty").text
    assert "Не вышли на связь" in page
    assert "Сотрудник у семьи № 418 обещал выйти на связь" in page
    assert see(desk.duty, "/duty/count").text == " · 1"
    (missed,) = [row for row in stored(CheckIn) if row.missed_at]
    path = f"/duty/check-ins/{missed.id}"
    assert desk.vera.post(path, data={"how": "found"}, base_url=ORIGIN).status_code == 404
    desk.duty.post(path, data={"how": "tried"}, base_url=ORIGIN)
    assert "не отвечает" in see(desk.duty, "/duty").text
    desk.duty.post(path, data={"how": "found"}, base_url=ORIGIN)
    assert "Не вышли на связь" not in see(desk.duty, "/duty").text
