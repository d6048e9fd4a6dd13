"""Social services: the family's need is recognised, then a programme says which, how much, until when, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curator_app import texts
from curator_app.cases.models import Service, ServicesProgramme
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.subjects.models import Subject


@dataclass(frozen=True, slots=True)
class Line:
    """One service as it is written into a programme."""

    what: str
    volume: str = ""
    term: str = ""
    provider: str = ""


def programmes_of(session: Session, subject: Subject) -> Sequence[ServicesProgramme]:
    """Return the programmes of a case with their services, the newest first."""
    query = select(ServicesProgramme).where(ServicesProgramme.subject_id == subject.id)
    query = query.options(selectinload(ServicesProgramme.services))
    return session.scalars(query.order_by(ServicesProgramme.since_on.desc(), ServicesProgramme.id.desc())).all()


def made(taken: Taken) -> None:
    """Keep a programme with its services."""
    lines: Sequence[Line] = taken.answers.get("services", ())
    since: date = taken.answers.get("since") or taken.on
    until: date | None = taken.answers.get("until")
    if not lines:
        raise StepRefused(texts.text("services.empty"), field_name="services")
    if until is None or until < since:
        raise StepRefused(texts.text("services.term_day"), field_name="until")
    programme = ServicesProgramme(
        subject_id=taken.subject.id,
        number=str(taken.answers.get("number") or ""),
        since_on=since,
        until_on=until,
        drawn_up_by_id=taken.by.id if taken.by else None,
    )
    programme.services = [
        Service(position=place, what=line.what, volume=line.volume, term=line.term, provider=line.provider)
        for place, line in enumerate(lines)
    ]
    taken.session.add(programme)
    taken.data |= {"until": until.isoformat(), "services": len(lines)}


EFFECTS: dict[str, Effect] = {"services_programme_made": made}
