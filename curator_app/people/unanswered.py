"""Organisations whose people go to families, and where nobody would answer when one of them calls for help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from curator_app.auth.models import Organisation, Role
from curator_app.urgent.models import DUTY_ROLES

GOES_TO_FAMILIES = ("case_curator", "early_help_owner")
SHOWN = 5


def unanswered(session: Session, on: date) -> Sequence[Organisation]:
    """Return some of them, by name: on that day somebody works there, and nobody heads it or keeps duty."""
    here, answers = aliased(Role), aliased(Role)
    goes = select(here.id).where(here.organisation_id == Organisation.id, here.held_on(on))
    hears = select(answers.id).where(answers.organisation_id == Organisation.id, answers.held_on(on))
    query = select(Organisation).where(
        goes.where(here.role.in_(GOES_TO_FAMILIES)).exists(), ~hears.where(answers.role.in_(DUTY_ROLES)).exists()
    )
    return session.scalars(query.order_by(Organisation.name, Organisation.id).limit(SHOWN)).all()
