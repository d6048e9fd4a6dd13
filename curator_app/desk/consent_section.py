"""Early help: who carries it, whether the family agrees, and when somebody asks again after a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from curator_app.cases.owners import owner_on, stand_ins_of
from curator_app.cases.stepping import ground_of
from curator_app.desk.case_access import Opened

GIVEN, REFUSED, WITHDRAWN = "consent_given", "consent_refused", "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """The family's last word."""

    state: str
    """consent_given | consent_refused | consent_withdrawn; "" while nobody has asked."""
    on: date | None
    who: str
    information: str
    """What the family was told and given when it said no."""
    recheck_on: date | None
    late_days: int
    """How many days ago somebody was to ask again."""


def consent(session: Session, opened: Opened) -> Consent | None:
    """Return the family's last word about early help; None for any other subject."""
    if opened.subject.kind != "early_help" or "papers" not in opened.layers:
        return None
    said = [fact for fact in ground_of(session, opened.subject).facts if fact.type in {GIVEN, REFUSED, WITHDRAWN}]
    if not said:
        return Consent("", None, "", "", None, 0)
    last = said[-1]
    asks = _day(last.data.get("recheck_on")) if last.type != GIVEN and opened.subject.closed_on is None else None
    late = max(0, (opened.on - asks).days) if asks else 0
    who, told = str(last.data.get("who", "")), str(last.data.get("information", ""))
    return Consent(last.type, last.on, who, told, asks, late)


def owner(session: Session, opened: Opened) -> dict[str, Any] | None:
    """Return who carries early help, if somebody does; None for any other subject."""
    if opened.subject.kind != "early_help" or "papers" not in opened.layers:
        return None
    stand_ins = stand_ins_of(session, opened.subject, opened.on)
    return {"held": owner_on(session, opened.subject, opened.on), "stand_ins": stand_ins}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
