"""How a case ends, who helps afterwards, where a case goes: what people write about it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from curator_app import texts
from curator_app.auth.models import Territory
from curator_app.cases.aftercare import Owner, Plan
from curator_app.cases.closing import AGREES, CHILD_OUTCOMES, GOALS, Ending
from curator_app.cases.course_forms import Ahead, Area, CourseForm, Happened, Line, Pick, named_choices, needed, said
from curator_app.cases.transfer import Receiver
from curator_app.families.models import FamilyMember
from curator_app.procedures.profile_definition import Profile

MOST_DAYS = 366


def _say(key: str) -> str:
    return texts.text(f"course.{key}")


class ClosingForm(CourseForm):
    """The decision, with the family's view and each child's own outcome."""

    on = Happened(_say("closing.on"), validators=needed("day"))
    outcome = Pick(_say("closing.outcome"), wrong="choice")
    number = Line(_say("closing.number"))
    goals = Pick(_say("closing.goals"), wrong="goals")
    reached = Area(_say("closing.reached"))
    remains = Area(_say("closing.remains"))
    agrees = Pick(_say("closing.agrees"), wrong="agrees")
    family_view = Area(_say("closing.family_view"))
    why = Area(_say("closing.why"), wrong="words")

    def offer_for(self, profile: Profile) -> None:
        """Say what may be chosen in the document."""
        first = ("", _say("choose"))
        self.outcome.choices = [first, *((one.id, one.title) for one in profile.closing_outcomes)]
        self.goals.choices = named_choices("course.closing.goals_kinds", GOALS, empty=_say("choose"))
        self.agrees.choices = named_choices("course.closing.agrees_kinds", AGREES, empty=_say("choose"))

    def answers(self) -> dict[str, Any]:
        """Return the answers as a step takes them; call it after validate() was true."""
        plain = {name: self[name].data for name in ("outcome", "number", "goals", "family_view")}
        children = {key: value for key, value in ((_key(field.name), field.data) for field in self) if key and value}
        said_too = {name: self[name].data or "" for name in ("reached", "remains", "agrees", "why")}
        return plain | {
            "ending": Ending(
                outcome=str(self.outcome.data),
                goals=str(self.goals.data),
                family_view=self.family_view.data or "",
                children=children,
                **said_too,
            )
        }


def closing_form(children: Sequence[FamilyMember]) -> type[ClosingForm]:
    """Return the form of a case with these children: each has an outcome of its own."""
    fields = {f"child_{one.id.hex}": Pick(_of(one), free=True) for one in children}
    return type("ClosingFormOfCase", (ClosingForm,), fields)


def offer_outcomes(form: ClosingForm) -> None:
    """Say what may be chosen for each child."""
    for field in form:
        if _key(field.name):
            field.choices = named_choices("course.closing.child_outcomes", CHILD_OUTCOMES, empty=_say("choose"))


def _of(child: FamilyMember) -> str:
    return texts.text("course.closing.child_outcome", name=child.name)


def _key(name: str) -> uuid.UUID | None:
    return uuid.UUID(name.removeprefix("child_")) if name.startswith("child_") else None


class AftercareForm(CourseForm):
    """Who stays with the family after a case."""

    since_on = Happened(_say("aftercare.since"), validators=needed("day"))
    owner = Pick(_say("aftercare.owner"), wrong="owner")
    agreed = Area(_say("aftercare.agreed"), wrong="words")
    every_days = IntegerField(
        _say("aftercare.every_days"), validators=[*needed("every"), NumberRange(1, MOST_DAYS, message=said("every"))]
    )
    until_on = Ahead(_say("aftercare.until_on"), validators=needed("day"))

    def offer(self, owners: Sequence[Owner]) -> None:
        """Say who may answer for it."""
        self.owners = {f"{one.person.id}.{one.organisation.id}": one for one in owners}
        named = [(key, f"{one.person.short_name}, {one.organisation.name}") for key, one in self.owners.items()]
        self.owner.choices = [("", _say("choose")), *named]

    def validate_until_on(self, field: Ahead) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since_on.data and field.data <= self.since_on.data:
            raise ValidationError(said("until"))

    def plan(self) -> Plan:
        """Return what was agreed; call it after validate() was true."""
        assert self.since_on.data  # noqa: S101 - validated
        assert self.until_on.data  # noqa: S101 - validated
        return Plan(self.since_on.data, self.agreed.data or "", int(self.every_days.data or 1), self.until_on.data)


class SendForm(CourseForm):
    """A case goes to another district."""

    territory = Pick(_say("transfer.to"), wrong="territory")
    reason = Area(_say("transfer.reason"), wrong="words")

    def offer(self, districts: Sequence[Territory]) -> None:
        """Say where it may go."""
        self.territory.choices = [("", _say("choose")), *((str(one.id), one.name) for one in districts)]


class AcceptForm(CourseForm):
    """Who carries a case in its new district."""

    receiver = Pick(_say("transfer.receiver"), wrong="receiver")
    own_rules = BooleanField(_say("transfer.own_rules"), description=_say("transfer.own_rules_hint"))

    def offer(self, receivers: Sequence[Receiver]) -> None:
        """Say who may."""
        self.receivers = {f"{one.person.id}.{one.organisation.id}": one for one in receivers}
        named = [(key, f"{one.person.short_name}, {one.organisation.name}") for key, one in self.receivers.items()]
        self.receiver.choices = [("", _say("choose")), *named]


class DeclineForm(CourseForm):
    """Why a case is not accepted."""

    why = Area(_say("transfer.why"), wrong="words")


class ReviewForm(CourseForm):
    """Another day to look at a family on the card index; none is an answer too."""

    review_on = Ahead(_say("card_index.change_day"), validators=[Optional()])


class EraseForm(CourseForm):
    """The ground on which content is erased."""

    basis = Line(_say("retention.basis"), wrong="basis")
