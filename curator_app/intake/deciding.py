"""What follows from a signal: a named person or group says the level and the outcome, and why. Nothing is computed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app import texts
from curator_app.auth.models import Organisation, Person, Role, SignIn
from curator_app.cases.opening import Opening, Resolution, open_case, open_early_help
from curator_app.cases.stepping import Actor, Effect, Ground, StepRefused, Taken, ground_of, take_step
from curator_app.cases.steps import step_for
from curator_app.errors import Refused
from curator_app.families.models import Family, FamilyMember
from curator_app.intake.about import NewFamily, by_member, chosen, known_children, make_family
from curator_app.intake.check_models import Decision
from curator_app.intake.models import NOT_CONFIRMED, Signal
from curator_app.intake.outcomes import settle
from curator_app.intake.service import hand_of, hold, looked_into, note
from curator_app.procedures.profile_definition import Choice, Profile, Value
from curator_app.subjects.models import Subject

OWNER = "early_help_owner"
OPENS = {
    "case": ("resolution_adopted", "registered", "case_opened"),
    "early_help": (),
    "nothing": ("resolution_adopted",),
}


@dataclass(frozen=True, slots=True)
class Level:
    """A level or category that somebody decided: for the family, or for one child of the signal's list."""

    values: Mapping[str, str]
    """Classification of the profile → its value."""
    reason: str
    decided_by: str
    on: date
    child: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody decided to do about a signal."""

    id: str
    reason: str
    decided_by: str
    on: date
    criteria: tuple[str, ...] = ()
    """Of the profile's criteria for and against opening, those that were named."""
    resolution: Resolution | None = None
    family_id: uuid.UUID | None = None
    """A family that is known already; None: one is made of `card`."""
    card: NewFamily | None = None
    owner_id: uuid.UUID | None = None
    """Who carries early help."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What stands decided: for the family, and for each child by its place in the signal's list."""

    family: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """A signal in the middle of being concluded."""

    session: Session
    signal: Signal
    choice: Choice
    outcome: Outcome
    levels: Levels
    by: SignIn

    @property
    def actor(self) -> Actor:
        """Return who concludes it."""
        return Actor(self.by.person, self.by.enrolment)


def set_level(session: Session, signal: Signal, level: Level, by: SignIn) -> None:
    """Record a level or category as an event of the signal; raise Refused or StepRefused."""
    _refuse_decided(signal)
    if not level.values:
        raise Refused(fields={"values": "needed"})
    answers = {**level.values, "reason": level.reason}
    if level.child is not None:
        answers["child"] = str(level.child)

    def named(taken: Any) -> None:
        # The profile's classifications are keys of their own, whatever the step calls its fields.
        taken.data |= {**level.values, "by": level.decided_by}

    actor, effects = Actor(by.person, by.enrolment), {"risk_decided": named}
    take_step(session, signal.subject, "risk_decided", answers, on=level.on, by=actor, effects=effects)
    looked_into(session, signal.subject)
    note(session, "signal:level", signal, hand_of(by))


def levels_of(ground: Ground) -> Levels:
    """Return the newest value of each classification, for the family and for each child."""
    names = {one.id for one in ground.profile.classifications}
    family: dict[str, str] = {}
    children: dict[str, dict[str, str]] = {}
    for fact in ground.facts:
        if fact.type == "risk_decided":
            said = {name: str(fact.data[name]) for name in names & fact.data.keys()}
            child = fact.data.get("child")
            (children.setdefault(str(child), {}) if child is not None else family).update(said)
    return Levels(family, children)


def conclude(session: Session, signal: Signal, outcome: Outcome, by: SignIn) -> Decision:
    """End a signal as the profile knows it: a case, early help or nothing; return what was decided.

    Raises Refused or StepRefused where it may not end so, Conflict where the family's case is open already.
    """
    hold(session, signal)
    _refuse_decided(signal)
    if signal.number is None:
        raise Refused(fields={"outcome": "register_first"})
    ground = ground_of(session, signal.subject)
    choice = _choice(ground.profile, outcome.id)
    ending = Ending(session, signal, choice, outcome, levels_of(ground), by)
    _refuse_contradiction(ground, choice, ending.levels)
    began = _begin(ending) if choice.leads_to in {"case", "early_help"} else None
    _record_end(ending)
    return _keep(ending, began)


def owners_in(session: Session, signal: Signal, on: date) -> list[tuple[Person, Organisation]]:
    """Return who may carry early help in the signal's territory."""
    query = select(Person, Organisation).join(Role, Role.person_id == Person.id)
    query = query.join(Organisation, Organisation.id == Role.organisation_id)
    query = query.where(Role.role == OWNER, Role.held_on(on), Organisation.territory_id == signal.territory_id)
    return [(person, place) for person, place in session.execute(query.order_by(Person.name))]


def decision_of(session: Session, signal: Signal) -> Decision | None:
    """Return what was decided about a signal."""
    query = select(Decision).where(Decision.subject_id == signal.id).order_by(Decision.created_at.desc())
    return session.scalars(query.limit(1)).first()


def _refuse_decided(signal: Signal) -> None:
    if not signal.is_open:
        raise Refused(fields={"outcome": "decided_already"})


def _choice(profile: Profile, key: str) -> Choice:
    found = next((one for one in profile.intake_outcomes if one.id == key), None)
    if found is None:
        raise Refused(fields={"outcome": "choose"})
    return found


def _refuse_contradiction(ground: Ground, choice: Choice, levels: Levels) -> None:
    """Refuse an outcome that the document gives to another level; one that says nothing about it is not asked."""
    step = step_for("risk_decided", "signal")
    decides = bool(ground.profile.classifications) and step is not None and ground.knows("risk_decided", step)
    values = _values(ground.profile, levels)
    if decides and choice.leads_to in {"case", "early_help"} and not values:
        raise StepRefused(texts.text("checking.level_first", outcome=choice.title), field_name="outcome")
    opens = {one.opens for one in values} - {"unsaid"}
    if choice.id == NOT_CONFIRMED or not opens or choice.leads_to in opens:
        return
    value = next(one for one in values if one.opens != "unsaid")
    quote = value.source.quote if value.source else value.route
    sentence = texts.text("checking.contradicts", level=value.title, outcome=choice.title, quote=quote)
    raise StepRefused(sentence, field_name="outcome")


def _values(profile: Profile, levels: Levels) -> list[Value]:
    said = [levels.family, *levels.children.values()]
    return [
        value
        for kind in profile.classifications
        for value in kind.values
        if any(one.get(kind.id) == value.id for one in said)
    ]


def _family(ending: Ending) -> tuple[Family, dict[int, FamilyMember]]:
    session, signal, outcome = ending.session, ending.signal, ending.outcome
    key = signal.family_id or outcome.family_id
    if key is not None:
        family = chosen(session, signal, key)
        known = known_children(family, signal)
    elif outcome.card is not None:
        family, known = make_family(session, signal.territory, outcome.card)
    else:
        raise Refused(fields={"family": "family"})
    signal.family = family
    return family, known


def _begin(ending: Ending) -> Subject:
    session, outcome, by = ending.session, ending.outcome, ending.by
    owners = {person.id: (person, place) for person, place in owners_in(session, ending.signal, outcome.on)}
    early = ending.choice.leads_to == "early_help"
    if early and outcome.owner_id not in owners:
        raise Refused(fields={"owner": "owner"})
    family, known = _family(ending)
    opening = Opening(
        on=outcome.on,
        by=by.person,
        enrolment=by.enrolment,
        decided=ending.levels.family,
        about=by_member(known, ending.levels.children),
        reason=outcome.reason,
        resolution=outcome.resolution,
        children=tuple(child.id for child in known.values()),
        signal=ending.signal.subject,
    )
    if early and outcome.owner_id is not None:
        return open_early_help(session, family, opening, *owners[outcome.owner_id])
    return open_case(session, family, opening)


def _record_end(ending: Ending) -> None:
    """Record on the signal what its document's rules wait for."""
    choice, outcome, paper = ending.choice, ending.outcome, ending.outcome.resolution
    for name in OPENS.get(choice.leads_to, ()):
        if name == "resolution_adopted" and paper is None:
            continue
        answers: dict[str, Any] = {"number": paper.number} if paper else {}
        if name == "resolution_adopted" and paper is not None:
            answers |= {"about": "opening" if choice.leads_to == "case" else "other", "wording": paper.text}
        _take(ending, name, answers, paper.on if paper and name == "resolution_adopted" else outcome.on)
    if choice.id == NOT_CONFIRMED:
        _take(ending, "signal_checked", {"outcome": NOT_CONFIRMED, "summary": outcome.reason}, outcome.on)


def _take(ending: Ending, event: str, answers: dict[str, Any], on: date) -> None:
    """Take a step that the signal's document knows and that was not taken before the decision."""
    subject = ending.signal.subject
    ground, step = ground_of(ending.session, subject), step_for(event, "signal")
    if step is None or not ground.knows(event, step) or any(fact.type == event for fact in ground.facts):
        return
    take_step(ending.session, subject, event, answers, on=on, by=ending.actor, effects={})


def _keep(ending: Ending, began: Subject | None) -> Decision:
    signal, outcome, levels = ending.signal, ending.outcome, ending.levels
    row = Decision(
        subject_id=signal.id,
        outcome=outcome.id,
        values={"family": dict(levels.family), "children": {key: dict(said) for key, said in levels.children.items()}},
        criteria=list(outcome.criteria),
        reason=outcome.reason,
        decided_by=outcome.decided_by,
        decided_on=outcome.on,
        resolution_no=outcome.resolution.number if outcome.resolution else "",
        leads_to_id=began.id if began else None,
        author_id=ending.by.person_id,
    )
    ending.session.add(row)
    settle(signal, outcome.id, ending.by, family=signal.family, leads_to=began, on=outcome.on)
    return row


def only_by_decision(taken: Taken) -> None:
    """Refuse to open on a signal what its decision opens: an event alone would leave nobody with the family."""
    about = taken.answers.get("about", "opening")
    if taken.subject.kind == "signal" and about == "opening":
        raise StepRefused(texts.text("checking.by_decision"))


EFFECTS: dict[str, Effect] = dict.fromkeys(OPENS["case"], only_by_decision)
