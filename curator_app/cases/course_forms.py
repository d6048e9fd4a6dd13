"""What people write about the course of a case: fields with sentences of ours, and nothing that was not offered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from curator_app import texts

SHORT, LONG = 200, 4000
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Choices = Iterable[tuple[str, str]]


def said(name: str, **values: object) -> str:
    """Return what is wrong, as a sentence."""
    return texts.text(f"course.wrong.{name}", **values)


def trimmed(text: str | None) -> str:
    """Return what was written without the white space around it."""
    return (text or "").strip()


class Day(DateField):
    """A day; one that cannot be read is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ISO 8601."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(said("day")) from error


class Happened(Day):
    """A day that has come: what is written down has happened."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a day that has not come where the family lives."""
        if self.data and self.data > form.today:
            raise ValidationError(said("day_ahead"))


class Line(StringField):
    """A few words."""

    def __init__(self, most: int = SHORT, needed: str = "", **options: Any) -> None:
        """Take how long they may be, and the sentence for none where they are needed."""
        checks: list[Any] = [Length(max=most, message=said("long", n=most))]
        if needed:
            checks.insert(0, InputRequired(said(needed)))
        super().__init__(filters=[trimmed], validators=checks, **options)


class Pick(SelectField):
    """One of what was offered; a sentence of ours for anything else."""

    def __init__(self, choices: Choices = (), wrong: str = "choice", *, needed: bool = True, **options: Any) -> None:
        """Take what is offered at once, and which sentence says that it was none of it."""
        super().__init__(choices=list(choices), validate_choice=False, **options)
        self.wrong, self.needed = wrong, needed

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms' own signature
        """Refuse what was not offered."""
        offered = {str(value) for value, _name in self.choices or ()}
        if (self.data or self.needed) and str(self.data or "") not in offered - {""}:
            raise ValidationError(said(self.wrong))

    @property
    def key(self) -> uuid.UUID:
        """Return the chosen id; of a form that is valid."""
        return uuid.UUID(str(self.data))


class CourseForm(FlaskForm):
    """A form of a desk; the request's token is checked for the whole application."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    def __init__(self, *args: Any, today: date, **values: Any) -> None:
        """Take today where the family lives."""
        self.today = today
        super().__init__(*args, **values)

    def sentences(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        return {name: [str(one) for one in errors] for name, errors in self.errors.items() if name}


def clock_time(_form: object, field: Field) -> None:
    """Refuse a time that is none."""
    if field.data and not _TIME.fullmatch(field.data):
        raise ValidationError(said("time"))


def named_choices(path: str, keys: Iterable[str] = (), *, empty: str = "") -> list[tuple[str, str]]:
    """Return a table of words as choices, in the order of `keys` or its own; `empty` leads where one may choose none."""
    words: Mapping[str, Any] = texts.tables()
    for part in path.split("."):
        words = words[part]
    offered = [(key, str(words[key])) for key in (keys or words)]
    return [("", empty), *offered] if empty else offered
