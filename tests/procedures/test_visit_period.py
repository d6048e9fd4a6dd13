"""The latest day of the next visit: a ceiling where the document names a period, nothing where it does not."""

from __future__ import annotations

from datetime import date

import pytest

from curator_app.procedures.visit_period import latest_next_visit


@pytest.mark.parametrize(
    ("last", "latest"),
    [
        (date(2026, 11, 22), date(2026, 12, 22)),
        (date(2026, 12, 15), date(2027, 1, 15)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number_or_on_the_last_of_a_shorter_month(last: date, latest: date) -> None:
    ceiling = latest_next_visit("krasnoyarsk_2011@1", last)

    assert ceiling is not None
    assert ceiling.on == latest
    assert "не реже одного раза в месяц" in ceiling.quote


@pytest.mark.parametrize("procedure", ["novosibirsk_2022@1", "bashkortostan_2017", "kdn_stage_table@1"])
def test_a_document_without_a_period_sets_no_ceiling(procedure: str) -> None:
    assert latest_next_visit(procedure, date(2026, 11, 22)) is None
