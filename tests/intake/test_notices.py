"""A specialist sends a notice and reads how far it has gone: a line of feedback, and nothing of any family."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from curator_app.auth.models import FIELD, Person, SignIn
from curator_app.extensions import db
from curator_app.intake.models import NOTICE, Informant, Signal
from curator_app.intake.outcomes import join
from curator_app.intake.service import begin_check, register
from curator_app.subjects.models import Event, Subject
from tests.intake.conftest import Office, session_of
from tests.support.days import demo_day
from tests.support.people import ORIGIN, enrol, sign_in

pytestmark = pytest.mark.pages

FRAGMENT = {"HX-Request": "true"}
Verb = Callable[[Session, Signal, SignIn], None]
NOTICED = {
    "facts": "Неделю не приходит в школу, телефон мамы молчит.",
    "known_on": demo_day().isoformat(),
    "source": "school",
    "safe_now": "unknown",
    "signs": ["misses_school", "hungry", "made_up"],
    "children-0-name": "Ясенев Лёва",
    "teller_name": "Канарейкина",
}


@pytest.fixture
def desk(app: Flask, office: Office) -> FlaskClient:
    """The specialist's desk."""
    return sign_in(app, office.specialist)


def read(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, headers=FRAGMENT, base_url=ORIGIN)


def write(client: FlaskClient, path: str, said: dict[str, object]) -> TestResponse:
    return client.post(path, data=said, headers=FRAGMENT, base_url=ORIGIN)


def sent(desk: FlaskClient) -> uuid.UUID:
    """Send a notice; return its id."""
    answer = write(desk, "/notices", NOTICED)
    assert answer.status_code == 303
    return uuid.UUID(answer.location.rpartition("/")[2])


def by_intake(app: Flask, office: Office, key: uuid.UUID, verb: Verb) -> None:
    """Let the intake do something to a signal."""
    with app.app_context():
        by: SignIn = session_of(db.session(), office.intake)
        verb(db.session(), db.session.get_one(Signal, key), by)
        db.session.commit()


@pytest.mark.on_both
def test_a_notice_comes_in_under_its_author(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = sent(desk)

    with app.app_context():
        signal = db.session.get_one(Signal, key)
        assert (signal.way, signal.author_id, signal.territory_id) == (
            NOTICE,
            office.specialist.id,
            office.territory.id,
        )
        assert signal.signs == ["misses_school", "hungry"], "what nobody offers is not kept"
        assert db.session.scalars(select(Informant.name).where(Informant.signal_id == key)).one() == "Канарейкина"


def test_the_line_of_feedback_goes_from_sent_to_passed_and_tells_no_outcome(
    app: Flask, office: Office, desk: FlaskClient
) -> None:
    key = sent(desk)
    lines = [read(desk, f"/notices/{key}").text]
    for verb in (register, begin_check, _join_to(office)):
        by_intake(app, office, key, verb)
        lines.append(read(desk, f"/notices/{key}").text)

    with app.app_context():
        number = db.session.get_one(Signal, key).journal_no
    said = ["Отправлено, ещё не прочитано", f"Принято, № {number}", "проверяется", "проверено · передано"]
    assert all(words in page for words, page in zip(said, lines, strict=True))
    last = lines[-1] + read(desk, "/notices").text
    assert "проверено · передано" in read(desk, "/notices").text
    for secret in ("Рябинкины", "Открыт случай", "Передан в открытую", "Канарейкина", "Приёмова"):
        assert secret not in last


def test_a_notice_is_nobody_elses(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = sent(desk)

    for person in (office.people.vera, office.people.darya, office.secretary):
        assert read(sign_in(app, person), f"/notices/{key}").status_code == 404
    assert read(desk, f"/signals/{key}").location == f"/notices/{key}", "the page of the office is not theirs"
    phone = sign_in(app, office.specialist, enrolment=enrol(app, office.specialist, FIELD))
    assert read(phone, f"/notices/{key}").status_code == 404


def test_neither_the_family_nor_its_case_opens_to_who_told(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = sent(desk)
    by_intake(app, office, key, _join_to(office))

    with app.app_context():
        case = db.session.scalars(select(Subject.id).where(Subject.family_id == office.people.ryabinkiny.id)).one()
    assert read(desk, f"/families/{office.people.ryabinkiny.id}").status_code == 404
    assert read(desk, f"/cases/{case}").status_code == 404
    assert read(desk, "/signals").status_code == 404


def test_who_told_decides_nothing_about_the_family(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = sent(desk)
    by_intake(app, office, key, register)

    for event in ("risk_decided", "case_opened", "survey_done"):
        said: dict[str, object] = {"on": demo_day(), "reason": "Мне так кажется", "risk_level": "high", "level": "high"}
        assert write(desk, f"/subjects/{key}/steps/{event}", said).status_code == 404, event
        assert read(desk, f"/subjects/{key}/steps/{event}").status_code == 404, event

    with app.app_context():
        taken = db.session.scalars(select(Event.type).where(Event.subject_id == key)).all()
    assert not {"risk_decided", "case_opened", "survey_done"} & set(taken)


def test_every_step_that_a_notice_offers_opens(app: Flask, office: Office, desk: FlaskClient) -> None:
    key = sent(desk)
    by_intake(app, office, key, register)

    offered = re.findall(rf"/subjects/{key}/steps/\w+", read(desk, f"/notices/{key}").text)
    assert offered
    for path in offered:
        opened = read(desk, path)
        last = read(desk, opened.location) if opened.status_code == 303 else opened
        assert last.status_code == 200, path


@pytest.mark.parametrize(("who", "status"), [("vera", 200), ("darya", 200), ("anna", 404), ("intake", 404)])
def test_who_may_tell(app: Flask, office: Office, who: str, status: int) -> None:
    person: Person = office.intake if who == "intake" else getattr(office.people, who)
    client = sign_in(app, person)

    assert read(client, "/notices").status_code == status
    assert read(client, "/notices/new").status_code == status
    assert write(client, "/notices", NOTICED).status_code == (303 if status == 200 else 404)


def test_an_empty_notice_says_what_is_missing(desk: FlaskClient) -> None:
    answer = write(desk, "/notices", {"children-0-name": "Ясенев Лёва"})

    assert answer.status_code == 422
    for sentence in ("Не написано, что видели", "Не указан день", "Не выбрано, откуда", "Не отмечено, в безопасности"):
        assert sentence in answer.text
    assert "Ясенев Лёва" in answer.text


def _join_to(office: Office) -> Verb:
    def joined(session: Session, signal: Signal, by: SignIn) -> None:
        query = select(Subject).where(Subject.family_id == office.people.ryabinkiny.id)
        join(session, signal, session.scalars(query).one(), by)

    return joined
