"""Five documents contradict each other. Each contradiction stands here: the profiles differ as their documents do."""

from __future__ import annotations

from datetime import date, datetime

from tests.procedures.five_profiles import (
    ALL,
    BASHKORTOSTAN,
    KOCHKI,
    KRASNOYARSK,
    NOVOSIBIRSK,
    TABLE,
    called,
    fact,
    owed,
    periods,
    quotes,
    role,
    rule,
)


def test_families_are_sorted_by_three_categories_by_four_levels_by_yes_or_no_or_by_need():
    values = {one.id: [value.id for value in named.values] for one in ALL for named in one.classifications[-1:]}

    assert values["kdn_stage_table"] == ["early_distress", "tzhs", "sop"]
    assert values["novosibirsk_2022"] == ["low", "medium", "high", "life_threat"]
    assert values["krasnoyarsk_2011"] == values["kochki_2020"] == ["sop", "not_sop"]
    assert values["bashkortostan_2017"] == ["recognised", "not_recognised"]


def test_only_the_stage_table_sorts_twice_at_once_by_degree_of_risk_and_by_category():
    assert [one.id for one in TABLE.classifications] == ["risk_degree", "level"]
    assert all(len(one.classifications) == 1 for one in ALL if one is not TABLE)


def test_the_three_letters_of_the_plan_mean_work_here_programme_there_and_plan_elsewhere():
    titles = {one.id: next(plan.title for plan in one.plans if plan.short_title.endswith("ИПР")) for one in ALL}

    assert "индивидуальной профилактической работы" in titles["kdn_stage_table"]
    assert "индивидуальной профилактической и реабилитационной работы" in titles["krasnoyarsk_2011"]
    assert titles["kochki_2020"] == "Индивидуальная программа реабилитации"
    assert titles["bashkortostan_2017"].startswith("Индивидуальная межведомственная программа реабилитации")
    assert titles["novosibirsk_2022"].startswith("Индивидуальный план")


def test_the_curator_is_a_person_or_an_organisation_or_nobody():
    curators = {one.id: [part.kind for part in one.roles if part.id == "case_curator"] for one in ALL}

    assert curators == {
        "kdn_stage_table": ["person"],
        "krasnoyarsk_2011": ["person"],
        "novosibirsk_2022": ["person"],
        "kochki_2020": ["organisation"],
        "bashkortostan_2017": [],
    }


def test_novosibirsk_calls_two_roles_curator_the_case_s_and_the_single_window_s():
    assert called(NOVOSIBIRSK, "куратор") == {"case_curator", "intake_officer"}
    assert called(TABLE, "куратор") == called(KRASNOYARSK, "куратор") == {"case_curator"}
    assert called(BASHKORTOSTAN, "куратор") == set()


def test_the_coordinator_is_the_curator_the_commission_both_or_nobody():
    assert called(TABLE, "координатор") == {"case_curator"}
    assert called(KOCHKI, "координатор") == {"kdn_commission"}
    assert called(NOVOSIBIRSK, "координатор") == {"case_curator", "kdn_commission"}
    assert called(KRASNOYARSK, "координатор") == called(BASHKORTOSTAN, "координатор") == set()


def test_a_case_is_opened_by_the_commission_but_in_novosibirsk_by_the_single_window_s_level():
    assert rule(TABLE, "opening_decision").owner == "kdn_commission"
    assert rule(KOCHKI, "next_meeting").owner == "kdn_commission"
    assert rule(BASHKORTOSTAN, "registration_decision").owner == "kdn_commission"
    assert rule(NOVOSIBIRSK, "risk_level_decision").owner == "intake_officer"

    opens = {value.id: value.opens for value in NOVOSIBIRSK.classifications[0].values}
    assert opens == {"low": "early_help", "medium": "case", "high": "case", "life_threat": "case"}


def test_the_commission_approves_the_plan_and_in_novosibirsk_a_consilium_looks_at_it_before():
    chains = {one.id: [step.role for plan in one.plans for step in plan.approval] for one in ALL}

    assert all("kdn_commission" in chain for chain in chains.values())
    assert [name for name, chain in chains.items() if "territorial_consilium" in chain] == ["novosibirsk_2022"]
    unsure = next(step for step in KRASNOYARSK.plans[0].approval if step.role == "kdn_commission")
    assert unsure.source is None
    assert unsure.unsaid


def test_a_signal_is_handed_over_within_a_day_or_after_three_and_one_or_at_once_or_with_no_term():
    known = fact("signal", "signal_known", "2026-10-30", "10:00:00+03:00")

    table = owed(TABLE, known, as_of="2026-10-30")["signal_report"]
    assert table.due == datetime.fromisoformat("2026-10-31T10:00:00+03:00")

    diagnosed = fact("signal", "primary_diagnosis_done", "2026-11-02")
    novosibirsk = owed(NOVOSIBIRSK, known, diagnosed, as_of="2026-11-02")
    assert novosibirsk["primary_diagnosis"].due == date(2026, 11, 2)
    assert novosibirsk["notice_to_single_window"].due == date(2026, 11, 3)

    kochki = owed(KOCHKI, known, as_of="2026-10-30")["inform_commission"]
    assert (kochki.due, kochki.state) == (known.at, "elapsed")

    bashkortostan = owed(BASHKORTOSTAN, known, as_of="2026-10-30")["signal_card"]
    assert (bashkortostan.due, bashkortostan.state) == (None, "undated")
    assert owed(KRASNOYARSK, known, as_of="2026-10-30") == {}


def test_a_signal_is_checked_in_three_days_in_three_and_three_or_with_no_term():
    facts = [
        fact("signal", type_, "2026-11-10")
        for type_ in ("signal_known", "signal_registered", "signal_sent", "signal_received")
    ]

    assert owed(KOCHKI, *facts, as_of="2026-11-10")["first_survey"].due == date(2026, 11, 13)
    novosibirsk = owed(NOVOSIBIRSK, *facts, as_of="2026-11-10")
    assert novosibirsk["primary_diagnosis"].due == novosibirsk["single_window_check"].due == date(2026, 11, 13)
    assert owed(TABLE, *facts, as_of="2026-11-10")["signal_check"].state == "undated"
    assert owed(BASHKORTOSTAN, *facts, as_of="2026-11-10")["primary_survey"].state == "undated"


def test_a_plan_is_prepared_in_fifteen_days_in_twenty_and_ten_or_with_no_term():
    received = fact("case", "resolution_received", "2026-11-05")
    assigned = fact("case", "curator_assigned", "2026-11-05")
    filled = fact("case", "support_card_filled", "2026-11-25")

    assert owed(KOCHKI, received, as_of="2026-11-05")["programme_draft"].due == date(2026, 11, 20)
    novosibirsk = owed(NOVOSIBIRSK, assigned, filled, as_of="2026-11-25")
    # The 25th is the twentieth day; the tenth after it is Saturday, 5 December.
    assert novosibirsk["kkss_parts_1_2"].due == date(2026, 11, 25)
    assert novosibirsk["consilium"].due == date(2026, 12, 7)
    assert owed(TABLE, assigned, as_of="2026-11-05")["programme_draft"].state == "undated"
    assert rule(BASHKORTOSTAN, "programme_draft").within is None


def test_a_plan_lasts_three_months_at_least_six_or_as_long_as_nobody_says():
    terms = {one.id: {(plan.term.n, plan.term.unit, plan.term.bound) for plan in one.plans if plan.term} for one in ALL}

    assert terms == {
        "kdn_stage_table": set(),
        "krasnoyarsk_2011": set(),
        "novosibirsk_2022": {(3, "month", "exactly")},
        "kochki_2020": {(6, "month", "at_least")},
        "bashkortostan_2017": set(),
    }


def test_work_is_looked_at_each_quarter_or_every_three_months_and_in_the_table_once_more_within_six():
    begun = [fact("case", type_, "2026-10-30") for type_ in ("registered", "plan_approved")]

    table = owed(TABLE, *begun, as_of="2026-11-02")
    assert table["effectiveness_quarterly"].due == date(2026, 12, 31)
    assert table["interim_review"].due == date(2027, 4, 30)
    assert owed(KRASNOYARSK, *begun, as_of="2026-11-02")["quarterly_information"].due == date(2026, 12, 31)
    assert owed(KOCHKI, *begun, as_of="2026-11-02")["group_quarter_results"].due == date(2026, 12, 31)
    # Three months from one time to the next: Saturday, 30 January; such a limit does not move.
    assert owed(NOVOSIBIRSK, *begun, as_of="2026-11-02")["case_monitoring"].due == date(2027, 1, 30)
    assert owed(BASHKORTOSTAN, *begun, as_of="2026-11-02")["monitoring"].state == "undated"


def test_where_a_life_is_threatened_novosibirsk_monitors_on_request():
    approved = fact("case", "plan_approved", "2026-10-30")
    asked = fact("case", "monitoring_requested", "2026-11-02")
    threat = fact("case", "risk_decided", "2026-10-30", level="life_threat")

    found = owed(NOVOSIBIRSK, approved, threat, asked, as_of="2026-11-02")

    assert "case_monitoring" not in found
    assert found["monitoring_on_request"].state == "undated"


def test_each_month_brings_a_visit_or_a_meeting_or_a_supervision_or_nothing():
    monthly = {
        one.id: {name for name, (n, unit, mode) in periods(one).items() if (n, unit, mode) == (1, "month", "rolling")}
        for one in ALL
    }

    assert monthly == {
        "kdn_stage_table": set(),
        "krasnoyarsk_2011": {"home_visit"},
        "novosibirsk_2022": {"supervision"},
        "kochki_2020": {"home_visit", "group_meeting"},
        "bashkortostan_2017": set(),
    }


def test_the_curator_answers_for_help_in_krasnoyarsk_and_for_carrying_out_in_kochki():
    assert "не за результат реализации Программы ИПР" in quotes(KRASNOYARSK)
    assert "ответственный за реализацию ИПР" in quotes(KOCHKI)
    assert "несет ответственность за неисполнение" in quotes(KOCHKI)


def test_a_case_ends_in_another_way_in_each_document():
    outcomes = {one.id: {choice.leads_to for choice in one.closing_outcomes} for one in ALL}

    assert outcomes["kdn_stage_table"] == {"closed", "continued", "aftercare", "file_control"}
    assert outcomes["kochki_2020"] == {"closed", "continued", "aftercare"}
    assert outcomes["krasnoyarsk_2011"] == {"closed", "continued"}
    assert {"birth_family", "substitute_family"} <= {one.id for one in BASHKORTOSTAN.closing_outcomes}
    assert all(one.territory_choice and not one.source for one in NOVOSIBIRSK.closing_outcomes)


def test_consent_is_asked_for_at_a_low_level_and_a_resolution_is_the_ground_in_kochki():
    low = fact("early_help", "risk_decided", "2026-11-02", level="low")

    assert owed(NOVOSIBIRSK, low, as_of="2026-11-02")["family_consent"].state == "undated"
    asking = {
        one.id
        for profile in (TABLE, KOCHKI, KRASNOYARSK, BASHKORTOSTAN)
        for one in profile.duties
        if "consent" in one.id
    }
    assert asking == set()
    assert {"voluntary_services", "resolution_is_the_ground"} <= {one.id for one in KOCHKI.principles}


def test_the_group_is_made_for_a_case_or_stands_by_the_administration_s_resolution_or_is_a_consilium():
    assert rule(TABLE, "group_created").subject == "case"
    assert rule(KOCHKI, "group_meeting").subject == "body"
    assert rule(NOVOSIBIRSK, "consilium").owner == "territorial_consilium"
    assert role(NOVOSIBIRSK, "territorial_consilium").title == "Территориальный консилиум"


def test_the_first_check_leaves_another_paper_in_each_document():
    papers = {one.id: {paper for stage in one.stages for paper in stage.documents} for one in ALL}

    assert {"Акт проверки сигнала", "Лист первичной диагностики с оценкой степени риска"} <= papers["kdn_stage_table"]
    assert "Извещение об обнаружении факторов риска семейного неблагополучия" in papers["novosibirsk_2022"]
    assert "Материалы первичного обследования условий жизни" in papers["kochki_2020"]
    assert "Сигнальная карточка" in papers["bashkortostan_2017"]
    assert sum("Акт проверки сигнала" in found for found in papers.values()) == 1
