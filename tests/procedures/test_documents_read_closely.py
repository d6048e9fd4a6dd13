"""What a second, closer reading of the documents changed: terms, their beginnings, papers, branches, children."""

from __future__ import annotations

from datetime import date, datetime

from curator_app.procedures.calendar import calendar_of
from tests.procedures.five_profiles import (
    ALL,
    BASHKORTOSTAN,
    KOCHKI,
    KRASNOYARSK,
    NOVOSIBIRSK,
    TABLE,
    fact,
    owed,
    rule,
)


def test_a_signal_s_day_is_counted_from_what_was_known_not_from_what_was_written_down():
    known = fact("signal", "signal_known", "2026-11-06", "09:00:00+03:00")
    written = fact("signal", "signal_registered", "2026-11-10", "09:30:00+03:00")

    found = owed(TABLE, known, written, as_of="2026-11-10")

    for name in ("signal_registration", "signal_report"):
        assert found[name].due == datetime.fromisoformat("2026-11-07T09:00:00+03:00")
        assert found[name].state in {"late", "met"}
        assert found[name].late_days == 3
        assert "anchor_assumed" in found[name].marks


def test_the_table_s_three_days_are_for_the_category_and_its_safety_check_has_no_term():
    assert [one.id for one in TABLE.duties if one.within and one.within.unit == "unspecified_day"] == ["categorise"]
    assert rule(TABLE, "categorise").stage == "social_investigation"
    assert rule(TABLE, "signal_check").stage == "safety_and_risk_assessment"
    assert rule(TABLE, "signal_check").within is None


def test_kochki_knows_five_papers_on_results_with_their_own_owners_and_krasnoyarsk_one():
    approved = fact("case", "plan_approved", "2026-10-30")
    reports = {
        "group_quarter_results": "working_group",
        "group_analytical_report": "working_group",
        "curator_analytical_material": "case_curator",
        "approve_curator_material": "kdn_commission",
        "stage_analysis": "case_curator",
        "general_report": "case_curator",
    }

    found = owed(KOCHKI, approved, as_of="2026-11-02")

    assert {name: found[name].rule.owner for name in reports} == reports
    quarterly = {name for name in reports if found[name].due == date(2026, 12, 31)}
    assert quarterly == set(reports) - {"stage_analysis", "general_report"}
    assert found["general_report"].state == found["stage_analysis"].state == "undated"
    registered = fact("case", "registered", "2026-10-30")
    krasnoyarsk = owed(KRASNOYARSK, registered, approved, as_of="2026-11-02")
    assert [name for name, duty in krasnoyarsk.items() if duty.due == date(2026, 12, 31)] == ["quarterly_information"]


def test_a_family_is_acquainted_three_times_and_one_acquaintance_is_not_another():
    events = [fact("case", type_, "2026-10-30") for type_ in ("registered", "group_formed", "plan_approved")]
    told = fact("case", "family_acquainted", "2026-11-02", **{"with": "programme"})
    names = ("acquaint_resolution", "acquaint_group", "acquaint_programme")

    for profile in (KRASNOYARSK, KOCHKI):
        found = owed(profile, *events, told, as_of="2026-11-03")
        assert [found[name].state for name in names] == ["undated", "undated", "met"]


def test_steps_without_a_date_are_owed_in_every_document():
    undated = {one.id: sum(not part.within and not part.every for part in one.duties) for one in ALL}

    assert all(undated.values())
    assert undated["bashkortostan_2017"] == len(BASHKORTOSTAN.duties)


def test_a_beginning_that_a_document_does_not_name_is_marked():
    assumed = {one.id: {part.id for part in one.duties if part.anchor_assumed} for one in ALL}

    assert assumed["kdn_stage_table"] >= {
        "signal_registration",
        "categorise",
        "effectiveness_quarterly",
        "interim_review",
    }
    assert assumed["krasnoyarsk_2011"] == {"home_visit", "quarterly_information"}
    assert assumed["novosibirsk_2022"] >= {
        "primary_diagnosis",
        "notice_to_single_window",
        "kkss_parts_1_2",
        "consilium",
        "case_monitoring",
        "plan_term",
    }
    assert assumed["bashkortostan_2017"] == set()
    # Kochki names from what its own terms run.
    named = {"order_survey", "first_survey", "resolution_copies", "programme_proposals", "programme_draft"}
    assert named.isdisjoint(assumed["kochki_2020"])


def test_kochki_s_fifteen_days_run_from_the_paper_s_arrival_not_from_its_adoption():
    adopted = fact("case", "resolution_adopted", "2026-10-30")
    received = fact("case", "resolution_received", "2026-11-05")

    assert "programme_draft" not in owed(KOCHKI, adopted, as_of="2026-10-30")
    assert owed(KOCHKI, adopted, received, as_of="2026-11-05")["programme_draft"].due == date(2026, 11, 20)


def test_what_novosibirsk_took_from_a_draft_is_shown_as_a_choice():
    check = rule(NOVOSIBIRSK, "single_window_check")
    assert check.within is not None
    assert check.within.unit == "working_day"
    assert check.territory_choice

    not_confirmed = next(one for one in NOVOSIBIRSK.intake_outcomes if one.id == "not_confirmed")
    assert not_confirmed.territory_choice
    assert not_confirmed.source is None


def test_supervision_is_for_whoever_works_with_families_and_nobody_is_named_to_hold_it():
    supervision = rule(NOVOSIBIRSK, "supervision")

    assert supervision.subject == "person"
    assert supervision.owner != "case_curator"
    assert supervision.unsaid


def test_after_the_shelter_a_child_goes_home_or_to_another_family_and_the_shelter_settles_nothing():
    removed = fact("case", "child_removed", "2026-09-07", child="boy")
    shelter = fact("case", "child_placed", "2026-09-07", child="boy", where="shelter")
    home = fact("case", "child_returned", "2026-10-12", child="boy", where="birth_family")
    family = fact("case", "child_placed", "2026-10-12", child="boy", where="substitute_family")

    in_shelter = owed(BASHKORTOSTAN, removed, shelter, as_of="2026-09-08")
    assert in_shelter["placement"].state == "met"
    assert in_shelter["life_arrangement"].state == "undated"
    assert in_shelter["social_status"].rule.owner == "shelter"
    for settled in (home, family):
        found = owed(BASHKORTOSTAN, removed, shelter, settled, as_of="2026-10-13")
        assert found["life_arrangement"].met_by == settled


def test_both_branches_after_a_monitoring_lead_on():
    persists = fact("case", "monitoring_done", "2026-09-07", result="crisis_persists")
    positive = fact("case", "monitoring_done", "2026-09-07", result="positive")

    assert set(owed(BASHKORTOSTAN, persists, as_of="2026-09-08")) == {"crisis_decision"}
    assert set(owed(BASHKORTOSTAN, positive, as_of="2026-09-08")) == {"execution_report"}


def test_services_in_bashkortostan_follow_from_need_not_from_a_category():
    registered = fact("case", "registered", "2026-09-07")
    need = fact("case", "need_recognised", "2026-09-14")

    assert "services_programme" not in owed(BASHKORTOSTAN, registered, as_of="2026-09-08")
    assert owed(BASHKORTOSTAN, registered, need, as_of="2026-09-15")["services_programme"].state == "undated"
    assert [one.id for one in BASHKORTOSTAN.classifications] == ["need"]


def test_the_table_discusses_a_safety_plan_with_whoever_answers_for_it_where_there_is_a_threat():
    opened = fact("case", "case_opened", "2026-02-05")
    threat = fact("case", "risk_decided", "2026-02-05", risk_degree="threat", child="boy")
    calm = fact("case", "risk_decided", "2026-02-05", risk_degree="no_threat", child="boy")

    asked = owed(TABLE, opened, threat, as_of="2026-02-06")
    assert "ответственных" in asked["safety_plan_discussed"].rule.title
    assert "детальной диагностики" in asked["group_created"].rule.title
    assert "safety_plan_discussed" not in owed(TABLE, opened, calm, as_of="2026-02-06")


def test_krasnoyarsk_sees_what_keeps_parents_from_work_and_how_a_household_is_helped():
    lists = {one.id: {item.id for item in one.items} for one in KRASNOYARSK.checklists}

    assert lists["work_barriers"] == {"no_papers", "addiction", "unwillingness"}
    assert lists["household_help"] == {"smallholding", "seeds", "ploughing", "sponsors"}
    assert {"satisfied_with_life", "satisfied_with_services", "earned_income"} <= lists["social_effect"]


def test_what_concerns_a_child_is_kept_by_child():
    by_child = {one.id: {part.id for part in one.duties if "child" in part.match} for one in ALL}

    assert by_child["kdn_stage_table"] == {"emergency_measures", "safety_plan"}
    assert by_child["bashkortostan_2017"] == {"placement", "social_status", "life_arrangement"}
    assert all(named.scope in {"child", "both"} for one in ALL for named in one.classifications)


def test_what_is_to_be_done_at_once_is_never_late():
    known = fact("signal", "signal_known", "2026-10-30", "10:00:00+07:00")

    informed = owed(KOCHKI, known, as_of="2027-01-30")["inform_commission"]

    assert (informed.state, informed.late_days) == ("elapsed", 0)


def test_each_document_counts_by_its_own_place():
    zones = {one.id: one.zone for one in ALL}

    assert zones == {
        "kdn_stage_table": "Europe/Moscow",
        "krasnoyarsk_2011": "Asia/Krasnoyarsk",
        "novosibirsk_2022": "Asia/Novosibirsk",
        "kochki_2020": "Asia/Novosibirsk",
        "bashkortostan_2017": "Asia/Yekaterinburg",
    }
    # Uraza Bairam of 2026: a day off in Bashkortostan alone.
    working = {one.id for one in ALL if calendar_of(one.calendar).is_working(date(2026, 3, 20))}
    assert working == set(zones) - {"bashkortostan_2017"}
