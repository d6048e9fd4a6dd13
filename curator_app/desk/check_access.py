"""Who opens what of a check, by hat, at a desk. Who told a signal reads a line of feedback and none of its papers."""

from __future__ import annotations

import uuid
from typing import TypeVar

from curator_app.cases.steps import Hat
from curator_app.desk.case_access import Opened, open_subject
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.intake.check_models import Inquiry, Order, SurveyAct
from curator_app.intake.models import Signal

Hats = frozenset[Hat]
GROUP: Hats = frozenset({"group", "group_chair"})
OFFICE: Hats = frozenset({"intake", "commission"})
CARRIES: Hats = frozenset({"curator", "substitute", "head"})
READ: Hats = OFFICE | GROUP | CARRIES
ASK: Hats = OFFICE | CARRIES
ORDER: Hats = OFFICE
DECIDE: Hats = OFFICE | {"group_chair"}

Row = TypeVar("Row", Inquiry, Order, SurveyAct)


def open_check(subject_id: uuid.UUID, hats: Hats, *kinds: str) -> Opened:
    """Return a signal or a case in the hands of somebody with one of these hats; raise NotVisible otherwise."""
    opened = open_subject(subject_id, *(kinds or ("signal", "case")))
    if not opened.hats & hats:
        raise NotVisible
    return opened


def open_row(model: type[Row], key: uuid.UUID, hats: Hats) -> tuple[Row, Opened]:
    """Return a paper of a check by its subject's door."""
    row = db.session.get(model, key)
    if row is None:
        raise NotVisible
    return row, open_check(row.subject_id, hats)


def signal_of(opened: Opened) -> Signal:
    """Return the signal that the opened subject is."""
    return db.session.get_one(Signal, opened.subject.id)


def reads_answers(opened: Opened) -> bool:
    """Tell whether what bodies answered is open: to the raw layer and to intake, as in the timeline."""
    return "raw" in opened.layers or "intake" in opened.hats
