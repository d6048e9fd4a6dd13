"""The form of a contact: what was posted or unsealed, checked against the form's own definition."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, FormField, StringField
from wtforms.validators import InputRequired, ValidationError

from curator_app.clock import now
from curator_app.procedures.contact_form import NEWEST_CONTACT, ContactDefinition, load_contact_form
from curator_app.procedures.forms_loader import FormError
from curator_app.visits.contacts import ContactAnswers
from curator_app.visits.fields import ChoiceField, DayField, NumberedFields, TextField, UuidField, sentence
from curator_app.visits.form_rows import PromiseForm
from curator_app.visits.parts import MeasuresField

MAX_WHOM_CHARS = 200
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class ContactForm(FlaskForm):
    """A contact. Make it by `contact_form`, which adds the kinds of the form's version.

    The request's CSRF token is checked for the whole application; an envelope has none and needs none.
    """

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    definition: ContactDefinition
    raw: list[tuple[str, str]]
    """The posted pairs as they came."""

    id = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    family = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    on = DayField(validators=[InputRequired(sentence("field_empty", field="дата"))])
    time = StringField()
    with_whom = TextField(MAX_WHOM_CHARS)
    summary = TextField()
    agreed = TextField()
    next_on = DayField()
    next_time = StringField()
    promises = NumberedFields(FormField(PromiseForm))
    measures = MeasuresField()

    def validate_kind(self, field: Field) -> None:
        """Ask for the one thing without which this is no record."""
        if not field.data:
            raise ValidationError(sentence("field_empty", field="что это было"))

    def validate_on(self, field: Field) -> None:
        """Refuse a date that lies ahead; a day of grace covers zones and phones that run ahead."""
        if field.data and field.data > now().date() + dt.timedelta(days=1):
            raise ValidationError(sentence("date_in_future", date=field.data.strftime("%d.%m.%Y")))

    def validate_time(self, field: Field) -> None:
        """Refuse what is not a time of day."""
        if field.data and not _CLOCK.fullmatch(field.data):
            raise ValidationError(sentence("field_empty", field="время"))

    def validate_next_time(self, field: Field) -> None:
        """Refuse what is not a time of day."""
        self.validate_time(field)

    def validate_next_on(self, field: Field) -> None:
        """Refuse a next meeting before this contact."""
        if field.data and self.on.data and field.data < self.on.data:
            raise ValidationError(sentence("next_before"))

    def sentences(self) -> dict[str, list[str]]:
        """Return what does not hold by the posted name of its field, as the page shows it."""
        found = {name: list(lines) for name, lines in self.errors.items() if name not in {"promises", "measures"}}
        found |= self.measures.troubles
        for entry in self.promises:
            found |= {entry.form[name].name: list(lines) for name, lines in entry.form.errors.items()}
        return found

    def answers(self) -> ContactAnswers:
        """Return what was said, as plain data; call it after validate() was true."""
        lines = [entry.form.line() for entry in self.promises]
        return ContactAnswers(
            id=self.id.data,
            family_id=self.family.data,
            form_version=self.definition.id,
            kind=self["kind"].data,
            on=self.on.data or now().date(),
            time=self.time.data or "",
            with_whom=(self.with_whom.data or "").strip(),
            summary=(self.summary.data or "").strip(),
            next_on=self.next_on.data,
            next_time=self.next_time.data or "",
            promises=[line for line in lines if line.what],
            measures=self.measures.data,
            raw=self.raw,
        )


def contact_form(posted: MultiDict[str, str]) -> ContactForm:
    """Make the form of the version that `posted` names; a version not released here fails its field."""
    try:
        kind = _form_class(posted.get("form_version") or NEWEST_CONTACT)
    except FormError:
        kind = _form_class(NEWEST_CONTACT)
    form = kind(posted)
    form.raw = [(key, value) for key, value in posted.items(multi=True) if key != "csrf_token"]
    return form


@lru_cache
def _form_class(version: str) -> type[ContactForm]:
    definition = load_contact_form(version)
    members: dict[str, Any] = {
        "definition": definition,
        "kind": ChoiceField(definition.kinds),
        "form_version": StringField(validators=[_released]),
    }
    return type("ContactForm", (ContactForm,), members)


def _released(_form: Any, field: Field) -> None:
    if field.data:
        try:
            load_contact_form(str(field.data))
        except FormError as error:
            raise ValidationError(sentence("server_waits_update")) from error
