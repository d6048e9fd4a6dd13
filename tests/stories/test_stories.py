"""Every procedure's story through the pages, as browsers post their forms: days by hand, each step by its people."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from tests.stories import bashkortostan_2017, kdn_stage_table, kochki_2020, krasnoyarsk_2011, novosibirsk_2022
from tests.support.story import ClientDesk

STORIES = (kochki_2020, novosibirsk_2022, krasnoyarsk_2011, kdn_stage_table, bashkortostan_2017)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.PROCEDURE)
def test_the_story_goes_from_the_signal_to_the_last_follow_up(
    settle: Callable[[str, str], ClientDesk], story: ModuleType
) -> None:
    desk = settle(story.PROCEDURE, story.ZONE)
    story.signal(desk)
    story.case(desk)
