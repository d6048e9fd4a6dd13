"""The steps as data: what a document asks for can be recorded, and no step speaks of what nobody knows."""

from __future__ import annotations

import pytest

from curator_app.cases.steps import known_in, step_for, steps
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.vocabulary import vocabulary

PROFILES = ["bashkortostan_2017@1", "kdn_stage_table@1", "kochki_2020@1", "krasnoyarsk_2011@1", "novosibirsk_2022@1"]
DONE_ELSEWHERE = {"alarm_confirmed", "supervision_held", "support_meeting_held"}
"""By who confirms an alarm, and by those who hold supervisions."""


@pytest.mark.parametrize("key", PROFILES)
def test_whatever_a_duty_asks_for_somebody_can_record(key):
    profile = load_profile(key)

    nobodys = {
        (rule.id, event)
        for rule in profile.duties
        for event in rule.done_by
        if event not in DONE_ELSEWHERE and step_for(event, rule.subject) is None
    }

    assert nobodys == set()


def test_a_step_speaks_of_events_that_somebody_knows():
    known = set(vocabulary())
    for key in PROFILES:
        known |= {one for kind in ("signal", "case", "aftercare") for one in known_in(load_profile(key), kind)}

    named = {name for step in steps().values() for name in (*step.requires, *step.not_after, *step.again_after)}

    assert (set(steps()) | named) - known == set()
