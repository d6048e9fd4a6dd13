"""Rows of a visit form: an announced photo, a promise, one of the six sections."""

from __future__ import annotations

from typing import Any

from wtforms import Form, StringField
from wtforms.validators import AnyOf, InputRequired, Regexp

from curator_app.database import uuid7
from curator_app.procedures.form_definition import FormDefinition, Section
from curator_app.visits.answers import PhotoLine, PromiseLine
from curator_app.visits.fields import ChipsField, ChoiceField, DayField, TextField, UuidField, sentence
from curator_app.visits.parts import SECTION_TEXTS

MAX_CAPTION_CHARS = 300
MAX_TAKEN_AT_CHARS = 40
MAX_PROMISE_CHARS = 300


class PhotoForm(Form):
    """One announced photo; its form's definition adds the place and the purpose."""

    id = UuidField(validators=[InputRequired(sentence("photo_not_arrived"))])
    sha256 = StringField(validators=[Regexp(r"\A[0-9a-f]{64}\Z", message=sentence("photo_not_arrived"))])
    caption = TextField(MAX_CAPTION_CHARS)
    taken_at = TextField(MAX_TAKEN_AT_CHARS)
    allowed_by = UuidField()
    shown = StringField()

    def line(self) -> PhotoLine:
        """Return the photo as plain data."""
        return PhotoLine(
            id=self.id.data,
            sha256=self.sha256.data or "",
            place=self["place"].data or "",
            purpose=self["purpose"].data or "",
            caption=self.caption.data or "",
            taken_at=self.taken_at.data or "",
            allowed_by_id=self.allowed_by.data or None,
            shown=bool(self.shown.data),
        )


class PromiseForm(Form):
    """One promise made now; a row without words is no promise."""

    id = UuidField()
    what = TextField(MAX_PROMISE_CHARS)
    who = TextField(MAX_PROMISE_CHARS)
    due = DayField()
    side = StringField(validators=[AnyOf(("", "ours", "theirs"), message=sentence("answer_unknown"))])

    def line(self) -> PromiseLine:
        """Return the promise as plain data; the office's form without a script leaves the id to us."""
        return PromiseLine(
            id=self.id.data or uuid7(),
            side=self.side.data or "ours",
            what=(self.what.data or "").strip(),
            who=(self.who.data or "").strip(),
            due_on=self.due.data,
        )


def photo_class(definition: FormDefinition) -> type[Form]:
    """Make the form of one announced photo, with the places and purposes of the visit's form."""
    members: dict[str, Any] = {
        "place": ChoiceField(definition.places),
        "purpose": ChoiceField(definition.purposes),
    }
    return type("PhotoForm", (PhotoForm,), members)


def section_class(section: Section, definition: FormDefinition) -> type[Form]:
    """Make the form of one of the six sections."""
    members: dict[str, Any] = {
        "strengths": ChipsField(section.strengths),
        "worries": ChipsField(section.worries),
        "strengths-same": ChipsField(section.strengths),
        "worries-same": ChipsField(section.worries),
        "change": ChoiceField(definition.change),
        "source": ChoiceField(definition.sources),
    }
    members.update({name: TextField() for name in SECTION_TEXTS if name not in members})
    return type("SectionForm", (Form,), members)
