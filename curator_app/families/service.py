"""Cautions at a door: noted with a source and a last day, ended when they no longer hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from curator_app.audit.service import record
from curator_app.auth.models import SignIn
from curator_app.families.models import Caution, Family


@dataclass(frozen=True, slots=True)
class NewCaution:
    """What one wants the next visitor to know: a kind, words, who says so, and until which day it holds."""

    kind: str
    text: str
    source: str
    until_on: date


def add_caution(session: Session, family: Family, said: NewCaution, on: date, author: SignIn) -> Caution:
    """Note a caution as of that day."""
    caution = Caution(
        family_id=family.id,
        kind=said.kind,
        text=said.text,
        source=said.source,
        noted_on=on,
        until_on=said.until_on,
        author_id=author.person_id,
    )
    session.add(caution)
    session.flush()
    _write_down(session, "caution:noted", caution, author)
    return caution


def end_caution(session: Session, caution: Caution, on: date, author: SignIn) -> None:
    """End a caution: its last day is the day before."""
    caution.until_on = min(caution.until_on, on - timedelta(days=1))
    _write_down(session, "caution:ended", caution, author)


def _write_down(session: Session, act: str, caution: Caution, author: SignIn) -> None:
    record(
        session,
        act,
        person_id=author.person_id,
        enrolment_id=author.enrolment_id,
        family_id=caution.family_id,
        object_id=caution.id,
    )
