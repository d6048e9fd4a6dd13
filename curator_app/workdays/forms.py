"""What a methodologist writes about a day."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from curator_app import texts
from curator_app.workdays.service import PutRight

MAX_CHARS = 200
FIRST_YEAR, LAST_YEAR = 2020, 2099


def said(name: str) -> str:
    """Return what is wrong, as a sentence."""
    return texts.text(f"calendar.wrong.{name}")


def trimmed(text: str | None) -> str:
    """Return what was written without the white space around and inside."""
    return " ".join((text or "").split())


class DayField(DateField):
    """A day; one that cannot be read is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ISO 8601."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(said("on")) from error


class DayForm(FlaskForm):
    """A day put right."""

    class Meta:
        """Flask-WTF settings: the request's token is checked for the whole application."""

        csrf = False

    on = DayField(validators=[InputRequired(said("on"))])
    kind = RadioField(choices=["off", "working"], default="off", validate_choice=False)
    reason = StringField(filters=[trimmed], validators=[DataRequired(said("reason")), Length(max=MAX_CHARS)])
    source = StringField(filters=[trimmed], validators=[DataRequired(said("source")), Length(max=MAX_CHARS)])

    def validate_on(self, field: DayField) -> None:
        """Refuse a year of which nobody counts a term."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(said("on"))

    def validate_kind(self, field: RadioField) -> None:
        """Refuse what was not offered."""
        if field.data not in field.choices:
            raise ValidationError(said("kind"))

    def day(self, layer: str) -> PutRight:
        """Return what was written; call it after validate() was true."""
        assert self.on.data  # noqa: S101 - validated
        working = self.kind.data == "working"
        return PutRight(layer, self.on.data, working, self.reason.data or "", self.source.data or "")

    def sentences(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        return {name: [str(one) for one in errors] for name, errors in self.errors.items() if name}
