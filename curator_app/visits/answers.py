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
    carried: bool = False
    """Taken over from last time by «так же»."""


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    """One section of the form. Facts (with their source) stand apart from the conclusion."""

    section: str
    member_id: uuid.UUID | None = None
    """The child this is about; chips of every member stand in the family's own entry (None)."""
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
    allowed_by_id: uuid.UUID | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One answered statement; part is safety or living."""

    part: str
    statement: str
    answer: str
    member_id: uuid.UUID | None = None
    fact: str = ""
    carried: bool = False


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise made now; side is ours or theirs."""

    id: uuid.UUID
    side: str
    what: str
    who: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class KeptLine:
    """What became of an earlier promise: kept, partly or not_yet, with the reason for the last."""

    promise_id: uuid.UUID
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """What was found of a measure that protects a child: kept, broken or unseen, with the fact."""

    measure_id: uuid.UUID
    state: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class ChildWordsLine:
    """A child's words, verbatim; goes to the restricted layer and nowhere else."""

    member_id: uuid.UUID
    verbatim: str = ""
    context: str = ""
    question: str = ""
    present: list[str] = field(default_factory=list)
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Acquainted:
    """How the family was acquainted with the frozen text; sha256 is lower-case hex of its UTF-8 bytes."""

    outcome: str
    text: str
    sha256: str
    member_id: uuid.UUID | None = None
    beside_id: uuid.UUID | None = None
    mark: list[list[list[int]]] = field(default_factory=list)
    words: str = ""
    minor_opinion: str = ""


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
    planned: str = ""
    statements: list[StatementLine] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    promises: list[PromiseLine] = field(default_factory=list)
    kept: list[KeptLine] = field(default_factory=list)
    measures: list[MeasureLine] = field(default_factory=list)
    child_words: list[ChildWordsLine] = field(default_factory=list)
    acquainted: Acquainted | None = None
    next_on: dt.date | None = None
    next_time: str = ""
    unfinished: bool = False
    paper_by: str = ""
    sections: list[SectionAnswers] = field(default_factory=list)
    photos: list[PhotoLine] = field(default_factory=list)
    raw: list[tuple[str, str]] = field(default_factory=list)

    @property
    def took_place(self) -> bool:
        """The family was met; otherwise the outcome names why it was not."""
        return self.outcome == VISIT
