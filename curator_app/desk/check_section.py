"""The check on a signal's page: each of its papers in a line, with what it waits for."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from curator_app.cases.groups import group_of
from curator_app.desk.case_access import Opened
from curator_app.desk.check_access import ASK, DECIDE, READ
from curator_app.intake.deciding import decision_of
from curator_app.intake.findings import acts_of, findings_of, signs_of
from curator_app.intake.inquiries import inquiries_of
from curator_app.intake.investigating import investigation_of
from curator_app.intake.models import Signal
from curator_app.intake.orders import orders_of


def check(session: Session, opened: Opened) -> dict[str, Any] | None:
    """Return what stands in each paper of a signal; None for who reads none of them."""
    subject = opened.subject
    if subject.kind != "signal" or not opened.hats & READ:
        return None
    signal = session.get_one(Signal, subject.id)
    return {
        "inquiries": inquiries_of(session, subject),
        "orders": orders_of(session, subject),
        "acts": acts_of(session, subject),
        "signs": signs_of(session, subject),
        "marked": len(findings_of(session, subject)),
        "plan": investigation_of(session, subject),
        "group": group_of(session, subject),
        "decision": decision_of(session, signal),
        "decides": bool(opened.hats & DECIDE),
    }


def asked(session: Session, opened: Opened) -> dict[str, Any] | None:
    """Return what bodies were asked and ordered while a case goes on; questions for those who may put them."""
    subject = opened.subject
    if subject.kind != "case" or not opened.hats & READ:
        return None
    asks = bool(opened.hats & ASK)
    return {"orders": orders_of(session, subject), "inquiries": inquiries_of(session, subject) if asks else None}
