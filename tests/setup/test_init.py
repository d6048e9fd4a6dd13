"""`flask init`: a real start without the demonstration, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Organisation, Person, Territory
from curator_app.config import Config
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.prepare import prepare_database
from tests.support.databases import config_for

OPTIONS = (
    *("--territory", "Небывалый район", "--zone", "Asia/Novosibirsk", "--procedure", "novosibirsk_2022"),
    *("--organisation", "Центр помощи семье", "--administrator", "Кедрова Ольга Ильинична", "--post", "администратор"),
)
ORIGIN = "https://localhost"


def run(app: Flask, *options: str, said: str = "") -> tuple[int, str]:
    """Run `flask init` and return its exit code and what it printed."""
    answer = app.test_cli_runner().invoke(args=["init", *options], input=said)
    return answer.exit_code, answer.output


def test_it_makes_the_first_administrator_with_a_link_that_opens_a_desk(app: Flask) -> None:
    code, output = run(app, *OPTIONS)

    assert code == 0
    token = re.search(r"/enrol#(\S+)", output)
    assert token
    begun = app.test_client().post("/enrol/start", json={"token": token[1]}, base_url=ORIGIN)
    assert (begun.status_code, begun.json["kind"]) == (200, "office")
    assert begun.json["person"] == {"name": "Кедрова Ольга Ильинична", "post": "администратор"}
    assert (app.config["CURATOR"].keys_folder / "push.pem").is_file()
    with app.app_context():
        person = db.session.scalars(select(Person)).one()
        assert [role.role for role in person.roles] == ["administrator"]
        assert db.session.scalars(select(Organisation)).one().name == "Центр помощи семье"
        assert db.session.scalars(select(Territory)).one().zone == "Asia/Novosibirsk"


def test_it_asks_for_what_was_not_said(app: Flask) -> None:
    answers = "Небывалый район\n\n\nЦентр\nКедрова Ольга\n\n"

    code, output = run(app, said=answers)

    assert code == 0
    assert "Территория" in output
    assert "/enrol#" in output


def test_a_second_time_is_refused_in_a_sentence_and_changes_nothing(app: Flask) -> None:
    run(app, *OPTIONS)

    code, output = run(app, *OPTIONS)

    assert code == 1
    assert "начать второй раз нельзя, и ничего не изменилось" in output
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 1


def test_what_cannot_be_is_said_in_a_sentence(app: Flask) -> None:
    zone = run(app, *OPTIONS, "--zone", "Asia/Nowhere")
    name = run(app, *OPTIONS, "--administrator", "Кедрова")
    procedure = run(app, *OPTIONS, "--procedure", "mars_2020")

    assert zone[0] == name[0] == procedure[0] == 2
    assert "Порядка «mars_2020» здесь нет. Есть: " in procedure[1]
    assert "Часового пояса «Asia/Nowhere» нет" in zone[1]
    assert "Нужны фамилия, имя и отчество" in name[1]


def test_a_start_after_it_brings_no_invented_families(make_app: Callable[[Config], Flask], tmp_path: Path) -> None:
    app = make_app(config_for(tmp_path))  # no database yet: it makes one

    assert run(app, *OPTIONS)[0] == 0
    assert prepare_database(app) == []

    with app.app_context():
        assert db.session.scalars(select(Family)).all() == []
