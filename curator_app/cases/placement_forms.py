"""Where a child lives, when a court sits, how often child and parents meet: what people write about it."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from curator_app import texts
from curator_app.cases.course_forms import (
    LONG,
    CourseForm,
    Day,
    Happened,
    Line,
    Pick,
    clock_time,
    named_choices,
    said,
    trimmed,
)
from curator_app.cases.courts import ABOUT, ENDINGS, Announced, Became
from curator_app.cases.placement import KINDS, RIGHTS, Place
from curator_app.cases.seeing import WAYS, Agreed
from curator_app.families.models import Family

REMOVED, PLACED, RETURNED = "child_removed", "child_placed", "child_returned"
MOST_DAYS = 366


class WhereForm(CourseForm):
    """What is known of a place."""

    named = Line()
    address = Line()
    phone = Line()
    is_hidden = BooleanField()
    rights = Pick(needed=False)
    basis = Line()

    def offer(self) -> None:
        """Say what may be chosen."""
        self.rights.choices = named_choices("course.placement.rights_kinds", RIGHTS, empty=texts.text("course.choose"))

    def place(self, kind: str, since_on: object) -> Place:
        """Return the place; call it after validate() was true."""
        return Place(
            kind=kind,
            since_on=since_on,  # type: ignore[arg-type]
            named=self.named.data or "",
            address=self.address.data or "",
            phone=self.phone.data or "",
            is_hidden=bool(self.is_hidden.data),
            rights=self.rights.data or "",
            basis=self.basis.data or "",
        )


class ChangeForm(WhereForm):
    """A child was taken from home, placed, or came back."""

    child = Pick(wrong="child")
    event = Pick()
    on = Happened(validators=[InputRequired(said("day"))]) if False else Happened()
    kind = Pick(wrong="kind", needed=False)

    def offer_for(self, family: Family) -> None:
        """Say what may be chosen for this family."""
        self.offer()
        self.child.choices = [(str(one.id), one.name) for one in family.children]
        self.event.choices = named_choices("course.placement.acts")
        self.kind.choices = named_choices("course.placement.kinds", KINDS, empty=texts.text("course.choose"))

    def validate_kind(self, field: Pick) -> None:
        """Ask where, of a child that was placed."""
        if self.event.data == PLACED and not field.data:
            raise ValidationError(said("kind"))
