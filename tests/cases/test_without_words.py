"""What an event keeps when its words are erased."""

from __future__ import annotations

import pytest

from curator_app.cases.erasing import without_words


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"level": "high", "reason": "Мама в больнице"}, {"level": "high"}),
        ({"child": "01a2-ff", "text": "x y", "on": "2026-11-05"}, {"child": "01a2-ff", "on": "2026-11-05"}),
        ({"phone": "79990000000", "every": {"n": 2, "unit": "week"}}, {"every": {"n": 2, "unit": "week"}}),
        ({"corrects": "01a2", "data": {"text": "Имя"}, "void": True}, {"corrects": "01a2", "data": {}, "void": True}),
    ],
)
def test_an_event_keeps_codes_days_and_ids(before, after):
    assert without_words(before) == after
