"""Copies of a resolution or a plan, one by one: to whom, how, when sent, when it came there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.audit.service import record
from curator_app.auth.models import SignIn
from curator_app.cases.curators import curator_on
from curator_app.cases.models import PaperCopy
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.clock import today
from curator_app.errors import Refused
from curator_app.subjects.models import Subject

RESOLUTION = "resolution"
PAPER_OF = {"resolution_copies_sent": RESOLUTION, "plan_copies_sent": "plan"}
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Addressed:
    """One copy as it goes out."""

    addressee: str
    organisation_id: uuid.UUID | None = None
    way: str = BY_HAND
    number: str = ""


def copies_of(session: Session, subject: Subject) -> Sequence[PaperCopy]:
    """Return the copies of a case's papers, the last sent first."""
    query = select(PaperCopy).where(PaperCopy.subject_id == subject.id)
    return session.scalars(query.order_by(PaperCopy.sent_on.desc(), PaperCopy.id.desc())).all()


def sent(taken: Taken) -> None:
    """Note each copy that went out."""
    lines: Sequence[Addressed] = taken.answers.get("copies") or [
        Addressed(line.strip()) for line in str(taken.answers.get("to") or "").splitlines() if line.strip()
    ]
    if not lines:
        raise StepRefused(texts.text("copies.to_nobody"), field_name="to")
    for line in lines:
        taken.session.add(
            PaperCopy(
                subject_id=taken.subject.id,
                paper=PAPER_OF[taken.event],
                organisation_id=line.organisation_id,
                addressee=line.addressee,
                way=line.way,
                number=line.number,
                sent_on=taken.on,
            )
        )
    taken.data["to"] = "; ".join(line.addressee for line in lines)


def arrived(session: Session, copy: PaperCopy, on: date, who: str, by: SignIn) -> None:
    """Note that a copy came to its addressee; raise Refused for a day on which it cannot have."""
    if on < copy.sent_on or on > today(copy.subject.territory.zone):
        raise Refused(fields={"received_on": texts.text("copies.day", day=copy.sent_on.strftime("%d.%m.%Y"))})
    copy.received_on, copy.received_by = on, who
    record(
        session,
        "copy:arrived",
        person_id=by.person_id,
        enrolment_id=by.enrolment_id,
        family_id=copy.subject.family_id,
        object_id=copy.id,
    )


def curator_has_it(taken: Taken) -> None:
    """Note that the copy sent to the curator's organisation has come: whoever says «получено» has it in hand."""
    curator = curator_on(taken.session, taken.subject, taken.on)
    if curator is None:
        return
    query = select(PaperCopy).where(PaperCopy.subject_id == taken.subject.id, PaperCopy.paper == RESOLUTION)
    query = query.where(PaperCopy.organisation_id == curator.organisation_id, PaperCopy.received_on.is_(None))
    for copy in taken.session.scalars(query.where(PaperCopy.sent_on <= taken.on)):
        copy.received_on, copy.received_by = taken.on, curator.person.short_name


EFFECTS: dict[str, Effect] = {**dict.fromkeys(PAPER_OF, sent), "resolution_received": curator_has_it}
