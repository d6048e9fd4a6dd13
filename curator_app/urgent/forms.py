"""What a phone posts about «Срочно» and «Вернусь на связь».

Lenient on purpose: a call for help is not refused for a code that this server does not know or a clock that is wrong;
what cannot be read is left out, and the call goes through.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form, FormField, StringField
from wtforms.validators import AnyOf, InputRequired, ValidationError

from curator_app.clock import now
from curator_app.urgent.acts import AlarmAct, Call, CheckInAct
from curator_app.urgent.content import labels
from curator_app.visits.fields import NumberedFields, UuidField, sentence

FACTS = ("facts_seen", "facts_children", "facts_done")
MAX_TEXT_CHARS = 4000
MAX_LINE_CHARS = 300
UNKNOWN = sentence("answer_unknown")


class CutField(StringField):
    """A text; too much of it is cut, not refused."""

    def __init__(self, max_chars: int = MAX_LINE_CHARS, **kwargs: Any) -> None:
        """Take the length that is kept."""
        super().__init__(**kwargs)
        self.max_chars = max_chars

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value."""
        self.data = valuelist[0].strip()[: self.max_chars] if valuelist else ""


class KnownField(StringField):
    """One of the known answers; any other is as good as none."""

    def __init__(self, group: str, **kwargs: Any) -> None:
        """Take the group of answers in the content."""
        super().__init__(**kwargs)
        self.group = group

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value if it is known."""
        self.data = valuelist[0] if valuelist and valuelist[0] in labels()[self.group] else ""


class InstantField(StringField):
    """An instant with its offset; anything else is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read ISO 8601."""
        self.data = None
        try:
            instant = datetime.fromisoformat(valuelist[0]) if valuelist else None
            self.data = instant.astimezone(UTC) if instant and instant.tzinfo else None
        except (ValueError, OverflowError):
            return


class CallForm(Form):
    """One line of «Кто ответил»."""

    id = UuidField(validators=[InputRequired(UNKNOWN)])
    who = CutField()
    when = CutField(5)
    said = CutField(MAX_TEXT_CHARS)
    outcome = KnownField("outcomes")


class AlarmForm(FlaskForm):
    """An act about an alarm. The request's token is checked for the whole application; an envelope has none."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    id = UuidField(validators=[InputRequired(UNKNOWN)])
    step = UuidField(validators=[InputRequired(UNKNOWN)])
    family = UuidField()
    act = StringField(validators=[AnyOf(("raise", "note", "cancel"), message=UNKNOWN)])
    at = InstantField()
    raised_at = InstantField()
    need = KnownField("needs")
    facts_seen = CutField(MAX_TEXT_CHARS)
    facts_children = CutField(MAX_TEXT_CHARS)
    facts_done = CutField(MAX_TEXT_CHARS)
    reached = NumberedFields(FormField(CallForm))
    cancel_reason = KnownField("reasons")
    cancel_told = CutField()

    def said(self) -> AlarmAct:
        """Return the act as plain data; call it after validate() was true."""
        return AlarmAct(
            id=self.id.data,
            family_id=self.family.data or None,
            act=self.act.data or "note",
            step=self.step.data,
            at=self.at.data,
            raised_at=self.raised_at.data,
            need=self.need.data or "",
            facts={name: text for name in FACTS if (text := self[name].data)},
            calls=[_call(entry.form) for entry in self.reached],
            reason=self.cancel_reason.data or "",
            told=self.cancel_told.data or "",
        )


class CheckInForm(FlaskForm):
    """An act about a check-in."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    id = UuidField(validators=[InputRequired(UNKNOWN)])
    family = UuidField()
    act = StringField(validators=[AnyOf(("open", "extend", "return"), message=UNKNOWN)])
    at = InstantField()
    opened_at = InstantField()
    until_at = InstantField(validators=[InputRequired(UNKNOWN)])

    def said(self) -> CheckInAct:
        """Return the act as plain data; call it after validate() was true."""
        return CheckInAct(
            id=self.id.data,
            family_id=self.family.data or None,
            act=self.act.data or "return",
            at=self.at.data,
            opened_at=self.opened_at.data,
            until_at=self.until_at.data or now(),
        )

    def validate_until_at(self, field: InstantField) -> None:
        """Ask for an hour that can be read: without one nobody could be missed."""
        if field.data is None:
            raise ValidationError(UNKNOWN)


def _call(form: CallForm) -> Call:
    line: uuid.UUID = form.id.data
    return Call(line, form.who.data or "", form.when.data or "", form.said.data or "", form.outcome.data or "")
