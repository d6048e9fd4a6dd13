"""A step is recorded by who may, when it may be: otherwise one sentence names the rule and nothing is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.cases import events_of, office_worker, read, subject_of, take
from tests.support.days import demo_day
from tests.support.people import settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


def test_a_step_becomes_an_event_with_its_answers_and_stands_in_the_timeline(app, people):
    case, today = subject_of(app, people.ryabinkiny), demo_day()
    client = sign_in(app, people.vera)

    answer = take(client, case, "plan_discussed", on=today, who="Мама и Соня", family_view="Согласны")

    assert answer.status_code == 303
    (event,) = events_of(app, case, "plan_discussed")
    assert (event.on, event.data, event.author_id) == (
        today,
        {"who": "Мама и Соня", "family_view": "Согласны"},
        people.vera.id,
    )
    assert "Мама и Соня" in read(client, f"/cases/{case.id}").text


def test_what_the_family_said_is_not_for_the_commission(app, people):
    case = subject_of(app, people.ryabinkiny)
    take(sign_in(app, people.vera), case, "plan_discussed", on=demo_day(), who="Мама", family_view="Тайное слово")

    page = read(
        sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", people.ryabinkiny)),
        f"/cases/{case.id}",
    )

    assert "Мама" in page.text
    assert "Тайное слово" not in page.text


def test_too_early_names_what_comes_first_and_where_the_document_says_so(app, people):
    case = subject_of(app, people.podorozhnikovy)
    secretary = office_worker(app, "Секретарёва Анна", "commission_secretary", people.podorozhnikovy)
    client = sign_in(app, secretary)

    answer = take(client, case, "deregistered", on=demo_day())

    assert answer.status_code == 422
    assert "Рано: сначала нужно «Комиссия вынесла одно из трёх решений»" in answer.text
    assert "снять несовершеннолетнего/семью с учета" in answer.text or "6.4" in answer.text
    assert events_of(app, case, "deregistered") == []


def test_a_step_that_the_document_does_not_know_is_not_there(app, people):
    case = subject_of(app, people.podorozhnikovy)

    assert take(sign_in(app, people.igor), case, "support_card_filled", on=demo_day()).status_code == 404


def test_a_step_of_somebody_else_says_whose_it_is(app, people):
    case = subject_of(app, people.ryabinkiny)
    client = sign_in(app, people.vera)

    answer = take(client, case, "plan_approved", on=demo_day())

    assert answer.status_code == 422
    assert "Это делает: комиссия" in answer.text
    assert "Это делает: комиссия" in read(client, f"/subjects/{case.id}/steps/plan_approved").text


@pytest.mark.parametrize(
    ("days", "words"), [(1, "Этот день ещё не наступил"), (-4000, "Ничего не записано. Поправьте день")]
)
def test_a_day_that_cannot_be_is_refused_with_what_was_typed(app, people, days, words):
    case = subject_of(app, people.ryabinkiny)

    answer = take(
        sign_in(app, people.vera), case, "plan_discussed", on=demo_day() + timedelta(days=days), who="Бабушка"
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert "Бабушка" in answer.text


def test_what_is_missing_or_unknown_is_said_beside_its_field(app, people):
    case = subject_of(app, people.podorozhnikovy)

    answer = take(sign_in(app, people.igor), case, "plan_changed", on="", kind="nonsense")

    assert answer.status_code == 422
    for words in ("Укажите день", "Такого ответа нет в списке", "Заполните это поле"):
        assert words in answer.text
