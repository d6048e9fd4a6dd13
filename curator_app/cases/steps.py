"""Steps: how a person records an event. Which fields it has, who may take it, and after what, as data (steps.toml)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field as Bounded
from pydantic import RootModel

from curator_app.procedures.profile_definition import Name, Part, Profile, SubjectKind, Words, YesNo
from curator_app.procedures.toml_files import read_model
from curator_app.procedures.vocabulary import vocabulary

_FILE = Path(__file__).with_name("steps.toml")

Hat = Literal[
    "curator",
    "substitute",
    "owner",
    "head",
    "group",
    "group_chair",
    "commission",
    "intake",
    "specialist",
    "resource_centre",
]
"""What somebody is to one subject on one day."""
Layer = Literal["papers", "shared", "raw", "intake"]
"""How deep a field lies: papers of a sitting, the shared card, the raw record; an informant is intake's alone."""
Kind = Literal[
    "line",
    "text",
    "day",
    "number",
    "yes_no",
    "choice",
    "child",
    "member",
    "person",
    "organisation",
    "classification",
    "closing_outcome",
    "intake_outcome",
    "replacement_ground",
    "change_kind",
]


class Option(Part):
    """One of the answers of a choice."""

    id: Name
    title: Words


class Question(Part):
    """One field of a step. Its id is the key under which the event's data keeps the answer."""

    id: Name
    kind: Kind = "line"
    label: Words
    hint: str = ""
    required: YesNo = True
    layer: Layer = "papers"
    options: tuple[Option, ...] = ()
    roles: tuple[Name, ...] = ()
    """Of a person: only who holds one of these in the subject's territory."""
    organisations: tuple[Name, ...] = ()
    """Of an organisation: only of these kinds."""


class Step(Part):
    """How one type of event is recorded."""

    subjects: tuple[SubjectKind, ...] = Bounded(min_length=1)
    by: tuple[Hat, ...] = Bounded(min_length=1)
    title: str = ""
    """As an act, «Назначить куратора»; empty where the profile's duty says it."""
    help: str = ""
    day: str = ""
    """What its day is called, where «Когда это было» would be misread beside other days."""
    fields: tuple[Question, ...] = ()
    requires: tuple[Name, ...] = ()
    """Events of which one must have happened before, as far as the profile knows them."""
    not_after: tuple[Name, ...] = ()
    """Events after which it makes no sense any more, until what `again_after` names."""
    again_after: tuple[Name, ...] = ()
    once: YesNo = False
    """Once in a subject, unless `again_after` happened since."""
    common: YesNo = False
    """Offered in every procedure, whether its document knows the word or not."""
    page: str = ""
    """Address of a page of its own, with {subject}; empty for the form that all steps share."""
    page_for: tuple[SubjectKind, ...] = ()
    """Whose step has that page; nobody named: everybody's."""
    after_closing: YesNo = False
    """Also in a subject that is closed."""
    by_itself: YesNo = False
    """Recorded by what is done elsewhere (a visit, an alarm), never by this form."""

    def page_of(self, kind: str) -> str:
        """Return the address of its own page for a subject of a kind; empty for the form that all steps share."""
        return self.page if not self.page_for or kind in self.page_for else ""


class _Steps(RootModel[dict[Name, Step]]):
    """The whole file."""


@lru_cache
def steps() -> dict[str, Step]:
    """Return every step by the type of event that it records, in the order in which they are offered."""
    return read_model(_FILE, _Steps).root


def step_for(event_type: str, kind: str) -> Step | None:
    """Return the step that records an event of a subject of this kind, None where nobody records it so."""
    step = steps().get(event_type)
    return step if step is not None and kind in step.subjects else None


def known_in(profile: Profile, kind: str) -> frozenset[str]:
    """Return the types of events that a profile speaks of for subjects of a kind."""
    # A profile is no key of a cache: it holds tables. Nor is its name alone: a region may serve another text of it.
    found = _known.get((profile.key, kind))
    if found is None or found[0] is not profile:
        found = _known[profile.key, kind] = (profile, _spoken_of(profile, kind))
    return found[1]


_known: dict[tuple[str, str], tuple[Profile, frozenset[str]]] = {}


def _spoken_of(profile: Profile, kind: str) -> frozenset[str]:
    found: set[str] = set()
    for rule in profile.duties:
        if rule.subject == kind:
            found.update((*rule.after, *rule.done_by, *rule.until))
    for stage in profile.stages:
        if stage.subject == kind:
            found.update((*stage.begins_with, *stage.ends_with))
    for plan in profile.plans:
        if plan.subject == kind:
            found.update(step.event for step in plan.approval)
    shared = vocabulary()
    own = {one.type for one in profile.events}
    found.update(name for name in own if name not in shared or kind in shared[name].kinds)
    return frozenset(found)
