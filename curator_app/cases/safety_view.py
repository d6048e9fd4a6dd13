"""What protects a child, as one reader may see it: pages ask here, never the rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.cases.safety import plans_in_force
from curator_app.cases.safety_models import BROKEN, LATER, MeasureCheck, SafetyMeasure, SafetyPlan
from curator_app.families.models import Family


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """One row. `state` is kept, broken or "" as long as nobody looked; `fact` and `checks` are the raw layer's."""

    id: uuid.UUID
    threat: str
    measure: str
    who: str
    until_on: date
    is_over: bool
    agreed: str
    agreed_on: date | None
    state: str
    state_on: date | None
    fact: str
    checks: Sequence[MeasureCheck]

    @property
    def waits_agreement(self) -> bool:
        """Tell whether its adult has not been asked yet."""
        return self.agreed == LATER


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """One plan; `address` and `child_knows` are empty for whoever may not read the raw layer."""

    id: uuid.UUID
    kind: str
    child: str
    child_id: uuid.UUID | None
    place: str
    place_words: str
    address: str
    with_whom: str
    child_knows: str
    set_on: date
    review_on: date | None
    review_is_over: bool
    author: str
    ended_on: date | None
    end_reason: str
    end_words: str
    decided_by: str
    measures: Sequence[ShownMeasure]

    @property
    def broken(self) -> list[ShownMeasure]:
        """The measures that were last found not to hold."""
        return [one for one in self.measures if one.state == BROKEN]

    @property
    def calls(self) -> bool:
        """Tell whether somebody has to act: a measure does not hold, or its last day has passed."""
        return self.ended_on is None and any(one.state == BROKEN or one.is_over for one in self.measures)


def shown(plans: Iterable[SafetyPlan], reader: Person, on: date, *, raw: bool) -> list[ShownPlan]:
    """Return plans as a reader with or without the raw layer sees them; who wrote one reads what they wrote."""
    return [_plan(plan, on, raw=raw or plan.author_id == reader.id) for plan in plans]


def of_family(session: Session, family: Family, reader: Person, on: date, *, raw: bool) -> list[ShownPlan]:
    """Return what protects a family's children now, for its pages."""
    return shown(plans_in_force(session, [family.id]), reader, on, raw=raw)


def _plan(plan: SafetyPlan, on: date, *, raw: bool) -> ShownPlan:
    return ShownPlan(
        id=plan.id,
        kind=plan.kind,
        child=plan.of_child,
        child_id=plan.child_id,
        place=plan.place,
        place_words=plan.place_words,
        address=plan.place_address if raw else "",
        with_whom=plan.with_whom,
        child_knows=plan.child_knows if raw else "",
        set_on=plan.set_on,
        review_on=plan.review_on,
        review_is_over=plan.review_on is not None and plan.review_on < on,
        author=plan.author.short_name,
        ended_on=plan.ended_on,
        end_reason=plan.end_reason,
        end_words=plan.end_words if raw else "",
        decided_by=plan.decided_by,
        measures=[_measure(row, on, raw=raw) for row in plan.measures],
    )


def _measure(row: SafetyMeasure, on: date, *, raw: bool) -> ShownMeasure:
    last = row.last
    return ShownMeasure(
        id=row.id,
        threat=row.threat,
        measure=row.measure,
        who=row.who,
        until_on=row.until_on,
        is_over=row.until_on < on,
        agreed=row.agreed,
        agreed_on=row.agreed_on,
        state=last.state if last else "",
        state_on=last.on if last else None,
        fact=last.fact if last and raw else "",
        checks=[one for one in row.checks if one.set_aside_at is None] if raw else [],
    )
