"""Fields of a visit form: each says in Russian what does not hold, and lets nothing unknown pass.

What is posted may come from any phone of any age: a field refuses it or reads it, and never breaks on it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from wtforms import DateField, FieldList, SelectMultipleField, StringField
from wtforms.validators import Length, StopValidation

from curator_app import texts
from curator_app.procedures.form_definition import Chip
from curator_app.visits.answers import Item

MAX_TEXT_CHARS = 4000
_INDEX = re.compile(r"[0-9]{1,4}", re.ASCII)


@lru_cache
def sentence(name: str, **values: object) -> str:
    """Return a refusal as one line: what happened, what to do. Every field of every form asks for its own."""
    words = texts.refusal(name, **values)
    return f"{words['what']} {words['do']}"


class TextField(StringField):
    """A text somebody typed: kept as it is, only too much of it is refused."""

    def __init__(self, max_chars: int = MAX_TEXT_CHARS, **kwargs: Any) -> None:
        """Limit the length, with a sentence that says so."""
        too_long = sentence("text_too_long", n=max_chars)
        super().__init__(validators=[Length(max=max_chars, message=too_long)], **kwargs)


class DayField(DateField):
    """A day; anything else is as good as none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read an ISO date; an empty field is no date, and whether there must be one the form says."""
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(sentence("field_empty", field="дата")) from error


class UuidField(StringField):
    """An id minted on the phone or shown in a list."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read one UUID."""
        if valuelist and valuelist[0]:
            try:
                self.data = uuid.UUID(valuelist[0])
            except ValueError as error:
                raise ValueError(sentence("answer_unknown")) from error


class UuidsField(SelectMultipleField):
    """Several ids: people of the family."""

    def __init__(self, **kwargs: Any) -> None:
        """Take any number of them; whether they are of this family the service checks."""
        super().__init__(coerce=uuid.UUID, validate_choice=False, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the UUIDs."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(sentence("answer_unknown")) from error


class ChipsField(SelectMultipleField):
    """Tapped chips, «id» or «id@member», all known to the form's definition."""

    def __init__(self, chips: tuple[Chip, ...], **kwargs: Any) -> None:
        """Take the chips that may be tapped."""
        super().__init__(coerce=str, validate_choice=False, **kwargs)
        self.scopes = {chip.id: chip.scope for chip in chips}

    def pre_validate(self, form: Any) -> None:
        """Refuse a chip that this form does not have, or one that misses (or has) a person."""
        for item in self.items():
            scope = self.scopes.get(item.item)
            if scope is None or (scope == "family") != (item.member_id is None):
                raise StopValidation(sentence("answer_unknown"))

    def items(self) -> list[Item]:
        """Return what was tapped; raise StopValidation for a broken id."""
        found = []
        for value in self.data or []:
            item, _, member = value.partition("@")
            try:
                found.append(Item(item, uuid.UUID(member) if member else None))
            except ValueError as error:
                raise StopValidation(sentence("answer_unknown")) from error
        return found


class ChoiceField(StringField):
    """One of the chips, or nothing."""

    def __init__(self, chips: tuple[Chip, ...], extra: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Take the chips to choose from."""
        super().__init__(**kwargs)
        self.known = {chip.id for chip in chips} | set(extra)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among them."""
        if self.data and self.data not in self.known:
            raise StopValidation(sentence("answer_unknown"))


class NumberedFields(FieldList):
    """A list whose fields are called name-0-…, name-1-…; there is no upper limit, since a photo more is no fault."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """Yield the numbers that are numbers; WTForms would fail on «²» and on a number of 5000 digits."""
        for name in formdata:
            if name.startswith(f"{prefix}-"):
                number = name[len(prefix) + 1 :].partition("-")[0]
                if _INDEX.fullmatch(number):
                    yield int(number)
