"""Take a step: check that it may be taken now, by this person, and record its event with what follows from it.

Nothing else records these events: a page with a form of its own calls the same verb. What is refused is said in one
sentence that names the rule and where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.auth.models import Enrolment, Person
from curator_app.cases.hats import hats_of
from curator_app.cases.steps import Hat, Step, known_in, step_for, steps
from curator_app.clock import today
from curator_app.errors import Refused
from curator_app.procedures.corrections import resolved
from curator_app.procedures.facts import Fact
from curator_app.procedures.profile_definition import Profile, Source
from curator_app.procedures.profiles_loader import load_profile
from curator_app.procedures.vocabulary import meaning_in
from curator_app.subjects.duties import facts_of
from curator_app.subjects.models import Event, Subject
from curator_app.subjects.service import record_event

LONG_AGO = timedelta(days=3653)


class StepRefused(Refused):
    """The step may not be taken; `sentence` says why, in Russian, with the rule."""

    refusal = "step_refused"

    def __init__(self, sentence: str, *, field_name: str = "") -> None:
        """Take the sentence, and the field it is about where it is about one."""
        super().__init__(fields={field_name: sentence} if field_name else {}, why=sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step. A public page or a job acts for nobody in particular and says as what."""

    person: Person | None
    enrolment: Enrolment | None = None
    hats: frozenset[Hat] | None = None
    """None: asked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as it stands now for one reader."""

    event: str
    step: Step
    title: str
    meaning: str
    """What the event means in the subject's document."""
    why_not: str = ""
    """Why it may not be taken now; empty where it may."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step stands on: the subject, its procedure, and what has happened in it."""

    subject: Subject
    profile: Profile
    facts: Sequence[Fact]
    """Corrections resolved, in the order of the days."""

    @property
    def today(self) -> date:
        """Return today where the subject lives."""
        return today(self.subject.territory.zone)

    def knows(self, event: str, step: Step) -> bool:
        """Tell whether the procedure has this step for such a subject."""
        return self.subject.kind in step.subjects and (
            step.common or event in known_in(self.profile, self.subject.kind)
        )

    def wanted(self, step: Step) -> set[str]:
        """Return what must have happened before, as far as this document or every procedure knows it."""
        common = {name for name in step.requires if (one := step_for(name, self.subject.kind)) and one.common}
        return set(step.requires) & (known_in(self.profile, self.subject.kind) | common)


@dataclass(slots=True)
class Taken:
    """A step in the middle of being taken: what an effect reads, and may add to the event's data."""

    session: Session
    ground: Ground
    """What stood before."""
    event: str
    answers: Mapping[str, Any]
    """As the form gave them: days as date, people and organisations as uuid."""
    on: date
    by: Person | None
    enrolment: Enrolment | None = None
    at: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)
    """What the event will keep."""

    @property
    def subject(self) -> Subject:
        """Return whose step it is."""
        return self.ground.subject

    @property
    def profile(self) -> Profile:
        """Return the procedure under which it is taken."""
        return self.ground.profile


Effect = Callable[[Taken], None]
"""Writes what follows from a step, before its event and in its transaction; raises StepRefused."""


def ground_of(session: Session, subject: Subject) -> Ground:
    """Return what a step of this subject stands on."""
    zone = ZoneInfo(subject.territory.zone)
    facts = sorted(resolved(facts_of(session, subject), zone), key=lambda fact: fact.on)
    return Ground(subject, load_profile(subject.procedure), facts)


def offered(ground: Ground, hats: frozenset[Hat]) -> list[Offer]:
    """Return the steps that somebody with these hats takes in this subject, with what stands in their way."""
    found = []
    for event, step in steps().items():
        if ground.subject.closed_on is not None and not step.after_closing:
            continue
        if ground.knows(event, step) and set(step.by) & hats and not step.by_itself:
            title, meaning = title_of(ground, event, step), _meaning(ground.profile, event)
            found.append(Offer(event, step, title, meaning, hindrance(ground, event, step)))
    return found


def take_step(
    session: Session,
    subject: Subject,
    event: str,
    answers: Mapping[str, Any],
    *,
    on: date,
    by: Actor,
    effects: Mapping[str, Effect],
    at: datetime | None = None,
) -> Event:
    """Record a step's event and what follows from it; raise StepRefused and change nothing.

    `on` is the day in the territory's zone, `at` the instant where one is known. The caller commits.
    """
    # Two who post at once: the second waits here and finds what the first has recorded, or closed.
    session.execute(select(Subject.id).where(Subject.id == subject.id).with_for_update(key_share=True))
    session.refresh(subject, ["closed_on"])
    ground, step = ground_of(session, subject), step_for(event, subject.kind)
    if step is None or not ground.knows(event, step):
        raise StepRefused(texts.text("steps.not_in_procedure", procedure=ground.profile.short_title))
    if not _hats(session, by, ground) & set(step.by):
        raise StepRefused(texts.text("steps.not_yours", who=whose(step.by)))
    _refuse_wrong_time(ground, event, step, on)
    taken = Taken(session, ground, event, answers, on, by.person, by.enrolment, at, _data(step, answers))
    effect = effects.get(event)
    if effect is not None:
        effect(taken)
    return record_event(subject, event, on=on, at=taken.at, data=taken.data, author=by.person, enrolment=by.enrolment)


def hindrance(ground: Ground, event: str, step: Step) -> str:
    """Return why a step may not be taken now, in one sentence with the rule; empty where it may."""
    if ground.subject.closed_on is not None and not step.after_closing:
        return texts.text("steps.closed", day=ground.subject.closed_on.strftime("%d.%m.%Y"))
    happened, wanted, profile = [fact.type for fact in ground.facts], ground.wanted(step), ground.profile
    if wanted and not wanted & set(happened):
        names = " или ".join(_meaning(profile, name) for name in step.requires if name in wanted)
        return texts.text("steps.too_early", needs=names) + _rule(profile, event, wanted)
    ended = _last(happened, step.not_after)
    if ended > _last(happened, step.again_after):
        return texts.text("steps.too_late", what=_meaning(profile, happened[ended]))
    if step.once and _last(happened, (event,)) > _last(happened, step.again_after):
        return texts.text("steps.done_already", what=_meaning(profile, event))
    return ""


def title_of(ground: Ground, event: str, step: Step) -> str:
    """Return the step as an act: its own title, else that of the first duty which it fulfils."""
    duties = [one for one in ground.profile.duties if one.subject == ground.subject.kind and event in one.done_by]
    return step.title or (duties[0].title if duties else _meaning(ground.profile, event))


def whose(hats: Iterable[Hat]) -> str:
    """Name those who take a step."""
    return ", ".join(texts.text(f"steps.hats.{hat}") for hat in hats)


def _hats(session: Session, by: Actor, ground: Ground) -> frozenset[Hat]:
    if by.hats is not None:
        return by.hats
    return hats_of(session, by.person, ground.subject, ground.today) if by.person else frozenset()


def wrong_day(on: date, today: date) -> str:
    """Return why nothing can have happened on that day, in a sentence; empty where it can.

    A year mistyped would make a duty of each month since: nothing that is written down here is so long ago.
    """
    if on > today:
        return texts.text("steps.in_future")
    if on < today - LONG_AGO:
        return texts.text("steps.long_ago", year=on.year)
    return ""


def _refuse_wrong_time(ground: Ground, event: str, step: Step, on: date) -> None:
    """Raise StepRefused where the step may not be taken now, or not on that day."""
    why_not = hindrance(ground, event, step)
    if why_not:
        raise StepRefused(why_not)
    if wrong := wrong_day(on, ground.today):
        raise StepRefused(wrong, field_name="on")
    grounds = [fact for fact in ground.facts if fact.type in ground.wanted(step)]
    if grounds and on < grounds[0].on:
        what, day = _meaning(ground.profile, grounds[0].type), grounds[0].on.strftime("%d.%m.%Y")
        raise StepRefused(texts.text("steps.before_its_ground", what=what, day=day), field_name="on")


def _last(happened: Sequence[str], types: Iterable[str]) -> int:
    """Return where one of the types stands last; -1 where none does."""
    names = set(types)
    return max((place for place, name in enumerate(happened) if name in names), default=-1)


def _rule(profile: Profile, event: str, wanted: set[str]) -> str:
    """Return where the document says what comes first; what stands in no document is said to be the app's order."""
    for rule in profile.duties:
        if event in rule.done_by and wanted & set(rule.after) and rule.source:
            return " " + _cited(profile, rule.title, rule.source)
    for stage in profile.stages:
        if event in (*stage.ends_with, *stage.begins_with) and stage.source:
            return " " + _cited(profile, stage.title, stage.source)
    return " " + texts.text("steps.order_of_work", procedure=profile.short_title)


def _cited(profile: Profile, title: str, source: Source) -> str:
    return texts.text("steps.rule", title=title, ref=source.ref, quote=source.quote, procedure=profile.short_title)


def _meaning(profile: Profile, event: str) -> str:
    words = meaning_in(profile, event)
    return words[:1].upper() + words[1:]


def _data(step: Step, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was answered as an event keeps it; what was left empty is left out."""
    known = {one.id for one in step.fields} | _OPEN
    said = {name: value for name, value in answers.items() if name in known}
    return {name: _plain(value) for name, value in said.items() if value not in (None, "", [], ())}


_OPEN = frozenset({"text", "level", "risk_degree", "need", "child", "result", "period"})
"""Keys by which procedures ask, whatever a step calls its fields."""


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | bool | float | dict) else str(value)
