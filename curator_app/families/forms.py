"""The small form of a caution."""

from __future__ import annotations

import datetime as dt

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from curator_app import texts
from curator_app.families.service import NewCaution

MAX_CHARS = 300


def _words(name: str, **values: object) -> str:
    refusal = texts.refusal(name, **values)
    return f"{refusal['what']} {refusal['do']}"


def _needed(what: str) -> InputRequired:
    return InputRequired(_words("field_empty", field=what))


class CautionForm(FlaskForm):
    """A caution: without a source and a last day it would be a rumour that never ends."""

    class Meta:
        """Flask-WTF settings: the token is checked for the whole application."""

        csrf = False

    kind = StringField(validators=[_needed("о чём предупредить")])
    text = StringField(validators=[Length(max=MAX_CHARS, message=_words("text_too_long", n=MAX_CHARS))])
    source = StringField(
        validators=[_needed("откуда известно"), Length(max=MAX_CHARS, message=_words("text_too_long", n=MAX_CHARS))]
    )
    until_on = DateField(validators=[_needed("до какого дня")])

    def __init__(self, posted: MultiDict[str, str], on: dt.date) -> None:
        """Take what was posted, and today where the family lives."""
        super().__init__(posted)
        self.today = on

    def validate_kind(self, field: Field) -> None:
        """Refuse a kind that there is not."""
        if field.data not in texts.tables()["before_door"]["cautions"]:
            raise ValidationError(_words("answer_unknown"))

    def validate_until_on(self, field: Field) -> None:
        """Refuse a day that has passed."""
        if field.data and field.data < self.today:
            raise ValidationError(_words("caution_over"))

    def said(self) -> NewCaution:
        """Return the caution as plain data; call it after validate() was true."""
        return NewCaution(
            kind=self.kind.data or "",
            text=(self.text.data or "").strip(),
            source=(self.source.data or "").strip(),
            until_on=self.until_on.data or self.today,
        )
