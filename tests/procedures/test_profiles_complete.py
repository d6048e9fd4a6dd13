"""A profile holds all that its document asks: whoever acts has a name there, and every way out can be reached."""

from __future__ import annotations

import pytest

from curator_app.procedures.profile_definition import Profile
from tests.procedures.five_profiles import ALL, BASHKORTOSTAN, KRASNOYARSK, TABLE

each_profile = pytest.mark.parametrize("profile", ALL, ids=lambda profile: profile.id)
step_by_step = pytest.mark.parametrize("profile", [TABLE, KRASNOYARSK, BASHKORTOSTAN], ids=lambda profile: profile.id)
"""Documents that are read from top to bottom; the other two have branches that run side by side."""
STAGES = {
    "kdn_stage_table": 11,
    "krasnoyarsk_2011": 4,
    "novosibirsk_2022": 12,
    "kochki_2020": 11,
    "bashkortostan_2017": 4,
}
NEXT = {"aftercare": "aftercare_started", "file_control": "file_control_started", "closed": "closing_decided"}
"""What an outcome leads to, and the event with which that begins."""


@each_profile
def test_whoever_owes_something_has_a_local_title(profile: Profile):
    titles = {one.id: one.title for one in profile.roles}

    assert all(titles.get(one.owner) for one in profile.duties)
    assert all(titles.get(name) for one in profile.duties for name in one.participants)
    assert len(set(titles.values())) == len(titles)


@each_profile
def test_every_stage_names_who_acts_and_which_paper_it_leaves_or_says_that_none_is_named(profile: Profile):
    assert len(profile.stages) == STAGES[profile.id]
    for stage in profile.stages:
        assert stage.actors, stage.id
        assert stage.documents or stage.unsaid, stage.id
        assert stage.begins_with, stage.id
        assert stage.ends_with, stage.id


@each_profile
def test_every_stage_has_something_to_do(profile: Profile):
    staged = {one.stage for one in profile.duties}

    # In the table of stages nobody owes it to notice a sign: with that everything begins.
    assert {one.id for one in profile.stages} - staged == ({"detection"} if profile is TABLE else set())


@step_by_step
def test_duties_stand_in_the_order_of_their_stages(profile: Profile):
    order = [one.id for one in profile.stages]
    begun = list(dict.fromkeys(order.index(one.stage) for one in profile.duties if one.stage))

    assert begun == sorted(begun)


@each_profile
def test_every_way_a_case_ends_can_be_reached(profile: Profile):
    done = {type_ for one in profile.duties for type_ in (*one.done_by, *one.after, *one.until)}
    done |= {type_ for one in profile.stages for type_ in (*one.begins_with, *one.ends_with)}

    assert "closing_decided" in done
    for outcome in profile.closing_outcomes:
        assert NEXT.get(outcome.leads_to, "closing_decided") in done, outcome.id


@each_profile
def test_an_outcome_on_which_a_duty_waits_is_one_of_the_document_s(profile: Profile):
    known = {one.id for one in profile.closing_outcomes} | {one.id for one in profile.intake_outcomes} | {"adjust"}

    for one in profile.duties:
        assert set(one.after_data.get("outcome", ())) <= known, one.id


@each_profile
def test_grounds_for_another_curator_are_quoted_or_said_to_be_unsaid(profile: Profile):
    assert profile.replacement_grounds
    assert all(one.source or one.unsaid for one in profile.replacement_grounds)
    quoted = [one.id for one in profile.replacement_grounds if one.source]
    assert len(quoted) == (4 if profile.id == "kochki_2020" else 0)


@each_profile
def test_principles_are_shown_with_a_sentence_of_help(profile: Profile):
    assert profile.principles
    assert all(one.help for one in profile.principles)


@each_profile
def test_whoever_is_told_of_lateness_is_a_choice_and_says_so(profile: Profile):
    assert profile.escalations
    assert all(one.territory_choice for one in profile.escalations)


@step_by_step
def test_every_event_on_which_a_duty_hangs_is_said_in_the_document_s_own_words(profile: Profile):
    meant = {one.type for one in profile.events}

    assert {type_ for one in profile.duties for type_ in (*one.after, *one.done_by, *one.until)} <= meant


@each_profile
def test_a_plan_says_who_approves_it_and_how_it_may_change_or_that_this_is_unsaid(profile: Profile):
    assert profile.plans
    for plan in profile.plans:
        assert plan.approval, plan.id
        assert plan.term or plan.unsaid, plan.id


def test_krasnoyarsk_changes_a_programme_in_four_ways():
    kinds = [one.id for one in KRASNOYARSK.plans[0].change_kinds]

    assert kinds == ["priority_changed", "measure_excluded", "measure_added", "body_involved"]
