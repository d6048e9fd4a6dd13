"""Sections of a case page: whose turn it is, at which stage the work stands, and what was done after its day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curator_app.cases.exit_criteria import CHECKED, met_in
from curator_app.cases.hats import OWED_BY
from curator_app.cases.stepping import ground_of, offered
from curator_app.desk.case_access import Opened
from curator_app.procedures.stages import Standing, current_stage, stages_of, word_of
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.reasons import Line, duties_of, line_of

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a case stands: whose turn it is and the stage, with what is asked for at the stage's end."""

    stages: Sequence[Standing]
    now: Standing | None
    of: int
    """So many stages the whole document has."""
    met: frozenset[str]
    """Exit criteria of the stage that somebody has seen to be met."""
    next: Line | None
    mine: bool
    """Whether the reader takes the step that is waited for."""
    may_check: bool

    def word_of(self, standing: Standing) -> str:
        """Return how one of the stages stands among the others."""
        return word_of(standing, self.stages, self.now)

    @property
    def words_of(self) -> tuple[int, int]:
        """Return how many of the stage's criteria are met, and how many there are."""
        asked = [one.id for one in self.now.stage.exit_criteria] if self.now else []
        return sum(1 for one in asked if one in self.met), len(asked)


@dataclass(frozen=True, slots=True)
class Late:
    """What was done after its day."""

    line: Line
    days: int


def turn(session: Session, opened: Opened) -> Turn:
    """Return whose turn it is and where the work stands."""
    ground, on = ground_of(session, opened.subject), opened.on
    stages = stages_of(ground.profile, opened.subject.kind, ground.facts, on)
    now = current_stage(stages)
    first = next((line for line in duties_of(session, opened.subject, on) if line.state != "paused"), None)
    may_take = {one.event for one in offered(ground, opened.hats) if not one.why_not}
    return Turn(
        stages=stages,
        now=now,
        of=len(ground.profile.stages),
        met=met_in(ground.facts, now.stage.id) if now else frozenset(),
        next=first,
        mine=_is_mine(first, opened, may_take),
        may_check=CHECKED in may_take,
    )


def _is_mine(first: Line | None, opened: Opened, may_take: Collection[str]) -> bool:
    """Tell whether the reader is who is waited for: others may record what a curator owes, and it is not their turn."""
    if first is None or first.rule is None or not set(first.rule.done_by).intersection(may_take):
        return False
    return bool(opened.hats & OWED_BY.get(first.row.owner, frozenset()))


def late(session: Session, opened: Opened) -> list[Late] | None:
    """Return what was done after its day, the newest first; a pause and a day that did not count are left out."""
    query = select(DutyRow).where(DutyRow.subject_id == opened.subject.id, DutyRow.met_on > DutyRow.due_on)
    rows = session.scalars(query.options(joinedload(DutyRow.subject)).order_by(DutyRow.met_on.desc()).limit(SHOWN))
    found = [Late(line_of(row, opened.on), row.late_days_on(row.met_on or date.min, row.met_at)) for row in rows]
    return [one for one in found if one.days] or None
