"""Jobs that tests send to a real worker to see where they land."""

from __future__ import annotations

from sqlalchemy import func, select

from curator_app.auth.models import Person
from curator_app.extensions import db


def count_people() -> int:
    """Return how many people the worker's database knows."""
    return db.session.scalars(select(func.count()).select_from(Person)).one()


def ask_for(count: int) -> str:
    """Ask for so many bytes at once, as a decoder of a crafted picture would."""
    try:
        return str(len(bytearray(count)))
    except MemoryError:
        return "refused"
