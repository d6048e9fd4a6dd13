"""How a case ends: with the outcome of its document, each child's own, the family's view; and what comes after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from curator_app.auth.models import Territory
from curator_app.cases.course_models import AftercarePlan, CaseClosing, FileControl
from curator_app.cases.models import CaseChild
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event
from tests.support.cases import HTMX, events_of, office_worker, read, subject_of, take
from tests.support.days import demo_day
from tests.support.people import ORIGIN, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app):
    """The demonstration's people; forms are posted without a token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def kochki(app, people):
    """A case of the document that ends with «снять с учёта»: its programme approved and its report sent."""
    return prepared(app, people.podorozhnikovy, "plan_approved", "general_report_sent")


@pytest.fixture
def secretary(app, people):
    """The secretary of that district's commission."""
    return sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", people.podorozhnikovy))


def prepared(app, family, *events, procedure=None):
    """Return the family's case after these events, if need be under another procedure."""
    case = subject_of(app, family)
    with app.app_context():
        subject = db.session.get_one(Subject, case.id)
        if procedure:
            subject.procedure = procedure
        for event in events:
            record_event(subject, event, on=demo_day() - timedelta(days=20))
        db.session.commit()
    return case


def post(client, path, **answers):
    """Post a form as htmx does."""
    return client.post(path, data=answers, headers=HTMX, base_url=ORIGIN)


def decide(client, case, outcome, **more):
    """Decide about a case today."""
    said = {"on": demo_day().isoformat(), "outcome": outcome, "goals": "partly", "agrees": "partly", "why": "Так лучше"}
    return post(client, f"/subjects/{case.id}/closing", **said | more)


def now(app, case):
    """Return the case as it stands."""
    return subject_as(app, Subject, case.id)


def subject_as(app, model, key):
    with app.app_context():
        row = db.session.get_one(model, key)
        db.session.refresh(row)
        db.session.expunge(row)
        return row


def test_a_decision_keeps_what_was_reached_what_remains_and_what_the_family_says(app, people, kochki, secretary):
    with app.app_context():
        field = f"child_{db.session.merge(people.podorozhnikovy).children[0].id.hex}"
    said = {"reached": "Дети ходят в сад", "remains": "Долг за свет: поможет центр", "family_view": "Хотим сами"}

    assert decide(secretary, kochki, "deregister", **said, **{field: "at_home"}).status_code == 303

    with app.app_context():
        row = db.session.scalars(select(CaseClosing).where(CaseClosing.subject_id == kochki.id)).one()
        assert (row.goals, row.reached, row.remains, row.family_view, row.agrees) == (
            "partly",
            said["reached"],
            said["remains"],
            said["family_view"],
            "partly",
        )
        own = select(CaseChild.outcome).where(CaseChild.subject_id == kochki.id)
        assert "at_home" in db.session.scalars(own).all()
    (event,) = events_of(app, kochki, "closing_decided")
    assert event.data["outcome"] == "deregister"
    assert now(app, kochki).closed_on is None, "the document's last word is the taking off the register"


def test_with_its_last_word_the_case_leaves_the_lists_and_the_phone(app, people, kochki, secretary):
    igor = sign_in(app, people.igor)
    assert "Подорожниковы" in read(igor, "/families").text
    decide(secretary, kochki, "deregister")

    assert take(secretary, kochki, "deregistered", on=demo_day()).status_code == 303

    assert now(app, kochki).closed_on == demo_day()
    with app.app_context():
        assert (
            db.session.scalars(select(Assignment).where(Assignment.subject_id == kochki.id)).first().until_on
            == demo_day()
        )
    for path in ("/families", "/today"):
        assert "Подорожниковы" not in read(igor, path).text, path
    assert read(igor, f"/families/{people.podorozhnikovy.id}").status_code == 404
    phone = sign_in(app, people.igor, "field")
    kit = phone.post("/kit", json={"families": {str(people.podorozhnikovy.id): "x"}, "pages": {}}, base_url=ORIGIN)
    assert f'"gone","families":["{people.podorozhnikovy.id}"]' in kit.get_data(as_text=True).replace(" ", "")


def test_what_was_decided_to_go_on_is_not_taken_off_the_register(app, kochki, secretary):
    decide(secretary, kochki, "keep_and_continue")

    answer = take(secretary, kochki, "deregistered", on=demo_day())

    assert answer.status_code == 422
    assert "Решено продолжать" in answer.text
    assert now(app, kochki).closed_on is None


def test_nothing_more_is_recorded_in_a_closed_case_but_that_it_opens_again(app, kochki, secretary):
    decide(secretary, kochki, "deregister")
    take(secretary, kochki, "deregistered", on=demo_day())

    answer = take(secretary, kochki, "plan_approved", on=demo_day())
    assert answer.status_code == 422
    assert "Работа закончена" in answer.text

    assert take(secretary, kochki, "reopened", on=demo_day(), reason="Мама просит помочь").status_code == 303
    assert now(app, kochki).closed_on is None


def test_a_case_that_is_open_is_not_opened_again(app, kochki, secretary):
    decide(secretary, kochki, "deregister")

    answer = take(secretary, kochki, "reopened", on=demo_day(), reason="Мама просит помочь")

    assert answer.status_code == 422
    assert "Случай открыт, открывать его снова не нужно" in answer.text
    assert events_of(app, kochki, "reopened") == []


def test_a_case_of_a_family_that_moved_is_not_opened_again_where_it_lived(app, people, kochki, secretary):
    decide(secretary, kochki, "deregister")
    take(secretary, kochki, "deregistered", on=demo_day())
    with app.app_context():
        elsewhere = Territory(name="Дальний район", zone="Asia/Novosibirsk", procedure="kochki_2020")
        db.session.get_one(Family, people.podorozhnikovy.id).territory = elsewhere
        db.session.commit()

    answer = take(secretary, kochki, "reopened", on=demo_day(), reason="Мама просит помочь")

    assert answer.status_code == 422
    assert "Семья теперь живёт в другом районе" in answer.text
    assert now(app, kochki).closed_on is not None


def test_an_outcome_of_another_document_is_none(app, kochki, secretary):
    answer = decide(secretary, kochki, "crisis_overcome")

    assert answer.status_code == 422
    assert "Выберите одно из предложенного" in answer.text
    assert events_of(app, kochki, "closing_decided") == []


def test_where_the_document_knows_no_register_the_decision_itself_closes_and_may_lead_to_early_help(app, people):
    case = prepared(app, people.ryabinkiny, "plan_approved")
    client = sign_in(app, office_worker(app, "Приёмова Вера", "intake_officer", people.ryabinkiny))

    assert decide(client, case, "lowered_to_early_help").status_code == 303

    assert now(app, case).closed_on == demo_day()
    assert subject_of(app, people.ryabinkiny, "early_help").closed_on is None


def test_help_afterwards_has_an_owner_a_rhythm_and_an_end(app, people, kochki, secretary):
    path = f"/cases/{kochki.id}/aftercare"
    assert "когда комиссия решила" in read(secretary, path).text
    decide(secretary, kochki, "deregister_and_patronage")
    with app.app_context():
        place = db.session.scalars(select(Assignment.organisation_id).where(Assignment.subject_id == kochki.id)).first()
    said = {"since_on": demo_day().isoformat(), "owner": f"{people.igor.id}.{place}", "agreed": "Звоним раз в месяц"}
    said |= {"every_days": "30", "until_on": (demo_day() + timedelta(days=180)).isoformat()}

    assert post(secretary, path, **said | {"until_on": ""}).status_code == 422
    assert post(secretary, path, **said).status_code == 303
    take(secretary, kochki, "deregistered", on=demo_day())

    after = subject_of(app, people.podorozhnikovy, "aftercare")
    assert [event.type for event in events_of(app, after, "aftercare_started")] == ["aftercare_started"]
    assert "Подорожниковы" in read(sign_in(app, people.igor), "/families").text, "who helps on still sees the family"
    assert post(secretary, path, **said).status_code == 422, "once"

    igor = sign_in(app, people.igor)
    assert (
        take(igor, after, "aftercare_ended", on=demo_day(), ended_as="stable", reason="Справляются").status_code == 303
    )
    assert now(app, after).closed_on == demo_day()
    with app.app_context():
        assert db.session.scalars(select(AftercarePlan.ended_as)).one() == "stable"
    assert "Подорожниковы" not in read(igor, "/families").text


def test_the_card_index_is_a_state_with_a_list(app, people):
    case = prepared(app, people.podorozhnikovy, "plan_approved", "interim_review_held", procedure="kdn_stage_table@1")
    secretary = sign_in(app, office_worker(app, "Секретарёва Анна", "commission_secretary", people.podorozhnikovy))
    ahead = (demo_day() + timedelta(days=90)).isoformat()

    assert take(secretary, case, "file_control_started", on=demo_day(), review_on=ahead).status_code == 303

    page = read(secretary, "/file-control").text
    assert "Подорожниковы" in page
    assert "Посмотреть снова" in page
    assert now(app, case).closed_on is None
    with app.app_context():
        row = db.session.scalars(select(FileControl.id)).one()
    assert post(secretary, f"/file-control/{row}", review_on="").status_code == 303
    assert "не назначен" in read(secretary, "/file-control").text

    take(secretary, case, "file_control_ended", on=demo_day(), ended_as="deregistered", reason="Спокойно год")
    assert "Подорожниковы" not in read(secretary, "/file-control").text
    assert now(app, case).closed_on == demo_day()
    assert read(sign_in(app, people.igor), "/file-control").status_code == 404

    assert take(secretary, case, "reopened", on=demo_day(), reason="Мама просит помочь").status_code == 303
    assert now(app, case).closed_on is None


def test_a_child_of_age_leaves_the_case_and_the_others_stay(app, people, kochki, secretary):
    with app.app_context():
        family = db.session.get_one(Family, people.podorozhnikovy.id)
        grown = family.children[0]
        grown.born_on = demo_day().replace(year=demo_day().year - 18)
        small = str(family.children[-1].id) if len(family.children) > 1 else ""
        db.session.commit()
        key = str(grown.id)

    assert take(secretary, kochki, "child_came_of_age", on=demo_day(), child=key).status_code == 303
    with app.app_context():
        own = select(CaseChild).where(CaseChild.subject_id == kochki.id, CaseChild.member_id == grown.id)
        child = db.session.scalars(own).one()
        assert (child.outcome, child.until_on) == ("came_of_age", demo_day())
    if small:
        assert "18 ещё не исполнилось" in take(secretary, kochki, "child_came_of_age", on=demo_day(), child=small).text


def test_nobody_grows_older_who_died(app, people, kochki, secretary):
    with app.app_context():
        member = db.session.get_one(Family, people.podorozhnikovy.id).adults[0]
        key, age = str(member.id), member.age(demo_day())

    assert take(secretary, kochki, "member_died", on=demo_day(), member=key).status_code == 303

    with app.app_context():
        member = db.session.get_one(Family, people.podorozhnikovy.id).adults[0]
        assert member.died_on == demo_day()
        assert member.age(demo_day() + timedelta(days=4000)) == age
    assert "Нет в живых с" in read(sign_in(app, people.igor), f"/families/{people.podorozhnikovy.id}").text


def test_a_level_decided_anew_is_the_familys_and_early_help_may_become_a_case(app, people):
    case = subject_of(app, people.ryabinkiny)
    intake = sign_in(app, office_worker(app, "Приёмова Вера", "intake_officer", people.ryabinkiny))

    assert (
        take(intake, case, "risk_decided", on=demo_day(), level="life_threat", reason="Новые сведения").status_code
        == 303
    )

    assert subject_as(app, Family, people.ryabinkiny.id).level == "life_threat"


def test_only_who_may_decides_and_the_page_says_who(app, people, kochki):
    igor = sign_in(app, people.igor)

    assert "Это делает" in read(igor, f"/subjects/{kochki.id}/closing").text
    assert decide(igor, kochki, "deregister").status_code == 422
    assert read(igor, f"/cases/{kochki.id}/aftercare").status_code == 404
    assert read(sign_in(app, people.vera), f"/subjects/{kochki.id}/closing").status_code == 404
