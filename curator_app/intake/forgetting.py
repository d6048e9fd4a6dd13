"""What a check wrote down goes with the signal's own words when their term is over; that it happened stays."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from curator_app.cases.erasing import without_words
from curator_app.cases.safety import forget_plans
from curator_app.intake.check_models import Decision, Finding, Inquiry, Investigation, Order, SurveyAct
from curator_app.subjects.models import Event, Subject


def forget_check(session: Session, subject: Subject) -> None:
    """Take the words of a check away: findings and acts go, questions, orders and the decision lose theirs."""
    for table in (Finding, SurveyAct, Investigation):
        session.execute(delete(table).where(table.subject_id == subject.id))
    forget_plans(session, subject)
    words = {"question": "", "answer": "", "answered_by": "", "token_hash": None}
    session.execute(update(Inquiry).where(Inquiry.subject_id == subject.id).values(**words))
    session.execute(update(Order).where(Order.subject_id == subject.id).values(what="", act=""))
    session.execute(update(Decision).where(Decision.subject_id == subject.id).values(reason=""))
    for event in session.scalars(select(Event).where(Event.subject_id == subject.id)):
        event.data = cast("dict[str, Any]", without_words(event.data))
