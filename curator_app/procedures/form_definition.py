"""What a released form is made of: chips to tap, questions to answer, the six sections, and whom each is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

SCOPES = frozenset({"family", "child", "adult"})


@dataclass(frozen=True, slots=True)
class Chip:
    """Something to tap. `scope` says of whom; ages are full years, inclusive; place is rural or urban.

    `child_age_*` ask for a child of that age in the family; `text` is what stands behind the label; `asks_…` says
    what the answer wants to be told beside it; `restricted` words go to no page of the family.
    """

    id: str
    label: str
    scope: str = "family"
    hint: str = ""
    icon: str = ""
    sign: str = ""
    text: str = ""
    keep: str = ""
    skip: bool = False
    urgent_hint: bool = False
    asks_fact: bool = False
    asks_reason: bool = False
    asks_date: bool = False
    asks_source: bool = False
    asks_note: bool = False
    restricted: bool = False
    check_by_lawyer: bool = False
    only_if: str = ""
    place: str = ""
    age_from: int | None = None
    age_to: int | None = None
    child_age_from: int | None = None
    child_age_to: int | None = None

    def fits_place(self, place: str) -> bool:
        """Tell whether the chip makes sense in a village or a town."""
        return not self.place or self.place == place

    def fits_age(self, age: int | None) -> bool:
        """Tell whether the chip makes sense at that age; an unknown age fits everything."""
        return _between(age, self.age_from, self.age_to)

    def fits_children(self, ages: Iterable[int | None]) -> bool:
        """Tell whether the family has a child for whom the chip makes sense."""
        if self.child_age_from is None and self.child_age_to is None:
            return True
        return any(_between(age, self.child_age_from, self.child_age_to) for age in ages)


@dataclass(frozen=True, slots=True)
class Question:
    """An observable statement and its answers. `fact_prompt` asks for the fact where the answer is «нет».

    `concern_on` is the answer that may mean help at once; `only_if` names what the family must have
    (safety_plan); `season` is heating or warm.
    """

    id: str
    label: str
    answers: tuple[str, ...]
    scope: str = "family"
    hint: str = ""
    fact_prompt: str = ""
    concern_on: str = ""
    urgent_hint: bool = False
    only_if: str = ""
    season: str = ""
    place: str = ""
    age_from: int | None = None
    age_to: int | None = None
    child_age_to: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to this family: about one member, or about all when `member` is None."""

    question: Question
    member: Any


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections of the ККСС."""

    id: str
    title: str
    short: str
    icon: str
    hue: int
    strengths_title: str
    worries_title: str
    own_words: str
    strengths_hint: str
    worries_hint: str
    fact_hint: str
    conclusion_hint: str
    from_last_time: str
    strengths: tuple[Chip, ...]
    worries: tuple[Chip, ...]

    def side(self, name: str) -> tuple[Chip, ...]:
        """Return the chips of «strengths» or «worries»."""
        return self.strengths if name == "strengths" else self.worries


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A released form. `words` holds the headings of its parts by part and name, `lists` their lists of sentences."""

    id: str
    title: str
    words: dict[str, dict[str, str]]
    lists: dict[str, dict[str, tuple[str, ...]]]
    steps: tuple[str, ...]
    sections: tuple[Section, ...]
    where: tuple[Chip, ...]
    other_home: tuple[Chip, ...]
    results: tuple[Chip, ...]
    change: tuple[Chip, ...]
    sources: tuple[Chip, ...]
    places: tuple[Chip, ...]
    purposes: tuple[Chip, ...]
    answers: dict[str, Chip] = field(default_factory=dict)
    safety: tuple[Question, ...] = ()
    living: tuple[Question, ...] = ()
    kinds: tuple[Chip, ...] = ()
    unplanned_reasons: tuple[Chip, ...] = ()
    co_visitors: tuple[Chip, ...] = ()
    topics: tuple[Chip, ...] = ()
    rights: tuple[Chip, ...] = ()
    kept: tuple[Chip, ...] = ()
    promise_reasons: tuple[Chip, ...] = ()
    promises_ours: tuple[Chip, ...] = ()
    promises_theirs: tuple[Chip, ...] = ()
    goal_prompts: tuple[Chip, ...] = ()
    contexts: tuple[Chip, ...] = ()
    present: tuple[Chip, ...] = ()
    age_tips: tuple[Chip, ...] = ()
    next_reasons: tuple[Chip, ...] = ()
    acquaint: tuple[Chip, ...] = ()
    check_questions: tuple[Chip, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, item: str) -> str:
        """Return a chip's or a question's words; an id the form does not know is shown as it is."""
        return self.labels.get(item, item)

    def questions(self, part: str) -> tuple[Question, ...]:
        """Return the questions of «safety» or «living»."""
        return self.safety if part == "safety" else self.living


class Member(Protocol):
    """A person of a family, as far as chips care."""

    id: Any
    kind: str


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """The chips about one member, or about the whole family when `member` is None."""

    member: Any
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides which questions are put: rural or urban, heating season or not, what the family has."""

    place: str
    heating: bool
    has: frozenset[str] = frozenset()


def chips_for(
    chips: tuple[Chip, ...],
    members: Sequence[tuple[Member, int | None]],
    place: str,
    has: frozenset[str] = frozenset(),
) -> list[ChipGroup]:
    """Sort chips by whom they are about: the family first, then each (member, age) that has any.

    `has` names what the family has (child_placed): a chip that asks for it is left out elsewhere.
    """
    here = [chip for chip in chips if chip.fits_place(place) and (not chip.only_if or chip.only_if in has)]
    groups = [ChipGroup(None, tuple(chip for chip in here if chip.scope == "family"))]
    for member, age in members:
        own = tuple(chip for chip in here if chip.scope == member.kind and chip.fits_age(age))
        if own:
            groups.append(ChipGroup(member, own))
    return groups


def questions_for(
    questions: tuple[Question, ...], members: Sequence[tuple[Member, int | None]], about: Circumstances
) -> list[Asked]:
    """Return the questions that make sense here: once for the family, or once for each fitting (member, age)."""
    asked: list[Asked] = []
    child_ages = [age for member, age in members if member.kind == "child"]
    for question in questions:
        if not _fits(question, about, child_ages):
            continue
        if question.scope == "family":
            asked.append(Asked(question, None))
            continue
        asked += [
            Asked(question, member)
            for member, age in members
            if member.kind == question.scope and _between(age, question.age_from, question.age_to)
        ]
    return asked


def _fits(question: Question, about: Circumstances, child_ages: list[int | None]) -> bool:
    if question.place and question.place != about.place:
        return False
    if question.season and (question.season == "heating") != about.heating:
        return False
    if question.only_if and question.only_if not in about.has:
        return False
    return question.child_age_to is None or any(_between(age, None, question.child_age_to) for age in child_ages)


def _between(age: int | None, low: int | None, high: int | None) -> bool:
    return age is None or ((low is None or age >= low) and (high is None or age <= high))
