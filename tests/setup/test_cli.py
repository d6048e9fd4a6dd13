"""`flask people` and `flask enrolment-link`."""

from __future__ import annotations

import pytest
from flask import Flask

from curator_app.demo.load import install
from curator_app.extensions import db


@pytest.fixture
def peopled(app: Flask) -> Flask:
    """An app with the demonstration's people."""
    with app.app_context():
        install(db.session(), small=True)
        db.session.commit()
    return app


def test_people_lists_names_and_posts(peopled: Flask) -> None:
    answer = peopled.test_cli_runner().invoke(args=["people"])

    assert answer.exit_code == 0
    assert "Туманова" in answer.output
    assert " — " in answer.output


def test_a_link_opens_once_the_page_of_that_person(peopled: Flask) -> None:
    answer = peopled.test_cli_runner().invoke(args=["enrolment-link", "туманова", "--kind", "field"])
    token = answer.output.strip().partition("/enrol#")[2]

    begun = peopled.test_client().post("/enrol/start", json={"token": token}, base_url="https://localhost")

    assert begun.status_code == 200
    assert begun.json["person"]["name"].startswith("Туманова")
    assert begun.json["kind"] == "field"


def test_an_unknown_name_is_said_in_a_sentence(peopled: Flask) -> None:
    answer = peopled.test_cli_runner().invoke(args=["enrolment-link", "Нетакая"])

    assert answer.exit_code == 1
    assert "Никого с «Нетакая»" in answer.output


def test_a_name_that_fits_several_makes_no_link(peopled: Flask) -> None:
    answer = peopled.test_cli_runner().invoke(args=["enrolment-link", "а"])

    assert answer.exit_code == 1
    assert "Подходят несколько" in answer.output
    assert "/enrol#" not in answer.output
