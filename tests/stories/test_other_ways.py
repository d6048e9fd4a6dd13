"""What the five stories pass by: early help, a threat to life, work that stands still, a family that moves away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.stories import early_help, kochki_2020, krasnoyarsk_2011, life_threat, moving, pause
from tests.support.story import ClientDesk

Settle = Callable[..., ClientDesk]
ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])


@ON_SQLITE
def test_early_help_goes_from_the_signal_over_consent_and_plan_to_its_end(settle: Settle) -> None:
    desk = settle(early_help.PROCEDURE, early_help.ZONE)
    early_help.signal(desk)
    early_help.agreed(desk)
    early_help.to_its_end(desk)


@ON_SQLITE
def test_a_family_refuses_early_help_then_wants_it_then_withdraws(settle: Settle) -> None:
    desk = settle(early_help.PROCEDURE, early_help.ZONE)
    early_help.signal(desk)
    early_help.refused_then_withdrawn(desk)


def test_a_threat_to_life_goes_from_the_alarm_over_a_place_for_the_child_to_a_case(settle: Settle) -> None:
    desk = settle(life_threat.PROCEDURE, life_threat.ZONE)
    early_help.signal(desk)
    early_help.agreed(desk)
    life_threat.alarm(desk)
    life_threat.case(desk)


@ON_SQLITE
def test_work_stands_still_by_a_decision_and_goes_on(settle: Settle) -> None:
    desk = settle(pause.PROCEDURE, pause.ZONE)
    krasnoyarsk_2011.signal(desk)
    pause.hospital(desk)
    pause.prison(desk)


@ON_SQLITE
def test_a_family_moves_to_a_district_that_first_sends_its_case_back(settle: Settle) -> None:
    here, there = settle(*moving.HERE), settle(*moving.NEW)
    kochki_2020.signal(here)
    moving.sent_back(here, there)
    moving.taken(here, there)
