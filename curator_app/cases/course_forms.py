"""What people write about the course of a case: fields with sentences of ours, and nothing that was not offered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from curator_app import texts
from curator_app.office_forms import DeskDay, DeskForm

SHORT, LONG = 200, 4000
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def said(name: str, **values: object) -> str:
    """Return what is wrong, as a sentence."""
    return texts.text(f"course.wrong.{name}", **values)


def trimmed(text: str | None) -> str:
    """Return what was written without the white space around it."""
    return (text or "").strip()


class Ahead(DeskDay):
    """A day that has not passed yet: what is meant to happen."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a day that is over where the family lives."""
        if self.data and self.data < form.today:
            raise ValidationError(said("day_past"))


class Happened(DeskDay):
    """A day that has come: what is written down has happened."""

    def pre_validate(self, form: Any) -> None:
        """Refuse a day that has not come where the family lives."""
        if self.data and self.data > form.today:
            raise ValidationError(said("day_ahead"))


def needed(sentence: str = "words") -> list[Any]:
    """Return the check that something stands there, with a sentence of ours."""
    return [InputRequired(said(sentence))]


def words_of(most: int, wrong: str) -> dict[str, Any]:
    """Return what fields for words share: white space goes, and there is an end to them."""
    checks = [Length(max=most, message=said("long", n=most))]
    return {"filters": [trimmed], "validators": [*(needed(wrong) if wrong else []), *checks]}


class Line(StringField):
    """A few words in one line."""

    def __init__(self, label: str = "", hint: str = "", *, wrong: str = "", **options: Any) -> None:
        """Take the label, a hint, and the sentence for no words where they are needed."""
        super().__init__(label, description=hint, **words_of(SHORT, wrong), **options)


class Area(TextAreaField):
    """Words in several lines."""

    def __init__(self, label: str = "", hint: str = "", *, wrong: str = "", **options: Any) -> None:
        """Take the label, a hint, and the sentence for no words where they are needed."""
        super().__init__(label, description=hint, **words_of(LONG, wrong), **options)


class Pick(SelectField):
    """One of what was offered; a sentence of ours for anything else."""

    def __init__(
        self, label: str = "", hint: str = "", *, wrong: str = "choice", free: bool = False, **options: Any
    ) -> None:
        """Take the label, and which sentence says that it was none of it; `free`: one may choose none."""
        super().__init__(label, description=hint, choices=[], validate_choice=False, **options)
        self.wrong, self.needed = wrong, not free

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        offered = {str(value) for value, _name in self.choices or ()}
        if (self.data or self.needed) and str(self.data or "") not in offered - {""}:
            raise ValidationError(said(self.wrong))

    @property
    def key(self) -> uuid.UUID:
        """Return the chosen id; of a form that is valid."""
        return uuid.UUID(str(self.data))


class CourseForm(DeskForm):
    """A form about a family: it knows what day it is where they live."""

    def __init__(self, *args: Any, today: date, **values: Any) -> None:
        """Take today where the family lives."""
        self.today = today
        super().__init__(*args, **values)


def clock_time(_form: object, field: Field) -> None:
    """Refuse a time that is none."""
    if field.data and not _TIME.fullmatch(field.data):
        raise ValidationError(said("time"))


def named_choices(path: str, keys: Iterable[str] = (), *, empty: str = "") -> list[tuple[str, str]]:
    """Return a table of words as choices, in the order of `keys`; `empty` leads where one may choose none."""
    words: Mapping[str, Any] = texts.tables()
    for part in path.split("."):
        words = words[part]
    offered = [(key, str(words[key])) for key in (keys or words)]
    return [("", empty), *offered] if empty else offered
