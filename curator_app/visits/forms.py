"""The visit form: what was posted or unsealed, checked against the form's own definition."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, FormField, StringField
from wtforms.validators import InputRequired, Regexp, ValidationError

from curator_app.clock import now
from curator_app.procedures.forms_loader import FormDefinition, FormError, Section, load_form
from curator_app.visits.answers import VISIT, PhotoLine, SectionAnswers, VisitAnswers
from curator_app.visits.fields import (
    ChipsField,
    ChoiceField,
    DayField,
    NumberedFields,
    TextField,
    UuidField,
    UuidsField,
    sentence,
)

MAX_CAPTION_CHARS = 300
MAX_TAKEN_AT_CHARS = 40
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class PhotoForm(Form):
    """One announced photo; its form's definition adds the place and the purpose."""

    id = UuidField(validators=[InputRequired(sentence("photo_not_arrived"))])
    sha256 = StringField(validators=[Regexp(r"\A[0-9a-f]{64}\Z", message=sentence("photo_not_arrived"))])
    caption = TextField(MAX_CAPTION_CHARS)
    taken_at = TextField(MAX_TAKEN_AT_CHARS)

    def line(self) -> PhotoLine:
        """Return the photo as plain data."""
        return PhotoLine(
            id=self.id.data,
            sha256=self.sha256.data or "",
            place=self["place"].data or "",
            purpose=self["purpose"].data or "",
            caption=self.caption.data or "",
            taken_at=self.taken_at.data or "",
        )


class VisitForm(FlaskForm):
    """A visit or an attempt. Make it by `visit_form`, which adds the sections of the form's version.

    The request's CSRF token is checked for the whole application; an envelope has none and needs none.
    """

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    definition: FormDefinition

    id = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    family = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    form_version = StringField()
    on = DayField(validators=[InputRequired(sentence("field_empty", field="дата"))])
    started = StringField()
    ended = StringField()
    absent_children = TextField()
    attempt_words = TextField()
    attempt_fact = TextField()
    good_today = TextField()
    who_home = UuidsField()

    def validate_on(self, field: Field) -> None:
        """Refuse a date that lies ahead; a day of grace covers zones and phones that run ahead."""
        if field.data and field.data > now().date() + dt.timedelta(days=1):
            raise ValidationError(sentence("date_in_future", date=field.data.strftime("%d.%m.%Y")))

    def validate_started(self, field: Field) -> None:
        """Refuse what is not a time of day."""
        if field.data and not _CLOCK.fullmatch(field.data):
            raise ValidationError(sentence("field_empty", field="время"))

    def validate_ended(self, field: Field) -> None:
        """Refuse what is not a time of day, or an end before the start."""
        self.validate_started(field)
        if field.data and self.started.data and field.data < self.started.data:
            raise ValidationError(sentence("end_before_start"))

    def validate_outcome(self, field: Field) -> None:
        """Ask for the one thing without which this is no record."""
        if not field.data:
            raise ValidationError(sentence("field_empty", field="чем закончилось"))

    def sentences(self) -> dict[str, list[str]]:
        """Return what does not hold by the posted name of its field, as the page shows it."""
        return dict(_sentences(self))

    def answers(self) -> VisitAnswers:
        """Return what was said, as plain data; call it after validate() was true."""
        return VisitAnswers(
            id=self.id.data,
            family_id=self.family.data,
            form_version=self.definition.id,
            on=self.on.data or now().date(),
            outcome=self["outcome"].data,
            started=self.started.data or "",
            ended=self.ended.data or "",
            where=self["where"].data or "",
            who_home=list(self.who_home.data or []),
            other_home=[item.item for item in _chips(self["other_home"]).items()],
            absent_children=self.absent_children.data or "",
            attempt_words=self.attempt_words.data or "",
            attempt_fact=self.attempt_fact.data or "",
            good_today=self.good_today.data or "",
            sections=[self._section(section) for section in self.definition.sections],
            photos=[entry.form.line() for entry in self["photos"]],
            raw=self.raw,
        )

    def _section(self, section: Section) -> SectionAnswers:
        form = self[section.id].form
        texts: dict[str, Any] = {name: form[name].data or "" for name in SECTION_TEXTS}
        return SectionAnswers(
            section=section.id,
            strengths=_chips(form["strengths"]).items(),
            worries=_chips(form["worries"]).items(),
            **texts,
        )

    raw: list[tuple[str, str]]
    """The posted pairs as they came."""


SECTION_TEXTS = ("strengths_own", "worries_own", "change", "fact", "source", "conclusion")


def visit_form(posted: MultiDict[str, str]) -> VisitForm:
    """Make the form of the version that `posted` names; a version not released here fails its field."""
    try:
        kind = _form_class(posted.get("form_version") or NEWEST)
    except FormError:
        kind = _form_class(NEWEST)
    form = kind(posted)
    form.raw = [(key, value) for key, value in posted.items(multi=True) if key != "csrf_token"]
    return form


NEWEST = "visit@1"


@lru_cache
def _form_class(version: str) -> type[VisitForm]:
    definition = load_form(version)
    outcomes = (VISIT,)
    members: dict[str, Any] = {
        "definition": definition,
        "outcome": ChoiceField(definition.results, extra=outcomes),
        "where": ChoiceField(definition.where),
        "other_home": ChipsField(definition.other_home),
        "form_version": StringField(validators=[_released]),
        "photos": NumberedFields(FormField(_photo_class(definition))),
    }
    for section in definition.sections:
        members[section.id] = FormField(_section_class(section, definition))
    return type("VisitForm", (VisitForm,), members)


def _released(_form: Any, field: Field) -> None:
    if field.data not in {"", None}:
        try:
            load_form(str(field.data))
        except FormError as error:
            raise ValidationError(sentence("server_waits_update")) from error


def _sentences(form: Any) -> Iterator[tuple[str, list[str]]]:
    for field in form:
        if isinstance(field, NumberedFields):
            for entry in field:
                yield from _sentences(entry.form)
        elif isinstance(field, FormField):
            yield from _sentences(field.form)
        elif field.errors:
            yield field.name, list(field.errors)


def _photo_class(definition: FormDefinition) -> type[Form]:
    members: dict[str, Any] = {
        "place": ChoiceField(definition.places),
        "purpose": ChoiceField(definition.purposes),
    }
    return type("PhotoForm", (PhotoForm,), members)


def _section_class(section: Section, definition: FormDefinition) -> type[Form]:
    members: dict[str, Any] = {
        "strengths": ChipsField(section.strengths),
        "worries": ChipsField(section.worries),
        "change": ChoiceField(definition.change),
        "source": ChoiceField(definition.sources),
    }
    members.update({name: TextField() for name in SECTION_TEXTS if name not in members})
    return type("SectionForm", (Form,), members)


def _chips(field: Any) -> ChipsField:
    if not isinstance(field, ChipsField):
        message = f"{field.name} holds no chips"
        raise TypeError(message)
    return field
