"""Where a reminder leads on a phone: to the dossier that it carries, not to the office's page of the case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import Person
from curator_app.families.models import Family
from curator_app.reminders.models import Reminder

OWN_PAGES = frozenset({"/today", "/check-in", "/outbox", "/more", "/support", "/duty"})
"""Pages of a phone that are nobody's; every other one is a family's."""
TODAY = "/today"


def phone_path(session: Session, said: Reminder, person: Person, on: date) -> str:
    """Return the phone's page for a reminder; «Сегодня» where the person may not open the family."""
    path, _question, _rest = said.path.partition("?")
    if path in OWN_PAGES:
        return said.path
    family_id = said.subject.family_id if said.subject else None
    if family_id is None:
        return TODAY
    mine = Family.visible_to(person, on).where(Family.id == family_id)
    if not session.scalars(select(mine.exists())).one():
        return TODAY
    own = f"/families/{family_id}"
    return said.path if said.path.startswith(own) else own
