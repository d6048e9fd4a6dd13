"""Where a child lives, when a court sits, how often child and parents meet: what people write about it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, ValidationError

from curator_app import texts
from curator_app.cases.course_forms import (
    Area,
    CourseForm,
    Happened,
    Line,
    Pick,
    clock_time,
    named_choices,
    needed,
    said,
)
from curator_app.cases.courts import ABOUT, ENDINGS, HELD, MOVED, Announced, Became
from curator_app.cases.placement import KINDS, RIGHTS, Place
from curator_app.cases.placement_models import Placement
from curator_app.cases.seeing import WAYS, Agreed
from curator_app.families.models import Family, FamilyMember
from curator_app.office_forms import DeskDay

REMOVED, PLACED, RETURNED = "child_removed", "child_placed", "child_returned"
MOST_DAYS = 366


def _say(key: str) -> str:
    return texts.text(f"course.{key}")


def _people(members: Iterable[FamilyMember]) -> list[tuple[str, str]]:
    return [("", _say("choose")), *((str(one.id), one.name) for one in members)]


class WhereForm(CourseForm):
    """What is known of a place."""

    named = Line(_say("placement.named"))
    address = Line(_say("placement.address"))
    phone = Line(_say("placement.phone"))
    is_hidden = BooleanField(_say("placement.is_hidden"), description=_say("placement.is_hidden_hint"))
    rights = Pick(_say("placement.rights"), free=True)
    basis = Line(_say("placement.basis"))

    def offer(self) -> None:
        """Say what may be chosen."""
        self.rights.choices = named_choices("course.placement.rights_kinds", RIGHTS, empty=_say("choose"))

    def place(self, kind: str, since_on: date) -> Place:
        """Return the place; call it after validate() was true."""
        return Place(
            kind=kind,
            since_on=since_on,
            named=self.named.data or "",
            address=self.address.data or "",
            phone=self.phone.data or "",
            is_hidden=bool(self.is_hidden.data),
            rights=self.rights.data or "",
            basis=self.basis.data or "",
        )


class ChangeForm(WhereForm):
    """A child was taken from home, placed, or came back."""

    child = Pick(_say("child"), wrong="child")
    event = Pick(_say("placement.what"))
    on = Happened(_say("day"), validators=needed("day"))
    kind = Pick(_say("placement.kind"), wrong="kind", free=True)

    def offer_for(self, family: Family) -> None:
        """Say what may be chosen for this family."""
        self.offer()
        self.child.choices = _people(family.children)
        self.event.choices = named_choices("course.placement.acts", empty=_say("choose"))
        self.kind.choices = named_choices("course.placement.kinds", KINDS, empty=_say("choose"))

    def validate_kind(self, field: Pick) -> None:
        """Ask where, of a child that was placed."""
        if self.event.data == PLACED and not field.data:
            raise ValidationError(said("kind"))

    def answers(self) -> dict[str, object]:
        """Return the answers as a step takes them; call it after validate() was true."""
        found: dict[str, object] = {"child": self.child.key}
        if self.event.data == PLACED:
            found["where"] = self.kind.data
        if self.event.data != RETURNED and self.on.data:
            found["place"] = self.place(self.kind.data or "", self.on.data)
        return found


def known_of(row: Placement) -> dict[str, object]:
    """Return what is known of a place, as its form shows it."""
    names = ("named", "address", "phone", "is_hidden", "rights", "basis")
    return {name: getattr(row, name) for name in names}


class SeenForm(CourseForm):
    """Somebody was with the child there."""

    on = Happened(_say("day"), validators=needed("day"))
    words = Area(_say("placement.visit_words"), wrong="words")


class CourtForm(CourseForm):
    """A day in court."""

    about = Pick(_say("courts.about"))
    child = Pick(_say("child"), free=True)
    on = DeskDay(_say("courts.on"), validators=needed("day"))
    time = Line(_say("courts.time"))
    court = Line(_say("courts.court"))

    def offer_for(self, family: Family) -> None:
        """Say what may be chosen for this family."""
        self.about.choices = named_choices("course.courts.abouts", ABOUT, empty=_say("choose"))
        children = [(str(one.id), one.name) for one in family.children]
        self.child.choices = [("", _say("courts.all_children")), *children]

    def validate_time(self, field: Line) -> None:
        """Refuse a time that is none."""
        clock_time(self, field)

    def announced(self) -> Announced:
        """Return what was written; call it after validate() was true."""
        assert self.on.data  # noqa: S101 - validated
        child = uuid.UUID(self.child.data) if self.child.data else None
        return Announced(str(self.about.data), self.on.data, self.time.data or "", self.court.data or "", child)


class BecameForm(CourseForm):
    """What became of a day in court."""

    state = Pick(_say("courts.became"))
    decided = Area(_say("courts.decided"))
    moved_to = DeskDay(_say("courts.moved_to"))

    def offer(self) -> None:
        """Say what may be chosen."""
        self.state.choices = named_choices("course.courts.states", ENDINGS, empty=_say("choose"))

    def became(self) -> Became:
        """Return what was written; call it after validate() was true."""
        state = str(self.state.data)
        words = self.decided.data or "" if state == HELD else ""
        return Became(state, words, self.moved_to.data if state == MOVED else None)


class MeetingsForm(CourseForm):
    """How often a child and somebody of the family see each other."""

    child = Pick(_say("child"), wrong="child")
    with_whom = Pick(_say("seeing.with_whom"), wrong="with")
    way = Pick(_say("seeing.way"))
    every_days = IntegerField(
        _say("seeing.every"), validators=[*needed("every"), NumberRange(1, MOST_DAYS, message=said("every"))]
    )
    since_on = DeskDay(_say("since"), validators=needed("day"))
    place = Line(_say("seeing.place"))
    is_accompanied = BooleanField(_say("seeing.accompanied"))
    basis = Line(_say("seeing.basis"))

    def offer_for(self, family: Family) -> None:
        """Say what may be chosen for this family."""
        self.child.choices = _people(family.children)
        self.with_whom.choices = _people(family.adults)
        self.way.choices = named_choices("course.seeing.ways", WAYS)

    def agreed(self) -> Agreed:
        """Return what was written; call it after validate() was true."""
        assert self.since_on.data  # noqa: S101 - validated
        return Agreed(
            member_id=self.child.key,
            with_id=self.with_whom.key,
            way=str(self.way.data),
            every_days=int(self.every_days.data or 1),
            since_on=self.since_on.data,
            place=self.place.data or "",
            is_accompanied=bool(self.is_accompanied.data),
            basis=self.basis.data or "",
        )


class TurnForm(CourseForm):
    """Whether a meeting took place."""

    on = Happened(_say("day"), validators=needed("day"))
    took_place = Pick(_say("seeing.tell"))
    words = Area(_say("seeing.words"))

    def offer(self) -> None:
        """Say what may be chosen."""
        self.took_place.choices = [
            ("", _say("choose")),
            ("yes", _say("seeing.took_place")),
            ("no", _say("seeing.did_not")),
        ]


class EndForm(CourseForm):
    """A schedule holds no more."""

    on = DeskDay(_say("day"), validators=needed("day"))
    words = Area(_say("seeing.end_why"), wrong="words")
