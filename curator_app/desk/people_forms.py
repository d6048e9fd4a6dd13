"""What a desk posts about who works with a case: the curator, the working group, the brief to the next one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from curator_app import texts
from curator_app.cases.curators import Seat
from curator_app.cases.handovers import Brief
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.procedures.profile_definition import Choice

LINE, TEXT = 200, 4000


def stripped(text: str | None) -> str:
    """Return what was typed without spaces around it."""
    return (text or "").strip()


def long(most: int) -> Length:
    """Return the limit of a text, in our words."""
    return Length(max=most, message=texts.text("steps.wrong_long", n=most))


def said_day() -> InputRequired:
    """Ask for a day, in our words."""
    return InputRequired(texts.text("steps.wrong_day"))


class BriefForm(DeskForm):
    """What one curator leaves to the next."""

    under_way = TextAreaField(filters=[stripped], validators=[long(TEXT)])
    careful = TextAreaField(filters=[stripped], validators=[long(TEXT)])
    contacts = TextAreaField(filters=[stripped], validators=[long(TEXT)])

    def brief(self) -> Brief:
        """Return what was written."""
        return Brief(self.under_way.data or "", self.careful.data or "", self.contacts.data or "")


class CuratorForm(BriefForm):
    """Who carries the case from a day, and on what ground they come after the one before."""

    on = DeskDay(validators=[said_day()])
    person = SelectField(validate_choice=False)
    ground = SelectField(validate_choice=False)
    number = StringField(filters=[stripped], validators=[long(LINE)])
    reason = TextAreaField(filters=[stripped], validators=[long(TEXT)])

    def offer(self, seats: Iterable[Seat], grounds: Sequence[Choice], loads: Mapping[uuid.UUID, int]) -> None:
        """Say who may be chosen, how much each carries, and the grounds; none of those where nobody is replaced."""
        named = [
            (seat.key, texts.text("curators.load", who=seat.words, n=loads.get(seat.person.id, 0))) for seat in seats
        ]
        self.person.choices = [("", texts.text("steps.choose")), *named]
        self.ground.choices = [("", texts.text("steps.choose")), *((one.id, one.title) for one in grounds)]

    def validate_person(self, field: SelectField) -> None:
        """Refuse who was not offered."""
        known(field)

    def answers(self) -> dict[str, Any]:
        """Return what a step takes."""
        person, place = str(self.person.data).split("@")
        texts_ = {name: self[name].data for name in ("number", "reason", "ground", "under_way", "careful", "contacts")}
        return {"person": uuid.UUID(person), "organisation": uuid.UUID(place), **texts_}


class CasesForm(CuratorForm):
    """Several cases that go to another curator at once."""

    cases = SelectMultipleField(validate_choice=False)

    def validate_cases(self, field: SelectMultipleField) -> None:
        """Ask for one at least."""
        if not field.data:
            raise ValidationError(texts.text("curators.hand_over.none_chosen"))


class GroupForm(DeskForm):
    """The working group as it shall be from a day."""

    on = DeskDay(validators=[said_day()])
    chair = SelectField(validate_choice=False, validators=[Optional()])
    members = SelectMultipleField(validate_choice=False)
    outside = TextAreaField(filters=[stripped], validators=[long(TEXT)])
    number = StringField(filters=[stripped], validators=[long(LINE)])

    def offer(self, seats: Sequence[Seat]) -> None:
        """Say who may be chosen."""
        one_each = {str(seat.person.id): seat.words for seat in seats}
        self.members.choices = list(one_each.items())
        self.chair.choices = [("", texts.text("group.no_chair")), *one_each.items()]

    def validate_chair(self, field: SelectField) -> None:
        """Refuse who was not offered."""
        known(field)

    def validate_members(self, field: SelectMultipleField) -> None:
        """Refuse who was not offered."""
        if not set(field.data or ()) <= {value for value, _words in field.choices or ()}:
            raise ValidationError(texts.text("steps.wrong_choice"))

    def answers(self) -> dict[str, Any]:
        """Return what a step takes."""
        return {
            "members": [uuid.UUID(value) for value in self.members.data or ()],
            "chair": uuid.UUID(self.chair.data) if self.chair.data else None,
            "outside": self.outside.data or "",
            "number": self.number.data or "",
        }


def known(field: SelectField) -> None:
    """Refuse what was not offered, and that nothing was chosen."""
    if not field.data:
        raise ValidationError(texts.text("steps.wrong_needed"))
    if field.data not in [value for value, _words in field.choices or ()]:
        raise ValidationError(texts.text("steps.wrong_choice"))
