"""Every outcome that a document knows, decided on its page, and what it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from curator_app.extensions import db
from curator_app.procedures.profiles_loader import load_profile, released
from curator_app.subjects.models import Subject
from curator_app.subjects.service import record_event
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of, take
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.pages

WITH_A_REGISTER = {"bashkortostan_2017", "kdn_stage_table", "kochki_2020", "krasnoyarsk_2011"}
"""Documents that know a taking off the register after the decision; read by hand, not asked of the app."""
OUTCOMES = {
    "bashkortostan_2017@1": {
        "deregistered": "closed",
        "deregistered_with_patronage": "aftercare",
        "birth_family": "continued",
        "substitute_family": "closed",
        "crisis_persists": "continued",
    },
    "kochki_2020@1": {
        "deregister": "closed",
        "deregister_and_patronage": "aftercare",
        "keep_and_continue": "continued",
    },
    "krasnoyarsk_2011@1": {"situation_improved": "closed", "rights_terminated": "closed", "continued": "continued"},
    "novosibirsk_2022@1": {
        "crisis_overcome": "closed",
        "lowered_to_early_help": "early_help",
        "child_came_of_age": "closed",
    },
    "kdn_stage_table@1": {
        "deregistered": "closed",
        "deregistered_with_aftercare": "aftercare",
        "file_control": "file_control",
        "continued": "continued",
    },
}
EVERY = [(procedure, outcome) for procedure, known in OUTCOMES.items() for outcome in known]
THOSE = {
    kind: [(procedure, key) for procedure, known in OUTCOMES.items() for key, leads in known.items() if leads == kind]
    for kind in ("closed", "aftercare", "continued", "file_control", "early_help")
}


@dataclass
class Desk:
    """A case under one document, and who decides about it."""

    app: object
    people: object
    case: Subject
    client: object

    def decide(self, outcome):
        """Decide on the page; the page must offer it by its own words."""
        path = f"/subjects/{self.case.id}/closing"
        assert f'value="{outcome}"' in read(self.client, path).text
        said = {
            "on": demo_day().isoformat(),
            "outcome": outcome,
            "goals": "partly",
            "agrees": "yes",
            "why": "Так лучше",
        }
        answer = self.client.post(path, data=said, headers=HTMX, base_url=ORIGIN)
        assert answer.status_code == 303, answer.text
        (event,) = events_of(self.app, self.case, "closing_decided")
        assert event.data["outcome"] == outcome

    def off_the_register(self):
        """Take the family off the register."""
        return take(self.client, self.case, "deregistered", on=demo_day())

    def closed_on(self):
        """Return the day on which the case ended."""
        with self.app.app_context():
            return db.session.get_one(Subject, self.case.id).closed_on

    def page(self):
        """Return the page of the case."""
        return read(self.client, f"/cases/{self.case.id}").text


@pytest.fixture
def desk(app, procedure):
    """A case whose programme was approved, under the document that the test is about."""
    app.config["WTF_CSRF_ENABLED"] = False
    people = settle(app)
    family = people.podorozhnikovy
    case = subject_of(app, family)
    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        subject.procedure = procedure
        for event in ("plan_approved", "general_report_sent", "final_report_given"):
            record_event(subject, event, on=demo_day() - timedelta(days=20))
        db.session.commit()
    return Desk(app, people, case, sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", family)))


def has_register(procedure):
    return procedure.partition("@")[0] in WITH_A_REGISTER


def test_the_table_above_names_every_outcome_of_every_document():
    known = {key: {one.id: one.leads_to for one in load_profile(key).closing_outcomes} for key in released()}

    assert known == OUTCOMES


@pytest.mark.parametrize(("procedure", "outcome"), THOSE["closed"])
def test_what_ends_the_work_ends_it_with_the_last_word_of_the_document(desk, procedure, outcome):
    desk.decide(outcome)

    if has_register(procedure):
        assert desk.closed_on() is None
        assert desk.off_the_register().status_code == 303
    assert desk.closed_on() == demo_day()
    assert "Подорожниковы" not in read(sign_in(desk.app, desk.people.igor), "/families").text


@pytest.mark.parametrize(("procedure", "outcome"), THOSE["continued"])
def test_what_goes_on_goes_on_and_is_not_taken_off_the_register(desk, procedure, outcome):
    desk.decide(outcome)

    answer = desk.off_the_register()

    assert answer.status_code == 422
    assert ("Решено продолжать" if has_register(procedure) else "нет такого шага") in answer.text
    assert desk.closed_on() is None
    assert "Подорожниковы" in read(sign_in(desk.app, desk.people.igor), "/families").text


@pytest.mark.parametrize(("procedure", "outcome"), THOSE["aftercare"])
def test_what_leads_to_help_afterwards_lets_it_begin_from_the_page_of_the_case(desk, outcome):
    path = f"/cases/{desk.case.id}/aftercare"
    assert path not in desk.page()
    assert "когда комиссия решила" in read(desk.client, path).text

    desk.decide(outcome)

    assert path in desk.page()
    assert "когда комиссия решила" not in read(desk.client, path).text
    assert desk.off_the_register().status_code == 303
    assert desk.closed_on() == demo_day()
    assert path in desk.page(), "who comes to it later still finds where it begins"


@pytest.mark.parametrize(("procedure", "outcome"), THOSE["file_control"])
def test_what_leads_to_the_card_index_is_put_there_and_stays_open(desk, outcome):
    desk.decide(outcome)

    refused = desk.off_the_register()
    assert refused.status_code == 422
    assert "картотечный учёт" in refused.text
    assert take(desk.client, desk.case, "file_control_started", on=demo_day()).status_code == 303
    assert desk.closed_on() is None
    assert "Подорожниковы" in read(desk.client, "/file-control").text


@pytest.mark.parametrize(("procedure", "outcome"), THOSE["early_help"])
def test_what_is_lowered_to_early_help_ends_the_case_and_begins_that(desk, outcome):
    desk.decide(outcome)

    assert desk.closed_on() == demo_day()
    assert subject_of(desk.app, desk.people.podorozhnikovy, "early_help").closed_on is None


@pytest.mark.parametrize(("procedure", "outcome"), EVERY)
def test_an_outcome_is_read_afterwards_in_the_documents_words(desk, procedure, outcome):
    title = next(one.title for one in load_profile(procedure).closing_outcomes if one.id == outcome)

    desk.decide(outcome)

    assert title in desk.page()
