"""Forms of an acquaintance and of «Постановление получено»: what was posted or unsealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import InputRequired, StopValidation, ValidationError

from curator_app import texts
from curator_app.clock import now
from curator_app.visits.acquainting import Said
from curator_app.visits.fields import DayField, TextField, UuidField, UuidsField, sentence

ACQUAINTANCE_FORM = "acquaintance@1"
RECEIPT_FORM = "acknowledgement@1"
MAX_NUMBER_CHARS = 60


class KnownField(StringField):
    """One answer of a table of texts, or nothing."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        """Take the table's name in texts/acquaintance.toml."""
        super().__init__(**kwargs)
        self.table = table

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among them."""
        if self.data and self.data not in texts.tables()["acquaintance"][self.table]:
            raise StopValidation(sentence("answer_unknown"))


class KnownFields(SelectMultipleField):
    """Several answers of a table of texts."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        """Take the table's name in texts/acquaintance.toml."""
        super().__init__(coerce=str, validate_choice=False, **kwargs)
        self.table = table

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among them."""
        if set(self.data or []) - texts.tables()["acquaintance"][self.table].keys():
            raise StopValidation(sentence("answer_unknown"))


class StepForm(FlaskForm):
    """What both forms have: whose step, on which day. An envelope has no token and needs none."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    raw: list[tuple[str, str]]
    """The posted pairs as they came."""

    id = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    family = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    on = DayField(validators=[InputRequired(sentence("field_empty", field="дата"))])
    form_version = StringField()

    def validate_on(self, field: Field) -> None:
        """Refuse a date that lies ahead; a day of grace covers zones and phones that run ahead."""
        if field.data and field.data > now().date() + dt.timedelta(days=1):
            raise ValidationError(sentence("date_in_future", date=field.data.strftime("%d.%m.%Y")))

    def sentences(self) -> dict[str, list[str]]:
        """Return what does not hold by the name of its field."""
        return {str(name): list(lines) for name, lines in self.errors.items()}


class AcquaintanceForm(StepForm):
    """One act of acquainting a family."""

    about = KnownField("with")
    who = UuidsField()
    how = KnownFields("how")
    signed = KnownField("signed")
    words = TextField()
    card = StringField()

    def validate_about(self, field: Field) -> None:
        """Ask for the one thing without which this is no act."""
        if not field.data:
            raise ValidationError(sentence("field_empty", field=texts.text("acquaintance.about_field")))

    def said(self) -> Said:
        """Return what was said, as plain data; call it after validate() was true."""
        return Said(
            id=self.id.data,
            family_id=self.family.data,
            form_version=self.form_version.data or ACQUAINTANCE_FORM,
            about=str(self.about.data),
            on=self.on.data or now().date(),
            present=list(self.who.data or []),
            how=list(self.how.data or []),
            signed=self.signed.data or "",
            words=(self.words.data or "").strip(),
            card_given=bool(self.card.data),
            raw=self.raw,
        )


class ReceiptForm(StepForm):
    """«Постановление получено»."""

    number = TextField(MAX_NUMBER_CHARS)

    def said(self) -> Said:
        """Return what was said; call it after validate() was true."""
        return Said(
            id=self.id.data,
            family_id=self.family.data,
            form_version=self.form_version.data or RECEIPT_FORM,
            about="",
            on=self.on.data or now().date(),
            raw=self.raw,
        )


def acquaintance_form(posted: MultiDict[str, str]) -> AcquaintanceForm:
    """Make the form of an act from what came."""
    form = AcquaintanceForm(posted)
    form.raw = _pairs(posted)
    return form


def receipt_form(posted: MultiDict[str, str]) -> ReceiptForm:
    """Make the form of a receipt from what came."""
    form = ReceiptForm(posted)
    form.raw = _pairs(posted)
    return form


def _pairs(posted: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(key, value) for key, value in posted.items(multi=True) if key != "csrf_token"]
