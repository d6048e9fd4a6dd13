"""Signals of a load: for every family one that led to its case, in the journal of its territory's year."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from curator_app.intake.models import CALL, CHECKING, NOTICE, PASSED, TAKEN, WAYS, Signal, signal_word
from curator_app.intake.words import rows_of
from curator_app.subjects.models import Event, Subject

if TYPE_CHECKING:
    from curator_app.demo.bulk import Centre


def put_signal(centre: Centre, family: uuid.UUID, names: list[str], address: str, number: int) -> None:
    """Add the rows of a family's signal: what was told, its clock, its line in the journal, and its words."""
    known = centre.days_ago(1, 700)
    told_at = datetime.combine(known, time(9), UTC) + timedelta(minutes=centre.chance.randint(0, 600))
    settled = known < centre.today - timedelta(days=30)
    subject = centre.add(
        Subject,
        kind="signal",
        family_id=None,
        territory_id=centre.territory,
        procedure="novosibirsk_2022@1",
        last_event_no=1,
        closed_on=known + timedelta(days=10) if settled else None,
    )
    centre.add(
        Event, subject_id=subject, no=1, type="signal_known", on=known, data={}, author_id=None, recorded_at=told_at
    )
    child = {"name": names[-1], "age": str(centre.chance.randint(1, 16)), "place": "Школа"}
    said = {"children": [child], "adults": names[0], "address": address, "signs": [], "facts": "Придумано для нагрузки"}
    times = {"known_on": known, "received_at": told_at, "registered_at": told_at + timedelta(hours=2)}
    centre.add(
        Signal,
        id=subject,
        territory_id=centre.territory,
        way=centre.chance.choice((*WAYS, NOTICE, CALL)),
        source="school",
        year=known.year,
        number=number,
        safe_now="unknown",
        state=PASSED if settled else centre.chance.choice((TAKEN, CHECKING)),
        outcome="case_opened" if settled else "",
        family_id=family if settled else None,
        **said,
        **times,
    )
    for place, word in rows_of([child["name"]], names[0], address, ""):
        centre.rows[signal_word].append({"place": place, "word": word, "signal_id": subject})
