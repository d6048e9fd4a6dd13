"""What a procedure profile is made of: one regional document, written down as data that a methodologist can read.

Every entry says where it stands in the document (`source`), or that it stands nowhere: `territory_choice` (somebody
chose it) or `unsaid` (the document leaves it open; the words say what). `anchor_assumed` marks a term whose beginning
the document does not name. These marks travel with a duty to whoever reads it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Count = Annotated[int, Strict()]
"""A number as such: «20» in quotes, 20.0 and true are mistakes of whoever writes."""
YesNo = Annotated[bool, Strict()]
Day = Annotated[date, Strict()]
Moment = Annotated[datetime, Strict()]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
LONGEST = 3660
"""Days of ten years: what is longer is a slip of the pen."""
SubjectKind = Literal["signal", "early_help", "case", "aftercare", "body", "organisation", "person"]
Unit = Literal["immediate", "sutki", "calendar_day", "working_day", "unspecified_day", "month"]
Conditions = dict[Name, tuple[str, ...]]
"""Key of an event's data, and the values of which one must stand there."""


class Part(BaseModel):
    """Whatever stands in a profile: a word that nobody knows is an error, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """Where an entry stands: the document's number, the place in it, and a few of its own words."""

    doc: Words
    ref: Words
    quote: Words


class Entry(Part):
    """Something a profile states, with where it comes from."""

    source: Source | None = None
    territory_choice: YesNo = False
    unsaid: str = ""
    """What the document leaves open, in a few Russian words."""
    anchor_assumed: YesNo = False


class Document(Part):
    """A source document; its file's name begins with the id."""

    id: Words
    title: Words
    adopted: str = ""


class Role(Entry):
    """Who acts, under the local name: «координатор» is the curator in one document and the commission in another."""

    id: Name
    title: Words
    also: tuple[str, ...] = ()
    """Other words of the same document for the same role."""
    kind: Literal["person", "body", "organisation", "commission", "family"] = "person"
    help: str = ""


class Value(Entry):
    """A category or level, and what it leads to."""

    id: Name
    title: Words
    opens: Literal["case", "early_help", "nothing", "unsaid"] = "unsaid"
    route: str = ""


class Classification(Entry):
    """Categories, levels or a yes/no. `id` is the key under which `risk_decided` carries the value."""

    id: Name
    title: Words
    scope: Literal["family", "child", "both"] = "family"
    several: YesNo = False
    """More than one value may hold at once."""
    values: tuple[Value, ...] = Field(min_length=1)


class Criterion(Entry):
    """Something to be seen to: an exit criterion, a line of a checklist."""

    id: Name
    text: Words


class Stage(Entry):
    """A step of the work, in the document's order."""

    id: Name
    title: Words
    subject: SubjectKind
    actors: tuple[Name, ...] = ()
    participants: tuple[Name, ...] = ()
    """Roles that the document names beside those who act."""
    documents: tuple[str, ...] = ()
    begins_with: tuple[Name, ...] = ()
    """Event types of which any begins the stage; empty for one that begins with what stands before it."""
    ends_with: tuple[Name, ...] = ()
    exit_criteria: tuple[Criterion, ...] = ()
    help: str = ""


class Within(Part):
    """A length of time."""

    n: Count = Field(ge=0, le=LONGEST)
    unit: Unit


class Every(Part):
    """A period: rolling from the last time, or once in each calendar month or quarter."""

    n: Count = Field(ge=1, le=LONGEST, default=1)
    unit: Literal["calendar_day", "month"] = "month"
    mode: Literal["rolling", "calendar_month", "calendar_quarter"] = "rolling"


class Example(Part):
    """A term worked out by hand: the anchor and what must come out."""

    after: Moment | Day
    due: Moment | Day
    note: str = ""


class Rule(Entry):
    """A duty: dated (`within`), periodic (`every`), or an undated next step (neither)."""

    id: Name
    title: Words
    subject: SubjectKind
    stage: str = ""
    """The stage to which it belongs, by its id; empty where the document sets it beside the stages."""
    owner: Name
    participants: tuple[Name, ...] = ()
    """Roles that the document names beside the owner."""
    documents: tuple[str, ...] = ()
    """Papers in which the document wants to see it."""
    after: tuple[Name, ...] = Field(min_length=1)
    after_data: Conditions = {}
    anchor: Literal["each", "first", "latest"] = "each"
    """Which of several anchors still asks for an open duty."""
    within: Within | None = None
    every: Every | None = None
    target: Within | None = None
    """Of an undated step: the territory's own aim, shown as its choice."""
    done_by: tuple[Name, ...] = Field(min_length=1)
    done_data: Conditions = {}
    match: tuple[Name, ...] = ()
    """Keys of data that must be the same in the anchor and in what fulfils it, such as child."""
    until: tuple[Name, ...] = ()
    """Event types after which the duty is asked for no more."""
    when: Conditions = {}
    """Classification and the values for which the duty holds."""
    frequency: YesNo = False
    """The period of this duty is the one that a person may shorten for one case."""
    pausable: YesNo = True
    help: str = ""
    examples: tuple[Example, ...] = ()


class Choice(Entry):
    """One of several outcomes, grounds or kinds."""

    id: Name
    title: Words
    leads_to: Literal["case", "early_help", "aftercare", "file_control", "closed", "continued", "nothing", ""] = ""
    help: str = ""


class Term(Part):
    """How long a plan lasts."""

    n: Count = Field(ge=1)
    unit: Literal["month", "calendar_day"] = "month"
    bound: Literal["exactly", "at_least", "at_most"] = "exactly"


class ApprovalStep(Entry):
    """Who does what before a plan is in force; `event` records it."""

    role: Name
    act: Words
    event: Name


class Plan(Entry):
    """A plan under its local name: the same «ИПР» is a programme here and a plan there."""

    id: Name
    title: Words
    short_title: str = ""
    subject: SubjectKind = "case"
    term: Term | None = None
    approval: tuple[ApprovalStep, ...] = ()
    change_kinds: tuple[Choice, ...] = ()


class Checklist(Entry):
    """Criteria that stand together, such as those for and against opening a case."""

    id: Name
    title: Words
    purpose: Literal["open_case", "do_not_open_case", "work", "rights", "result"] = "work"
    items: tuple[Criterion, ...] = Field(min_length=1)


class Escalation(Entry):
    """Who is told when a duty is late, and after how many days."""

    duties: tuple[Name, ...] = ()
    """Empty: every duty."""
    after_days: Count = Field(ge=0)
    to: Name


class Principle(Entry):
    """A principle of the document, shown as help."""

    id: Name
    title: Words
    help: str = ""


class EventMeaning(Entry):
    """What an event of the common vocabulary means in this document."""

    type: Name
    title: Words


class Profile(Part):
    """One regional document as data, in one version that never changes once released."""

    id: Name
    version: Count = Field(ge=1)
    title: Words
    short_title: Words
    zone: str
    """Time zone where nothing else says it, such as Asia/Novosibirsk."""
    calendar: tuple[Name, ...] = ("ru",)
    """Layers of the production calendar, the country's first."""
    documents: tuple[Document, ...] = Field(min_length=1)
    forms: dict[Name, str] = {}
    roles: tuple[Role, ...] = Field(min_length=1)
    classifications: tuple[Classification, ...] = ()
    stages: tuple[Stage, ...] = ()
    duties: tuple[Rule, ...] = ()
    plans: tuple[Plan, ...] = ()
    intake_outcomes: tuple[Choice, ...] = ()
    closing_outcomes: tuple[Choice, ...] = ()
    replacement_grounds: tuple[Choice, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    principles: tuple[Principle, ...] = ()
    events: tuple[EventMeaning, ...] = ()

    @property
    def key(self) -> str:
        """Return the name under which a subject keeps it: kochki_2020@1."""
        return f"{self.id}@{self.version}"
