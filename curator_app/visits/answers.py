"""What one visit says, after its form was checked: plain data between the form and the service.

The same answers come from the office's plain post and from an opened envelope, so the service
never learns which way a visit travelled (docs/architecture.md, «the same HTML, online and offline»).
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Item:
    """One tapped chip; member_id says of whom, None says of the whole family."""

    item: str
    member_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    """One section of the form. Facts (with their source) stand apart from the conclusion."""

    section: str
    strengths: list[Item] = field(default_factory=list)
    worries: list[Item] = field(default_factory=list)
    strengths_own: str = ""
    worries_own: str = ""
    change: str = ""
    fact: str = ""
    source: str = ""
    conclusion: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was tapped or written here."""
        return not any(
            (
                self.strengths,
                self.worries,
                self.strengths_own,
                self.worries_own,
                self.change,
                self.fact,
                self.source,
                self.conclusion,
            )
        )


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo that the visit announces; its bytes travel on their own.

    sha256 is lower-case hex of the JPEG that was sealed; taken_at is text as the camera wrote it.
    """

    id: uuid.UUID
    sha256: str
    place: str = ""
    purpose: str = ""
    caption: str = ""
    taken_at: str = ""


@dataclass(frozen=True, slots=True)
class VisitAnswers:
    """Everything one visit form says. started and ended are "HH:MM" or ""; raw is what was posted."""

    id: uuid.UUID
    family_id: uuid.UUID
    form_version: str
    on: dt.date
    outcome: str = VISIT
    started: str = ""
    ended: str = ""
    where: str = ""
    who_home: list[uuid.UUID] = field(default_factory=list)
    other_home: list[str] = field(default_factory=list)
    absent_children: str = ""
    attempt_words: str = ""
    attempt_fact: str = ""
    good_today: str = ""
    sections: list[SectionAnswers] = field(default_factory=list)
    photos: list[PhotoLine] = field(default_factory=list)
    raw: list[tuple[str, str]] = field(default_factory=list)

    @property
    def took_place(self) -> bool:
        """The family was met; otherwise the outcome names why it was not."""
        return self.outcome == VISIT
