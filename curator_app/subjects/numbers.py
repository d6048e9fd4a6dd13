"""Running numbers of whatever is numbered: visits, signals, cases; each series counts by itself."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from curator_app.database import Base, next_value


class NumberSeries(Base):
    """The last number given out in a year of a series; its row lock orders those who ask."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("series", "year"),)
    series: Mapped[str]
    year: Mapped[int]
    """0 where a series does not begin anew each year."""
    last: Mapped[int] = mapped_column(default=0)


def next_in(session: Session, series: str, year: int) -> int:
    """Take the next number of a series in a year; concurrent callers wait for each other's commit."""
    return next_value(session, NumberSeries, "last", series=series, year=year)
