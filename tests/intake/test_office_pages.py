"""The office: a call is written down, the journal shows it, and who told it is seen by intake alone."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD, Person
from curator_app.extensions import db
from curator_app.intake import journal
from curator_app.intake.models import CALL, Signal
from curator_app.intake.service import Child, take_signal
from curator_app.subjects.models import Event, Subject
from tests.intake.conftest import Office, again, told
from tests.support.days import demo_day
from tests.support.people import ORIGIN, enrol, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}
CANARY = "Канарейкина"
CALLED = {
    "facts": "Слышно плач по ночам, днём дети одни.",
    "known_on": demo_day().isoformat(),
    "known_time": "00:01",
    "source": "neighbours",
    "safe_now": "unknown",
    "children-0-name": "Ясенев Лёва",
    "children-0-age": "4 года",
    "address": "ул. Кедровая, 5, кв. 11",
    "teller_name": CANARY,
    "teller_contact": "+7 913 777-13-13",
}


def read(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, headers=FRAGMENT, base_url=ORIGIN)


def write(client: FlaskClient, path: str, **said: object) -> TestResponse:
    return client.post(path, data=said, headers=FRAGMENT, base_url=ORIGIN)


@pytest.fixture
def desk(app: Flask, office: Office) -> FlaskClient:
    """The intake officer's desk."""
    return sign_in(app, office.intake)


def keep(app: Flask, office: Office, **changes: object) -> uuid.UUID:
    """Keep a specialist's notice; return its id."""
    with app.app_context():
        signal = take_signal(db.session(), told(office, **changes), again(db.session(), office.specialist), None)
        db.session.commit()
        return signal.id


def one(app: Flask, key: uuid.UUID) -> Signal:
    with app.app_context():
        return db.session.get_one(Signal, key)


def trail(app: Flask, act: str) -> list[AuditRow]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow).where(AuditRow.act == act)))


@pytest.mark.on_both
def test_a_call_is_written_down_at_once_with_a_number_and_its_own_hour(app: Flask, desk: FlaskClient) -> None:
    answer = write(desk, "/signals", **CALLED)

    assert answer.status_code == 303
    page = read(desk, answer.location).text
    signal = one(app, uuid.UUID(answer.location.rpartition("/")[2]))
    assert signal.year == demo_day().year
    assert f"Сигнал № {signal.journal_no}" in page
    assert "в 00:01" in page, "became known then, whenever it was written down"
    assert CANARY in page
    assert (signal.way, signal.source, signal.safe_now) == (CALL, "neighbours", "unknown")
    assert [row.object_id for row in trail(app, "signal:read")] == [signal.id]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("facts", " ", "Не написано, что видели или слышали"),
        ("known_on", "завтра", "Не указан день"),
        ("known_on", (demo_day() + timedelta(days=2)).isoformat(), "ещё не наступил"),
        ("known_time", "полдень", "Час не прочитался"),
        ("source", "x", "Не выбрано, откуда сведения"),
        ("safe_now", "", "Не отмечено, в безопасности ли ребёнок"),
        ("address", "а" * 300, "Текст длиннее"),
        ("children-0-name", "а" * 300, "Текст длиннее"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_stays(desk: FlaskClient, field: str, value: str, sentence: str) -> None:
    answer = write(desk, "/signals", **(CALLED | {field: value}))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Кедровая" in answer.text or field == "address"


def test_a_call_about_a_known_child_is_asked_about_before_it_is_written(
    app: Flask, office: Office, desk: FlaskClient
) -> None:
    keep(app, office, children=(Child("Ясенев Лев"),))

    asked = write(desk, "/signals", **CALLED)
    sure = write(desk, "/signals", **CALLED, sure="yes")

    assert asked.status_code == 200
    assert "Похоже, это уже известно" in asked.text
    assert "Совпало: имя" in asked.text
    assert CALLED["facts"] in asked.text, "nothing that was typed is lost"
    assert sure.status_code == 303
    assert [row.data for row in trail(app, "signal:compared")] == [{"found": 1}]


def test_a_notice_is_registered_and_then_checked(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = keep(app, office)
    assert "Записать в журнал" in read(desk, f"/signals/{key}").text

    assert write(desk, f"/signals/{key}/register").status_code == 303
    assert one(app, key).state == "taken"
    assert write(desk, f"/signals/{key}/check").status_code == 303
    assert one(app, key).state == "checking"


def test_a_signal_about_a_family_with_a_case_is_handed_to_it(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = keep(app, office, children=(Child("Рябинкин К."), Child("Рябинкина К.")), adults="Рябинкина")
    page = read(desk, f"/signals/{key}").text
    work = re.search(r'name="work" value="([0-9a-f-]{36})"', page)
    assert work is not None, "the family's case is offered"

    assert write(desk, f"/signals/{key}/join", work=work[1]).status_code == 303

    with app.app_context():
        subject = db.session.get_one(Subject, uuid.UUID(work[1]))
        assert subject.family_id == office.people.ryabinkiny.id
        types = db.session.scalars(select(Event.type).where(Event.subject_id == subject.id)).all()
    assert "signal_joined" in types
    curator = read(sign_in(app, office.people.vera), f"/signals/{key}").text
    assert "тонкой куртке" in curator
    assert CANARY not in curator
    assert "Школьная" not in curator, "nor who wrote it"
    again_joined = write(desk, f"/signals/{key}/join", work=work[1])
    assert again_joined.status_code == 422
    assert "уже решено" in again_joined.text


def test_a_second_signal_says_which_one_it_repeats(app: Flask, office: Office, desk: FlaskClient) -> None:
    first, second = keep(app, office), keep(app, office)
    assert "Это тот же сигнал" in read(desk, f"/signals/{second}").text

    assert write(desk, f"/signals/{second}/repeat", earlier=str(first)).status_code == 303

    assert (one(app, second).outcome, one(app, second).leads_to_id) == ("repeated", first)


def test_the_commission_reads_the_journal_and_no_informant(app: Flask, office: Office) -> None:
    key = keep(app, office)
    secretary = sign_in(app, office.secretary)

    listed, page = read(secretary, "/signals"), read(secretary, f"/signals/{key}")

    assert (listed.status_code, page.status_code) == (200, 200)
    assert "Лопухов Егор" in listed.text
    assert CANARY not in listed.text + page.text
    assert "Записать звонок" not in listed.text
    for path in ("/signals/new", "/signals/journal.csv"):
        assert read(secretary, path).status_code == 404
    for verb in ("register", "check", "join", "repeat"):
        assert write(secretary, f"/signals/{key}/{verb}").status_code == 404


@pytest.mark.parametrize("who", ["vera", "igor", "darya", "anna", "foreign_intake", "phone"])
def test_nobody_else_finds_a_signal(app: Flask, office: Office, who: str) -> None:
    key = keep(app, office)
    if who == "phone":
        client = sign_in(app, office.intake, enrolment=enrol(app, office.intake, FIELD))
    else:
        person: Person = office.foreign_intake if who == "foreign_intake" else getattr(office.people, who)
        client = sign_in(app, person)

    assert read(client, f"/signals/{key}").status_code == 404
    for verb in ("register", "check", "join", "repeat"):
        assert write(client, f"/signals/{key}/{verb}", earlier=str(key), work=str(key)).status_code == 404
    answer = read(client, "/signals")
    assert answer.status_code == (200 if who == "foreign_intake" else 404)
    assert "Лопухов" not in answer.text
    found = write(client, "/signals/find", text="Лопухов")
    assert found.status_code == (200 if who == "foreign_intake" else 404)
    assert "Егор" not in found.text


@pytest.mark.on_both
@pytest.mark.parametrize("few", [journal.FEW_TERRITORIES, 0], ids=["of a few territories", "of many"])
def test_the_journal_is_narrowed_searched_and_goes_on(
    app: Flask, office: Office, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(journal, "FEW_TERRITORIES", few)
    foreign = sign_in(app, office.foreign_intake)
    for n in range(32):
        keep(app, office, children=(Child(f"Камышов-{n:02} Савва"),), phone="", adults="", address="")
    key = keep(app, office)
    write(desk, f"/signals/{key}/register")

    first = read(desk, "/signals").text
    further = re.search(r'href="(/signals\?after=[0-9a-f-]{36})"', first)
    assert further is not None
    second = read(desk, further[1]).text
    names = re.findall(r"Камышов-(\d\d)", first + second)
    assert sorted(names) == [f"{n:02}" for n in range(32)], "each once"
    taken = read(desk, "/signals?state=taken").text
    assert ("Лопухов Егор" in taken, "Камышов" in taken) == (True, False)
    assert "Лопухов Егор" in write(desk, "/signals/find", text="лопухова").text
    assert "Лопухов Егор" in write(desk, "/signals/find", text=f"№ {one(app, key).journal_no}").text
    assert "Ничего не нашли" in write(desk, "/signals/find", text="Баобабов").text
    yesterday = (demo_day() - timedelta(days=1)).isoformat()
    assert "Лопухов" not in read(desk, f"/signals?until={yesterday}").text
    assert "Лопухов" in read(desk, f"/signals?since={yesterday}&way=notice").text
    for path in ("/signals", "/signals?state=taken", "/signals?way=notice"):
        assert re.search("Лопухов|Камышов", read(foreign, path).text) is None


@pytest.mark.on_both
def test_the_journal_is_exported_for_a_spreadsheet(app: Flask, office: Office, desk: FlaskClient) -> None:
    keep(app, office, facts="=ССЫЛКА(A1)", address="ул. Заречная; 14")

    answer = read(desk, "/signals/journal.csv")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    (row,) = [row for row in rows if row["Дети"] == "Лопухов Егор 9 лет школа № 3, 3 «Б»"]
    assert (row["Что замечено"], row["Адрес"]) == ("'=ССЫЛКА(A1)", "ул. Заречная; 14")
    assert CANARY not in answer.text
    assert [row.data for row in trail(app, "signals:exported")] == [{"rows": len(rows)}]


def test_a_journal_is_not_carried_off_by_the_dozen(office: Office, desk: FlaskClient) -> None:
    assert office.intake.name

    answers = [read(desk, "/signals/journal.csv").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_the_intakes_day_begins_with_what_nobody_has_read(app: Flask, office: Office, desk: FlaskClient) -> None:
    before = read(desk, "/today").text
    keep(app, office)

    after = read(desk, "/today").text

    assert "Новых сигналов нет" in before
    assert "Ждут записи в журнал: 1" in after
    assert "Семей пока нет" not in after
    # Whoever only told of a child learns nothing of what else came in.
    assert "Ждут записи" not in read(sign_in(app, office.specialist), "/today").text
