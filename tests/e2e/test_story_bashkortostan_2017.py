"""The story of bashkortostan_2017 in a real browser, page by page, its first visit on a phone; days by hand."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.stories import BrowserDesk
from tests.stories import bashkortostan_2017 as story


def test_from_the_first_signal_to_the_last_follow_up(settle_desk: Callable[[str, str], BrowserDesk]) -> None:
    desk = settle_desk(story.PROCEDURE, story.ZONE)

    desk.by_phone = True
    story.signal(desk)
    story.case(desk)

    assert not desk.by_phone, "a visit came from the phone"
    assert desk.complaints == []
