"""The visit form: what was posted or unsealed, checked against the form's own definition."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, FormField, StringField
from wtforms.validators import InputRequired, ValidationError

from curator_app.auth.models import Territory
from curator_app.clock import now
from curator_app.procedures.form_definition import FormDefinition, Section
from curator_app.procedures.forms_loader import FormError, load_form, newest
from curator_app.visits.answers import VISIT, Item, SectionAnswers, VisitAnswers
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
from curator_app.visits.form_rows import PromiseForm, photo_class, section_class
from curator_app.visits.parts import (
    RESTRICTED,
    SECTION_TEXTS,
    AcquaintedField,
    ChildNotesField,
    ChildWordsField,
    KeptField,
    MeasuresField,
    PartField,
    StatementsField,
)

MAX_NAME_CHARS = 200
LATER = "later"
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


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
    good_today_child = TextField()
    who_home = UuidsField()
    recommendation = TextField()
    family_goal = TextField()
    family_words = TextField()
    disagree = TextField()
    promises = NumberedFields(FormField(PromiseForm))
    next_on = DayField()
    next_time = StringField()
    next_where = TextField(MAX_NAME_CHARS)
    next_agreed = TextField(MAX_NAME_CHARS)
    finish = StringField()
    paper_by = TextField(MAX_NAME_CHARS)

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

    def validate_next_time(self, field: Field) -> None:
        """Refuse what is not a time of day."""
        self.validate_started(field)

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
            sections=[*(self._section(section) for section in self.definition.sections), *self["child_notes"].data],
            photos=[entry.form.line() for entry in self["photos"]],
            raw=[(name, value) for name, value in self.raw if not name.startswith(RESTRICTED)],
            **self._agreed(),
        )

    def _agreed(self) -> dict[str, Any]:
        """Return the parts that version 1 has not: they are empty there."""
        lines = [entry.form.line() for entry in self.promises]
        return {
            "planned": self["planned"].data or "",
            "statements": [*self["safety"].data, *self["living"].data],
            "topics": [item.item for item in _chips(self["topics"]).items()],
            "rights": [item.item for item in _chips(self["rights"]).items()],
            "promises": [line for line in lines if line.what],
            "kept": self["kept"].data,
            "measures": self["measures"].data,
            "child_words": self["child_words"].data,
            "acquainted": next(iter(self["acquainted"].data), None),
            "next_on": self.next_on.data,
            "next_time": self.next_time.data or "",
            "unfinished": self.finish.data == LATER,
            "paper_by": self.paper_by.data or "",
        }

    def _section(self, section: Section) -> SectionAnswers:
        form = self[section.id].form
        texts: dict[str, Any] = {name: form[name].data or "" for name in SECTION_TEXTS}
        return SectionAnswers(
            section=section.id,
            strengths=_said(form, "strengths"),
            worries=_said(form, "worries"),
            **texts,
        )

    raw: list[tuple[str, str]]
    """The posted pairs as they came."""


def visit_form(posted: MultiDict[str, str]) -> VisitForm:
    """Make the form of the version that `posted` names; a version not released here fails its field."""
    try:
        kind = _form_class(posted.get("form_version") or newest(FORM))
    except FormError:
        kind = _form_class(newest(FORM))
    form = kind(posted)
    form.raw = [
        (key, value) for key, value in posted.items(multi=True) if key != "csrf_token" and not key.startswith(PAGE_ONLY)
    ]
    return form


FORM = "visit"
PAGE_ONLY = "ui."
"""Names that begin so say what the page shows, not what was seen."""


def form_in_force(territory: Territory) -> str:
    """Return the release that new visits of a territory are written on."""
    return territory.visit_form or newest(FORM)


@lru_cache
def _form_class(version: str) -> type[VisitForm]:
    definition = load_form(version)
    members: dict[str, Any] = {
        "definition": definition,
        "outcome": ChoiceField(definition.results, extra=(VISIT,)),
        "where": ChoiceField(definition.where),
        "other_home": ChipsField(definition.other_home),
        "planned": ChoiceField(definition.kinds),
        "unplanned_reason": ChoiceField(definition.unplanned_reasons),
        "co_visitors": ChipsField(definition.co_visitors),
        "topics": ChipsField(definition.topics),
        "rights": ChipsField(definition.rights),
        "next_reason": ChipsField(definition.next_reasons),
        "form_version": StringField(validators=[_released]),
        "photos": NumberedFields(FormField(photo_class(definition))),
        "safety": StatementsField("safety", definition.safety),
        "living": StatementsField("living", definition.living),
        "child_notes": ChildNotesField(definition),
        "child_words": ChildWordsField(definition),
        "kept": KeptField(definition),
        "measures": MeasuresField(),
        "acquainted": AcquaintedField(definition),
    }
    for section in definition.sections:
        members[section.id] = FormField(section_class(section, definition))
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
        elif isinstance(field, PartField):
            yield from field.troubles.items()
        elif field.errors:
            yield field.name, list(field.errors)


def _said(form: Any, side: str) -> list[Item]:
    """Return what was tapped on one side, and after it what is so as last time, each thing once."""
    tapped = _chips(form[side]).items()
    same = [item for item in _chips(form[f"{side}-same"]).items() if item not in tapped]
    return [*tapped, *(replace(item, carried=True) for item in same)]


def _chips(field: Any) -> ChipsField:
    if not isinstance(field, ChipsField):
        message = f"{field.name} holds no chips"
        raise TypeError(message)
    return field
