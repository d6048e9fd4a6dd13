"""What a specialist, an intake officer and somebody without an account write about a child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from curator_app import texts
from curator_app.auth.models import Territory
from curator_app.intake.service import Child, Teller, Told

LINE = 200
TEXT = 4000
CHILDREN = 4


def said(name: str, **values: object) -> str:
    """Return what is wrong, as a sentence."""
    return texts.text(f"signals.wrong.{name}", **values)


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _line(**options: Any) -> StringField:
    return StringField(filters=[_stripped], validators=[_no_longer(LINE)], **options)


def _area(most: int = TEXT) -> TextAreaField:
    return TextAreaField(filters=[_stripped], validators=[_no_longer(most)])


def _no_longer(most: int) -> Length:
    return Length(max=most, message=said("too_long", n=most))


class _Day(DateField):
    """A day; one that cannot be read is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ISO 8601."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(said("day")) from error


class _Time(TimeField):
    """An hour; one that cannot be read is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read HH:MM."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(said("time")) from error


class _SignalForm(FlaskForm):
    """A form of a desk; the request's token is checked for the whole application."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    def sentences(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        return {name: list(_flat(errors)) for name, errors in self.errors.items() if name}


class ChildForm(Form):
    """A child, as far as known."""

    name = _line()
    age = _line()
    place = _line()


class SignalForm(_SignalForm):
    """A notice, or what a caller says."""

    territory = SelectField(validate_choice=False)
    facts = TextAreaField(filters=[_stripped], validators=[DataRequired(said("facts")), _no_longer(TEXT)])
    known_on = _Day(validators=[InputRequired(said("day"))])
    known_time = _Time(validators=[Optional()])
    source = SelectField(validate_choice=False)
    safe_now = RadioField(validate_choice=False)
    signs = SelectMultipleField(validate_choice=False)
    measures = _area()
    children = FieldList(FormField(ChildForm), min_entries=CHILDREN, max_entries=CHILDREN)
    adults = _line()
    address = _line()
    phone = _line()
    teller_name = _line()
    teller_contact = _line()
    teller_note = _line()

    def offer(self, territories: Iterable[Territory]) -> None:
        """Say what may be chosen."""
        words = texts.tables()["signals"]
        self.territory.choices = [(str(one.id), one.name) for one in territories]
        self.source.choices = [("", words["form"]["choose"]), *words["sources"].items()]
        self.safe_now.choices = list(words["safe"].items())
        self.signs.choices = list(words["signs"].items())

    def validate_territory(self, field: SelectField) -> None:
        """Take the only one for granted; refuse what was not offered."""
        offered = [value for value, _label in field.choices or []]
        if not field.data and len(offered) == 1:
            field.data = offered[0]
        if field.data not in offered:
            raise ValidationError(said("territory"))

    def validate_source(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        if not field.data or field.data not in dict(field.choices or []):
            raise ValidationError(said("source"))

    def validate_safe_now(self, field: RadioField) -> None:
        """Ask for an answer; «не знаем» is one."""
        if field.data not in dict(field.choices or []):
            raise ValidationError(said("safe"))

    def told(self, territory: Territory, way: str) -> Told:
        """Return what was written; call it after validate() was true."""
        at = datetime.combine(self.known_on.data, self.known_time.data or time(), ZoneInfo(territory.zone))
        teller = Teller(self.teller_name.data, self.teller_contact.data, self.teller_note.data)
        known_signs = {value for value, _label in self.signs.choices or []}
        return Told(
            territory_id=territory.id,
            way=way,
            source=self.source.data,
            facts=self.facts.data,
            known_on=self.known_on.data,
            known_at=at if self.known_time.data else None,
            safe_now=self.safe_now.data,
            signs=tuple(one for one in self.signs.data or [] if one in known_signs),
            measures=self.measures.data,
            children=self.named_children(),
            adults=self.adults.data,
            address=self.address.data,
            phone=self.phone.data,
            teller=teller,
        )

    def named_children(self) -> tuple[Child, ...]:
        """Return the children of whom anything is known."""
        rows = [Child(**{key: row[key] or "" for key in ("name", "age", "place")}) for row in self.children.data]
        return tuple(one for one in rows if one.name or one.age or one.place)


class PublicForm(_SignalForm):
    """What anybody may write without an account: words are enough, every name is free."""

    facts = TextAreaField(filters=[_stripped], validators=[DataRequired(said("facts")), _no_longer(TEXT)])
    child = _line()
    age = _line()
    where = _line()
    name = _line()
    contact = _line()


def _flat(errors: Any) -> Iterator[str]:
    """Yield sentences out of lists of lists: a list of forms has its own way to say what is wrong."""
    if isinstance(errors, str):
        yield errors
    elif isinstance(errors, dict):
        for inner in errors.values():
            yield from _flat(inner)
    else:
        for inner in errors:
            yield from _flat(inner)
