"""Where a subject stands in its document: stages that have begun and ended, and the one that the work is at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from curator_app.procedures.facts import Fact
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.stages import current_stage, stages_of, word_of

BEGAN = date(2026, 10, 1)


def facts(*types):
    """Return one fact a day."""
    return [Fact(str(n), "case", kind, BEGAN + timedelta(days=n)) for n, kind in enumerate(types)]


@pytest.mark.parametrize(
    ("happened", "at"),
    [
        (("case_opened",), "case_work"),
        (("case_opened", "curator_assigned"), "support_card"),
        (("case_opened", "curator_assigned", "support_card_filled"), "consilium"),
        (("case_opened", "curator_assigned", "support_card_filled", "consilium_held"), "plan_work"),
        (("case_opened", "curator_assigned", "support_card_filled", "consilium_held", "plan_approved"), "monitoring"),
    ],
)
def test_the_work_is_at_the_stage_that_began_last_and_goes_on(happened, at):
    stages = stages_of(load_profile("novosibirsk_2022@1"), "case", facts(*happened), date(2026, 12, 1))

    assert current_stage(stages).stage.id == at


def test_a_stage_has_the_days_on_which_it_began_and_ended():
    happened = facts("case_opened", "curator_assigned", "support_card_filled")

    stages = stages_of(load_profile("novosibirsk_2022@1"), "case", happened, date(2026, 12, 1))

    card = next(one for one in stages if one.stage.id == "support_card")
    assert (card.begun, card.ended, card.state) == (date(2026, 10, 2), date(2026, 10, 3), "done")


def test_what_is_ahead_of_the_day_has_not_begun():
    happened = facts("case_opened", "curator_assigned", "support_card_filled")

    stages = stages_of(load_profile("novosibirsk_2022@1"), "case", happened, date(2026, 10, 2))

    assert current_stage(stages).stage.id == "support_card"


def test_stages_are_counted_over_the_whole_document():
    profile = load_profile("novosibirsk_2022@1")

    stages = stages_of(profile, "case", facts("case_opened"), date(2026, 12, 1))

    assert [profile.stages[one.number - 1] for one in stages] == [one.stage for one in stages]
    assert all(one.stage.subject == "case" for one in stages)


def test_a_closed_case_that_was_opened_again_is_at_work_again():
    closed = ("case_opened", "curator_assigned", "closing_decided")
    profile = load_profile("novosibirsk_2022@1")

    over = stages_of(profile, "case", facts(*closed), date(2026, 12, 1))
    again = stages_of(profile, "case", facts(*closed, "reopened"), date(2026, 12, 1))

    assert next(one for one in over if one.stage.id == "case_work").state == "done"
    assert next(one for one in again if one.stage.id == "case_work").state == "now"


def test_before_anything_happened_the_first_stage_is_ahead():
    stages = stages_of(load_profile("novosibirsk_2022@1"), "case", [], date(2026, 12, 1))

    assert (current_stage(stages), stages[0].state) == (stages[0], "ahead")


def test_a_stage_beside_the_others_and_one_that_nobody_needed_are_called_so():
    happened = facts("case_opened", "curator_assigned", "support_card_filled", "consilium_held", "plan_approved")
    stages = stages_of(load_profile("novosibirsk_2022@1"), "case", happened, date(2026, 12, 1))

    said = {one.stage.id: word_of(one, stages, current_stage(stages)) for one in stages}

    assert said == {
        "case_work": "beside",
        "support_card": "done",
        "life_arrangement": "unneeded",
        "consilium": "done",
        "plan_work": "done",
        "monitoring": "now",
    }
