"""The latest day of the next visit, where the procedure names a period: a ceiling, not an aim."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.toml_files import FileError
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Subject


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The last day on which the next visit still keeps the period, and the document's own words for it."""

    on: date
    quote: str


def ceilings_of(session: Session, families: Collection[uuid.UUID]) -> dict[uuid.UUID, Ceiling]:
    """Return the nearest ceiling of each family that has one: its open duty whose period may be shortened for a case.

    Families without a period in their document, and those where nothing began one yet, are not among them.
    """
    rows = session.execute(
        select(Subject.family_id, DutyRow.procedure, DutyRow.rule, DutyRow.due_on)
        .join(Subject)
        .where(Subject.family_id.in_(families), DutyRow.met_on.is_(None), DutyRow.due_on.is_not(None))
        .where(or_(DutyRow.period == "", DutyRow.period.startswith("f:")))
        .order_by(DutyRow.due_on.desc())
    )
    found: dict[uuid.UUID, Ceiling] = {}
    for family_id, procedure, rule, due_on in rows:
        quote = _visit_rules(procedure).get(rule)
        if quote is not None and family_id is not None and due_on is not None:
            found[family_id] = Ceiling(due_on, quote)
    return found


def _visit_rules(procedure: str) -> dict[str, str]:
    """Return the rules of a profile that say how often a family is visited, with the document's words."""
    try:
        profile = load_profile(procedure)
    except FileError:
        return {}
    return {rule.id: rule.source.quote if rule.source else rule.title for rule in profile.duties if rule.frequency}
