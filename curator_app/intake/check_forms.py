"""What is asked in a check: questions to bodies, answers, orders, the group's plan."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from wtforms import Field, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from curator_app import texts
from curator_app.auth.models import Organisation
from curator_app.errors import CuratorError, Refused
from curator_app.office_forms import DeskDay, DeskForm

LINE, TEXT = 200, 4000


def said(code: str) -> str:
    """Return what is wrong, as a sentence."""
    found = texts.tables()["checking"]["wrong"].get(code, code)
    return str(found)


def sentences(error: CuratorError) -> dict[str, list[str]]:
    """Return what a verb refuses, in words, by field; a sentence that it brings itself stays as it is."""
    if isinstance(error, Refused):
        return {name: [said(code)] for name, code in error.fields.items()}
    return {"outcome": [said(error.refusal)]}


def _trimmed(value: str | None) -> str:
    return " ".join((value or "").split())


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _offered(field: SelectField) -> None:
    if (field.data or "") not in {value for value, _label in field.choices or []}:
        raise ValidationError(said("choose"))


def line(*, needed: bool = False) -> Any:
    """Return a field of one line."""
    first = DataRequired(said("needed")) if needed else Optional()
    return StringField(filters=[_trimmed], validators=[first, Length(max=LINE, message=said("long"))])


def words(*, needed: bool = True) -> Any:
    """Return a field of several lines."""
    first = DataRequired(said("needed")) if needed else Optional()
    return StringField(filters=[_stripped], validators=[first, Length(max=TEXT, message=said("long"))])


def day(*, needed: bool = True) -> Any:
    """Return a field for a day."""
    return DeskDay(validators=[InputRequired(said("day")) if needed else Optional()])


class BodyForm(DeskForm):
    """Something for a body: chosen from the territory's, or written in words."""

    organisation = SelectField(validate_choice=False)
    addressee = line()

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Say which bodies may be chosen."""
        named = [(str(one.id), one.name) for one in organisations]
        self.organisation.choices = [("", texts.text("checking.unknown_body")), *named]

    def validate_organisation(self, field: SelectField) -> None:
        """Refuse a body that was not offered, and none at all."""
        _offered(field)
        if not field.data and not self.addressee.data:
            raise ValidationError(said("body"))

    @property
    def body_id(self) -> uuid.UUID | None:
        """Return the chosen body's id; call it after validate() was true."""
        return uuid.UUID(self.organisation.data) if self.organisation.data else None


class InquiryForm(BodyForm):
    """A question to a body."""

    question = words()
    due_on = day()


class AnswerForm(DeskForm):
    """What a body answers."""

    said_by = line(needed=True)
    words = words()


class OrderForm(BodyForm):
    """An order of the commission."""

    kind = SelectField(validate_choice=False)
    what = words()
    due_on = day()
    number = line()

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Say which bodies and kinds may be chosen."""
        super().offer(organisations)
        self.kind.choices = list(texts.tables()["checking"]["orders"]["kinds"].items())

    def validate_kind(self, field: Field) -> None:
        """Refuse what was not offered."""
        if field.data not in texts.tables()["checking"]["orders"]["kinds"]:
            raise ValidationError(said("choose"))


class ReturnForm(DeskForm):
    """The act by which a body reports."""

    act = words()
    act_number = line()
    returned_on = day()


class SurveyHeadForm(DeskForm):
    """Who was where and when; the lines of the act come from its form."""

    surveyed_on = day()
    surveyed_by = words()
    organisation = line()


class InvestigationForm(DeskForm):
    """Who helps beside the group; the lines of the plan are read apart."""

    members = words(needed=False)


class LevelForm(DeskForm):
    """Who decided on a level, when and why; the values come from the profile's classifications."""

    on = day()
    child = SelectField(validate_choice=False)
    decided_by = line(needed=True)
    reason = words()

    def validate_child(self, field: SelectField) -> None:
        """Refuse a child that the signal does not name."""
        _offered(field)


class OutcomeForm(DeskForm):
    """How a signal ends."""

    on = day()
    outcome = StringField(validators=[DataRequired(said("choose"))])
    decided_by = line(needed=True)
    reason = words()
    resolution_no = line()
    resolution_on = day(needed=False)
    wording = words(needed=False)
    family = SelectField(validate_choice=False)
    surname = line()
    address = line()
    adults = words(needed=False)
    owner = SelectField(validate_choice=False)

    def validate_family(self, field: SelectField) -> None:
        """Refuse a family that was not offered."""
        _offered(field)

    def validate_owner(self, field: SelectField) -> None:
        """Refuse somebody who was not offered."""
        _offered(field)

    def validate_resolution_on(self, field: Field) -> None:
        """Ask for the day of a resolution that has a number."""
        if self.resolution_no.data and not field.data:
            raise ValidationError(said("day"))
